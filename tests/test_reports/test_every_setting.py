"""The control in a real browser over every value of every field.

What the page then says and shows is held to the tables of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

from events.flag import words_in
from reports.experiment.plan import Spec
from reports.page.opening import Words
from reports.page.opening_average import Average
from reports.page.sections import answer
from reports.page.sections.base import Context
from reports.page.sections.events import fit_cells
from reports.page.sections.overall import averages
from reports.page.sections.overall import tests as section_of_tests
from reports.rows import Row, records
from reports.run.findings import Findings
from reports.words import percent, plain, pvalue

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEYS = {"t": "ticker", "r": "role", "k": "kind"}
READ = """
const text = (one) => one.textContent.replace(/\\s+/g, " ").trim();
const rows = (id) => Object.fromEntries([...document.querySelectorAll(`#${id} tbody tr`)]
  .filter((row) => !row.hidden).map((row) => [row.dataset.row, [...row.cells].map(text)]));
return {
  answer: [text(document.getElementById("answer-title")),
    ...[...document.querySelectorAll("#answer-words li")].map(text)],
  averages: text(document.getElementById("averages-words")),
  strip: text(document.querySelector("#chart-strip strong")),
  events: rows("table-events-table"), tests: rows("table-tests-main"),
  lines: [...document.querySelectorAll("#table-tests-main tbody tr")]
    .map((row) => [...row.cells].map(text)),
  briefs: Object.fromEntries([...document.querySelectorAll("details.announcement")]
    .filter((one) => !one.hidden)
    .map((one) => [one.id.slice(6), text(one.querySelector("summary .note"))])),
};
"""


def flat(text: str) -> str:
    return " ".join(text.split())


def said(words: Words, deals: dict[str, str]) -> list[str]:
    """What the first screen shows of some words."""
    told = [flat(words.headline)]
    for what, text in words.sentences:
        dated = what[:10] if what[4:5] == "-" else ""
        head = f"{dated} {deals[what]}".strip() if what in deals else f"{what}. "
        told.append(flat(f"{head}{text}"))
    return told


class Expected:
    """What the tables of a run say of one model, window and group of events."""

    def __init__(self, findings: Findings, spec: Spec) -> None:
        self.findings, self.spec, self.context = findings, spec, Context(findings)
        self.average = Average.of(findings, spec)
        self.opening = answer.opening(self.context, spec)
        self.deals = answer.build(self.context).content.deals
        self.events = records(findings.primary.events)
        self.rows = {
            (row["event_id"], row["ticker"], row["window"]): row
            for row in records(findings.of("windows", spec))
        }
        self.fits = {
            (row["event_id"], row["ticker"]): row for row in records(findings.of("estimates", spec))
        }
        self.after = [n for n, (a, _) in findings.experiment.study.windows.items() if a >= 0]
        self.words = {by: averages.average_words(self.context, spec, by) for by in KEYS.values()}

    def inside(self, by: str, value: str) -> dict[int, Row]:
        """The events of a group, by their places."""
        return {i: e for i, e in enumerate(self.events) if by == "all" or str(e[by]) == value}

    def check(self, found: dict[str, Any], window: str, by: str = "all", value: str = "") -> None:
        """Hold everything read off the page to the tables."""
        if by == "all":
            assert found["answer"] == said(self.opening.words(window), self.deals)
            told = averages.average_words(self.context, self.spec)["all"]
        else:
            assert found["answer"] == said(self.average.group(by, value).words(window), {})
            told = self.words[by][value]
        assert found["averages"] == flat(told)
        inside = self.inside(by, value)
        assert set(found["events"]) == {str(i) for i in inside}
        for i, event in inside.items():
            self._event(found["events"][str(i)], event, window)
        own = [self.rows[e["event_id"], e["ticker"], window] for e in inside.values()]
        known = [row for row in own if row["pvalue"] == row["pvalue"]]
        sure = sum(row["pvalue"] < 0.05 for row in known)
        if known:
            moves = "move" if len(known) == 1 else "moves"
            assert found["strip"].startswith(
                f"{window}: {sure} of {len(known)} {moves} beyond noise"
            )
        assert found["lines"] == [
            [flat(cell.text) for cell in row]
            for row in section_of_tests.tests_table(self.context, self.spec).rows
        ]
        self._announcements(found["briefs"], inside, window)

    def _event(self, cells: list[str], event: Row, window: str) -> None:
        key = event["event_id"], event["ticker"]
        row = self.rows[*key, window]
        assert cells[4] == percent(row["raw_return"])
        cars = [percent(self.rows[*key, name]["car"]) for name in self.after]
        at = 5 + len(cars)
        assert cells[5:at] == cars
        assert cells[at] == pvalue(row["pvalue"])
        assert cells[at + 1 : at + 6] == [cell.text for cell in fit_cells(self.fits.get(key))]
        assert cells[at + 6] == flat(", ".join(map(plain, words_in(row["flags"]))))

    def _announcements(self, briefs: dict[str, str], inside: dict[int, Row], window: str) -> None:
        studied = {event["event_id"] for event in inside.values()}
        assert set(briefs) >= studied
        for name in studied:
            own = [e for e in self.events if e["event_id"] == name]
            told = [
                f"{e['ticker']} {percent(car)}"
                for e in own
                if (car := self.rows[name, e["ticker"], window]["car"]) == car
            ]
            assert briefs[name].endswith(", ".join(told[:4]))


def values(findings: Findings) -> Iterator[tuple[str, str, str]]:
    """Every value of every filter: its key in the address, its column and the value."""
    events = findings.primary.events
    for key, by in KEYS.items():
        for value in sorted({str(one) for one in events[by]}):
            yield key, by, value


def test_every_model_benchmark_and_window(browser: Any, page: Path, findings: Findings) -> None:
    browser.show(page)
    for spec in findings.studies:
        expected = Expected(findings, spec)
        for window in findings.experiment.study.windows:
            browser.choose(w=window, m=spec.model, b=spec.benchmark or "SPY")
            expected.check(browser.script(READ), window)
    assert browser.console() == []


def test_every_ticker_role_and_kind(browser: Any, page: Path, findings: Findings) -> None:
    browser.show(page)
    known = {spec: Expected(findings, spec) for spec in findings.studies}
    some = cycle(product(known, findings.experiment.study.windows))
    for key, by, value in values(findings):
        for _ in range(3):  # by turns, so that every model and window meets a dozen values
            spec, window = next(some)
            setting = {"w": window, "m": spec.model, "b": spec.benchmark or "SPY", key: value}
            browser.choose(**setting)
            known[spec].check(browser.script(READ), window, by, value)
    assert browser.console() == []


def test_the_numbers_of_an_announcement_follow(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    browser.script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    windows = list(findings.experiment.study.windows)
    script = """return Object.fromEntries([...document.querySelectorAll(
        '[id^="table-windows-"] tbody tr')].map((row) => [row.dataset.row,
        [...row.cells].map((one) => one.textContent)]))"""
    for spec in findings.studies:
        browser.choose(w="5-day", m=spec.model, b=spec.benchmark or "SPY")
        found = browser.script(script)
        rows = {
            (row["event_id"], row["ticker"], row["window"]): row
            for row in records(findings.of("windows", spec))
        }
        for place, event in enumerate(records(findings.primary.events)):
            for at, window in enumerate(windows):
                row, line = rows[event["event_id"], event["ticker"], window], found[f"{place}.{at}"]
                assert line[2] == percent(row["raw_return"])
                assert line[3].split(" [")[0] == percent(row["car"])
                if row["car_low"] == row["car_low"]:
                    low, high = percent(row["car_low"]), percent(row["car_high"])
                    assert line[3].endswith(f"[{low}, {high}]")
                assert line[5] == pvalue(row["pvalue"])
                assert line[6] == pvalue(row["conformal_p"])
