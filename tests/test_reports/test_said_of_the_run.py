"""What the page says of a run itself: how to repeat and cite it, its prices, its methods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from backtest.prices.panels.return_prices import SOURCE
from backtest.prices.quality.findings import Finding, Severity
from events import Announcement, Catalog
from reports.experiment.plan import Experiment
from reports.page.sections.about import methods, provenance, quality
from reports.page.sections.base import Context
from reports.page.sections.few import EVENTS, LINES, WHOLE, Few, shown
from reports.run.findings import Findings
from reports.run.sentences import delta_in_words
from tests.test_reports.test_said_of_deals import NAN

BUNDLED = Catalog.bundled()
META = "2026-04-09-meta-coreweave-21bn"


def own(name: str = "own") -> Announcement:
    """An announcement that is in nobody's catalog."""
    return Announcement(
        id=name, headline="Meta buys", announced_at=date(2026, 1, 5),
        parties=[{"name": "Meta", "ticker": "META", "roles": ["customer"]}],
        sources=[{"name": "a paper", "url": "https://example.org/"}],
    )  # fmt: skip


# how to repeat it


def command(
    catalog: Catalog, *, simulated: bool = False, plan: str = "", snapshots: tuple[str, ...] = (),
    source: str = "a folder", factors: tuple[tuple[str, bool], ...] = (),
) -> str:  # fmt: skip
    files = [SimpleNamespace(name=name, simulated=made) for name, made in factors]
    experiment = Experiment.parse(plan, "own.toml") if plan else Experiment.default()
    found = SimpleNamespace(
        catalog=catalog, experiment=experiment, factors=SimpleNamespace(files=files),
        prices=SimpleNamespace(snapshots=snapshots, source=source, simulated=simulated),
    )  # fmt: skip
    context = SimpleNamespace(findings=found, simulated=simulated)
    return provenance._command(cast("Context", context))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"simulated": True}, "reactions report --prices sample"),
        ({"snapshots": ("META-1",)}, "reactions report --pin OUT"),
        ({}, "reactions report --prices DIR"),
        ({"source": SOURCE}, "reactions report --returns RETURNS"),
        (
            {"simulated": True, "plan": "seed = 3"},
            "reactions report --experiment EXPERIMENT.toml --prices sample",
        ),
        (
            {"factors": (("F F.zip", False), ("made", True))},
            "reactions report --factors 'F F.zip' --prices DIR",
        ),
    ],
)
def test_what_to_type_names_the_prices_the_experiment_and_the_factors(
    given: dict[str, Any], told: str
) -> None:
    assert command(BUNDLED.filter(ids=[META]), **given) == told


def test_a_catalog_of_ones_own_is_named_and_a_part_of_the_bundled_one_is_not() -> None:
    other = BUNDLED[META].model_copy(update={"summary": "another"})
    for catalog in (Catalog((own(),)), Catalog((BUNDLED[META], own())), Catalog((other,))):
        assert command(catalog) == "reactions report --catalog CATALOG --prices DIR"
    assert "--catalog" not in command(BUNDLED)


def test_what_stands_in_capitals_is_explained_on_the_page(findings: Findings) -> None:
    built = provenance.build(Context(findings)).content
    assert built.command == "reactions report --prices sample"
    assert built.named == ()
    catalog = Catalog((*findings.catalog, own()))
    plan = findings.experiment.model_copy(update={"seed": 5})
    built = provenance.build(Context(replace(findings, experiment=plan, catalog=catalog))).content
    assert built.named == (
        ("EXPERIMENT.toml", "holds what is below"), ("CATALOG", "is your list of announcements"),
    )  # fmt: skip
    facts = dict(built.facts)
    assert facts["Seed"] == "5"
    assert facts["Catalog"].startswith("15 announcements, sha256 ")
    assert '"seed": 5' in built.experiment


def test_a_citation_has_no_braces_of_its_own_and_says_simulated() -> None:
    made: Any = {
        "tool": {"market-reactions": "1.2"}, "seed": 7, "simulated_prices": False,
        "catalog": {"digest": "c" * 64}, "prices": {"digest": "p" * 64},
    }  # fmt: skip
    told = provenance._cite(made, r"Do {deals} \pay?")
    assert told.splitlines() == [
        "@misc{reactions-cccccccccccc,",
        "  title = {Do deals pay?},",
        "  howpublished = {Event study made with market-reactions 1.2},",
        "  note = {Catalog sha256 cccccccccccccccc, prices sha256 pppppppppppppppp, seed 7.}",
        "}",
    ]
    assert "seed 7. SIMULATED prices.}" in provenance._cite(made | {"simulated_prices": True}, "x")


# the prices


DAY = "2026-04-10"  # a session after the announcement


def oddity(severity: Severity, ticker: str, day: str, detail: str = "-50% and back") -> Finding:
    return Finding(severity, ticker, "bad_close", day, day, detail)


@pytest.mark.parametrize(
    ("found", "told", "rows"),
    [
        ((), "0 errors, 0 warnings, 0 notes about 38 tickers; 0 of them near an event.", None),
        (
            (oddity(Severity.ERROR, "META", DAY),),
            "1 error, 0 warnings, 0 notes about 38 tickers; 1 of them near an event.",
            ["META", "error", "bad close", DAY, "−50% and back"],
        ),
        (
            (oddity(Severity.NOTE, "META", "2023-04-10"), oddity(Severity.NOTE, "AEP", DAY)),
            "0 errors, 0 warnings, 2 notes about 38 tickers; 0 of them near an event.",
            None,
        ),
    ],
)  # fmt: skip
def test_oddities_are_counted_and_those_near_an_event_listed(
    found: tuple[Finding, ...], told: str, rows: list[str] | None, findings: Findings
) -> None:
    made = quality.build(Context(replace(findings, oddities=found))).content
    assert made.words == told
    shown = [[cell.text for cell in row[1:]] for row in made.table.rows] if made.table else []
    assert shown[:1] == ([rows] if rows else [])


# the methods


def both(window: str, ours: float, plain: float, **given: object) -> pd.DataFrame:
    rows = [
        {"group": "all", "window": window, "test": test, "statistic": t, "pvalue": p, "why_not": ""}
        for test, t, p in (("kp_bmp_shared_t", ours, 0.031), ("kp_bmp_exact_t", plain, 0.0004))
    ]
    return pd.DataFrame(rows).assign(**given)


def deltas(**by_window: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"group": "all", "window": list(by_window), "delta": list(by_window.values())}
    )


def test_what_shared_shocks_change_is_told_window_by_window() -> None:
    tests = pd.concat([both("1-day", 2.2, 3.456), both("5-day", -1, -1.5)])
    assert delta_in_words(tests, deltas(**{"1-day": 0.123, "5-day": 0.0})) == (
        "Events of one announcement or date correlate by δ more than their ordinary days do, "
        "and the headline test allows for it. "
        "1-day: δ 0.12, t 2.20, p = 0.031 (without δ: t 3.46, p < 0.001); "
        "5-day: δ 0.00, t −1.00, p = 0.031 (without δ: t −1.50, p < 0.001)."
    )


@pytest.mark.parametrize(
    ("tests", "averages"),
    [
        (both("1-day", 2, 3), deltas(**{"1-day": NAN})),
        (both("1-day", 2, 3, why_not="few"), deltas(**{"1-day": 0.1})),
        (both("1-day", 2, 3, group="role"), deltas(**{"1-day": 0.1})),
        (both("1-day", 2, 3).head(1), deltas(**{"1-day": 0.1})),
        (both("1-day", 2, 3), deltas(**{"5-day": 0.1})),
    ],
)
def test_without_delta_or_both_tests_nothing_is_said_of_it(
    tests: pd.DataFrame, averages: pd.DataFrame
) -> None:
    assert delta_in_words(tests, averages) == ""


@pytest.mark.parametrize(
    ("delta", "size", "told"),
    [("d", "s", ("d", "s")), ("", "s", ("s",)), ("d", "", ("d",)), ("", "", ())],
)
def test_the_methods_say_what_is_known_of_the_headline_test(
    delta: str, size: str, told: tuple[str, ...], findings: Findings
) -> None:
    found = SimpleNamespace(
        experiment=findings.experiment, factors=findings.factors, delta_words=delta,
        own_size_words=size,
    )  # fmt: skip
    made = methods.build(cast("Context", SimpleNamespace(findings=found))).content
    assert (made.told, made.factors) == (told, ())


# which announcements a large page shows one by one


def large(n: int, per: int = 1) -> tuple[Catalog, pd.DataFrame]:
    """As many announcements of so many events, the later the further from ordinary."""
    names = [f"e{i:03}" for i in range(n)]
    rows = [(name, "1-day", i / 10 * (-1) ** i) for i, name in enumerate(names) for _ in range(per)]
    return (
        Catalog(tuple(map(own, names))), pd.DataFrame(rows, columns=["event_id", "window", "scar"])
    )  # fmt: skip


def test_a_page_of_no_more_than_four_hundred_shows_every_one() -> None:
    few = shown(*large(WHOLE), "1-day", ())
    assert (len(few.names), few.some, few.words) == (WHOLE, False, "")
    assert few.anchor("e007") == "event-e007"


def test_a_larger_one_shows_the_hundred_furthest_from_ordinary_and_the_headline() -> None:
    few = shown(*large(WHOLE + 1), "1-day", ("e001",))
    assert few.names == {*(f"e{i:03}" for i in range(301, 401)), "e001"}
    assert few.words.startswith(
        "Of 401 announcements the 101 shown here one by one are those whose abnormal return over "
        "1-day, measured by its own forecast error, lies furthest from zero, up or down: the least "
        "ordinary moves, not a sample."
    )
    assert (few.anchor("e400"), few.anchor("e002")) == ("event-e400", "")


def test_announcements_of_many_events_are_fewer() -> None:
    """Of 10 events each no more than 25: 250 events."""
    few = shown(*large(60, 10), "1-day", ())
    assert few.names == {f"e{i:03}" for i in range(60 - EVENTS // 10, 60)}


@pytest.mark.parametrize(("some", "n", "cut"), [(True, LINES + 1, True), (True, LINES, False),
                                                (False, LINES + 1, False)])  # fmt: skip
def test_long_tables_of_a_large_page_are_cut_and_say_where_the_rest_is(
    some: bool, n: int, cut: bool
) -> None:
    from reports.draw.tabular import Table

    table = Table.of("t", "A table", ("x",), [["1"]] * n, notes="A note.")
    made = Few(frozenset(), some).cut(table, "stand in tables/x.csv")
    assert len(made.rows) == (LINES if cut else n)
    told = f"{LINES} of {LINES + 1} rows are shown; all stand in tables/x.csv. A note."
    assert made.notes == (told if cut else "A note.")
