"""One file with many tickers in it.

Wide, long (a row a ticker and day), or a vendor's own shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.panels.panel import PricePanel, assemble
from backtest.prices.sources.files.folder import wanted_of
from backtest.prices.sources.files.grids import opened
from backtest.prices.sources.files.reading import read_tables, unknown_shape
from backtest.prices.sources.files.shapes import recognised


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
