"""Long files of returns, a row a security and day: CRSP, Compustat and a researcher's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Cells, Places
from backtest.prices.sources.files.dates import dates_and_words
from backtest.prices.sources.files.numbers import Floats
from backtest.prices.sources.return_files.cells import Numbers, read_returns
from backtest.prices.sources.return_files.identity import Rows, rows_of
from backtest.prices.sources.return_files.panel import Delisting, ReturnPanel
from backtest.prices.sources.return_files.roles import Roles
from backtest.prices.sources.return_files.units import as_simple, converted, impossible
from events.words import count

_CODED = ("return", "delisting_return", "price", "volume")
_NAMED = 5


@dataclass
class Columns:
    """The numbers of a file's fields, (n_rows,) each, and what is to be said of them."""

    values: dict[str, Floats]
    notes: list[str] = field(default_factory=list)
    percent: bool = False


def read_long(
    cells: Cells, roles: Roles, wanted: tuple[str, ...] | None, unit: str | None
) -> ReturnPanel:
    """Read a long file. Raises `PriceError` naming file and line for what has no one reading."""
    used = {roles.date, *roles.ids.values(), *roles.fields.values(), *roles.markets.values()}
    body, places = cells.body(1, sorted(used))
    if body.empty:
        raise PriceError(f"{places.file}: has a header and no row")
    dates, written = dates_and_words(body[roles.date], places)
    columns = _numbers(body, roles, places)
    rows = rows_of(body, roles, dates, places, wanted, columns.values)
    return _assemble(rows, columns, roles, written, places, unit)


def _numbers(body: pd.DataFrame, roles: Roles, places: Places) -> Columns:
    letters = roles.shape == "CRSP daily"
    out = Columns({})
    for role, at in roles.fields.items():
        if role in ("issue", "delisting_code"):
            continue
        label = {"return": "the return", "price": "the price"}.get(role, role.replace("_", " "))
        read = read_returns(body[at], label, places, letters=letters and role in _CODED)
        out.values[role] = read.values
        out.notes += _marks(read, label, places.file)
        out.percent |= role == "return" and read.percent
    for name, at in roles.markets.items():
        read = read_returns(body[at], name, places, letters=letters)
        out.values[name] = read.values
    return out


def _marks(read: Numbers, label: str, file: str) -> list[str]:
    if not read.marks:
        return []
    listed = ", ".join(f"{mark} {n}" for mark, n in sorted(read.marks.items()))
    return [
        f"{file}: {label} is missing by code in {count(sum(read.marks.values()), 'row')} ({listed})"
    ]


def _assemble(
    rows: Rows, columns: Columns, roles: Roles, written: str, places: Places, unit: str | None
) -> ReturnPanel:
    notes = [*columns.notes, *rows.notes]
    fields = {name: values[rows.kept] for name, values in columns.values.items()}
    closes = _closes(fields, places.file, notes)
    grids = {name: rows.grid(values) for name, values in fields.items()}
    if closes is not None:
        close = rows.grid(closes)
    else:
        close = np.full(rows.shape, np.nan)
    if "return" in grids:
        if unit is None and columns.percent:
            unit = "percent"
        values, unit = as_simple(grids["return"], unit, places.file)
        source = "returns as given"
    else:
        values, source = _from_prices(grids, close, notes, places.file)
        unit = "simple"
    _possible(values, rows, places.file)
    gone: list[Delisting] = []
    if "delisting_return" in grids:
        paid = converted(grids["delisting_return"], unit)
        values, gone, more = with_delistings(values, paid, rows.names, rows.sessions)
        notes += [f"{places.file}: {line}" for line in more]
    markets = {
        name: as_simple(
            _market(rows, fields[name], name, places.file), unit, f"{places.file}, {name}"
        )[0]
        for name in roles.markets
    }
    for name, made in markets.items():
        for row, _, why in impossible(made[:, None])[:1]:
            raise PriceError(
                f"{places.file}: {name} on {rows.sessions[row].date()} is {made[row]:.4g}, {why}"
            )
    values = np.column_stack([values, *markets.values()])
    nothing = np.full((len(values), len(markets)), np.nan)
    volume = grids.get("volume", np.full(rows.shape, np.nan))
    said = _words(places.file, roles, rows, written, f"{source}, {unit}")
    return ReturnPanel(
        values,
        np.column_stack([close, nothing]),
        np.column_stack([np.where(volume >= 0, volume, np.nan), nothing]),
        rows.sessions,
        (*rows.names, *markets),
        tuple(markets),
        tuple(gone),
        (said,),
        tuple(notes),
    )


def _closes(fields: Mapping[str, Floats], file: str, notes: list[str]) -> Floats | None:
    """Prices put on one share basis, the sign of a bid-ask mean taken off.

    None without such a basis.
    """
    if "price" not in fields:
        return None
    prices = fields["price"]
    quoted = int((prices < 0).sum())
    if quoted:
        notes.append(f"{file}: {quoted} prices are negative, bid-ask means: their size is taken")
    if "price_factor" not in fields:
        if "return" in fields:  # prices as traded would fall at every split
            notes.append(f"{file}: prices without a factor for splits: the returns alone are used")
            return None
        notes.append(f"{file}: no factor for splits, so the prices are taken as adjusted for them")
    factor = fields.get("price_factor", np.ones(len(prices)))
    size = np.abs(prices) / np.where(factor > 0, factor, np.nan)
    return np.where(size > 0, size, np.nan)


def _from_prices(
    grids: Mapping[str, Floats], close: Floats, notes: list[str], file: str
) -> tuple[Floats, str]:
    """Returns of consecutive sessions, dividends in them where the file has their factor."""
    whole = close
    source = "returns computed from prices, without dividends"
    if "return_factor" in grids:
        factor = grids["return_factor"]
        lacking = int((np.isnan(factor) & np.isfinite(close)).sum())
        if lacking:
            notes.append(f"{file}: {lacking} rows without a trfd, taken as 1")
        whole = close * np.where(np.isnan(factor), 1.0, factor)
        source = "total returns computed as prccd / ajexdi * trfd"
    else:
        notes.append(f"{file}: no trfd or RET, so returns are of prices alone, without dividends")
    values = np.full(whole.shape, np.nan)
    values[1:] = whole[1:] / whole[:-1] - 1.0
    return values, source


def _possible(values: Floats, rows: Rows, file: str) -> None:
    for row, column, why in impossible(values)[:1]:
        raise PriceError(
            f"{file}: the return of {rows.names[column]} on {rows.sessions[row].date()} is "
            f"{values[row, column]:.4g}, {why}; correct it, or say --returns-unit"
        )


def _market(rows: Rows, values: Floats, name: str, file: str) -> Floats:
    """A market's column, which repeats one number for every security of a day."""
    by_day = pd.Series(values).groupby(rows.row).agg(["min", "max"])
    apart = by_day["max"] - by_day["min"] > 1e-9
    for row in by_day.index[apart][:1]:
        raise PriceError(
            f"{file}: {name} differs between securities on {rows.sessions[row].date()}; a market "
            "has one return a day"
        )
    out = np.full(len(rows.sessions), np.nan)
    out[by_day.index.to_numpy()] = by_day["max"].to_numpy()
    return out


def _words(file: str, roles: Roles, rows: Rows, written: str, unit: str) -> str:
    """What was understood, in one line."""
    first, last = rows.sessions[0].date(), rows.sessions[-1].date()
    securities = count(len(rows.names), "security", "securities")
    parts = [
        f"{roles.shape}, {count(len(rows.kept), 'row')}, {securities} by {rows.by}",
        f"dates like {written}, "
        f"{count(len(rows.sessions), 'session')} of the file's own, {first} to {last}",
        unit,
    ]
    if roles.markets:
        parts.append(f"markets {', '.join(roles.markets)}")
    taken = [role.replace("_", " ") for role in roles.fields if role != "return"]
    if taken:
        parts += [f"also taken: {', '.join(taken)}"]
    unused = [name for name in roles.ids if name != rows.by]
    ignored = [*unused, *roles.ignored]
    parts.append(f"ignored: {', '.join(ignored) if ignored else 'nothing'}")
    return f"{file}: {'; '.join(parts)}"


def with_delistings(
    values: Floats, paid: Floats, names: tuple[str, ...], sessions: pd.DatetimeIndex
) -> tuple[Floats, list[Delisting], list[str]]:
    """Returns (T, K) with the delisting returns `paid` (T, K) in them.

    Beside them a record of each, and what to say. Where a day has both, they are compounded: (1 +
    RET)(1 + DLRET) - 1; where it has no return, the delisting return is the day's. Nothing is put
    in the place of a delisting return that is missing.
    """
    out, gone = values.copy(), []
    for row, column in np.argwhere(np.isfinite(paid)):
        own, last = values[row, column], paid[row, column]
        both = bool(np.isfinite(own))
        if both:
            out[row, column] = (1 + own) * (1 + last) - 1
            how = "compounded with the day's own"
        else:
            out[row, column] = last
            how = "the only return of the day"
        gone.append(Delisting(names[column], str(sessions[row].date()), float(last), how))
    return out, gone, _paid_words(gone)


def _paid_words(gone: list[Delisting]) -> list[str]:
    if not gone:
        return []
    told = [f"{one.security} on {one.day} {one.value:+.1%}" for one in gone[:_NAMED]]
    more = ""
    if len(gone) > _NAMED:
        more = f" and {len(gone) - _NAMED} more"
    compounded = sum(one.how.startswith("compounded") for one in gone)
    return [
        f"{len(gone)} delisting returns taken in, {compounded} compounded with the day's own: "
        f"{', '.join(told)}{more}"
    ]
