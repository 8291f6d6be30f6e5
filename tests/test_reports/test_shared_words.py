"""What the report says of shocks that the parties of an announcement share.

And of the test's own size.
"""

from __future__ import annotations

import pandas as pd

from reports.run.findings import Findings
from reports.run.sentences import delta_in_words
from reports.words import number

TESTS = pd.DataFrame(
    {
        "group": "all",
        "window": ["1-day", "1-day", "5-day", "5-day"],
        "test": ["kp_bmp_shared_t", "kp_bmp_exact_t"] * 2,
        "statistic": [2.0, 3.0, 1.0, 1.0],
        "pvalue": [0.05, 0.0001, 0.3, 0.3],
        "why_not": ["", "", "needs at least 3 events, got 2", ""],
    }
)
AVERAGES = pd.DataFrame({"group": "all", "window": ["1-day", "5-day"], "delta": [0.24, 0.0]})


def test_with_and_without_delta() -> None:
    words = delta_in_words(TESTS, AVERAGES)
    assert "1-day: δ 0.24, t 2.00, p = 0.050 (without δ: t 3.00, p < 0.001)" in words
    assert "5-day" not in words
    assert delta_in_words(TESTS, AVERAGES.iloc[:0]) == ""


def test_a_run_says_both(findings: Findings) -> None:
    tests = findings.of_primary("tests").set_index(["group", "window", "test"])
    one = tests.loc[("all", "1-day", "kp_bmp_exact_t"), "statistic"]
    assert f"without δ: t {number(one)}" in findings.delta_words
    size = findings.tables["own_size"].set_index("window").loc["1-day", "rejected"]
    assert f"{size:.1%} (1-day)" in findings.own_size_words
