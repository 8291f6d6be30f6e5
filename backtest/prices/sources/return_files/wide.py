"""Wide files of returns: dates, then one column a security."""

from __future__ import annotations

import numpy as np

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Cells
from backtest.prices.sources.files.dates import dates_and_words, ordered
from backtest.prices.sources.return_files.cells import read_returns
from backtest.prices.sources.return_files.panel import ReturnPanel
from backtest.prices.sources.return_files.roles import Roles
from backtest.prices.sources.return_files.units import as_simple, impossible
from events.files.lists.cells import id_text
from events.words import count


def read_wide(cells: Cells, roles: Roles, unit: str | None) -> ReturnPanel:
    """Read a wide file.

    Raises `PriceError` naming file and line for what is no number or no date.
    """
    at = sorted({roles.date, *roles.wide.values()})
    body, places = cells.body(1, at)
    if body.empty:
        raise PriceError(f"{places.file}: has a header and no row")
    dates, written = dates_and_words(body[roles.date], places)
    order, turned = ordered(dates, places)
    read = {
        id_text(name): read_returns(body[position], f"the return of {name}", places, letters=False)
        for name, position in roles.wide.items()
    }
    if len(read) < len(roles.wide):
        raise PriceError(f"{places.file}: two columns have one name; keep one")
    filled = [one for one in read.values() if np.isfinite(one.values).any()]
    percent = [one.percent for one in filled]
    if any(percent) and not all(percent):
        raise PriceError(
            f"{places.file}: some columns have percent signs and some have none; write all one way"
        )
    if unit is None and percent and all(percent):
        unit = "percent"
    grid = np.column_stack([one.values for one in read.values()])[order]
    values, unit = as_simple(grid, unit, places.file)
    sessions, names = dates[order], tuple(read)
    for row, column, why in impossible(values)[:1]:
        raise PriceError(
            f"{places[int(order[row])]}: the return of {names[column]} is {grid[row, column]:.4g}, "
            f"{why}; correct it, or say --returns-unit"
        )
    nothing = np.full(values.shape, np.nan)
    markets = tuple(name for name in names if name in roles.markets)
    said = [
        f"{roles.shape}, {count(len(sessions), 'row')}, "
        f"{count(len(names), 'security', 'securities')}",
        f"dates like {written}{', newest first' if turned else ''}, the file's own sessions, "
        f"{sessions[0].date()} to {sessions[-1].date()}",
        f"returns as given, {unit}",
        *([f"markets {', '.join(markets)}"] if markets else []),
        "ignored: nothing",
    ]
    told = f"{places.file}: {'; '.join(said)}"
    return ReturnPanel(values, nothing, nothing, sessions, names, markets, (), (told,))
