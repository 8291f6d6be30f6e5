"""Two groups of events.

The pooled t where they are independent, right where they share their dates.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.groups import compare_groups, differences
from backtest.study.inference import by_security
from backtest.study.inference.effects.difference import compare, difference

GROUPS = ("buyer", "seller", "seller")


@pytest.fixture(scope="module")
def result() -> EventStudyResult:
    rng = np.random.default_rng(11)
    n = 24
    frame = pd.DataFrame(
        rng.normal(0, 0.01, (400, n + 1)),
        index=pd.bdate_range("2020-01-01", periods=400),
        columns=["MKT", *(f"S{i}" for i in range(n))],
    )
    events = pd.DataFrame(
        {
            "event_id": range(n),
            "ticker": frame.columns[1:],
            "event_session": frame.index[350],
            "method": [GROUPS[i % 3] for i in range(n)],
        }
    )
    study = EventStudy(MarketModel("MKT"), windows={"1-day": Window(0, 0), "5-day": Window(0, 4)})
    return study.fit(events, Returns.from_frame(frame))


def test_it_is_the_pooled_t_of_independent_events(result: EventStudyResult) -> None:
    section = replace(result.cross_section("1-day"), correlation=np.eye(24))
    first = result.events["method"].eq("buyer").to_numpy()
    found = difference(section, first)
    told = stats.ttest_ind(section.scar[first], section.scar[~first])
    assert found.outcome.statistic == pytest.approx(told.statistic, rel=1e-12)
    assert found.outcome.df == pytest.approx(22, rel=1e-12)
    assert found.outcome.pvalue == pytest.approx(told.pvalue, rel=1e-10)
    low, high = told.confidence_interval()
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-10)


def test_what_all_events_share_falls_out(result: EventStudyResult) -> None:
    """With the same correlation everywhere the difference is as sure as without any."""
    first = result.events["method"].eq("buyer").to_numpy()
    section = result.cross_section("1-day")
    alone = difference(replace(section, correlation=np.eye(24)), first)
    shared = difference(
        replace(section, correlation=0.6 * np.ones((24, 24)) + 0.4 * np.eye(24)), first
    )
    assert shared.outcome.statistic == pytest.approx(alone.outcome.statistic, rel=1e-9)
    assert shared.outcome.df == pytest.approx(22, rel=1e-9)


def test_events_that_are_one_bet_count_as_one(result: EventStudyResult) -> None:
    """Correlation within groups alone makes a difference less sure.

    The size is 5% where draws have it.
    """
    first = result.events["method"].eq("buyer").to_numpy()
    own = 0.5 * (first[:, None] == first) + 0.5 * np.eye(24)
    root, rng, draws = np.linalg.cholesky(own), np.random.default_rng(5), 2000
    rejected = {"exact": 0, "blind": 0}
    for _ in range(draws):
        x = root @ rng.normal(size=24)
        for name, correlation in (("exact", own), ("blind", np.eye(24))):
            rejected[name] += compare(x, correlation, first).outcome.pvalue < 0.05
    assert 0.035 < rejected["exact"] / draws < 0.065
    assert rejected["blind"] / draws > 0.3


def test_one_row_a_level_and_window_on_any_column(result: EventStudyResult) -> None:
    table = differences(result, "method", "ticker")
    by_method = table[table["group"] == "method"]
    assert by_method[["group_value", "window"]].to_numpy().tolist() == [
        ["buyer", "1-day"], ["seller", "1-day"], ["buyer", "5-day"], ["seller", "5-day"],
    ]  # fmt: skip
    buyer, seller = by_method.iloc[0], by_method.iloc[1]
    assert buyer["difference"] == pytest.approx(-seller["difference"])
    assert (buyer["n_events"], buyer["n_others"]) == (8, 16)
    alone = table[table["group"] == "ticker"]
    assert set(alone["why_not"]) == {"needs at least 3 events in either group, got 1 and 23"}
    with pytest.raises(StudyError, match=r"no column 'metod'.*did you mean 'method'"):
        differences(result, "metod")


def test_many_events_are_compared_alike(
    result: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_pair = differences(result, "method")
    monkeypatch.setattr(by_security, "PAIRS_UP_TO", 5)
    study = EventStudy(MarketModel("MKT"), windows=result.named_windows)
    many = EventStudyResult(result.measured, study.windows, result.dropped)
    assert many.pair_sums == "by security"
    same = ["difference", "n_events", "n_others", "mean_car"]
    found = differences(many, "method")
    pd.testing.assert_frame_equal(found[same], by_pair[same])
    np.testing.assert_allclose(found["statistic"], by_pair["statistic"], rtol=0.02)


def test_two_chosen_groups_are_what_a_study_of_them_alone_says(result: EventStudyResult) -> None:
    """The events of a third group are no part of it, whatever they share with the two."""
    three = result.events["method"].to_numpy(dtype=object).copy()
    three[np.flatnonzero(three == "seller")[::3]] = "broker"
    named = result.events.assign(own=three)
    whole = EventStudyResult(
        replace(result.measured, events=replace(result.measured.events, source=named, place=None)),
        result.named_windows,
        result.dropped,
    )
    found = compare_groups(whole, "own", "buyer", "seller")
    there = np.flatnonzero(three != "broker")
    for row in found.itertuples():
        section = whole.cross_section(row.window).take(there)
        alone = difference(section, three[there] == "buyer")
        assert row.statistic == pytest.approx(alone.outcome.statistic)
        assert row.pvalue == pytest.approx(alone.outcome.pvalue)
        assert row.mean_car == pytest.approx(section.car[three[there] == "buyer"].mean())
    assert found["n_events"].tolist() == [8, 8]
    assert found["n_others"].tolist() == [int((three == "seller").sum())] * 2
    assert set(found["group_value"]) == {"buyer against seller"}
    turned = compare_groups(whole, "own", "seller", "buyer")
    np.testing.assert_allclose(turned["difference"], -found["difference"])


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("method", "buyr", "seller"), "method has no level 'buyr'; did you mean 'buyer'"),
        (("method", "buyer", "buyer"), "'buyer' cannot be compared with itself; name two levels"),
        (("metod", "buyer", "seller"), "no column 'metod'"),
    ],
)
def test_what_cannot_be_compared(
    result: EventStudyResult, names: tuple[str, str, str], said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        compare_groups(result, *names)
