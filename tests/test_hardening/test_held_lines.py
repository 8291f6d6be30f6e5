"""Lines that a change of one sign or number would break in silence.

Each test here notices such a change.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Prices, Returns, Window
from backtest.prices.quality.check import check
from backtest.prices.quality.findings import Finding
from backtest.study.dependence.correlation import residual_correlation
from backtest.trading import Costs, Limits, Order, simulate
from backtest.trading.bars import Bars
from backtest.trading.variants import ExitBars, stop_rows
from reports.experiment.plan import Experiment, Spec
from reports.run.prices.oddities import flagged
from reports.run.trading.backtests import trading_benchmark
from strategies import Drift
from strategies.evaluate.bridge import bridge
from strategies.evaluate.evaluate import Evaluation
from strategies.evaluate.placebo import joint_shifts

DAYS = pd.bdate_range("2024-01-02", periods=400)


def _frame(seed: int = 1, **tickers: int) -> pd.DataFrame:
    """Returns; a ticker's number is the row it is listed at."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"SPY": random.normal(0, 0.01, len(DAYS))}, index=DAYS)
    for ticker, listed in tickers.items():
        frame[ticker] = frame["SPY"] + random.normal(0, 0.02, len(DAYS))
        frame.iloc[:listed, frame.columns.get_loc(ticker)] = np.nan
    return frame


def _study(frame: pd.DataFrame, rows: dict[str, int], **more: object) -> Any:
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(rows))],
            "ticker": list(rows),
            "event_session": [DAYS[row] for row in rows.values()],
        }
    )
    return EventStudy(MarketModel("SPY"), **more).fit(events, Returns.from_frame(frame))


@pytest.mark.parametrize("skip", [0, 5, 12])
def test_sessions_after_a_listing_are_skipped_in_the_estimation(skip: int) -> None:
    frame = _frame(NEW=200, OLD=0)
    found = _study(frame, {"NEW": 330, "OLD": 330}, skip_after_listing=skip).estimates
    own = found.set_index("ticker")
    # the window ends 11 sessions before the event: rows 200 + skip to 319
    assert own.loc["NEW", "n_obs"] == 320 - 200 - skip
    assert own.loc["NEW", "first_session"] == DAYS[200 + skip]
    assert own.loc["OLD", "n_obs"] == 250  # listed when the panel begins: nothing to skip


@pytest.mark.parametrize(("listed", "left"), [(0, 250), (1, 250), (2, 244)])
def test_a_first_return_on_the_second_row_is_no_listing(listed: int, left: int) -> None:
    """It takes two closes; rows 1 to 250 estimate, of which five after a listing are skipped."""
    found = _study(_frame(A=listed), {"A": 261}, skip_after_listing=5).estimates
    assert found["n_obs"].tolist() == [left]


@pytest.mark.parametrize(("common", "known"), [(20, True), (19, False)])
def test_pairs_with_few_common_days_get_the_mean_of_the_others(common: int, known: bool) -> None:
    frame = _frame(A=0, B=0, C=0)
    # C has prices in the estimation window of A on `common` days only
    shown = frame.copy()
    start = 320 - common
    shown.iloc[:start, shown.columns.get_loc("C")] = np.nan
    measured = _study(
        shown, {"A": 330, "B": 330, "C": 380}, skip_after_listing=0, exclude=None
    ).measured
    rho = residual_correlation(measured)
    both = rho[0, 1]
    if known:
        assert rho[0, 2] != pytest.approx(both)
    else:
        assert rho[0, 2] == pytest.approx(rho[1, 2])
        assert rho[0, 2] == pytest.approx(both)  # the only pair known


def test_the_low_side_of_a_volatility_shift_is_flagged_too() -> None:
    frame = _frame(CALM=0, WILD=0, SAME=0)
    own = frame[["CALM", "WILD"]].sub(frame["SPY"], axis=0)
    last = slice(300, 320)  # the last 20 sessions of the estimation window
    frame.iloc[last, frame.columns.get_loc("CALM")] = (
        frame["SPY"].iloc[last] + own["CALM"].iloc[last] / 3
    )
    frame.iloc[last, frame.columns.get_loc("WILD")] = (
        frame["SPY"].iloc[last] + own["WILD"].iloc[last] * 3
    )
    found = _study(frame, {"CALM": 330, "WILD": 330, "SAME": 330}).estimates.set_index("ticker")
    flagged_ = {t: "volatility_shift" in str(f) for t, f in found["flags"].items()}
    assert flagged_ == {"CALM": True, "WILD": True, "SAME": False}


@pytest.mark.parametrize(("sessions", "long"), [(20, False), (21, True)])
def test_a_window_longer_than_a_fifth_of_its_history_is_flagged(sessions: int, long: bool) -> None:
    frame = _frame(NEW=220)  # 100 sessions, rows 220 to 319
    windows = {"w": Window(0, sessions - 1)}
    found = _study(frame, {"NEW": 330}, skip_after_listing=0, windows=windows)
    assert found.estimates["n_obs"].tolist() == [100]
    assert ("long_for_history" in str(found.windows["flags"].iloc[0])) is long


def _bars(*rows: tuple[float, float, float, float]) -> Prices:
    """A ticker X by open, high, low, close, and SPY that stands still."""
    sessions = pd.bdate_range("2026-03-02", periods=len(rows), unit="us")
    table = np.array(rows)
    still = np.full(len(rows), 100.0)
    frames = {
        name: pd.DataFrame({"SPY": still, "X": table[:, i]}, index=sessions)
        for i, name in enumerate(("open", "high", "low", "close"))
    }
    return Prices(
        **frames, adjusted=frames["close"], volume=frames["close"] * 0 + 1e6, source="by hand"
    )


@pytest.mark.parametrize(("low", "stopped"), [(90.0, True), (90.01, False)])
def test_a_stop_touched_exactly_is_touched(low: float, stopped: bool) -> None:
    prices = _bars(
        (100, 100, 100, 100), (100, 101, 99, 100), (100, 101, low, 100), (100, 101, 99, 100)
    )
    at = prices.sessions
    orders = [Order("e", "X", at[1], "open", 1.0, 0.1), Order("e", "X", at[3], "close", 0.0)]
    (trade,) = simulate(orders, prices, Costs.none()).trades.itertuples()
    assert (trade.status == "stopped") is stopped
    assert trade.exit_price == pytest.approx(90.0 if stopped else 100.0)


def _stopped_by(worst: float, target: float) -> str:
    """The status of a bet entered at 270.9 with a stop of a tenth, and the same bet in a sweep."""
    high, low = (270.9, worst) if target > 0 else (worst, 270.9)
    flat = (270.9, 270.9, 270.9, 270.9)
    prices = _bars(flat, flat, (270.9, high, low, 270.9), flat)
    at = prices.sessions
    orders = [Order("e", "X", at[1], "open", target, 0.1), Order("e", "X", at[3], "close", 0.0)]
    (trade,) = simulate(orders, prices, Costs.none()).trades.itertuples()
    if target > 0:
        market = ExitBars(Bars.of(prices), Costs.none(), Limits())
        row, _ = stop_rows(market, np.array([2]), np.array([1]), 0.1, 5)
        assert bool(row[0] == 5) == (trade.status == "stopped")
    return str(trade.status)


def test_rounding_does_not_come_between_a_stop_and_the_price_that_touches_it() -> None:
    assert 270.9 * (1 - 0.1) < 243.81  # which is nine tenths of it, but not in binary
    assert [_stopped_by(low, 1.0) for low in (243.81, 243.8101)] == ["stopped", "closed"]
    assert [_stopped_by(high, -1.0) for high in (297.99, 297.9899)] == ["stopped", "closed"]


def test_a_bridge_of_a_bet_sold_at_an_open_ends_with_that_night() -> None:
    random = np.random.default_rng(3)
    sessions = pd.bdate_range("2024-06-03", periods=320, unit="us")
    close = pd.DataFrame(
        100 * np.exp(random.normal(0, 0.01, (320, 2)).cumsum(axis=0)), sessions, ["SPY", "X"]
    )
    opens = close.shift(1).fillna(100) * np.exp(random.normal(0, 0.005, (320, 2)))
    high, low = np.maximum(opens, close), np.minimum(opens, close)
    prices = Prices(opens, high, low, close, close, close * 0 + 1e6, source="made")
    day0 = 300
    events = pd.DataFrame(
        {"event_id": ["e"], "ticker": ["X"], "event_session": [sessions[day0]],
         "tradable_open": [sessions[day0]], "timing_flags": [""], "role": ["supplier"],
         "roles": ["supplier"]}
    )  # fmt: skip
    orders = [
        Order("e", "X", sessions[day0], "close", 1.0),
        Order("e", "X", sessions[day0 + 3], "open", 0.0),
    ]  # fmt: skip
    evaluation = Evaluation("made", "SPY", simulate(orders, prices, Costs.none()), pd.DataFrame())
    (row,) = bridge(evaluation, events, prices).table.itertuples()
    study = EventStudy(MarketModel("SPY")).fit(events, prices)
    abnormal = study.abnormal.set_index("day")["abnormal"]
    beta = float(study.estimates["beta"].iloc[0])
    night = opens.loc[sessions[day0 + 3]] / close.loc[sessions[day0 + 2]] - 1
    announced = abnormal.loc[0:2].sum() + night["X"] - beta * night["SPY"]
    assert row.announced == pytest.approx(announced, abs=1e-12)


@pytest.mark.parametrize(("back", "found"), [(0.14, True), (0.16, False)])
def test_a_spike_is_what_the_next_session_takes_back_but_for_15_percent(
    back: float, found: bool
) -> None:
    random = np.random.default_rng(1)
    moves = random.normal(0, 0.01, 60)
    moves[30], moves[31] = 0.4, -0.4 * (1 - back)
    close = pd.DataFrame({"SPY": 100.0, "X": 100 * np.exp(moves.cumsum())}, index=DAYS[:60])
    close["SPY"] *= np.exp(random.normal(0, 0.01, 60).cumsum())
    prices = Prices(close, close, close, close, close, close * 0 + 1e6, source="made")
    kinds = {(one.what, one.first) for one in check(prices, "SPY") if one.ticker == "X"}
    assert (("spike", str(DAYS[30].date())) in kinds) is found


@pytest.mark.parametrize(
    ("row", "severity", "hit"),
    [
        (299, "warning", True), (298, "warning", False), (304, "error", True),
        (305, "error", False), (300, "note", False),
    ],
)  # fmt: skip
def test_an_oddity_counts_from_the_close_before_a_window_to_its_end(
    row: int, severity: str, hit: bool
) -> None:
    frame = _frame(A=0)
    found = _study(frame, {"A": 300}, windows={"5-day": Window(0, 4)})
    close = 100 * (1 + frame.fillna(0)).cumprod()
    prices = Prices(close, close, close, close, close, close * 0 + 1, source="made")
    day = str(DAYS[row].date())
    windows = flagged(found.windows, [Finding(severity, "A", "spike", day, day, "x")], prices)
    assert ("price_oddity" in str(windows["flags"].iloc[0])) is hit


def test_trades_are_compared_with_the_primary_benchmark_where_it_is_one_ticker() -> None:
    default = Experiment.default()

    def benchmark(name: str) -> str:
        study = default.study.model_copy(update={"primary": Spec(model="market", benchmark=name)})
        return trading_benchmark(default.model_copy(update={"study": study}))

    assert [benchmark(name) for name in ("QQQ", "PEERS", "SPY+SOXX", "")] == [
        "QQQ",
        "SPY",
        "SPY",
        "SPY",
    ]


def test_a_shift_needs_half_of_the_events_to_have_prices() -> None:
    """Two events: a shift that keeps one of them counts, one that keeps none does not."""
    frame = _frame(A=0, B=100)
    close = 100 * (1 + frame.fillna(0)).cumprod().where(frame.notna())
    close.index = pd.DatetimeIndex(close.index).as_unit("us")
    prices = Prices(close, close, close, close, close, close * 0 + 1e6, source="made")
    events = pd.DataFrame(
        {"event_id": ["a", "b"], "ticker": ["A", "B"], "event_session": close.index[[200, 130]],
         "tradable_open": close.index[[200, 130]], "timing_flags": ["", ""],
         "role": ["supplier"] * 2, "roles": ["supplier"] * 2}
    )  # fmt: skip
    drift = Drift(hold=2)
    half = joint_shifts(drift, events, prices, Costs.none(), shifts=[25, 31, 150, 201])
    # 31 back B has no price and A has; 201 back A is before the panel
    assert half.draws["draw"].tolist() == [25, 31, 150]
    three = pd.concat([events, events.iloc[[1]].assign(event_id="c")], ignore_index=True)
    third = joint_shifts(drift, three, prices, Costs.none(), shifts=[25, 31])
    assert third.draws["draw"].tolist() == [25]  # one of three is too few


def test_the_error_of_an_average_path_counts_every_pair() -> None:
    frame = _frame(A=0, B=0)
    result = _study(frame, {"A": 330, "B": 332}, exclude=None)
    path = result.average_paths().set_index("day")
    for day in (0, 4):
        window = EventStudy(
            MarketModel("SPY"), windows={"w": Window(0, day)}, exclude=None
        ).fit(
            pd.DataFrame({"event_id": ["e0", "e1"], "ticker": ["A", "B"],
                          "event_session": [DAYS[330], DAYS[332]]}),
            Returns.from_frame(frame),
        )  # fmt: skip
        section = window.cross_section("w")
        se = window.window("w").car_se
        expected = np.sqrt(se @ section.correlation @ se) / 2
        assert path.loc[day, "se"] == pytest.approx(expected, rel=1e-12)
