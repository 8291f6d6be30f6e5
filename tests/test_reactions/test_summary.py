"""`result.summary()`, `.tidy()` and the protocol of table packages say what the tables hold."""

from __future__ import annotations

import maketables
import numpy as np
import pandas as pd
import pytest
from statsmodels.iolib.summary import Summary as Statsmodels

import reactions as rx


@pytest.fixture(scope="module")
def result() -> rx.EventStudyResult:
    return rx.EventStudy(rx.MarketModel("SPY")).fit(rx.Catalog.bundled(), rx.Prices.sample())


def test_every_number_of_the_summary_is_that_of_the_tables(result: rx.EventStudyResult) -> None:
    averages, tests = result.averages(), result.tests()
    headline = tests[(tests["test"] == rx.HEADLINE_TEST) & (tests["group"] == "all")]
    lines = str(result.summary()).splitlines()
    for average, test in zip(averages.itertuples(), headline.itertuples(), strict=True):
        line = next(one for one in lines if one.startswith(f"{average.window} "))
        told = line.removeprefix(average.window).split()
        assert told[0] == f"{average.n_events:,}"
        assert told[2] == f"{100 * average.mean:.2f}%"
        assert told[3] == f"{100 * average.weighted_mean:.2f}%"
        assert told[5] == f"{test.statistic:.3f}"
        assert told[6] == f"{test.pvalue:.3f}"
        assert told[7:] == [f"{100 * average.low:.2f}%", f"{100 * average.high:.2f}%"]
    said = "\n".join(lines)
    assert "SIMULATED" in said
    assert f"{len(result.events):,}" in said
    assert f"{len(result.dropped):,}" in said


def test_it_has_what_a_summary_of_statsmodels_has(result: rx.EventStudyResult) -> None:
    made = result.summary("role")
    for name in ("as_text", "as_html", "as_latex"):
        assert hasattr(Statsmodels, name)
        assert "supplier, 1-day" in getattr(made, name)()
    assert made.as_latex().count(r"\begin{tabular}") == 2
    assert "%" not in made.as_latex().replace(r"\%", "")
    assert r"P$>$$|$t$|$ & {[}0.025 & 0.975] \\" in made.as_latex()
    assert r"\textbf{Event study}" in made.as_latex()
    assert made._repr_html_() == made.as_html()


def test_text_of_files_is_escaped_in_html_and_latex() -> None:
    days = pd.bdate_range("2024-01-02", periods=400)
    frame = pd.DataFrame(
        np.random.default_rng(1).normal(0, 0.01, (400, 3)), days, ["SPY", "A", "B"]
    )
    events = pd.DataFrame(
        {"event_id": ["x", "y"], "ticker": ["A", "B"], "event_session": days[[300, 320]],
         "group": ["<script>alert(1)</script>", "50%_&"]}
    )  # fmt: skip
    found = rx.EventStudy(rx.MarketModel("SPY")).fit(events, rx.Returns.from_frame(frame))
    made = found.summary("group")
    assert "<script>" not in made.as_html()
    assert r"50\%\_\&" in made.as_latex()
    with pytest.raises(rx.StudyError, match="did you mean 'group'"):
        found.summary("grop")


def test_tidy_is_a_method_too(result: rx.EventStudyResult) -> None:
    pd.testing.assert_frame_equal(result.tidy("ticker"), rx.tidy(result, "ticker"))


def test_maketables_takes_a_result_as_it_is(result: rx.EventStudyResult) -> None:
    table = maketables.ETable([result], model_stats=["N", "model", "benchmark"]).make(type="tex")
    first = result.tidy().iloc[0]
    assert f"{first['estimate']:.3f}" in table
    assert f"({first['std_error']:.3f})" in table
    assert str(len(result.events)) in table
    assert "SPY" in table
    html = maketables.ETable([result]).make(type="gt").as_raw_html()
    assert "1-day" in html


def test_explain_says_what_fit_then_does(result: rx.EventStudyResult) -> None:
    said = rx.EventStudy(
        rx.MarketModel("QQQ"), windows={"week": rx.Window(0, 4)}, exclude=None
    ).explain()
    for part in (
        "market model on QQQ",
        "days -260 to -11",
        "week (days 0 to 4)",
        "no days are cut out",
    ):
        assert part in said
    assert rx.HEADLINE_TEST in said
