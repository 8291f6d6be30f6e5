"""Files with many tickers in them, one alone or a folder of them.

Wide, long (a row a ticker and day), a vendor's own shape, or the Parquet parts of one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.panels.panel import PricePanel, assemble
from backtest.prices.sources.files.cells import Cells
from backtest.prices.sources.files.grids import opened
from backtest.prices.sources.files.reading import read_tables, unknown_shape
from backtest.prices.sources.files.shapes import recognised
from backtest.prices.sources.files.shapes.layout import Layout
from backtest.prices.sources.files.table import PriceTable
from backtest.prices.tickers import names_in, wanted_of


def read_panel(
    path: Path | str,
    tickers: tuple[str, ...] | None,
    calendar: str,
    exchanges: Mapping[str, str] | None = None,
) -> PricePanel:
    """Read a file, a database's table or a folder of Parquet parts of many tickers.

    Of Parquet the columns needed. Long: columns Date, Ticker (or Symbol) and those of a price file.
    Wide: Date, then one column a ticker with its closes; or what
    `backtest.prices.sources.files.shapes` lists. Raises `PriceError` naming file and line.
    """
    cells = opened(path)
    file = cells.head.file
    layout = recognised(cells.head)
    if layout is None:
        raise unknown_shape(cells.head.names, file)
    if layout.key is None and "" in layout.columns:
        raise PriceError(
            f"{file}: a table of many tickers has the columns Date, Ticker, Close ... "
            "(long), or Date and one column a ticker (wide); "
            "one ticker's file belongs into a folder as TICKER.csv"
        )
    notes: list[str] = []

    def choose(there: list[str]) -> dict[str, str]:
        chosen = wanted_of(tickers, there, file)
        notes.extend(f"{one}: read from {name}" for one, name in chosen.items() if one != name)
        return chosen

    read = read_tables(cells, layout, choose)
    plain = layout.shape in ("plain", "a table of closes")
    said = () if plain else (f"{file}: read in the shape of {layout.shape}",)
    source = "a table of closes" if layout.shape == "a table of closes" else "a table of prices"
    told = (*said, *read.notes, *notes)
    how = (f"{file}: {read.understood}",)
    return assemble(read.tables, source, calendar, notes=told, exchanges=exchanges, understood=how)


def has_parts(folder: Path) -> bool:
    """Whether a folder is one table in Parquet parts.

    key=value folders, or part-0.parquet and its like.
    """
    if not folder.is_dir():
        return False
    inside = [path for path in folder.iterdir() if not path.name.startswith((".", "_"))]
    keyed = any(path.is_dir() and "=" in path.name for path in inside)
    numbered = [path for path in inside if path.stem.lower().startswith("part-")]
    return keyed or (bool(inside) and len(numbered) == len(inside))


def panels_of(files: Mapping[str, Path]) -> dict[Path, tuple[Cells, Layout]]:
    """The files that hold many tickers, opened; a file of one ticker is left out."""
    found = {}
    for path in files.values():
        cells = opened(path)
        layout = recognised(cells.head)
        if layout is not None and (layout.key is not None or "" not in layout.columns):
            found[path] = (cells, layout)
    return found


def read_panels(
    panels: Mapping[Path, tuple[Cells, Layout]],
    tickers: Iterable[str] | None,
    calendar: str,
    exchanges: Mapping[str, str] | None = None,
) -> PricePanel:
    """Read the tickers wanted from all panels.

    Raises `PriceError` for one that two of them have.
    """
    if tickers is None:
        wanted = None
    else:
        wanted = sorted(set(tickers))
    tables: dict[str, PriceTable] = {}
    notes: list[str] = []
    understood: list[str] = []
    for path, (cells, layout) in panels.items():
        spelt: dict[str, str] = {}

        def choose(there: list[str], spelt: dict[str, str] = spelt) -> Mapping[str, str]:
            spelt.update(_chosen(wanted, there))
            return spelt

        names = None
        if layout.key is None:
            names = list(layout.columns)
        if names is not None and not _chosen(wanted, names):
            continue
        read = read_tables(cells, layout, choose)
        for ticker, table in read.tables.items():
            if ticker in tables:
                raise PriceError(f"{path.name}: has {ticker}, and so has another file; remove one")
            tables[ticker] = table
        understood.append(f"{path.name}: {read.understood}")
        notes += read.notes
        notes += [f"{one}: read from {name}" for one, name in spelt.items() if one != name]
    if not tables:
        raise PriceError(
            f"price folder: none of its panels ({', '.join(path.name for path in panels)}) has the "
            f"tickers {', '.join(wanted or ())}"
        )
    notes = list(dict.fromkeys(notes))
    return assemble(
        tables,
        "a folder of panels",
        calendar,
        notes=tuple(notes),
        exchanges=exchanges,
        understood=tuple(understood),
    )


def _chosen(wanted: list[str] | None, there: list[str]) -> dict[str, str]:
    if wanted is None:
        return {name: name for name in there}
    return names_in(wanted, there)
