"""Flags that tell a reader to look twice.

Volatility, thin trading, own benchmark, same session, short histories.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import (
    EventStudy,
    EventStudyResult,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    Window,
)
from backtest.study.measure.event_windows import overlaps
from backtest.study.measure.holdings import WEIGHTS, benchmark_weights
from events.flag import Flag

DATES = pd.bdate_range("2024-01-02", periods=400)
EVENT, FIRST, LAST = 300, 40, 289  # panel rows of day 0 and of the estimation window


def made_returns(
    noise: NDArray[np.float64] | None = None, **columns: NDArray[np.float64]
) -> Returns:
    rng = np.random.default_rng(12)
    market = rng.normal(0, 0.01, 400)
    own = market + (rng.normal(0, 0.02, 400) if noise is None else noise)
    return Returns.from_frame(pd.DataFrame({"SPY": market, "A": own, **columns}, index=DATES))


def studied(
    returns: Returns, model: object | None = None, *events: tuple[str, int]
) -> EventStudyResult:
    placed = events or (("A", EVENT),)
    frame = pd.DataFrame(
        [
            {"event_id": f"e{i}", "ticker": t, "event_session": DATES[row]}
            for i, (t, row) in enumerate(placed)
        ]
    )
    return EventStudy(model or MarketModel("SPY")).fit(frame, returns)  # several models


def flags(result: EventStudyResult, event: int = 0) -> set[str]:
    return set(result.estimates["flags"].iloc[event].split(";")) - {""}


def noise_that_ends_at(scale: float) -> NDArray[np.float64]:
    """Errors of spread 0.02 whose last 20 estimation sessions are scaled."""
    noise = np.random.default_rng(12).normal(0, 0.02, 400)
    noise[LAST - 19 : LAST + 1] *= scale
    return noise


@pytest.mark.parametrize("model", [MarketModel("SPY"), MarketAdjusted("SPY"), MeanAdjusted()])
def test_the_volatility_ratio(model: object) -> None:
    result = studied(made_returns(noise_that_ends_at(2.5)), model)
    residuals = result.measured.residuals[0]
    wanted = np.sqrt((residuals[-20:] ** 2).mean()) / result.measured.fit.sigma[0]
    if isinstance(model, MarketAdjusted):
        assert result.estimates["alpha"].iloc[0] == 0
    assert result.estimates["volatility_ratio"].iloc[0] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(("scale", "flagged"), [(3.0, True), (1.0, False), (0.3, True)])
def test_a_change_of_volatility_is_flagged(scale: float, flagged: bool) -> None:
    assert (
        "volatility_shift" in flags(studied(made_returns(noise_that_ends_at(scale))))
    ) is flagged


def test_too_few_recent_sessions_say_nothing_of_volatility() -> None:
    noise = noise_that_ends_at(3.0)
    noise[LAST - 9 : LAST + 1] = np.nan
    result = studied(made_returns(noise))
    assert np.isnan(result.estimates["volatility_ratio"].iloc[0])
    assert "volatility_shift" not in flags(result)


@pytest.mark.parametrize(("zeros", "flagged"), [(24, False), (26, True)])
def test_thin_trading_is_flagged(zeros: int, flagged: bool) -> None:
    """Of 250 sessions, more than 25 without a move."""
    own = made_returns().column("A").copy()
    own[FIRST : FIRST + zeros] = 0.0
    own[:FIRST] = own[LAST + 1 :] = 0.0  # outside the window nothing counts
    assert ("thin_trading" in flags(studied(made_returns(A=own)))) is flagged


def test_a_benchmark_that_holds_the_security_is_flagged() -> None:
    returns = made_returns(NVDA=made_returns().column("A").copy())
    estimates = studied(returns, None, ("A", EVENT), ("NVDA", EVENT)).estimates
    assert estimates["flags"].str.contains("in_benchmark").tolist() == [False, True]
    assert estimates["benchmark_weight"].tolist() == [0.0, WEIGHTS["SPY"]["NVDA"]]
    assert estimates["attenuation"].iloc[1] == pytest.approx(
        estimates["beta"].iloc[1] * WEIGHTS["SPY"]["NVDA"]
    )


def test_an_unknown_weight_is_said_to_be_unknown() -> None:
    result = studied(
        made_returns(OTHER=np.random.default_rng(1).normal(0, 0.01, 400)), MarketModel("OTHER")
    )
    assert result.estimates["benchmark_weight"].isna().all()
    assert result.estimates["attenuation"].isna().all()
    assert "in_benchmark" not in flags(result)


def test_weights() -> None:
    assert benchmark_weights(["META"], "PEERS").tolist() == [0.0]
    assert benchmark_weights(["SMH", "META"], "SMH").tolist() == [1.0, 0.0]
    assert np.isnan(benchmark_weights(["META"], "XYZ")[0])
    assert benchmark_weights(["XYZ"], "XYZ").tolist() == [1.0]
    assert all(0.004 < w < 0.25 for held in WEIGHTS.values() for w in held.values())
    assert all(sum(held.values()) < 1 for held in WEIGHTS.values())


def held_at(weight: float) -> Returns:
    """A fund that holds A with a constant weight and O with the rest.

    And a shock of A on the event day.
    """
    rng = np.random.default_rng(3)
    rest = rng.normal(0, 0.01, 400)
    own = 1.2 * rest + rng.normal(0, 0.02, 400)
    own[EVENT] += 0.05
    fund = weight * own + (1 - weight) * rest
    return Returns.from_frame(pd.DataFrame({"A": own, "O": rest, "FUND": fund}, index=DATES))


@pytest.mark.parametrize("model", [MarketModel, MarketAdjusted])
def test_a_stated_weight_is_taken_out_of_the_benchmark(
    model: type[MarketModel] | type[MarketAdjusted],
) -> None:
    returns = held_at(0.2)
    without = studied(returns, model("FUND", own_weights={"A": 0.2, "ZZZ": 0.1})).windows
    rest = studied(returns, model("O")).windows
    plain = studied(returns, model("FUND")).windows
    for column in ("car", "car_se", "bhar"):
        np.testing.assert_allclose(without[column], rest[column], rtol=1e-9)
    assert plain["car"].iloc[0] < rest["car"].iloc[0] - 0.005  # what the fund took with it


def test_a_weight_taken_out_is_not_flagged() -> None:
    returns = made_returns(NVDA=made_returns().column("A").copy())
    result = studied(returns, MarketModel("SPY", own_weights={"NVDA": 0.07}), ("NVDA", EVENT))
    assert "in_benchmark" not in flags(result)
    assert result.estimates["attenuation"].iloc[0] == 0


def test_a_weight_is_a_fraction() -> None:
    with pytest.raises(StudyError, match="weight of 'A' in its benchmark is 20"):
        studied(made_returns(), MarketModel("SPY", own_weights={"A": 20}))


def test_two_events_on_one_session_are_flagged() -> None:
    result = studied(
        made_returns(B=np.zeros(400) + 0.001),
        None,
        ("A", EVENT),
        ("A", EVENT),
        ("A", 310),
        ("B", EVENT),
    )
    assert result.estimates["flags"].str.contains("same_session").tolist() == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("model", [MarketModel("SPY"), MultiFactor(("SPY", "F")), MeanAdjusted()])
@pytest.mark.parametrize(
    ("n_obs", "word"),
    [(120, None), (119, "reduced_history"), (60, "reduced_history"), (59, "weak_history")],
)
def test_how_short_a_history_is(model: object, n_obs: int, word: str | None) -> None:
    """An IPO: its first five returns never count, so n_obs of them are left."""
    factor = np.random.default_rng(6).normal(0, 0.01, 400)
    own = made_returns().column("A").copy()
    own[: LAST + 1 - n_obs - 5] = np.nan
    result = studied(made_returns(A=own, F=factor), model)
    assert result.estimates["n_obs"].iloc[0] == n_obs
    assert flags(result) & {"reduced_history", "weak_history", "descriptive"} == (
        {word} if word else set()
    )
    assert np.isfinite(result.windows["car_se"]).all()


@pytest.mark.parametrize(("n_obs", "error"), [(30, True), (29, False)])
def test_under_thirty_returns_nothing_is_estimated(n_obs: int, error: bool) -> None:
    own = made_returns().column("A").copy()
    own[: LAST + 1 - n_obs - 5] = np.nan
    result = studied(made_returns(A=own))
    assert ("descriptive" in flags(result)) is not error
    assert np.isfinite(result.windows["car_se"]).all() == error
    assert np.isfinite(result.windows["car"]).all()


def test_every_flag_has_its_meaning() -> None:
    words = {
        "volatility_shift",
        "thin_trading",
        "in_benchmark",
        "same_session",
        "garch_fallback",
        "descriptive",
    }
    assert words <= set(Flag)


def test_estimation_window_of_the_tests() -> None:
    assert (
        Window(-260, -11)
        == Window(FIRST - EVENT, LAST - EVENT)
        == EventStudy(MeanAdjusted()).estimation
    )


def test_an_event_inside_a_long_window_of_an_earlier_one_overlaps() -> None:
    """Windows of different lengths.

    The first outlasts the second and meets the third and only it.
    """
    result = studied(made_returns(), None, *(("A", row) for row in (300, 302, 310, 330)))
    seen = result.window("1-day")
    window = replace(seen, end=np.array([12, 0, 0, 0]))
    assert overlaps(window).tolist() == [True, True, True, False]


def test_overlap_is_that_of_all_pairs() -> None:
    """Against the definition, over random windows of two securities."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        rows = rng.integers(290, 340, 8)
        placed = [("A" if rng.random() < 0.5 else "B", int(row)) for row in rows]
        noise = np.random.default_rng(2).normal(0, 0.02, 400)
        result = studied(made_returns(B=noise), None, *placed)
        window = replace(result.window("1-day"), end=rng.integers(0, 9, 8))
        first, last = rows, rows + window.end
        wanted = [
            any(
                i != j
                and placed[i][0] == placed[j][0]
                and first[i] <= last[j]
                and first[j] <= last[i]
                for j in range(8)
            )
            for i in range(8)
        ]
        assert overlaps(window).tolist() == wanted


def test_events_without_a_forecast_error_move_no_correlation() -> None:
    """Two securities with 25 sessions to estimate on are in no test, and fill no pair of others."""
    rng = np.random.default_rng(8)
    shared = rng.normal(0, 0.03, 400)
    late = np.where(np.arange(400) < LAST + 1 - 25 - 5, np.nan, shared)
    early = made_returns().column("A").copy()
    early[200:EVENT] = np.nan
    short = np.where(np.arange(400) < 195, np.nan, rng.normal(0, 0.02, 400))
    columns = {"B": early, "C": short, "D": late, "E": late + rng.normal(0, 0.001, 400)}
    events = (("A", EVENT), ("B", EVENT), ("C", EVENT))
    alone = studied(made_returns(**columns), None, *events).residual_correlation
    both = studied(made_returns(**columns), None, *events, ("D", EVENT), ("E", EVENT))
    assert np.isnan(both.measured.fit.sigma).tolist() == [False, False, False, True, True]
    assert abs(both.residual_correlation[3, 4]) > 0.9
    np.testing.assert_allclose(both.residual_correlation[:3, :3], alone)
    assert alone[1, 2] == pytest.approx((alone[0, 1] + alone[0, 2]) / 2)  # the pair without overlap
