"""Every test says what it tests, and its one-sided p-values agree with its two-sided one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import TESTS, EventStudy, MarketModel, Window
from backtest.study.inference import ABOUT, COMPANION_TEST, HEADLINE_TEST, CrossSection
from backtest.study.inference.about import DESIGNS, FLIPS, SHIFTS


@pytest.fixture(scope="module")
def section(golden_returns: Returns, golden_events: pd.DataFrame) -> CrossSection:
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), {"[0,4]": Window(0, 4)}, exclude=None)
    return study.fit(golden_events, golden_returns).cross_section("[0,4]")


def test_every_test_is_described_and_nothing_else() -> None:
    assert list(ABOUT) == list(TESTS)
    assert all(about.holds_in and set(about.holds_in) <= set(DESIGNS) for about in ABOUT.values())


def test_what_is_recommended_leads() -> None:
    assert [key for key, about in ABOUT.items() if about.recommended] == [
        HEADLINE_TEST,
        COMPANION_TEST,
    ]


@pytest.mark.parametrize("key", TESTS)
def test_one_sided(section: CrossSection, key: str) -> None:
    outcome = TESTS[key](section)
    assert not outcome.why_not
    favoured = min(outcome.pvalue_upper, outcome.pvalue_lower)
    if outcome.statistic != 0:
        assert (outcome.pvalue_upper < outcome.pvalue_lower) == (outcome.statistic > 0)
    assert outcome.pvalue_upper + outcome.pvalue_lower == pytest.approx(
        1.0, abs=0.25
    )  # ties count on both sides
    loose = (
        0.15 if ABOUT[key].distribution in (SHIFTS, FLIPS) else 1e-12
    )  # these count |statistics|
    assert outcome.pvalue == pytest.approx(min(2 * favoured, 1.0), abs=loose)


@pytest.mark.parametrize("key", TESTS)
def test_no_events_is_an_answer(section: CrossSection, key: str) -> None:
    outcome = TESTS[key](section.take(np.array([], dtype=np.int64)))
    assert outcome.why_not
    assert np.isnan([outcome.pvalue, outcome.pvalue_upper, outcome.pvalue_lower]).all()
