"""The page under axe-core, the engine accessibility audits use; a test-time tool from the npm registry."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe.min.js, named by the variable REACTIONS_AXE."""
    named = os.environ.get("REACTIONS_AXE")
    if not named:
        if os.environ.get("REACTIONS_REQUIRE_BROWSER"):
            pytest.fail("REACTIONS_AXE names no axe.min.js (npm install axe-core)")
        pytest.skip("REACTIONS_AXE names no axe.min.js (npm install axe-core)")
    return Path(named).read_text(encoding="utf-8")


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(browser: Any, page: Path, axe: str, dark: bool) -> None:
    browser.show(page, dark=dark)
    browser.draw_all()
    browser.driver.execute_script(axe)
    found = browser.driver.execute_async_script(f"const done = arguments[0]; axe.run(document, {RULES}).then(done)")
    serious = {
        f"{one['id']} ({one['impact']}): {one['help']}; {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    }
    assert not serious
    assert len(found["passes"]) > 20
