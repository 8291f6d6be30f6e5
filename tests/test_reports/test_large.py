"""Pages of more announcements than a reader looks at one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest import Prices
from events import Catalog
from reports.draw.strip import strip_chart
from reports.experiment.plan import Experiment
from reports.page import built
from reports.page.render import render
from reports.page.sections import few
from reports.rows import records
from reports.run.findings import Findings, run, select
from reports.words import percent, pvalue

_PLAN = """strategies = [{name = "reversal"}]
sweep = false
[study]
models = ["market", "market_adjusted"]
benchmarks = ["SPY"]
"""
N, SHOWN, LINES = 240, 12, 20


@dataclass(frozen=True)
class Large:
    """A run of more events than its page shows one by one, and that page."""

    findings: Findings
    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def large(prices: Prices, tmp_path_factory: pytest.TempPathFactory) -> Large:
    """A few hundred announcements on a page with room for a dozen."""
    folder = tmp_path_factory.mktemp("large")
    rng = np.random.default_rng(7)
    tickers = [t for t in prices.all_tickers if t not in ("SPY", "QQQ", "SOXX")][:15]
    days = pd.bdate_range("2025-06-02", "2026-03-31").strftime("%Y-%m-%d")
    frame = pd.DataFrame({
        "event_id": [f"E{i:04}" for i in range(N)],
        "ticker": rng.choice(tickers, N),
        "announced_at": rng.choice(days, N),
        "headline": [f"Order number {i} of many" if i % 2 else f"E{i:04}" for i in range(N)],
    })  # fmt: skip
    frame.to_csv(folder / "deals.csv", index=False)
    experiment = Experiment.parse(_PLAN, "large.toml")
    found = run(experiment, select(experiment, Catalog.read(folder / "deals.csv")), prices)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"WHOLE": 200, "ANNOUNCEMENTS": SHOWN, "LINES": LINES}.items():
            patch.setattr(few, name, value)
        built.built.cache_clear()
        page = folder / "report.html"
        page.write_text(render(found), encoding="utf-8")
        built.built.cache_clear()
    return Large(found, page)


def furthest(findings: Findings, n: int) -> set[str]:
    """The announcements of the largest first moves by their own error."""
    first = findings.of_primary("windows").query("window == '1-day'")
    order = first["scar"].abs().sort_values(ascending=False, kind="stable").index
    return set(first.loc[order[:n], "event_id"])


def test_the_page_shows_those_furthest_from_ordinary_and_says_so(large: Large) -> None:
    shown = set(re.findall(r'<details class="announcement" id="event-(E\d+)"', large.text))
    assert shown == furthest(large.findings, SHOWN)
    told = f"Of {N} announcements the {SHOWN} shown here one by one"
    assert large.text.count(told) == 2
    assert f"{SHOWN} of {N} announcements, latest first" in large.text
    rows = re.search(r'id="table-events-table".*?</table>', large.text, re.DOTALL)
    assert rows is not None
    assert set(re.findall(r'href="#event-(E\d+)"', rows[0])) == shown


def test_pictures_of_single_events_are_of_those_shown(large: Large) -> None:
    paths = large.text.count('id="chart-car-')
    assert paths == SHOWN
    assert f"Cumulative abnormal returns of {SHOWN} events of {N}" in large.text


def test_long_tables_say_how_many_rows_there_are_and_where(large: Large) -> None:
    trades = len(large.findings.backtests[0].evaluation.trades)
    assert trades > LINES
    assert f"{LINES} of {trades} rows are shown; all stand in tables/trades.csv." in large.text
    table = re.search(r'id="table-trades-0".*?</table>', large.text, re.DOTALL)
    assert table is not None
    assert table[0].count("<tr") == LINES + 1


def test_links_within_the_page_lead_somewhere(large: Large) -> None:
    still = re.sub(r"<script.*?</script>", "", large.text, flags=re.DOTALL)
    ids = re.findall(r' id="([^"]+)"', still)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', still)) <= set(ids)


def test_a_smaller_catalog_is_shown_whole(findings: Findings) -> None:
    windows = findings.of_primary("windows")
    whole = few.shown(findings.catalog, windows, "1-day", ())
    assert not whole.some
    assert whole.names == {news.id for news in findings.catalog}


def test_an_announcement_of_many_tickers_leaves_room_for_fewer_others(
    monkeypatch: pytest.MonkeyPatch, findings: Findings
) -> None:
    for name, value in {"WHOLE": 3, "ANNOUNCEMENTS": 5, "EVENTS": 6}.items():
        monkeypatch.setattr(few, name, value)
    windows = findings.of_primary("windows")
    one = few.shown(findings.catalog, windows, "1-day", ())
    first = windows.query("window == '1-day'")
    assert 1 <= len(one.names) <= 5
    assert first["event_id"].isin(one.names).sum() <= 6


def test_the_dots_of_thousands_of_events_stand_for_several(findings: Findings) -> None:
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({
        "event_id": [f"E{i}" for i in range(5_000)], "ticker": "META",
        "car": rng.standard_t(3, 5_000) / 50, "pvalue": rng.uniform(size=5_000),
    })  # fmt: skip
    chart = strip_chart("strip", rows, "1-day", simulated=False)
    (dots,) = chart.traces
    shared = int(re.search(r"a dot up to (\d+) events", chart.note)[1])
    assert shared > 1
    assert 5_000 / shared <= len(dots["x"]) <= 900
    assert max(dots["y"]) <= 8
    told = dict(zip(dots["x"], dots["customdata"], strict=True))
    assert sum(int(text.split()[0].replace(",", "")) for text in told.values()) == 5_000
    sure = sum(int(text.split()[2].replace(",", "")) for text in told.values())
    assert sure == (rows["pvalue"] < 0.05).sum()
    alone = strip_chart("strip", rows[:500], "1-day", simulated=False)
    assert "a dot an event" in alone.note


LOOK = """const field = document.getElementById("search"); field.value = arguments[0];
field.dispatchEvent(new Event("input"));
return [document.getElementById("found").textContent,
  [...document.querySelectorAll("details.announcement")]
    .filter((one) => !one.hidden).map((one) => one.id.slice(6))]"""
TOLD = """const one = document.getElementById(arguments[0]); one.open = true;
return [...one.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((c) => c.textContent))
"""


@pytest.mark.browser
def test_the_search_finds_every_announcement_and_tells_its_numbers(
    browser: Any, large: Large
) -> None:
    browser.show(large.path)
    shown = furthest(large.findings, SHOWN)
    for spec in large.findings.studies:
        browser.choose(m=spec.model, b="SPY")
        windows = large.findings.of("windows", spec)
        for number in (1, 40, 101, 238):
            name = f"E{number:04}"
            told, found = browser.driver.execute_script(LOOK, name)
            assert told == f"{len(found)} of {N} announcements"
            assert name in found
            assert set(found) <= {name, *shown}  # these tell of others in their windows
            if name in shown:
                continue
            own = records(windows[windows["event_id"] == name])
            lines = browser.driver.execute_script(TOLD, f"event-{name}")
            assert [line[1] for line in lines] == [row["window"] for row in own]
            for row, line in zip(own, lines, strict=True):
                assert line[0] == row["ticker"]
                assert line[2].split(" [")[0] == percent(row["car"])
                assert line[3] == pvalue(row["pvalue"])
                if spec == large.findings.experiment.study.primary:
                    low, high = percent(row["car_low"]), percent(row["car_high"])
                    assert line[2].endswith(f"[{low}, {high}]")
    told, found = browser.driver.execute_script(LOOK, "order number")
    assert told.endswith(f" of {N} announcements; {len(found)} of them are listed")
    assert 120 <= int(told.split()[0]) <= 120 + SHOWN
    assert 50 <= len(found) <= 50 + SHOWN
    told, found = browser.driver.execute_script(LOOK, "")
    assert set(found) == shown
    assert told == f"{SHOWN} of {N} announcements, latest first"
    assert browser.console() == []


@pytest.mark.browser
def test_a_filter_and_a_link_find_what_is_not_shown(browser: Any, large: Large) -> None:
    browser.show(large.path)
    events = large.findings.primary.events
    ticker = str(events["ticker"].iloc[0])
    browser.choose(t=ticker)
    told, found = browser.driver.execute_script(LOOK, "")
    own = set(events.loc[events["ticker"] == ticker, "event_id"])
    assert set(found) == own
    assert told.startswith(f"{len(own)} of {N} announcements")
    name = next(iter(sorted(set(events["event_id"]) - furthest(large.findings, SHOWN))))
    browser.open(f"{large.path.as_uri()}#event-{name}?v=alone")
    seen = """return [...document.querySelectorAll("main section, details.announcement")]
        .filter((one) => one.getClientRects().length).map((one) => one.id)"""
    assert browser.script(seen) == ["announcements", f"event-{name}"]
    assert browser.console() == []


@pytest.mark.browser
@pytest.mark.slow
def test_two_thousand_events(browser: Any, page_of: Callable[[int], Path]) -> None:
    page = page_of(2_000)
    assert page.stat().st_size <= 1_500_000
    browser.show(page)
    drawn = browser.draw_all()
    assert drawn["drawn"] == drawn["total"] > 100
    assert drawn["empty"] == []
    assert browser.choose(w="5-day", m="market_adjusted") < 5_000
    told, found = browser.driver.execute_script(LOOK, "e1234")
    assert told == "1 of 2,000 announcements"
    assert found == ["E1234"]
    assert browser.script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.console() == []
    browser.show(page)
    painted = browser.script("""return performance.getEntriesByType("paint")
        .find((one) => one.name === "first-contentful-paint").startTime""")
    assert painted < 2_000
