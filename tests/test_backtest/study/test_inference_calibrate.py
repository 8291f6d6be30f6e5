"""Calibration on the user's own prices, and the specification curve."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.calibrate import CHUNK, calibrate
from backtest.study.check.designs import BENCHMARK, SIMULATED, SimulatedMarket
from backtest.study.check.rejections import rejection_table
from backtest.study.check.sensitivity import Choices, specification_curve
from backtest.study.inference import HEADLINE_TEST
from backtest.work import Kept, Workers

WINDOWS = {"1-day": Window(0, 0), "5-day": Window(0, 4)}


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SIMULATED["independent"](np.random.default_rng(5), 12)


def study(market: SimulatedMarket) -> EventStudy:
    return EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)


@pytest.fixture(scope="module")
def table(market: SimulatedMarket) -> pd.DataFrame:
    return calibrate(
        study(market), market.events, market.returns, (0.0, 0.05), 60, ("kp_bmp_exact_t", "cross_t")
    )


def test_sizes_are_near_their_levels_and_power_is_seen(table: pd.DataFrame) -> None:
    five = table[(table["level"] == 0.05) & (table["window"] == "1-day")].set_index(
        ["test", "effect"]
    )["rejected"]
    assert len(table) == 2 * 2 * 2 * 3
    assert (five.xs(0.0, level="effect") <= 0.05 + 3.5 * np.sqrt(0.05 * 0.95 / 60)).all()
    assert (five.xs(0.05, level="effect") > 0.9).all()


def test_the_seed_decides(market: SimulatedMarket) -> None:
    once, again, other = (
        calibrate(study(market), market.events, market.returns, (0.0,), 20, ("cross_t",), seed)
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(once, again)
    assert not once["rejected"].equals(other["rejected"])


def test_rates_and_their_error() -> None:
    drawn = [np.full((1, 1, 1), p) for p in [0.005] * 10 + [0.04] * 20 + [0.5] * 70]
    found = rejection_table(drawn, (0.0,), ["w"], ["t"]).set_index("level")
    assert found["rejected"].tolist() == [0.10, 0.30, 0.30]
    assert found.loc[0.05, "mc_error"] == pytest.approx(np.sqrt(0.3 * 0.7 / 100))
    few = rejection_table(drawn[:5], (0.0,), ["w"], ["t"])
    assert set(few["why_not"]) == {"only 5 replications gave an answer"}
    assert few["rejected"].isna().all()


def test_unknown_test(market: SimulatedMarket) -> None:
    with pytest.raises(StudyError, match="cannot calibrate"):
        calibrate(study(market), market.events, market.returns, tests=("cross",))


def test_every_specification_is_the_study_it_says(market: SimulatedMarket) -> None:
    choices = Choices(benchmarks=(BENCHMARK,), lengths=(120, 250))
    found = specification_curve(study(market), market.events, market.returns, choices).table
    assert len(found) == 3 * 2 * 2 * 2
    assert found["caar"].is_monotonic_increasing
    direct: EventStudyResult = study(market).fit(market.events, market.returns)
    row = found.query(
        "model == 'market' and day_zero == 'as placed' "
        "and estimation_length == 250 and window == '5-day'"
    )
    assert row["caar"].item() == pytest.approx(direct.window("5-day").car.mean())
    tests = direct.tests().set_index(["window", "test"])
    assert row["pvalue"].item() == pytest.approx(tests.loc[("5-day", HEADLINE_TEST), "pvalue"])


def test_unknown_choice() -> None:
    with pytest.raises(StudyError, match="no choice 'markt'; did you mean 'market'"):
        Choices(models=("markt",))


def test_workers_change_no_number_and_a_killed_run_goes_on(
    market: SimulatedMarket, tmp_path: Path
) -> None:
    asked = (study(market), market.events, market.returns, (0.0, 0.02), 2 * CHUNK + 1)
    alone = calibrate(*asked)
    for n in (1, 2, 3):
        with Workers(n) as executor:
            pd.testing.assert_frame_equal(
                calibrate(*asked, executor=executor), alone, check_exact=True
            )
    kept = Kept(tmp_path / "work", least=0.0)

    def stops(done: int) -> None:
        if done == 2 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(*asked, progress=stops, kept=kept)
    heard: list[int] = []
    again = calibrate(*asked, progress=heard.append, kept=kept)
    assert heard == [2 * CHUNK, 2 * CHUNK + 1]
    pd.testing.assert_frame_equal(again, alone, check_exact=True)


def test_specifications_and_tests_are_the_same_on_workers(market: SimulatedMarket) -> None:
    choices = Choices(benchmarks=(BENCHMARK,), lengths=(120,))
    asked = (study(market), market.events, market.returns, choices)
    result = study(market).fit(market.events, market.returns)
    with Workers(2) as executor:
        spread = specification_curve(*asked, executor=executor).table
        tested = result.tests("all", "ticker", executor=executor)
    pd.testing.assert_frame_equal(spread, specification_curve(*asked).table, check_exact=True)
    pd.testing.assert_frame_equal(tested, result.tests("all", "ticker"), check_exact=True)
