"""Sentences, titles and cells of the sections, each against tables changed by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from backtest.work.parted import Tables
from reports.draw.tabular import Table
from reports.page.sections import announcements, ledger, press
from reports.page.sections.about import left_out, studied
from reports.page.sections.base import Context
from reports.page.sections.overall import average_paths, averages, choices, counterfactuals, tests
from reports.run.findings import Findings

NAN = math.nan


def changed(findings: Findings, **tables: pd.DataFrame) -> Context:
    """The page of the same run with some of its tables others."""
    return Context(replace(findings, tables=Tables({**findings.tables, **tables})))


def without(findings: Findings, *names: str) -> Context:
    """The page of the same run without some of its tables."""
    kept = {name: table for name, table in findings.tables.items() if name not in names}
    return Context(replace(findings, tables=Tables(kept)))


def texts(table: Table) -> list[list[str]]:
    """What the cells of a table show."""
    return [[cell.text for cell in row] for row in table.rows]


# averages


def grouped(findings: Findings, **given: Any) -> Context:
    """Every average of the run is this one: +1.5%, known to a few points."""
    row = {"mean": 0.02, "median": 0.01, "weighted_mean": 0.015, "low": -0.01, "high": 0.04,
           "pvalue": 0.2, "share_positive": 0.667, "n_events": 3, "why_not": "",
           "statistic": 1.25} | given  # fmt: skip
    return changed(findings, averages=findings.tables["averages"].assign(**row))


def test_a_group_is_said_over_every_window(findings: Findings) -> None:
    one = "{} +1.5% over 3 events (−1.0% to +4.0%, p = 0.200; median +1.0%, 67% positive)"
    windows = "; ".join(one.format(name) for name in findings.experiment.study.windows)
    context = grouped(findings)
    said = averages.average_words(context, context.primary, "ticker")
    assert said["META"] == f"Average abnormal return with its 95% interval: {windows}."
    assert set(said) == set(findings.primary.events["ticker"])
    assert set(averages.average_words(context, context.primary)) == {"all"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pvalue": NAN, "why_not": "needs 3"}, "+1.5% over 3 events (needs 3; median +1.0%"),
        ({"pvalue": NAN}, "+1.5% over 3 events (too few events; median +1.0%"),
        ({"n_events": 1}, "+1.5% over 1 event (−1.0% to +4.0%, p = 0.200"),
        (
            {"low": 0.0149, "high": 0.0151, "median": 0.01},
            "+1.50% over 3 events (+1.49% to +1.51%, p = 0.200; median +1.00%",
        ),
    ],
)
def test_a_group_says_why_it_is_not_judged(
    findings: Findings, given: dict[str, Any], told: str
) -> None:
    context = grouped(findings, **given)
    said = averages.average_words(context, context.primary)["all"]
    assert f"interval: 1-day {told}" in said


def test_the_table_of_a_group_has_its_numbers_or_why_not(findings: Findings) -> None:
    context = grouped(findings)
    table = averages.average_table(context, "ticker", context.primary)
    assert table.name == "averages-ticker"
    assert table.caption == "Average abnormal returns by ticker, market model on SPY"
    assert table.head[0] == "ticker"
    one = next(row for row in texts(table) if row[:2] == ["META", "1-day"])
    assert one[2:9] == ["3", "+1.5% [−1.0%, +4.0%]", "+2.0%", "+1.0%", "67%", "1.25", "0.200"]
    context = grouped(findings, why_not="needs 3", share_positive=NAN)
    one = texts(averages.average_table(context, "role", context.primary))[0]
    assert one[6:9] == ["–", "–", "needs 3"]
    assert table.keys[0].split("|")[1] == "1-day"


def test_adjusted_p_values_are_of_the_main_model_alone(findings: Findings) -> None:
    context = Context(findings)
    own = texts(averages.average_table(context, "kind", context.primary))
    assert any(row[9] != "–" for row in own)
    assert any(row[10] != "–" for row in own)
    other = next(spec for spec in findings.studies if spec != context.primary)
    rows = texts(averages.average_table(context, "kind", other))
    assert {(row[9], row[10]) for row in rows} == {("–", "–")}
    alone = without(findings, "joint")
    assert {row[10] for row in texts(averages.average_table(alone, "kind", alone.primary))} == {"–"}


def test_the_forest_has_groups_of_three_or_more_the_largest_first(findings: Findings) -> None:
    table = findings.tables["averages"]
    few = table["group_value"].isin(["META"])
    rising = table.assign(
        n_events=table["n_events"].where(~few, 2).clip(lower=2),
        weighted_mean=range(len(table)), low=0.0, high=1.0, pvalue=0.03,
    )  # fmt: skip
    rising.loc[~few, "n_events"] = 1200
    context = changed(findings, averages=rising)
    rows = averages.forest_rows(context, "ticker", context.primary, "1-day")
    assert [row[1] for row in rows][:1] != ["META"]
    assert "META" not in {row[1] for row in rows}
    values = [float(str(row[2])) for row in rows]
    assert values == sorted(values, reverse=True)
    assert rows[0][0] == f"{rows[0][1]} (1,200)"
    assert rows[0][5] == f"{rows[0][1]}, 1,200 events, p = 0.030"
    kinds = averages.forest_rows(context, "kind", context.primary, "1-day")
    assert "capacity contract (1,200)" in {row[0] for row in kinds}


@pytest.mark.parametrize(
    ("low", "told"), [(0.001, "{n} of {n} averages told"), (-0.01, "0 of {n} averages told")]
)
def test_the_forests_title_counts_what_is_told_apart(
    findings: Findings, low: float, told: str
) -> None:
    groups = averages.build(grouped(findings, low=low)).content.groups
    n = findings.primary.events["ticker"].nunique()
    assert groups[0].forest.title == f"1-day by ticker: {told.format(n=n)} apart from zero"
    assert groups[1].forest.title.startswith("1-day by role in the announcement: ")
    assert groups[2].forest.title.startswith("1-day by kind of announcement: ")


def path(name: str, *values: float, n: int = 5, first: int = 0) -> pd.DataFrame:
    """An average path of so many events, day by day, that leaves out zero where it is above 1%."""
    days = range(first, first + len(values))
    rows = [
        (name, n, day, one, one - 0.01, one + 0.01) for day, one in zip(days, values, strict=True)
    ]
    columns = ["group_value", "n_events", "day", "weighted_mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def test_panels_are_of_the_twelve_largest_groups_of_three_or_more() -> None:
    sizes = {f"g{i:02}": 20 - i for i in range(15)} | {"small": 2, "three": 3}
    paths = pd.concat([path(name, 0.1, 0.2, n=n).iloc[::-1] for name, n in sizes.items()])
    shown, some = averages.largest(paths)
    assert shown == [f"g{i:02}" for i in range(12)]
    assert list(some["group_value"].unique()) == shown
    assert list(some["day"][:2]) == [0, 1]
    few = pd.concat([path("small", 0.1, n=2), path("three", 0.1, n=3)])
    assert averages.largest(few)[0] == ["three"]


def test_what_a_path_reached_is_said_of_day_0_and_of_its_end() -> None:
    assert average_paths.reached(path("all", 0.01, 0.02, 0.03)) == (
        "+1.0% by session 0 and +3.0% by session +2"
    )
    assert average_paths.reached(path("all", 0.01)) == "+1.0% by session 0"
    assert average_paths.reached(path("all", 0.01, NAN)) == "+1.0% by session 0"
    assert average_paths.reached(path("all", 0.01, 0.02, first=-2)) == "+2.0% by session −1"
    assert average_paths.reached(path("all", NAN)) == "not known"


def test_an_average_known_to_half_a_point_has_two_digits_at_each_end() -> None:
    known = path("all", 0.01234, 0.02345).assign(low=[0.011, 0.01], high=[0.0135, 0.04])
    assert average_paths.reached(known) == "+1.23% by session 0 and +2.3% by session +1"
    assert average_paths.largest_ends([("A", known.iloc[:1])]).endswith("largest: A +1.23%")
    unknown = known.assign(low=NAN, high=NAN)
    assert average_paths.reached(unknown) == "+1.2% by session 0 and +2.3% by session +1"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            (0.005, 0.02, NAN),
            "By session +1, 1 of 1 average told apart from zero; largest: x +2.0%",
        ),
        ((0.02, 0.005), "By session +1, 0 of 1 average told apart from zero; largest: x +0.5%"),
        ((0.02, -0.02), "By session +1, 1 of 1 average told apart from zero; largest: x −2.0%"),
        ((NAN,), "No group has an average path"),
        ((), "No group has an average path"),
    ],
)
def test_the_end_of_a_path_is_its_last_session_with_a_value(
    values: tuple[float, ...], told: str
) -> None:
    assert average_paths.largest_ends([("x", path("x", *values))]) == told


def test_the_two_largest_ends_are_named_by_size_without_sign() -> None:
    ends = [
        ("A", path("A", 0.3, 0.01, first=19)), ("B", path("B", -0.3, first=5)),
        ("C", path("C", 0.2, first=20)), ("D", path("D", NAN, first=29)),
    ]  # fmt: skip
    assert average_paths.largest_ends(ends) == (
        "By session +20, 2 of 3 averages told apart from zero; largest: B −30.0% and C +20.0%"
    )
    assert average_paths.largest_ends([]) == "No group has an average path"


@pytest.mark.parametrize(
    ("low", "high", "told", "note"),
    [
        (-0.5, 0.5, "0 of 31 sessions apart from zero, about 2 would be by chance", "zero"),
        (
            0.001, 0.5, "31 of 31 sessions apart from zero, about 2 would be by chance",
            "as on −10 (+1.2%), −9 (+1.2%), −8 (+1.2%) and −7 (+1.2%)",
        ),
        (NAN, NAN, "no session can be told from zero", "the test needs three events"),
    ],
)  # fmt: skip
def test_single_days_are_counted_beside_what_chance_gives(
    findings: Findings, low: float, high: float, told: str, note: str
) -> None:
    days = findings.averages["days"].assign(low=low, high=high, mean=0.0123, weighted_mean=0.0123)
    paths = {**findings.averages, "days": days}
    chart = average_paths.days_picture(Context(replace(findings, averages=paths)))
    assert chart.title == f"+1.2% on session 0; {told}"
    assert chart.note.startswith("average abnormal return by session, market model on SPY, n = 35;")
    assert chart.note.endswith(note)


# choices


def test_choices_are_counted_and_their_range_told(findings: Findings) -> None:
    windows = findings.tables["windows"]
    car = pd.Series(range(len(windows)), windows.index) / 1000
    own = windows[windows["event_id"].isin(Context(findings).headline)]
    context = changed(findings, windows=windows.assign(car=car, pvalue=0.01))
    found = choices.build(context).content
    told = []
    for ticker in ("META", "CRWV"):
        of = car[own.index[(own["ticker"] == ticker) & (own["window"] == "1-day")]]
        told.append((f"+{of.min():.1%}", f"+{of.max():.1%}", len(of)))
    (a, b, n), (c, d, m) = told
    assert found.words == (
        f"Over 1-day: META on 2026-04-09 from {a} to {b}, p below 0.05 in {n} of {n}; "
        f"CRWV on 2026-04-09 from {c} to {d}, p below 0.05 in {m} of {m}."
    )
    assert found.charts[0].title == (
        f"1-day: p below 0.05 in {n + m} of {n + m} estimates; META from {a} to {b} "
        f"and CRWV from {c} to {d}"
    )
    assert len(found.charts) == 3  # windows from day 0 on
    never = choices.build(changed(findings, windows=windows.assign(pvalue=0.05))).content
    assert "p below 0.05 in 0 of 9" in never.words


def test_one_model_without_a_curve_is_no_choice(findings: Findings) -> None:
    primary = findings.experiment.study.primary
    one = replace(findings, studies={primary: findings.primary})
    assert choices.build(Context(one)).content.curve is not None
    assert choices.build(without(one, "sensitivity")).content is None
    empty = findings.tables["sensitivity"].assign(caar=NAN)
    assert choices.build(changed(one, sensitivity=empty)).content is None
    assert choices.build(changed(findings, sensitivity=empty)).content.curve is None


# tests


def test_a_test_that_cannot_say_anything_says_why_once(findings: Findings) -> None:
    table = findings.tables["tests"]
    cross = table["test"] == "cross_t"
    why = table.assign(why_not="", pvalue=0.5)
    why.loc[cross & table["window"].isin(["1-day", "5-day"]), "why_not"] = "too few clusters"
    main = tests.tests_table(changed(findings, tests=why), findings.experiment.study.primary)
    cell = next(row for row in main.rows if "ross-section" in row[0].text or row[2].text == "–")
    assert cell[2].title == cell[4].title == "too few clusters"
    assert [cell[i].text for i in (2, 4, 6)] == ["–", "–", "0.500"]
    assert main.notes.endswith(
        f" No p-value where a test cannot say anything. {cell[0].text} (1-day and 5-day): "
        "too few clusters."
    )
    why.loc[cross, "why_not"] = "too few clusters"
    never = tests.tests_table(changed(findings, tests=why), findings.experiment.study.primary)
    assert never.notes.endswith(f" cannot say anything. {cell[0].text}: too few clusters.")
    quiet = tests.tests_table(
        changed(findings, tests=table.assign(why_not="")), findings.experiment.study.primary
    )
    assert quiet.notes.endswith("and when they are correlated.")


def test_windows_judged_together_are_there_only_where_they_are(findings: Findings) -> None:
    joint = tests.build(Context(findings)).content.joint
    assert joint.name == "tests-joint"
    assert [row[0].text for row in joint.rows][:1] == ["1-day"]
    assert joint.notes.startswith("16 hypotheses: 1-day, 5-day, 1-month, run-up on SPY, QQQ")
    assert tests.build(without(findings, "joint")).content.joint is None
    none = findings.tables["joint"].assign(pvalue_adjusted=NAN)
    assert tests.build(changed(findings, joint=none)).content.joint is None


def test_without_a_statistic_there_are_no_tests(findings: Findings) -> None:
    table = findings.tables["tests"].assign(statistic=NAN)
    assert tests.build(changed(findings, tests=table)).content is None


# counterfactuals


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"drifts": True, "pvalue": 0.01, "mean_car": 0.01}, "over 0.3 points"),
        (
            {"drifts": True, "pvalue": 0.8, "mean_car": 0.01},
            "over 0.3 points, as chance makes it",
        ),
        ({"drifts": False, "pvalue": 0.8, "mean_car": 0.001}, ""),
        ({"drifts": False, "pvalue": NAN, "n_securities": 2}, "needs 3 securities, got 2"),
        ({"drifts": False, "pvalue": NAN, "mean_car": NAN}, ""),
    ],
)
def test_a_drift_is_judged_in_its_row(findings: Findings, given: dict[str, Any], told: str) -> None:
    table = findings.tables["placebo_drift"].assign(**given)
    found = counterfactuals.build(changed(findings, placebo_drift=table)).content
    assert {row[-1] for row in texts(found.drift)} == {told}
    assert found.means is None


def test_without_placebos_there_is_no_drift_to_speak_of(findings: Findings) -> None:
    assert counterfactuals.build(without(findings, "placebo_drift")).content is None


# what was studied, left out, reported, owed


def test_what_was_studied_is_counted(findings: Findings) -> None:
    facts = dict(studied.build(Context(findings)).content.facts)
    assert facts["Announcements"] == "14 announcements of 14 in the catalog"
    assert facts["Events"] == "35 events (announcement × ticker), 10 tickers; 2 left out"
    assert facts["Prices"].startswith("the simulated sample market (SIMULATED): 38 tickers, 2023-")
    assert facts["Main model"] == "market model on SPY"
    assert facts["Beside it"].startswith("market model on QQQ, market model on SOXX")
    assert "market model on SPY" not in facts["Beside it"]
    assert facts["Fitted on"] == "sessions [−260, −11] around each event"
    assert facts["Windows"].startswith("1-day [0, 0], 5-day [0, +4], 1-month [0, +20] and run-up")


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("timing_unknown", "For {} events only the date is known: a window [0, 0] is [0, +1]"),
        ("bounds_disagree", "For {} events the bounds of the time leave two sessions for day 0"),
    ],
)
def test_events_of_uncertain_time_are_counted(findings: Findings, flag: str, told: str) -> None:
    windows = findings.tables["windows"]
    every = studied.build(changed(findings, windows=windows.assign(flags=flag))).content.caveats
    assert any(one.startswith(told.format(35)) for one in every)
    none = studied.build(changed(findings, windows=windows.assign(flags=""))).content.caveats
    assert not any(told[10:40] in one for one in none)


def test_events_of_one_session_are_counted(findings: Findings) -> None:
    windows = findings.tables["windows"]
    same = windows.assign(event_session=pd.Timestamp("2026-04-09"))
    told = studied.build(changed(findings, windows=same)).content.caveats
    assert (
        "35 of 35 events share their session with another one: see which tests hold then." in told
    )
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(range(len(windows)), unit="D")
    alone = studied.build(changed(findings, windows=windows.assign(event_session=days)))
    assert not any("share their session" in one for one in alone.content.caveats)


def test_times_that_nobody_states_say_what_strategies_do(findings: Findings) -> None:
    waits = studied.build(Context(findings)).content.caveats
    assert any(one.endswith("Strategies wait there for the next session.") for one in waits)
    trusting = findings.experiment.model_copy(update={"trading_times": "all"})
    trusts = studied.build(Context(replace(findings, experiment=trusting))).content.caveats
    assert any(one.endswith("Strategies trust it.") for one in trusts)


def test_flags_are_counted_the_most_frequent_first(findings: Findings) -> None:
    windows = findings.tables["windows"]
    n = len(findings.of_primary("windows"))
    some = ["overlap;timing_unknown"] + ["timing_unknown"] * (len(windows) - 1)
    flags = left_out.build(changed(findings, windows=windows.assign(flags=some))).content.flags
    assert texts(flags) == [
        ["timing unknown", str(n), "only the date of the announcement is known"],
        ["overlap", "1", "shares sessions with another event of the same ticker"],
    ]
    none = left_out.build(changed(findings, windows=windows.assign(flags=""))).content
    assert none.flags is None
    kept = left_out.build(changed(findings, dropped=findings.tables["dropped"].iloc[:0])).content
    assert kept.dropped is None


def test_what_the_press_said_is_counted_and_its_errors_listed(findings: Findings) -> None:
    claims = findings.tables["claims"].head(4)
    verdicts = ["agrees", "near", "disagrees", "disagrees"]
    table = claims.assign(verdict=verdicts, unit=["fraction", "x", "fraction", "x"], claimed=0.5)
    found = press.build(changed(findings, claims=table)).content
    assert found.words == ("4 reported moves and levels: 1 agrees, 1 is near and 2 disagree.")
    assert [row[3] for row in texts(found.table)] == ["+50.00%", "0.50"]
    one = press.build(changed(findings, claims=table.head(1))).content
    assert (one.words, one.table) == ("1 reported move or level: 1 agrees.", None)
    assert press.build(changed(findings, claims=table.head(0))).content is None


def test_the_ledger_has_sums_and_running_totals(findings: Findings) -> None:
    rows = texts(ledger.build(Context(findings)).content)
    assert [
        "2026-04-09", "Meta Platforms", "CoreWeave", "purchase, about", "$21bn", "$21bn", "$35.2bn",
    ] in rows  # fmt: skip
    empty = findings.tables["ledger"].iloc[:0]
    assert ledger.build(changed(findings, ledger=empty)).content is None


def test_the_prices_of_an_announcement_are_in_the_money_of_their_exchange(
    findings: Findings,
) -> None:
    shown = announcements.build(Context(findings)).content
    charts = [one.charts[0] for one in shown if one.charts]
    heads = {head for chart in charts for head in chart.columns[1:]}
    assert heads == {f"close {ticker} (USD)" for ticker in set(findings.primary.events["ticker"])}
