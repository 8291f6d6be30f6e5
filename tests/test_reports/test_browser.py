from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from backtest import Prices
from events import Catalog
from reports.experiment.plan import Experiment
from reports.page.render import render
from reports.run.findings import run

pytestmark = pytest.mark.browser
WIDTHS = (390, 768, 1280)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True])
def test_every_chart_is_drawn_without_a_word_on_the_console(
    browser: Any, page: Path, width: int, dark: bool
) -> None:
    browser.show(page, width, dark=dark)
    found = browser.draw_all()
    assert found["drawn"] == found["total"] > 10
    assert found["empty"] == []
    assert browser.console() == []
    assert browser.script("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "long"), [(390, True), (390, False), (1280, True)])
def test_hostile_text_does_nothing(
    browser: Any,
    hostile: str,
    catalog_of: Callable[..., Catalog],
    small: Experiment,
    prices: Prices,
    tmp_path: Path,
    width: int,
    long: bool,
) -> None:
    headline = (hostile.replace(" ", "") * 200)[:10_000] if long else hostile
    page = tmp_path / "report.html"
    page.write_text(render(run(small, catalog_of(3, headline), prices)), encoding="utf-8")
    browser.show(page, width)
    found = browser.draw_all()
    assert found["drawn"] == found["total"] > 2
    assert browser.console() == []
    assert browser.driver.title != "hit"
    assert browser.script("return document.images.length") == 0
    assert browser.script("return document.documentElement.scrollWidth <= innerWidth")
    link = browser.driver.find_element(By.CSS_SELECTOR, "main a")
    assert link.value_of_css_property("unicode-bidi") == "plaintext"


def test_nothing_is_asked_of_any_host(browser: Any, page: Path) -> None:
    browser.driver.get_log("performance")
    browser.show(page)
    browser.draw_all()
    sent = [json.loads(one["message"])["message"] for one in browser.driver.get_log("performance")]
    urls = [
        one["params"]["request"]["url"]
        for one in sent
        if one["method"] == "Network.requestWillBeSent"
    ]
    assert {url.split(":")[0] for url in urls} <= {"file", "data", "blob"}


def test_simulated_stands_on_the_page_and_in_every_chart(browser: Any, page: Path) -> None:
    browser.show(page)
    total = browser.draw_all()["total"]
    marked = (
        "return [...document.querySelectorAll('figure.chart')]"
        ".filter(f => f.textContent.includes('SIMULATED')).length"
    )
    assert browser.script(marked) == total
    browser.script("scrollTo(0, 9000)")
    assert browser.driver.find_element(By.CLASS_NAME, "simulated").is_displayed()


def column(table: WebElement, place: int) -> list[str]:
    """The numbers of a column as shown, empty where there is none."""
    cells = table.find_elements(By.CSS_SELECTOR, f"tbody tr:not([hidden]) td:nth-child({place})")
    told = [(cell.get_attribute("textContent") or "").strip() for cell in cells]
    return [one.replace("−", "-").rstrip("%").strip("–") for one in told]


def test_sorting_by_mouse_and_by_keyboard(browser: Any, page: Path) -> None:
    browser.show(page)
    table = browser.driver.find_element(By.ID, "table-events-table")
    heads = table.find_elements(By.CSS_SELECTOR, "thead th")
    number = next(i for i, head in enumerate(heads) if head.text == "return") + 1
    button = heads[number - 1].find_element(By.TAG_NAME, "button")
    browser.driver.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button
    )
    button.click()
    rising = [float(key) for key in column(table, number) if key]
    assert rising == sorted(rising)
    assert len(set(rising)) > 5
    assert heads[number - 1].get_attribute("aria-sort") == "ascending"
    button.send_keys(Keys.ENTER)
    assert [float(key) for key in column(table, number) if key] == rising[::-1]


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_filtering_says_how_many_are_left(browser: Any, page: Path, way: str) -> None:
    browser.show(page)
    table = browser.driver.find_element(By.ID, "table-events-table")
    rows = len(table.find_elements(By.CSS_SELECTOR, "tbody tr"))
    field = table.find_element(By.TAG_NAME, "input")
    browser.driver.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", field
    )
    if way == "mouse":
        ActionChains(browser.driver).click(field).send_keys("meta customer").perform()
    else:  # back from the first button of the head, as a reader without a mouse would come
        first = table.find_element(By.CSS_SELECTOR, "thead button")
        browser.driver.execute_script("arguments[0].focus()", first)
        backward = ActionChains(browser.driver).key_down(Keys.SHIFT)
        for _ in range(2):  # over the group that scrolls
            backward.send_keys(Keys.TAB)
        backward.key_up(Keys.SHIFT).send_keys("meta customer").perform()
    left = len(table.find_elements(By.CSS_SELECTOR, "tbody tr:not([hidden])"))
    assert 0 < left < rows
    assert table.find_element(By.TAG_NAME, "output").text == f"{left} of {rows} rows"


def test_the_data_behind_a_chart_is_a_table(browser: Any, page: Path) -> None:
    browser.show(page)
    figure = browser.driver.find_element(By.ID, "chart-headline")
    button = figure.find_element(By.CSS_SELECTOR, "[data-action=table]")
    browser.driver.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button
    )
    button.click()
    rows = figure.find_elements(By.CSS_SELECTOR, ".data tbody tr")
    assert len(rows) == 6
    assert button.get_attribute("aria-expanded") == "true"


def test_a_chart_is_saved_as_svg_png_and_csv(browser: Any, page: Path) -> None:
    browser.show(page)
    kept = """window.saved = [];
    HTMLAnchorElement.prototype.click = function () {
      saved.push([this.download, this.href.slice(0, 5)]);
    };
    document.querySelectorAll("#chart-headline button:not([data-action=table])")
      .forEach((one) => one.click());
    const done = arguments[0];
    const wait = () => saved.length === 3 ? done(saved) : setTimeout(wait, 50); wait();"""
    saved = dict(browser.driver.execute_async_script(kept))
    assert set(saved) == {"chart-headline.svg", "chart-headline.png", "chart-headline.csv"}
    assert set(saved.values()) == {"blob:"}


def test_the_theme_button_repaints(browser: Any, page: Path) -> None:
    browser.show(page)
    ground = "return getComputedStyle(document.body).backgroundColor"
    before = browser.script(ground)
    browser.driver.find_element(By.ID, "theme").click()
    assert browser.script(ground) == before
    browser.driver.find_element(By.ID, "theme").click()
    assert browser.script(ground) != before
    assert browser.driver.find_element(By.ID, "theme").text == "Theme: dark"


def test_a_link_opens_the_announcement_it_points_to(browser: Any, page: Path) -> None:
    browser.show(page)
    closed = browser.driver.find_element(By.CSS_SELECTOR, "details.announcement:not([open])")
    name = closed.get_attribute("id")
    browser.script(f"location.hash = '#{name}'")
    assert browser.driver.find_element(By.CSS_SELECTOR, f"[id='{name}'][open]")


def test_printing_gives_every_section_and_every_chart(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.script("document.documentElement.dataset.print = 'full'")  # what --print full writes
    made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = PdfReader(BytesIO(b64decode(made["data"]))).pages
    assert len(pages) > 10
    printed = "".join("".join(one.extract_text() for one in pages).split())
    sections = browser.script(
        "return [...document.querySelectorAll('main h2')].map((one) => one.textContent)"
    )
    assert len(sections) == 16
    assert [one for one in sections if "".join(one.split()) not in printed] == []
