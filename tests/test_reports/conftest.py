"""A run on the simulated sample, made once for all tests of the reports.

And a real browser to look at it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

import numpy as np
import pandas as pd
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from backtest import Prices
from events import Announcement, Catalog
from reports.experiment.plan import Experiment
from reports.run.findings import Findings, run, select


@pytest.fixture(scope="session")
def prices() -> Prices:
    return Prices.sample()


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return Experiment.default()


@pytest.fixture(scope="session")
def small() -> Experiment:
    """One model, no strategy: for pages whose numbers do not matter."""
    return Experiment.parse(
        "strategies = []\nsweep = false\n[study]\nmodels = ['market']\nbenchmarks = ['SPY']",
        "small.toml",
    )


@pytest.fixture(scope="session")
def hostile() -> str:
    """What would run, break out, calculate or turn the direction of reading."""
    return (
        "<script>document.title='hit'</script><img src=x "
        "onerror=\"document.title='hit'\">'`{{7*7}}%{x}</title></style>=1+1 $x$ & &amp; "
        "\u05e9\u05dc\u05d5\u05dd 21"
    )


@pytest.fixture(scope="session")
def catalog_of() -> Callable[..., Catalog]:
    """Catalogs of one announcement of META and CRWV repeated at as many days as wanted.

    Its headline is everywhere.
    """

    def make(n: int, headline: str = "Meta buys") -> Catalog:
        first, text = date(2025, 9, 2), headline[:5000]
        return Catalog(
            tuple(
                Announcement(
                    id=f"event-{i}", headline=headline, summary=text,
                    announced_at=first + timedelta(days=2 * i),
                    facts=(text,), term=text, timing_basis=text,
                    parties=[{"name": headline, "ticker": "META", "roles": ["customer"]},
                             {"name": "CoreWeave", "ticker": "CRWV", "roles": ["supplier"]}],
                    contamination=[{"type": "other", "note": text}],
                    sources=[{"name": headline, "url": "https://example.org/?a=%22%3E"}],
                )
                for i in range(n)
            )
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def findings(experiment: Experiment, prices: Prices) -> Findings:
    """The default experiment on the few announcements a test can look at."""
    catalog = Catalog.bundled().filter(since="2026-03-01", until="2026-05-31")
    named = [news.id for news in catalog if {"META", "CRWV"} & set(news.tickers)]
    return run(experiment, catalog.filter(ids=named), prices)


@pytest.fixture(scope="session")
def average(findings: Findings) -> Findings:
    """The same run of somebody whose experiment names no announcement to open with."""
    headline = findings.experiment.headline.model_copy(update={"announcements": ()})
    return replace(
        findings, experiment=findings.experiment.model_copy(update={"headline": headline})
    )


@pytest.fixture(scope="session")
def nothing(experiment: Experiment, prices: Prices) -> Findings:
    """A run in which no event has prices."""
    catalog = Catalog.bundled().filter(tickers=["AEP"])
    return run(experiment, select(experiment, catalog), prices)


_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_browser() -> tuple[str, str]:
    """Chromium and its driver.

    Without them the test skips, or fails where REACTIONS_REQUIRE_BROWSER is set.
    """
    found = shutil.which("chromium"), shutil.which("chromedriver")
    if found[0] is None or found[1] is None:
        told = "needs Debian's chromium and chromium-driver"
        if os.environ.get("REACTIONS_REQUIRE_BROWSER"):
            pytest.fail(told)
        pytest.skip(told)
    return found[0], found[1]


@pytest.fixture(scope="session")
def driver() -> Iterator[WebDriver]:
    """A headless Chromium with a profile of its own."""
    binary, driver = find_browser()
    with TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        started = webdriver.Chrome(options=options, service=Service(driver))
        started.set_script_timeout(120)
        try:
            yield started
        finally:
            started.quit()


@dataclass(frozen=True)
class Browser:
    """What the tests of the page do with it."""

    driver: WebDriver
    scripts: bool = True

    def show(self, page: Path, width: int = 1280, *, dark: bool = False) -> None:
        """Open a page at a width in light or dark."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        self.driver.get_log("browser")
        self.open(page.as_uri())

    def open(self, address: str) -> None:
        """Open an address anew, and wait until what the page keeps packed is read."""
        self.driver.get("about:blank")
        self.driver.get(address)
        patience = 600 if self.scripts else 0
        for _ in range(patience):
            if self.driver.find_elements("css selector", "html[data-ready]"):
                return
            sleep(0.05)

    def draw_all(self) -> dict[str, Any]:
        """Open everything.

        How many charts there are, how many stand, and which have no marks in them.
        """
        script = """document.querySelectorAll("details").forEach((one) => { one.open = true; });
        const figures = [...document.querySelectorAll("figure.chart")];
        const seen = (figure) => [...figure.querySelectorAll(".plot svg")]
          .find((one) => one.getClientRects().length);
        return {
            drawn: figures.filter((one) => seen(one)?.getBoundingClientRect().height > 40).length,
            total: figures.length,
            empty: figures.filter((one) => !seen(one)?.querySelector(
                "path.l, path[class^=f-], path[stroke-width], circle, rect"))
                .map((one) => one.id),
        }"""
        found: dict[str, Any] = self.driver.execute_script(script)
        return found

    def choose(self, **wanted: str) -> float:
        """Set the page's control, fields not named to their first value; milliseconds it took."""
        script = """const start = performance.now(), [wanted] = arguments;
        const form = document.getElementById("control");
        for (const one of form.elements) if (one.name)
            one.value = one.name in wanted ? wanted[one.name] : one.options[0].value;
        form.dispatchEvent(new Event("change"));
        return performance.now() - start;"""
        return float(self.driver.execute_script(script, wanted))

    def script(self, text: str) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(text)

    def console(self) -> list[Any]:
        """What the page wrote to the console since it was opened."""
        return list(self.driver.get_log("browser"))


@pytest.fixture
def browser(driver: WebDriver) -> Browser:
    return Browser(driver)


@pytest.fixture(scope="session")
def page(findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the run on the sample."""
    from reports.page.render import render

    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render(findings), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def whole_page(
    experiment: Experiment, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Prices], Path]:
    """The page of the whole bundled catalog on some prices; made once of each."""
    from reports.page.render import render

    made: dict[str, Path] = {}

    def make(prices: Prices) -> Path:
        if prices.digest not in made:
            found = run(experiment, select(experiment, Catalog.bundled()), prices)
            path = tmp_path_factory.mktemp("whole") / "report.html"
            path.write_text(render(found), encoding="utf-8")
            made[prices.digest] = path
        return made[prices.digest]

    return make


def _deals(n: int, tickers: tuple[str, ...]) -> pd.DataFrame:
    """A list as a researcher keeps it: a deal, its security, a date, and columns of its own."""
    rng = np.random.default_rng(19)
    days = pd.bdate_range("2025-05-01", "2026-04-30")
    return pd.DataFrame({
        "Deal No": [f"E{i:04}" for i in range(n)],
        "Symbol": rng.choice(tickers, n),
        "Announcement Date": rng.choice(days.strftime("%Y-%m-%d"), n),
        "Payment": rng.choice(["cash", "stock", "mixed"], n),
        "Sector": rng.choice(["Hyperscaler", "Semiconductors & equipment", "Neocloud/hosting"], n),
    })  # fmt: skip


@pytest.fixture(scope="session")
def page_of(prices: Prices, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The page of somebody's list of so many events, on the sample; made once."""
    from reports.page.render import render

    plan = """strategies = [{name = "drift"}, {name = "reversal"}]
    sweep = false
    [study]
    models = ["market", "market_adjusted"]
    benchmarks = ["SPY", "QQQ"]
    by = ["Payment", "Sector"]"""
    tickers = tuple(t for t in prices.all_tickers if t not in ("SPY", "QQQ", "SOXX"))[:20]

    @cache
    def make(n: int) -> Path:
        folder = tmp_path_factory.mktemp("own")
        _deals(n, tickers).to_csv(folder / "deals.csv", index=False)
        experiment = Experiment.parse(plan, "own.toml")
        catalog = select(experiment, Catalog.read(folder / "deals.csv"))
        path = folder / "report.html"
        path.write_text(render(run(experiment, catalog, prices)), encoding="utf-8")
        return path

    return make
