"""From a file's cells and layout to the checked tables of its tickers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Cells, Places
from backtest.prices.sources.files.dates import dates_and_words
from backtest.prices.sources.files.numbers import (
    POINT,
    Floats,
    decimals,
    not_negative,
    parse_numbers,
    positive,
    without_marks,
)
from backtest.prices.sources.files.shapes.layout import LABELS, Layout
from backtest.prices.sources.files.shapes.wide import NOTE
from backtest.prices.sources.files.table import PRICES, PriceTable, priced_rows, table_of

_MOST_NAMED = 12  # columns of a file that an error lists


@dataclass(frozen=True, eq=False)
class Read:
    """The tables of a file by ticker, its notes as a whole, and how it was read."""

    tables: Mapping[str, PriceTable]
    notes: tuple[str, ...] = ()
    understood: str = ""


def read_tables(
    cells: Cells, layout: Layout, choose: Callable[[list[str]], Mapping[str, str]]
) -> Read:
    """Read the tickers that `choose` wants.

    It gets the names in the file, and gives theirs by ticker. Raises `PriceError` naming file and
    line for what is no date, no number, not positive, out of order or there twice.
    """
    if layout.key is not None:
        return _long(cells, layout, layout.key, choose)
    wanted = choose(list(layout.columns))
    spots = {name: dict(layout.columns[name]) for name in wanted.values()}
    positions = sorted({layout.date, *(at for mine in spots.values() for at in mine.values())})
    body, places = cells.body(layout.header, positions)
    dates, written = _dates(body, places, layout)
    values, form, marked = _all_values(body, places, layout, spots, cells)
    closes = NOTE in layout.notes
    tables = {
        ticker: table_of(values[name], dates, places, closes=closes)
        for ticker, name in wanted.items()
    }
    notes = (*layout.notes, *marked, *_skipped(list(values.values()), len(dates), places))
    return Read(tables, notes, understood(cells, layout, written, form))


def _long(
    cells: Cells,
    layout: Layout,
    key: int,
    choose: Callable[[list[str]], Mapping[str, str]],
) -> Read:
    """A row a ticker and day.

    Dates and decimals are decided from all rows of the tickers wanted.
    """
    fields = dict(layout.columns[""])
    body, places = cells.body(layout.header, sorted({layout.date, key, *fields.values()}))
    names = _names(body[key], places)
    wanted = choose(sorted(set(names.tolist())))
    mine = np.flatnonzero(np.isin(names, list(wanted.values())))
    body, places, names = body.iloc[mine], places.of(mine), names[mine]
    dates, written = _dates(body, places, layout)
    numbers, form, marked = _all_values(body, places, layout, {"": fields}, cells)
    values = numbers[""]
    tables, codes = {}, pd.factorize(names, sort=True)
    order = np.argsort(
        codes[0], kind="stable"
    )  # once: a look through all rows a ticker is quadratic
    ends = np.searchsorted(codes[0][order], np.arange(len(codes[1]) + 1))
    spans = {str(name): slice(ends[i], ends[i + 1]) for i, name in enumerate(codes[1])}
    for ticker, name in wanted.items():
        if name in spans:
            rows = order[spans[name]]
        else:
            rows = order[:0]
        part = {field: array[rows] for field, array in values.items()}
        tables[ticker] = table_of(part, dates[rows], places.of(rows))
    notes = (*layout.notes, *marked, *_skipped([values], len(dates), places))
    return Read(tables, notes, understood(cells, layout, written, form))


def understood(cells: Cells, layout: Layout, written: str, form: str) -> str:
    """How a file was read, without its name.

    Shape, dates, decimals, columns taken and passed over.
    """
    names = cells.head.names
    taken = {layout.date, *(at for mine in layout.columns.values() for at in mine.values())}
    if layout.key is not None:
        taken |= {layout.key}
    shape = {"plain": "a table of prices"}.get(layout.shape, layout.shape)
    if form == POINT:
        decimal = ""
    else:
        decimal = f"; numbers like {form}"
    if not layout.header:
        return f"{shape}; dates like {written}{decimal}"
    if layout.header > 1 or len(layout.columns) > 1:
        return f"{shape}, {len(layout.columns)} securities; dates like {written}{decimal}"
    used = [name for at, name in enumerate(names) if at in taken and name]
    passed = [name for at, name in enumerate(names) if at not in taken and name]
    return (
        f"{shape}; dates like {written}{decimal}; taken: {', '.join(used)}; "
        f"ignored: {', '.join(passed) or 'nothing'}"
    )


def _names(column: pd.Series, places: Places) -> NDArray[np.str_]:
    """The tickers of the rows as text: 10001, 10001.0 and "10001" are one."""
    text = column.astype("string").str.strip()
    if pd.api.types.is_float_dtype(column.dtype):
        text = text.str.replace(r"\.0$", "", regex=True)
    for row in np.flatnonzero(text.fillna("").eq(""))[:1]:
        raise PriceError(f"{places[row]}: the ticker is empty")
    return np.asarray(text.to_numpy(dtype=str))


def _dates(body: pd.DataFrame, places: Places, layout: Layout) -> tuple[pd.DatetimeIndex, str]:
    if body.empty:
        raise PriceError(f"{places.file}: has no rows; remove the file or give it prices")
    return dates_and_words(body[layout.date], places, layout.dates)


def _all_values(
    body: pd.DataFrame,
    places: Places,
    layout: Layout,
    spots: Mapping[str, Mapping[str, int]],
    cells: Cells,
) -> tuple[dict[str, dict[str, Floats]], str, list[str]]:
    """The numbers of each name's fields, the way decimals are written, and notes.

    That way is one in the whole file.
    """
    prices = [body[at] for mine in spots.values() for name, at in mine.items() if name in PRICES]
    form = decimals(prices, places.file, cells.head.delimiter)
    found: dict[str, dict[str, Floats]] = {}
    marked: list[str] = []
    for owner, mine in spots.items():
        found[owner] = {}
        for name, at in mine.items():
            if NOTE in layout.notes:
                label = owner
            else:
                label = f"{LABELS[name]}{owner and f' of {owner}'}"
            numbers = parse_numbers(body[at], label, places, form, counts=name == "volume")
            if name in PRICES:
                numbers, note = without_marks(numbers, label, places)
                if note:
                    marked += [note]
            if name in (*PRICES, "split"):
                positive(numbers, label, places)
            elif name == "volume":
                not_negative(numbers, label, places)
            found[owner][name] = numbers
    return found, form, marked


def _skipped(values: list[dict[str, Floats]], rows: int, places: Places) -> list[str]:
    """A word on the rows in which every price of all that was read is empty."""
    some = np.unique(np.concatenate([priced_rows(mine) for mine in values]))
    empty = rows - len(some)
    if not empty:
        return []
    return [f"{places.file}: {empty} row{'s' if empty > 1 else ''} without any price skipped"]


def unknown_shape(names: tuple[str, ...], file: str) -> PriceError:
    """The error for a head that no shape knows."""
    from backtest.prices.sources.files.shapes.headerless import is_headless
    from backtest.prices.sources.files.shapes.named import COMMON, word

    if is_headless(names):
        return PriceError(
            f"{file}: has no header line, it begins with {', '.join(names[:5])}; "
            "write a first line that names the columns, such as Ticker, Date, Close"
        )
    known = {COMMON[word(name)] for name in names if word(name) in COMMON}
    if "date" in known:
        lacking = "Close"
    else:
        lacking = "Date"
    listed = ", ".join(names[:_MOST_NAMED])
    return PriceError(f"{file}: needs a column '{lacking}', has {listed}")
