"""The joint test of a specification curve.

Enumerated on small curves, and its size in simulation.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.study import EventStudy, MarketModel, Window
from backtest.study.check.curve import SUMMARIES, aligned, joint_table, summaries
from backtest.study.check.designs import BENCHMARK, SIMULATED
from backtest.study.check.sensitivity import Choices, specification_curve
from backtest.study.inference.nonparametric.bmp_shift import Shifted
from backtest.study.normal import MeanAdjusted
from backtest.study.running_sums import Floats
from backtest.work import Kept

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def curve_of(score: float, first: int, scores: list[float]) -> Shifted:
    days = np.arange(first, first + len(scores))
    return Shifted(score, 10.0, score, days, np.array(scores))


def test_shifts_meet_on_their_days() -> None:
    long = curve_of(1.0, -30, [float(v) for v in range(25)])
    short = curve_of(2.0, -28, [float(v) + 100 for v in range(20)])
    own, drawn = aligned([long, short])
    assert own.tolist() == [1.0, 2.0]
    assert drawn.shape == (20, 2)
    assert drawn[0].tolist() == [2.0, 100.0]
    assert drawn[-1].tolist() == [21.0, 119.0]


def test_every_summary_by_counting() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.standard_normal((40, 3))
    own = np.array([1.4, 2.2, 0.3])
    found = [curve_of(own[k], -60, drawn[:, k].tolist()) for k in range(3)]
    table = joint_table([("w", one) for one in found]).set_index("summary")
    assert table.index.tolist() == list(SUMMARIES)

    def by_hand(row: Floats) -> tuple[float, float, float]:
        median = sorted(row)[1]
        sign = -1 if median < 0 else 1
        return median, sum(v * sign >= 1.959964 for v in row) / 3, sum(row) / 3

    for number, name in enumerate(SUMMARIES):
        here = by_hand(own)[number]
        reached = sum(abs(by_hand(row)[number]) >= abs(here) for row in drawn)
        assert table.loc[name, "value"] == pytest.approx(here)
        assert table.loc[name, "pvalue"] == pytest.approx((1 + reached) / 41)
    np.testing.assert_allclose(summaries(own[None, :])[0], by_hand(own))


def test_few_shifts_and_none() -> None:
    few = joint_table([("w", curve_of(1.0, -10, [0.5] * 10))])
    assert few["why_not"].str.contains("at least 19 shifts").all()
    none = joint_table([("w", "needs at least 3 events, got 2")])
    assert none["why_not"].str.contains("got 2").all()
    assert none["pvalue"].isna().all()


@pytest.fixture(scope="module")
def asked() -> tuple[Any, ...]:
    market = SIMULATED["independent"](np.random.default_rng(2), 10)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    choices = Choices(benchmarks=(BENCHMARK,), lengths=(120, 250))
    return study, market.events, market.returns, choices


def test_the_curve_of_a_study(asked: tuple[Any, ...]) -> None:
    curve = specification_curve(*asked)
    joint = curve.joint
    assert set(joint["window"]) == {*WINDOWS, "all"}
    day: dict[Any, Any] = joint[joint["window"] == "[0,0]"].iloc[0].to_dict()
    assert day["summary"] == "median score"
    assert day["n_specifications"] == 3 * 2 * 2
    assert day["n_shifts"] == 120
    assert 0 < day["pvalue"] <= 1
    known = curve.table[curve.table["window"] == "[0,0]"]
    assert np.sign(day["value"]) == np.sign(known["statistic"].median())


@pytest.mark.parametrize("by_security", [False, True])
def test_every_specification_is_the_study_made_by_itself(
    by_security: bool, asked: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lengths of estimation share a panel, its running sums and correlations."""
    if by_security:
        monkeypatch.setattr("backtest.study.inference.by_security.PAIRS_UP_TO", 5)
    study, events, returns, choices = asked
    table = specification_curve(*asked).table.query("day_zero == 'as placed'")
    for name, model in (("market", study.model), ("mean_adjusted", MeanAdjusted())):
        for length in choices.lengths:
            alone = replace(
                study, model=model, estimation=Window(study.estimation.end - length + 1, -11)
            ).fit(events, returns)
            tests = alone.tests().query("test == 'kp_bmp_shared_t'").set_index("window")
            own = table[(table["model"] == name) & (table["estimation_length"] == length)]
            got = own.set_index("window").loc[tests.index, ["statistic", "pvalue"]]
            pd.testing.assert_frame_equal(got, tests[["statistic", "pvalue"]], check_exact=True)


def test_a_curve_that_is_kept_comes_back_the_same(asked: tuple[Any, ...], tmp_path: Path) -> None:
    fresh = specification_curve(*asked)
    kept = Kept(tmp_path / "kept", least=0.0)
    for _ in range(2):  # made, then taken from the folder
        curve = specification_curve(*asked, kept=kept)
        pd.testing.assert_frame_equal(curve.table, fresh.table)
        pd.testing.assert_frame_equal(curve.joint, fresh.joint)
    assert len(list((tmp_path / "kept").glob("*.json"))) == 3 * 2 * 2


def test_its_size_in_small() -> None:
    """60 studies without an effect: the joint p is at most 5% in about 5% of them."""
    rejected = np.zeros(3)
    for seed in range(60):
        market = SIMULATED["same_day_industry"](np.random.default_rng(seed), 6)
        study = EventStudy(MarketModel(BENCHMARK), market.estimation, {"[0,0]": Window(0, 0)})
        choices = Choices(
            models=("market", "mean_adjusted"), benchmarks=(BENCHMARK,), lengths=(100,)
        )
        joint = specification_curve(study, market.events, market.returns, choices).joint
        rejected += joint["pvalue"].to_numpy() <= 0.05
    assert (rejected <= 10).all()
