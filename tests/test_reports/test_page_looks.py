"""The page as a reader sees it.

The first screen, labels apart, pictures without scripts, the control, and paper.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from reports.run.findings import Findings
from reports.words import percent, pvalue

pytestmark = pytest.mark.browser

OVERLAPS = """
document.querySelectorAll("details").forEach((one) => { one.open = true; });
const found = [];
for (const svg of document.querySelectorAll(".plot svg")) {
  if (!svg.getClientRects().length) continue;
  const boxes = [...svg.querySelectorAll("text")]
    .filter((one) => !one.textContent.includes("SIMULATED"))
    .map((one) => [one.textContent, one.getBoundingClientRect()]).filter(([text]) => text);
  for (let i = 0; i < boxes.length; i += 1) for (let j = i + 1; j < boxes.length; j += 1) {
    const [a, b] = [boxes[i][1], boxes[j][1]];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1.5 && down > 0.35 * Math.min(a.height, b.height))
      found.push([svg.closest("figure").id, boxes[i][0], boxes[j][0]]);
  }
}
return found;
"""
CUT = """
const found = [];
for (const svg of document.querySelectorAll(".plot svg")) {
  if (!svg.getClientRects().length) continue;
  const edge = svg.getBoundingClientRect();
  for (const one of svg.querySelectorAll("text")) {
    const box = one.getBoundingClientRect();
    if (box.width && (box.left < edge.left - 2 || box.right > edge.right + 2))
      found.push([svg.closest("figure").id, one.textContent]);
  }
}
return found;
"""


BEYOND = """
return [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !one.closest(".scroll, nav, pre, .skip");
}).map((one) => `${one.tagName} ${one.id}: ${one.textContent.slice(0, 80)}`);
"""


@pytest.mark.parametrize("n", [0, 1, 2, 130])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_no_two_labels_overlap_and_none_is_cut(
    browser: Any, page: Path, page_of: Callable[[int], Path], width: int, n: int
) -> None:
    browser.show(page_of(n) if n else page, width)
    assert browser.script(OVERLAPS) == []
    assert browser.script(CUT) == []
    assert browser.script(BEYOND) == []


def test_the_first_screen_fits_a_desktop(browser: Any, page: Path) -> None:
    browser.show(page, 1280)
    for name in ("answer-head", "answer-words", "answer-chart"):
        box = browser.driver.find_element(By.ID, name).rect
        assert box["height"] > 0
        assert box["y"] + box["height"] <= 720


def test_what_is_drawn_bold_is_seen_bold(browser: Any, page: Path) -> None:
    browser.show(page, 1280)
    weights = """return [...document.querySelectorAll(".plot text[font-weight]")]
        .map((word) => getComputedStyle(word).fontWeight)"""
    assert set(browser.script(weights)) == {"600"}


def test_the_first_table_is_not_cut_and_no_date_breaks(browser: Any, page: Path) -> None:
    browser.show(page, 1280)
    cut = """const box = document.querySelector("#table-answer-windows .scroll");
    return box.scrollWidth - box.clientWidth"""
    assert browser.script(cut) <= 0
    broken = """const found = [], walker = document.createTreeWalker(
        document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) for (const one of walker.currentNode.data
        .matchAll(/\\b\\d{4}-\\d\\d-\\d\\d\\b(?!-)/g)) {
      const range = document.createRange(), node = walker.currentNode;
      const cell = node.parentElement.closest("td") && node.data.trim().length === 10;
      if (!cell && !node.parentElement.closest("p, li, dd, h1")) continue;
      range.setStart(node, one.index); range.setEnd(node, one.index + 10);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(node.data.slice(0, 80));
    }
    return found"""
    for width in (390, 768, 1280):
        browser.show(page, width)
        browser.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert browser.script(broken) == []
        browser.choose(w="5-day")
        assert browser.script(broken) == []


def test_the_bar_of_contents_fits(browser: Any, page: Path, page_of: Callable[[int], Path]) -> None:
    beyond = """const bar = document.querySelector("nav ol");
    return [bar.scrollWidth - bar.clientWidth, bar.getBoundingClientRect().height]"""
    for made in (page, page_of(130)):
        browser.show(made, 1280)
        over, height = browser.script(beyond)
        assert over <= 0
        assert height < 30  # one line
        browser.show(made, 768)
        over, height = browser.script(beyond)
        assert over <= 0
        assert height < 55


SIDEWAYS = """
document.querySelectorAll("details").forEach((one) => { one.open = true; });
return [...document.querySelectorAll(".table .scroll")]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.parentElement.id);
"""


@pytest.mark.parametrize("n", [0, 1, 130])
def test_no_table_of_events_scrolls_sideways_on_a_desktop(
    browser: Any, page: Path, page_of: Callable[[int], Path], n: int
) -> None:
    browser.show(page_of(n) if n else page, 1280)
    assert browser.script(SIDEWAYS) == []


def test_on_a_phone_words_come_before_the_picture(browser: Any, page: Path) -> None:
    browser.show(page, 390)
    words, chart = (
        browser.driver.find_element(By.ID, name).rect for name in ("answer-words", "answer-chart")
    )
    assert words["y"] + words["height"] < chart["y"] + 1  # heights are told in whole pixels


def test_pictures_stand_without_scripts(browser: Any, page: Path) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        replace(browser, scripts=False).show(page)
        figures = browser.driver.find_elements(
            By.CSS_SELECTOR, "#answer figure svg, #averages figure svg"
        )
        assert len(figures) > 4
        assert sum(one.is_displayed() and one.rect["height"] > 40 for one in figures) == len(
            figures
        )
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_control_changes_words_picture_and_address(browser: Any, page: Path) -> None:
    browser.show(page)
    head = "return document.getElementById('answer-title').textContent"
    before = browser.script(head)
    Select(browser.driver.find_element(By.NAME, "w")).select_by_value("5-day")
    benchmarks = Select(browser.driver.find_element(By.NAME, "b"))
    other = benchmarks.options[-1].text
    assert other != "SPY"
    benchmarks.select_by_visible_text(other)
    after = browser.script(head)
    assert after != before
    assert "over 5 sessions [0, +4]" in after
    assert f"model on {other}" in browser.driver.find_element(By.ID, "chart-headline").text
    address = browser.driver.current_url
    assert address.endswith(f"?w=5-day&b={other}")
    browser.open(address)
    assert browser.script(head) == after


def test_search_leaves_the_announcements_that_match(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.script("document.getElementById('search').scrollIntoView({behavior: 'instant'})")
    browser.driver.find_element(By.ID, "search").send_keys("coreweave notes 4.25bn")
    left = (
        "return [...document.querySelectorAll('details.announcement')].filter((one) "
        "=> !one.hidden).length"
    )
    total = len(browser.driver.find_elements(By.CSS_SELECTOR, "details.announcement"))
    assert 0 < browser.script(left) < total


def test_a_table_is_copied_as_latex(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.script("""window.copied = ""; document.execCommand = () => {
        window.copied = document.activeElement.value; return true; };""")
    browser.script(
        "[...document.querySelectorAll('#table-answer-windows .copies button')]"
        ".find((one) => one.textContent === 'LaTeX').click()"
    )
    told = browser.script("return window.copied").splitlines()
    assert told[:2] == [r"\\begin{table}".replace("\\\\", "\\"), r"\centering"]
    assert r"\label{tab:answer-windows}" in told
    rows = [line for line in told if line.endswith(r"\\")]
    assert len(rows) == 9
    assert all(line.count(" & ") == rows[0].count(" & ") for line in rows)


def printed(browser: Any) -> list[str]:
    """The words of each page on paper."""
    made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = PdfReader(BytesIO(b64decode(made["data"]))).pages
    return [" ".join(one.extract_text().split()) for one in pages]


def test_the_argument_prints_on_at_most_25_pages(browser: Any, page: Path) -> None:
    browser.show(page)
    pages = printed(browser)
    assert 4 < len(pages) <= 25
    assert min(map(len, pages)) > 150
    assert "reactions report --print full" in " ".join(pages)
    assert "Further tests" not in " ".join(pages)


def test_the_head_of_an_announcement_stays_with_it_on_paper(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    kept = browser.script("""return [...document.querySelectorAll("summary")].map(getComputedStyle)
        .filter((one) => one.breakInside !== "avoid" || one.breakAfter !== "avoid").length""")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert kept == 0


@pytest.mark.parametrize("full", [False, True])
def test_paper_has_the_setting_in_words_and_no_fields(browser: Any, page: Path, full: bool) -> None:
    browser.show(page)
    if full:
        browser.script("document.documentElement.dataset.print = 'full'")
    assert "Shown: 1-day [0, 0] · market · SPY · all events" in printed(browser)[0]
    browser.choose(w="5-day", m="market_adjusted", t="META")
    first = printed(browser)[0]
    assert "Shown: 5-day [0, +4] · market adjusted · SPY · META" in first
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    fields = """return [...document.querySelectorAll("select, input, button")]
        .filter((one) => one.getClientRects().length && !one.closest("th"))
        .map((one) => one.outerHTML.slice(0, 80))"""
    seen = browser.script(fields)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert seen == []


def test_trading_on_paper_is_one_table_that_names_its_strategies(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    table = browser.driver.find_element(By.ID, "table-strategies-all")
    rows = [
        [cell.get_attribute("textContent") for cell in row.find_elements(By.TAG_NAME, "td")]
        for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")
    ]
    assert [row[0] for row in rows] == [one.name for one in findings.backtests]
    for row, one in zip(rows, findings.backtests, strict=True):
        judged = one.evaluation.judgement
        assert row[1] == f"{judged.n_trades:,}"
        if judged.n_trades:
            assert row[2] == percent(judged.mean_net, 2)
            assert row[4] == pvalue(judged.sign_flip_p)
    told = " ".join(printed(browser))
    for one in findings.backtests:
        assert one.name in told
    assert "the whole record" not in told
