from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from backtest import Prices
from events import Catalog
from reports.experiment.plan import Experiment
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


def charts(text: str) -> list[dict[str, object]]:
    return [
        json.loads(one)
        for one in re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    ]


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


def test_first_screen_answers(findings: Findings, text: str) -> None:
    start = text.index('<section id="answer"')
    screen = text[start : start + 4000]
    assert "With the market’s own move taken out" in screen
    assert "on price closes" in screen
    assert "2026-04-09" in screen


def test_charts_are_figures_plotly_accepts(text: str) -> None:
    from plotly import graph_objects

    def resolved(value: object) -> object:
        if isinstance(value, dict):
            return {key: resolved(one) for key, one in value.items()}
        if isinstance(value, list):
            return [resolved(one) for one in value]
        return "#123456" if isinstance(value, str) and value.startswith("@") else value

    found = charts(text)
    assert len(found) > 20
    for chart in found:
        graph_objects.Figure({"data": resolved(chart["data"]), "layout": resolved(chart["layout"])})
        assert chart["rows"]
        assert {len(row) for row in chart["rows"]} == {len(chart["columns"])}  # type: ignore[attr-defined, arg-type]


def test_same_findings_same_page(findings: Findings, text: str) -> None:
    assert render(findings) == text


def test_same_run_same_page(findings: Findings, experiment: Experiment, text: str) -> None:
    assert render(run(experiment, findings.catalog, findings.prices)) == text


def test_simulated_is_in_title_banner_and_manifest(text: str) -> None:
    assert "(SIMULATED)</title>" in text
    assert all("SIMULATED" in json.dumps(chart["layout"]) for chart in charts(text))


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
    assert len(text.encode()) < 8_000_000


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
