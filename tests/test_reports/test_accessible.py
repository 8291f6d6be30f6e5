"""axe-core, fetched from its registry for the test alone, finds nothing serious in the page."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VERSION = "4.11.0"


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core.

    Without npm and its registry the test skips, or fails where a browser is required.
    """
    give_up = pytest.fail if os.environ.get("REACTIONS_REQUIRE_BROWSER") else pytest.skip
    npm = shutil.which("npm")
    if npm is None:
        give_up("axe-core needs npm")
    folder = tmp_path_factory.mktemp("axe")
    command = [
        npm,
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        f"axe-core@{VERSION}",
    ]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not script.exists():
        give_up("axe-core cannot be fetched")
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("n", [0, 1, 130])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_serious_in_light_or_dark(
    browser: Any, page: Path, page_of: Callable[[int], Path], axe: str, n: int, dark: bool
) -> None:
    browser.show(page_of(n) if n else page, dark=dark)
    browser.draw_all()
    browser.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    run = """const done = arguments[0];
    document.querySelectorAll("details.announcement").forEach((one, i) => {
      if (i > 20) one.remove(); });  // they are alike, and axe takes a minute for each fifty
    axe.run(document).then((found) => done([found.passes.length, found.violations.map(
        (one) => [one.impact, one.id, one.nodes.slice(0, 3).map(
          (node) => node.html.slice(0, 200))])]))"""
    passes, violations = browser.driver.execute_async_script(run)
    assert passes > 20
    assert [one for one in violations if one[0] in ("serious", "critical")] == []
