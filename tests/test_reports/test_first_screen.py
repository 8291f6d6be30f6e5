"""Each number of the first screen is a number of the tables, under every setting of the control."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from backtest.work.parted import Tables
from events import Catalog
from reports.experiment.plan import Spec
from reports.page.headline import headline_lines, headline_tickers, in_words, page_title
from reports.page.opening_average import Average
from reports.page.sections import answer
from reports.page.sections.base import Context
from reports.rows import records
from reports.run.findings import Findings
from reports.words import percent, pvalue

_PERCENT = re.compile(r"[+−±]?\d+\.\d%")
_P = re.compile(r"p (?:= |< )(\d\.\d+)")
_NOT_NUMBERS = re.compile(r"\(95% interval|95% interval|\d+% positive")


def numbers(words: str) -> set[str]:
    """Every percentage with a digit after the point that a sentence says."""
    return set(_PERCENT.findall(_NOT_NUMBERS.sub("", words)))


def settings(findings: Findings) -> list[tuple[Spec, str]]:
    """Every model and benchmark over every window."""
    return [(s, window) for s in findings.studies for window in findings.experiment.study.windows]


def test_every_number_of_the_deals_is_in_the_tables_under_every_setting(findings: Findings) -> None:
    shown = answer.build(Context(findings)).content
    for spec, window in settings(findings):
        words = answer.opening(Context(findings), spec).words(window)
        windows, daily = findings.of("windows", spec), findings.of("abnormal", spec)
        own = windows[
            windows["event_id"].isin(shown.deals) & windows["ticker"].isin(["META", "CRWV"])
        ]
        allowed = {
            percent(value) for value in daily[daily["event_id"].isin(shown.deals)]["abnormal"]
        }
        ps = set()
        for row in records(own[(own["window"] == window) | (own["window"] == "5-day")]):
            values = (row["raw_return"], row["car"], row["car_low"], row["car_high"])
            allowed |= {percent(value) for value in values} | {f"±{row['mde80']:.1%}"}
            ps.add(pvalue(max(row["pvalue"], row["conformal_p"])).lstrip("<"))
        told = " ".join((words.headline, *(text for _, text in words.sentences)))
        assert numbers(told) - allowed == set()
        assert len(numbers(told)) >= 6
        assert set(_P.findall(told)) <= ps
        for row in records(own[own["window"] == window]):
            assert percent(row["raw_return"]) in words.headline
            assert percent(row["car"]) in told


def test_every_number_of_the_average_is_in_the_tables_under_every_setting(
    average: Findings,
) -> None:
    shown = answer.build(Context(average)).content
    assert shown.lead == "average"
    for spec, window in settings(average):
        words = answer.opening(Context(average), spec).words(window)
        table = average.of("averages", spec)
        row = records(table[(table["group"] == "all") & (table["window"] == window)])[0]
        allowed = {
            percent(row[name]) for name in ("weighted_mean", "mean", "median", "low", "high")
        }
        told = " ".join((words.headline, *(text for _, text in words.sentences)))
        assert numbers(told) - allowed == set()
        assert percent(row["weighted_mean"]) in words.headline
        assert ("told apart" in words.headline) == (row["pvalue"] >= 0.05)


def test_the_picture_agrees_with_the_words(findings: Findings) -> None:
    shown = answer.build(Context(findings)).content
    rows = shown.chart.rows
    assert len(rows) == 6  # two tickers, three windows, one announcement in this run
    for _, _, _, value, low, high, ordinary, p, _ in rows:
        assert low < value < high
        assert value - low == pytest.approx(ordinary)
        if p < 0.05:
            assert abs(value) > ordinary


def test_other_news_inside_a_window_is_marked_and_named(findings: Findings) -> None:
    shown = answer.build(Context(findings)).content
    named = {(row[0], row[1]): row[-1] for row in shown.chart.rows}
    assert "Anthropic signs" in named["CRWV", "5-day"]
    told = dict(shown.words.sentences)["What else"]
    assert "on 2026-04-10 (Anthropic signs a multi-year contract with CoreWeave)" in told
    assert "which daily prices cannot tell apart" in told


def test_nobody_elses_catalog_is_titled_after_ours(findings: Findings, average: Findings) -> None:
    assert "META and CRWV" in page_title(findings)
    assert page_title(average) == f"Price reactions to {len(average.catalog)} announcements"


def test_one_announcement_leads_by_itself(average: Findings) -> None:
    name = "2026-04-09-meta-coreweave-21bn"
    windows = average.tables["windows"]
    alone = replace(
        average, tables=Tables({**average.tables, "windows": windows[windows["event_id"] == name]})
    )
    assert list(answer.build(Context(alone)).content.deals) == [name]


def test_a_window_that_lacks_a_session_says_so(findings: Findings) -> None:
    windows = findings.of_primary("windows")
    row = records(windows[windows["car_low"].notna() & windows["pvalue"].notna()].head(1))[0]
    said = " (not all of its sessions have a return)"
    assert in_words(row | {"flags": "missing_days;overlap"}, 200).endswith(said)
    assert said not in in_words(row | {"flags": "overlap"}, 200)


def lone(findings: Findings, name: str) -> Findings:
    """The same run with one announcement studied, which its experiment does not name."""
    events = findings.primary.events
    tickers = set(events.loc[events["event_id"] == name, "ticker"])
    windows = findings.tables["windows"]
    own = windows[(windows["event_id"] == name) & windows["ticker"].isin(tickers)]
    return replace(findings, tables=Tables({**findings.tables, "windows": own}))


def test_a_lone_announcement_has_its_own_title_and_all_its_tickers(average: Findings) -> None:
    events = average.primary.events
    name = next(
        str(one)
        for one, own in events.groupby("event_id")["ticker"]
        if len(own) > 1 and not {"META", "CRWV"} >= set(own)
    )
    found = lone(average, name)
    assert page_title(found).startswith("Price reactions to ")
    own = list(events.loc[events["event_id"] == name, "ticker"])
    assert headline_tickers(found, [name]) == own[:6]


def test_an_announcement_without_a_title_is_named_once(average: Findings) -> None:
    name = "2026-04-09-meta-coreweave-21bn"
    news = average.catalog[name].model_copy(update={"headline": name})
    found = replace(lone(average, name), catalog=Catalog((news,)))
    assert next(headline_lines(found)) == name


def test_the_first_screen_says_where_a_window_is_wider_than_its_name(average: Findings) -> None:
    spec = average.experiment.study.primary
    windows = average.of("windows", spec).query("window == '1-day'")
    wider = int((windows["end"] > 0).sum())
    assert wider
    told = dict(Average.of(average, spec).words("1-day").sentences)["The events"]
    assert (
        f"The time of {wider} of {len(windows)} events is not known well enough: "
        "their 1-day is [0, +1]." in told
    )
    assert "known well enough" not in str(Average.of(average, spec).words("5-day"))


def test_the_headline_of_an_average_has_the_window_of_most_events(average: Findings) -> None:
    spec = average.experiment.study.primary
    said = Average.of(average, spec).words("1-day").headline
    assert " over 1-day [0, 0], with the market’s own move taken out. That is " in said
    table = average.tables["windows"]
    wider = table.assign(end=table["end"].where(table["window"] != "1-day", 1))
    found = replace(average, tables=Tables({**average.tables, "windows": wider}))
    assert " over 1-day [0, +1], with " in Average.of(found, spec).words("1-day").headline
    n = len(average.of("windows", spec).query("window == '1-day'"))
    told = dict(Average.of(found, spec).words("1-day").sentences)["The events"]
    assert f"The time of all {n} events is not known well enough" in told


def test_averages_known_to_a_tenth_of_a_point_are_said_to_a_hundredth(average: Findings) -> None:
    spec, table = average.experiment.study.primary, average.tables["averages"]
    close = table.assign(weighted_mean=0.0001, low=-0.0004, high=0.0006, pvalue=0.6)
    first = Average.of(replace(average, tables={**average.tables, "averages": close}), spec)
    said = first.words("1-day")
    told = dict(said.sentences)
    assert ": +0.01% on average over 1-day" in said.headline
    assert ": +0.01%, 95% interval −0.04% to +0.06%." in told["On average"]
    assert "averages from −0.04% to +0.06% all fit" in told["How sure"]
