"""How soon the first picture stands, and what a picture takes along that leaves the page."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from backtest import Prices

pytestmark = pytest.mark.browser

PAINTED = """return [performance.getEntriesByType("paint")
    .find((one) => one.name === "first-contentful-paint")?.startTime,
  document.querySelector("#chart-headline svg").getBoundingClientRect().height]"""


@pytest.fixture
def slow_processor(browser: Any) -> Iterator[Any]:
    """A browser whose processor is four times slower."""
    browser.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 4})
    yield browser
    browser.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})


def first_picture(browser: Any, page: Path) -> float:
    """Milliseconds to the first picture, the best of three: what else runs here only adds."""
    times = []
    for _ in range(3):
        browser.show(page, 390)
        painted, height = browser.script(PAINTED)
        assert height > 40
        times.append(float(painted))
    return min(times)


def test_the_first_picture_comes_within_a_second_on_a_slow_phone(
    slow_processor: Any, page: Path, page_of: Callable[[int], Path]
) -> None:
    assert first_picture(slow_processor, page) < 1_000
    assert first_picture(slow_processor, page_of(130)) < 1_000


@pytest.mark.slow
@pytest.mark.xdist_group("whole page")  # made once on one worker
def test_the_first_picture_of_the_whole_catalog_comes_within_a_second(
    slow_processor: Any, whole_page: Callable[[Prices], Path], prices: Prices
) -> None:
    assert first_picture(slow_processor, whole_page(prices)) < 1_000


SAVE = """const [id, action, done] = arguments, figure = document.getElementById(id);
HTMLAnchorElement.prototype.click = async function () {
  const bytes = new Uint8Array(await (await this.blob_).arrayBuffer());
  done([this.download, btoa(bytes.reduce((all, one) => all + String.fromCharCode(one), ""))]);
};
const kept = new Map(), make = URL.createObjectURL;
URL.createObjectURL = (blob) => { const url = make(blob); kept.set(url, blob); return url; };
Object.defineProperty(HTMLAnchorElement.prototype, "blob_",
  {configurable: true, get() { return kept.get(this.href); }});
figure.querySelector(`[data-action=${action}]`).click();"""


def saved(browser: Any, chart: str, action: str) -> tuple[str, bytes]:
    """The name and bytes of a picture as its button saves it."""
    name, data = browser.driver.execute_async_script(SAVE, f"chart-{chart}", action)
    return name, b64decode(data)


@pytest.mark.parametrize("chart", ["headline", "strip", "average-all", "forest-ticker", "compare"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_saved_picture_has_its_title_what_is_drawn_and_its_source(
    browser: Any, page: Path, chart: str, dark: bool
) -> None:
    browser.show(page, dark=dark)
    browser.choose(w="5-day", b="QQQ")
    title, note = browser.script(
        f"""const caption = document.querySelector("#chart-{chart} figcaption");
        return [caption.querySelector("strong").textContent,
          caption.querySelector(".note").textContent]"""
    )
    source = browser.script("return document.querySelector('main').dataset.source")
    source = source.replace("market model on SPY", "market model on QQQ")
    name, data = saved(browser, chart, "svg")
    assert name == f"chart-{chart}.svg"
    root = ElementTree.fromstring(data)  # noqa: S314 -- made by the page under test
    words = "".join("".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text"))
    joined = "".join(words.split())
    for told in (title, note, source):
        assert "".join(told.split()) in joined
    assert "market model on QQQ" in note
    assert "SIMULATED" in words
    assert "SPY" not in source
    beyond = """const [text, done] = arguments;
    document.body.innerHTML = text;
    const edge = document.querySelector("svg").getBoundingClientRect();
    done([...document.querySelectorAll("svg text")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.right > edge.right + 1 || box.left < edge.left - 1;
    }).map((one) => one.textContent))"""
    assert browser.driver.execute_async_script(beyond, data.decode()) == []


def test_a_png_is_the_svg_at_twice_its_size_on_white(browser: Any, page: Path) -> None:
    browser.show(page, dark=True)
    root = ElementTree.fromstring(saved(browser, "headline", "svg")[1])  # noqa: S314 -- of the page
    browser.show(page, dark=True)
    name, data = saved(browser, "headline", "png")
    assert name == "chart-headline.png"
    image = Image.open(BytesIO(data)).convert("RGB")
    assert image.width == 2 * float(root.attrib["width"])
    assert image.height == pytest.approx(2 * float(root.attrib["height"]), abs=2)
    assert image.getpixel((1, 1)) == (255, 255, 255)
    top = image.crop((0, 0, image.width, 60)).convert("L")
    assert top.getextrema()[0] < 90  # the title is there, in dark ink
    foot = image.crop((0, image.height - 40, image.width, image.height)).convert("L")
    assert foot.getextrema()[0] < 150  # and so is the source
