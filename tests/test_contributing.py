"""The table of CONTRIBUTING names files that are there, and names that are in them."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = {line.split("|")[1].strip(): line for line in TEXT.splitlines() if line.startswith("| a")}


def quoted(row: str) -> list[str]:
    return [word for word in re.findall(r"`([^`]+)`", row) if " " not in word and "<" not in word]


def places(row: str) -> list[Path]:
    """The files and folders of a row; one without a folder stands in that of the one before it."""
    found: list[Path] = []
    folder = ROOT
    for word in quoted(row):
        if "/" not in word and not word.endswith(".py"):
            continue
        path = ROOT / word if (ROOT / word.split("/")[0]).exists() else folder / word
        folder = path if path.is_dir() else path.parent
        found.append(path)
    return found


def test_links_of_the_changes_lead_somewhere_on_the_site_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are written from the root, and the page of changes stands beside the other pages."""
    pytest.importorskip("mkdocs")
    monkeypatch.syspath_prepend(ROOT / "docs" / "site")
    cite = importlib.import_module("hooks")._cite()
    links = re.findall(r"\]\(([^)#:]+\.md)[)#]", cite)
    assert links
    for link in links:
        assert (ROOT / "docs" / link).exists(), link


@pytest.mark.parametrize("what", ROWS)
def test_every_place_of_a_row_is_there(what: str) -> None:
    assert places(ROWS[what])
    for path in places(ROWS[what]):
        beside = path.parent.parent / path.name  # "`overall/` there" may stand beside the last
        assert path.exists() or beside.exists(), path.relative_to(ROOT)


@pytest.mark.parametrize("what", ROWS)
def test_every_name_of_a_row_is_in_one_of_its_files(what: str) -> None:
    row = ROWS[what]
    texts = [path.read_text(encoding="utf-8") for path in places(row) if path.is_file()]
    for name in quoted(row):
        if re.fullmatch(r"_?[A-Z_]{4,}", name):
            assert any(re.search(rf"^{name}\b", text, re.M) for text in texts), name


def test_the_table_is_read() -> None:
    assert len(ROWS) > 10
    assert "`VENDORS`" in ROWS["a price vendor"]
