"""Placebos: the golden case, what moves, and that luck looks like luck."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order
from backtest.trading.bars import Bars
from backtest.trading.unlimited import excess_returns
from strategies import STRATEGIES, Drift
from strategies.evaluate.evaluate import evaluate
from strategies.evaluate.moved import AROUND, Fair
from strategies.evaluate.placebo import Placebo, joint_shifts, matched_shifts, random_dates

GOLDEN = Path(__file__).parents[1] / "golden"
FEE = 0.001  # the golden case takes 10 bp off every trade


@dataclass(frozen=True)
class CloseToClose:
    """The golden rule: in at the close of day 0, out five closes later.

    Where all five returns are there.
    """

    missing: pd.DataFrame

    name = "close_to_close"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        out = []
        for event in events.itertuples():
            at = prices.sessions.get_loc(event.event_session)
            if not self.missing[event.ticker].iloc[at + 1 : at + 6].any():
                out.append(Order(event.event_id, event.ticker, prices.sessions[at], "close", 1.0))
                out.append(
                    Order(event.event_id, event.ticker, prices.sessions[at + 5], "close", 0.0)
                )
        return tuple(out)


@pytest.fixture(scope="module")
def golden() -> tuple[CloseToClose, pd.DataFrame, Prices, dict[str, Any]]:
    returns = pd.read_csv(GOLDEN / "returns.csv", index_col="date", parse_dates=True)
    close = 100 * (1 + returns.fillna(0)).cumprod()
    nothing = close * np.nan
    prices = Prices(nothing, nothing, nothing, close, close, nothing, source="golden")
    events = pd.read_csv(GOLDEN / "events.csv", parse_dates=["event_date"])
    events = events.rename(columns={"security": "ticker", "event_date": "event_session"})
    events = events.assign(tradable_open=events["event_session"], timing_flags="", roles="supplier")
    rule = CloseToClose(returns.isna())
    return rule, events, prices, json.loads((GOLDEN / "expected.json").read_text())["strategy"]


def test_the_golden_trades(golden: Any) -> None:
    rule, events, prices, expected = golden
    orders = rule.orders(events, prices)
    traded = [order.event_id for order in orders[::2]]
    excess = excess_returns(orders, Bars.of(prices), Costs.none(), "MKT") - FEE
    assert dict(zip(traded, excess, strict=True)) == pytest.approx(expected["trades"], abs=1e-9)


def test_the_golden_placebo(golden: Any) -> None:
    rule, events, prices, expected = golden
    found = joint_shifts(rule, events, prices, Costs.none(), "MKT", range(25, 70))
    paid = dataclasses.replace(
        found,
        actual=found.actual - FEE,
        draws=found.draws.assign(mean_excess=found.draws["mean_excess"] - FEE),
    )
    want = expected["placebo_joint_shift_25_69"]
    assert len(paid.draws) == want["n"]
    assert paid.p_two == pytest.approx(want["p_two"])
    assert paid.p_upper == pytest.approx(want["p_upper"])
    assert paid.draws["mean_excess"].mean() == pytest.approx(want["placebo_mean"], abs=1e-9)


@pytest.mark.parametrize(
    "name", ["drift", "reversal", "pair", "beta_hedged", "read_through", "conditional"]
)
def test_without_limits_it_is_what_the_simulation_says(
    name: str, events: pd.DataFrame, prices: Prices
) -> None:
    strategy = STRATEGIES[name]()
    bets = evaluate(strategy, events, prices, limits=Limits(stake=1e-4)).bets
    done = bets[bets["status"] != "open"]["excess_return"].to_numpy()
    fast = excess_returns(
        strategy.orders(events, prices), Bars.of(prices), Costs(), "SPY", Limits(stake=1e-4)
    )
    assert np.sort(fast) == pytest.approx(np.sort(done), abs=1e-10)


def test_random_dates_keep_away_from_real_events(events: pd.DataFrame, prices: Prices) -> None:
    seen: list[pd.DataFrame] = []

    @dataclass(frozen=True)
    class Watches(Drift):
        def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
            seen.append(events)
            return super().orders(events, prices)

    found = random_dates(Watches(), events, prices, n_draws=3)
    assert len(found.draws) == 3
    number = prices.sessions.get_indexer
    real = {t: number(own["event_session"]) for t, own in seen[0].groupby("ticker")}
    for moved in seen[1:]:
        assert set(zip(moved["event_id"], moved["ticker"], strict=True)) <= set(
            zip(events["event_id"], events["ticker"], strict=True)
        )
        assert (
            moved.groupby("event_id")["event_session"].nunique().eq(1).mean() > 0.95
        )  # one party may be timed apart
        for ticker, own in moved[moved["ticker"].isin(prices.tickers)].groupby("ticker"):
            gaps = np.abs(number(own["event_session"])[:, None] - real[ticker])
            assert gaps.min() > 5


def test_matched_shifts_keep_away_from_real_events(events: pd.DataFrame, prices: Prices) -> None:
    seen: list[pd.DataFrame] = []

    @dataclass(frozen=True)
    class Watches(Drift):
        def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
            seen.append(events)
            return super().orders(events, prices)

    found = matched_shifts(Watches(), events, prices, shifts=range(25, 60))
    assert found.kind == "matched_shift"
    assert len(found.draws) > 20
    number = prices.sessions.get_indexer
    real = {t: number(own["event_session"]) for t, own in seen[0].groupby("ticker")}
    near = 0
    for moved in seen[1:]:
        for ticker, own in moved.groupby("ticker"):
            gaps = np.abs(number(own["event_session"])[:, None] - real[ticker])
            assert gaps.min() > AROUND
            near += len(own)
    plain = joint_shifts(Drift(), events, prices, shifts=range(25, 60))
    assert found.actual == plain.actual
    assert found.draws["n_trades"].sum() < plain.draws["n_trades"].sum()  # it had what to leave out
    assert near > 0


@pytest.mark.parametrize("kind", [matched_shifts, random_dates])
def test_no_placebo_bet_lasts_until_a_real_event(
    kind: Callable[..., Placebo], events: pd.DataFrame, prices: Prices
) -> None:
    """Held for 20 sessions.

    Of the plain shifts 45% meet one, of those that only began away from one 23%.
    """
    sent: list[tuple[Order, ...]] = []

    @dataclass(frozen=True)
    class Watches(Drift):
        def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
            sent.append(super().orders(events, prices))
            return sent[-1]

    number = prices.sessions.get_indexer
    real = {t: number(own["event_session"]) for t, own in events.groupby("ticker")}
    more = {"shifts": range(25, 275, 25)} if kind is matched_shifts else {"n_draws": 5}
    found = kind(Watches(hold=20), events, prices, **more)
    assert 20 <= found.reach <= 21
    orders = [order for one in sent for order in one]
    bets = pd.DataFrame(
        {"draw": np.repeat(np.arange(len(sent)), [len(one) for one in sent]),
         "event": [o.event_id for o in orders], "ticker": [o.ticker for o in orders],
         "at": number(pd.DatetimeIndex([o.session for o in orders]))}
    )  # fmt: skip
    span = bets.groupby(["draw", "event", "ticker"])["at"].agg(["min", "max"]).reset_index()
    moved = span[span["draw"] > 0]
    assert len(moved) > 50
    for row in moved.itertuples():
        inside = (real[row.ticker] >= row.min) & (real[row.ticker] <= row.max)
        assert not inside.any(), (row.event, row.ticker)


def test_bets_that_last_too_long_for_the_gaps_say_so(events: pd.DataFrame, prices: Prices) -> None:
    found = matched_shifts(Drift(hold=200), events, prices, shifts=range(25, 30))
    assert found.why_not.startswith("nowhere are enough events on prices of their tickers")
    assert repr(found) == f"<Placebo {found.kind}: {found.why_not}>"  # and no "nan"
    assert np.isnan(found.p_two)


def test_a_draw_weighs_tickers_as_the_real_bets_do() -> None:
    names = np.array(["A", "A", "A", "B"], dtype=object)
    fair = Fair(
        numbers=np.array([50, 60, 70, 80]),
        tickers=names,
        column=np.array([0, 0, 0, 1]),
        priced=np.column_stack([np.ones(100, dtype=bool), np.arange(100) >= 40]),
        share={"A": 0.75, "B": 0.25},
        reach=AROUND,
    )
    drawn, excess = np.array(["A", "B", "B"], dtype=object), np.array([0.04, 0.0, 0.02])
    assert fair.mean(drawn, excess, np.full(4, -30)) == pytest.approx(0.75 * 0.04 + 0.25 * 0.01)
    assert np.isnan(
        fair.mean(drawn, excess, np.full(4, -45))
    )  # B had no prices then: 75% is too little
    assert fair.away(np.full(4, -10)).tolist()[0] == -10  # 40: beside no event of A
    assert (fair.away(np.full(4, -10))[1:3] < -100).all()  # 50 and 60 are events of A
    assert fair.away(np.full(4, -10))[3] == -10


@dataclass(frozen=True)
class Spoils(Drift):
    """Trades like the drift, and leaves the table it was given in ruins."""

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        sent = super().orders(events, prices)
        events["tradable_open"] = prices.sessions[0]
        events.loc[:, "event_session"] = prices.sessions[-1]
        events.drop(events.index[5:], inplace=True)  # the very thing to survive
        return sent


@pytest.mark.parametrize("kind", ["joint_shifts", "random_dates"])
def test_a_strategy_that_spoils_its_events_gets_the_same_answer(
    kind: Any, events: pd.DataFrame, prices: Prices
) -> None:
    before = events.copy()
    if kind == "joint_shifts":
        one, other = (
            joint_shifts(rule, events, prices, shifts=range(25, 45)) for rule in (Drift(), Spoils())
        )
    else:
        one, other = (
            random_dates(rule, events, prices, n_draws=20) for rule in (Drift(), Spoils())
        )
    assert len(one.draws) == 20
    assert (one.p_two, one.actual) == (other.p_two, other.actual)
    pd.testing.assert_frame_equal(one.draws, other.draws)
    spoilt = evaluate(Spoils(), events, prices)
    pd.testing.assert_frame_equal(spoilt.bets, evaluate(Drift(), events, prices).bets)
    pd.testing.assert_frame_equal(events, before)


def test_the_same_seed_the_same_draws(events: pd.DataFrame, prices: Prices) -> None:
    one, two, other = (
        random_dates(Drift(), events, prices, n_draws=3, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one.draws, two.draws)
    assert not one.draws.equals(other.draws)


def test_the_injected_drift_stands_out_and_noise_does_not(
    events: pd.DataFrame, prices: Prices
) -> None:
    real = joint_shifts(Drift(), events, prices, Costs.none(), shifts=range(25, 125))
    assert real.place > 0.95
    nothing = joint_shifts(
        Drift(roles=("reporter",)), events, prices, Costs.none(), shifts=range(25, 125)
    )
    assert 0.025 < nothing.place < 0.975


def test_nothing_to_shift_is_an_answer(events: pd.DataFrame, prices: Prices) -> None:
    found = joint_shifts(STRATEGIES["buy_and_hold"](), events, prices, shifts=range(25, 30))
    assert found.n_trades == 0
    assert np.isnan([found.p_two, found.p_upper, found.place]).all()
