"""Every shape of a file in the documentation is read to the right numbers.

Or refused with the right line.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices, Returns
from events import Catalog, ReactionsError

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "file_shapes.md"


def _module(path: Path) -> ModuleType:
    name = f"file_shapes_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


MAKE = SimpleNamespace(
    binary=_module(HERE / "binary.py"), sheets=_module(HERE.parent / "test_events" / "sheets.py")
)
TABLE = _module(HERE / "shapes.py")


def _made(shape: Any, folder: Path) -> Path | str:
    """The file of a shape; a folder where the file is named after its ticker."""
    if callable(shape.write):
        made: Path | str = shape.write(folder, MAKE)
        return made
    path = folder / shape.name
    path.write_bytes(shape.write if isinstance(shape.write, bytes) else shape.write.encode())
    return folder if path.stem == "META" else path


def _prices(source: Path | str, _: Any) -> dict[str, list[float]]:
    read = Prices.read(source)
    days = pd.DatetimeIndex(TABLE.DAYS)
    return {name: read.close[name].reindex(days).tolist() for name in read.tickers}


def _returns(source: Path | str, said: Any) -> dict[str, list[float]]:
    read = Returns.read(source, **said)
    assert [str(day.date()) for day in read.sessions] in (TABLE.DAYS, TABLE.DAYS[:2])
    return {name: read.column(name).tolist() for name in read.tickers}


def _events(source: Path | str, said: Any) -> list[tuple[str, str]]:
    read = Catalog.read(Path(source), **said)
    return sorted((news.tickers[0], news.announced_at.isoformat()) for news in read)


READ = {"prices": _prices, "returns": _returns, "events": _events}


@pytest.mark.parametrize("shape", TABLE.SHAPES, ids=lambda shape: f"{shape.kind}: {shape.what}")
def test_a_shape(shape: Any, tmp_path: Path) -> None:
    source = _made(shape, tmp_path)
    if shape.refused:
        with pytest.raises(ReactionsError) as caught:
            READ[shape.kind](source, shape.said)
        assert shape.refused in str(caught.value)
        assert "\n" not in str(caught.value)
        return
    found = READ[shape.kind](source, shape.said)
    if isinstance(shape.gives, list):
        assert found == sorted(shape.gives)
        return
    assert set(found) == set(shape.gives)
    for name, values in shape.gives.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-7, atol=1e-9)


def test_the_documentation_has_every_shape() -> None:
    rows = [
        line
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| prices |", "| returns |", "| events |"))
    ]
    expected = [shape.row for shape in TABLE.SHAPES]
    assert rows == expected, "write the rows of `shapes.py` into docs/file_shapes.md"
    assert len(rows) >= 40


@pytest.mark.parametrize("kind", ["prices", "returns"])
def test_what_was_understood_is_said(kind: str, tmp_path: Path) -> None:
    for at, shape in enumerate(one for one in TABLE.SHAPES if one.kind == kind and one.gives):
        folder = tmp_path / str(at)
        folder.mkdir()
        source = _made(shape, folder)
        said = (
            Prices.read(source).understood
            if kind == "prices"
            else Returns.read(source, **shape.said).notes
        )
        assert said, shape.what
        assert "dates" in said[0], shape.what


def test_a_missing_library_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.duckdb").write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ReactionsError, match=r"install market-reactions\[duckdb\], or export"):
        Prices.read(f"duckdb:///{tmp_path / 'p.duckdb'}?table=daily")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///nowhere.db?table=daily", "there is no such file"),
        ("sqlite:///prices.db", "write the file and its table"),
    ],
)
def test_a_url_that_leads_nowhere(url: str, said: str) -> None:
    with pytest.raises(ReactionsError, match=said):
        Prices.read(url)
