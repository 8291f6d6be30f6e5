"""Joint p-values of groupings.

A column with one value is judged as all events are, without doing it again.
"""

from __future__ import annotations

import pandas as pd
import pytest

from backtest import EventStudy, EventStudyResult, MarketModel, Prices, Window
from backtest.study.inference.joint import families
from backtest.study.inference.joint.max_t import max_t
from events import Catalog


@pytest.fixture(scope="module")
def result() -> EventStudyResult:
    events = Catalog.bundled().events().assign(role="party", kind="deal")
    return EventStudy(MarketModel("SPY"),
                      windows={"1-day": Window(0, 0), "5-day": Window(0, 4)}).fit(
        events, Prices.sample()
    )  # fmt: skip


def test_families_are_those_asked_for_one_by_one(
    result: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [max_t([result]), *(max_t([result], by) for by in ("role", "ticker", "kind"))]
    asked: list[tuple[str, ...]] = []

    def counted(results: list[EventStudyResult], *by: str) -> pd.DataFrame:
        asked.append(by)
        return max_t(results, *by)

    monkeypatch.setattr(families, "max_t", counted)
    got = families.joint_families([result], result, ("role", "ticker", "kind"))
    assert asked == [(), ("ticker",)]
    for one, other in zip(got, wanted, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_several_results_share_no_family_with_a_grouping_of_one(result: EventStudyResult) -> None:
    twice = [result, result]
    got = families.joint_families(twice, result, ("role", "kind"))
    pd.testing.assert_frame_equal(got[0], max_t(twice), check_exact=True)
    for one, by in zip(got[1:], ("role", "kind"), strict=True):
        pd.testing.assert_frame_equal(one, max_t([result], by), check_exact=True)
