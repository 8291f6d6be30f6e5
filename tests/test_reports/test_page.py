from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import accumulate
from math import nan
from typing import Any

import pytest

from backtest import Prices
from events import Catalog
from reports.draw.chart import Chart
from reports.experiment.plan import Experiment
from reports.page.follow.packed import LETTERS
from reports.page.headline import headline_lines
from reports.page.render import render
from reports.run.findings import Findings, run


class Page(HTMLParser):
    """Tags, ids, links and the data of charts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, attribute: str) -> Iterator[str]:
        yield from (
            value or ""
            for _, found in self.tags
            for name, value in found.items()
            if name == attribute
        )


def kept(text: str) -> dict[str, Any]:
    """What the page keeps packed, as its script reads it."""
    tag = re.search(
        r'<script type="text/plain" id="packed" data-size="(\d+)"[^>]*>(.*?)</script>', text
    )
    assert tag is not None
    found, waiting, bits = bytearray(), 0, 0
    for i in range(0, len(tag[2]), 2):
        two = LETTERS.index(tag[2][i]) + 91 * LETTERS.index(tag[2][i + 1])
        waiting |= two << bits
        bits += 13 if two & 8191 > 88 else 14
        while bits > 7:
            found.append(waiting & 255)
            waiting, bits = waiting >> 8, bits - 8
    told: dict[str, Any] = json.loads(zlib.decompress(bytes(found[: int(tag[1])]), -15))
    return told


def charts(text: str) -> list[dict[str, Any]]:
    """The numbers behind every chart but those of single paths, which stand with the events."""
    return list(kept(text)["charts"].values())


def still(text: str) -> str:
    """The page without its scripts."""
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


@pytest.fixture(scope="module")
def text(findings: Findings) -> str:
    return render(findings)


def test_page_needs_no_other_host(text: str) -> None:
    page = Page(text)
    assert "src" not in {name for tag, found in page.tags if tag != "svg" for name in found}
    assert not [1 for tag, found in page.tags if tag == "link"]
    assert "default-src 'none'" in next(v for v in page.values("content") if "script-src" in v)


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(text: str) -> None:
    page = Page(text)
    ids = list(page.values("id"))
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.values("href") if link.startswith("#")} <= set(ids)


def test_first_screen_answers(text: str) -> None:
    start = text.index('<div id="answer-head"')
    screen = text[start : text.index('id="studied"')]
    assert "With the market’s own move taken out" in screen
    assert "would be found four times out of five" in screen
    assert "2026-04-09" in screen


def unpacked(column: Any) -> list[Any]:
    """A column of a chart's numbers as the page's script reads it."""
    if not isinstance(column, dict):
        return list(column)
    ((kind, values),) = column.items()
    if kind == "runs":
        return [word for word, n in values for _ in range(n)]
    if kind == "bp":
        return [None if one is None else one / 10_000 for one in values]
    if kind == "span":
        low, high, times = values
        return list(range(low, high + 1)) * times
    first, steps = date.fromisoformat(values[0]), accumulate([0, *values[1:]])
    return [(first + timedelta(days=days)).isoformat() for days in steps]


def test_numbers_behind_a_picture_are_packed_without_loss() -> None:
    days = ("2026-03-06", "2026-03-09", "2026-03-10", "2026-03-10")
    rows = tuple(zip(days, (-1, 0, -1, 0), (0.1234, nan, -0.5, 0.0), "aaab", strict=True))
    chart = Chart("x", "x", "x", (), {}, ("day", "n", "share", "word"), rows)
    packed = chart.as_json()["values"]
    assert [next(iter(one)) for one in packed] == ["days", "span", "bp", "runs"]
    assert [unpacked(one) for one in packed] == [
        list(days), [-1, 0, -1, 0], [0.1234, None, -0.5, 0.0], list("aaab"),
    ]  # fmt: skip


def test_every_chart_is_a_picture_with_its_numbers(text: str) -> None:
    found = charts(text)
    assert len(found) > 20
    own = len(re.findall(r'<figure class="chart[^>]*id="chart-car-', text))
    assert own > 5
    assert text.count('<figure class="chart') == len(found) + own
    assert text.count("<svg viewBox=") >= len(found)
    assert "NaN" not in "".join(re.findall(r"<svg.*?</svg>", still(text), re.DOTALL))
    for chart in found:
        columns = [len(unpacked(one)) for one in chart["values"]]
        assert len(columns) == len(chart["columns"])
        assert len(set(columns)) == 1
        assert columns[0] > 0


def test_same_findings_same_page(findings: Findings, text: str) -> None:
    assert render(findings) == text


def test_same_run_same_page(findings: Findings, experiment: Experiment, text: str) -> None:
    assert render(run(experiment, findings.catalog, findings.prices)) == text


def test_simulated_is_in_title_banner_and_manifest(text: str) -> None:
    assert "(SIMULATED)</title>" in text
    drawn = re.findall(r"<svg.*?</svg>", still(text), re.DOTALL)
    assert len(drawn) > 20
    assert all("SIMULATED" in one for one in drawn)


def test_real_prices_say_nothing_of_simulation(findings: Findings) -> None:
    real = replace(findings, prices=replace(findings.prices, simulated=False, notes=()))
    assert "SIMULATED" not in render(real)


def test_nothing_usable_is_a_page_that_says_so(nothing: Findings) -> None:
    text = render(nothing)
    assert "No event of the catalog could be studied" in text
    assert "no prices for AEP" in text


@pytest.mark.parametrize("n", [1, 100])
def test_one_and_a_hundred_announcements(
    n: int, catalog_of: Callable[..., Catalog], small: Experiment, prices: Prices
) -> None:
    text = render(run(small, catalog_of(n), prices))
    assert text.count('class="announcement"') == n
    assert len(text.encode()) < (1_000_000 if n == 1 else 2_500_000)


def test_events_too_few_for_an_average_make_a_page(
    catalog_of: Callable[..., Catalog], small: Experiment, prices: Prices
) -> None:
    text = render(run(small, catalog_of(2).filter(tickers=["META"]), prices))
    assert "No event can be tested over <span class=d>1-day</span>." in text
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}2, plain mean" in text


def test_a_lone_event_without_a_price_on_its_day_leads_and_says_why(
    catalog_of: Callable[..., Catalog], small: Experiment, prices: Prices
) -> None:
    adjusted = prices.adjusted.copy()
    adjusted.loc["2025-09-02", "META"] = nan
    found = run(small, catalog_of(1).filter(tickers=["META"]), replace(prices, adjusted=adjusted))
    text = render(found).replace("<span class=d>2025-09-02</span>", "2025-09-02")
    assert "META moved –" not in text
    assert "no return of META over the sessions [0, +1] from 2025-09-02. META moved " in text
    assert " over 5 sessions [0, +4]. With the market’s own move taken out, " in text
    assert "(not all of its sessions have a return)" in "\n".join(headline_lines(found))


def test_windows_beyond_the_prices_say_why_below_the_joint_table(
    catalog_of: Callable[..., Catalog], small: Experiment, prices: Prices
) -> None:
    last = date(2026, 10, 26)
    moved = [
        news.model_copy(update={"announced_at": last + timedelta(days=number)})
        for number, news in enumerate(catalog_of(3))
    ]
    text = render(run(small, Catalog(tuple(moved)), prices))
    joint = text.split('id="table-tests-joint"')[1].split("</section>")[0]
    assert "needs at least 3 events, got 0" in joint


def test_hostile_text_stays_text(
    hostile: str, catalog_of: Callable[..., Catalog], small: Experiment, prices: Prices
) -> None:
    text = render(run(small, catalog_of(3, hostile), prices))
    calm = render(run(small, catalog_of(3), prices))
    tags = [tag for tag, _ in Page(text).tags]
    assert tags.count("script") == [tag for tag, _ in Page(calm).tags].count("script")
    assert "img" not in tags
    assert not list(Page(text).values("onerror"))
    assert "{{7*7}}" in text


def test_the_longest_headline_without_a_space_fits(
    catalog_of: Callable[..., Catalog], small: Experiment, prices: Prices
) -> None:
    text = render(run(small, catalog_of(1, "A" * 10_000), prices))
    assert "A" * 10_000 in text
    assert "A" * 239 + "…</h3>" in text
