"""Tables with a row of tickers and a row of fields above the prices, in either order.

Above all what `yf.download(...)` gives, saved by to_csv or to_parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import LABELS, Layout, only_once
from backtest.prices.sources.files.shapes.named import COMMON, word

_DATED = ("date", "dates", "datetime")
_CORNERS = ("", "ticker", "tickers", "price", "symbol", "security", *_DATED)
_ACTIONS = ("dividends", "stocksplits", "capitalgains", "repaired?")


def stacked(
    head: Head,
    shape: str,
    field_of: Callable[[str], str | None],
    ticker_of: Callable[[str], str | None],
) -> Layout | None:
    """The layout of a file whose first two rows are tickers and fields; None if they are not.

    An empty cell in the row of tickers means the ticker to its left.
    """
    rows = head.rows[:2]
    if len(rows) < 2 or any(not row or row[0].lower() not in _CORNERS for row in rows):
        return None
    for names, tickers in (rows, rows[::-1]):
        fields = {at: field_of(cell) for at, cell in enumerate(names) if at and cell}
        if fields and None not in fields.values() and _are_tickers(tickers, ticker_of):
            columns = _columns(head, fields, tickers, ticker_of)
            return Layout(shape, 0, columns, header=3 if _dates_row(head) else 2)
    return None


def _are_tickers(row: Sequence[str], ticker_of: Callable[[str], str | None]) -> bool:
    named = [cell for cell in row[1:] if cell]
    return bool(named) and all(ticker_of(cell) is not None for cell in named)


def _columns(
    head: Head,
    fields: Mapping[int, str | None],
    tickers: Sequence[str],
    ticker_of: Callable[[str], str | None],
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    last = ""
    for at in range(1, max(fields) + 1):
        last = (tickers[at] if at < len(tickers) else "") or last
        field, ticker = fields.get(at), ticker_of(last)
        if field and ticker and field != "ignored":
            mine = found.setdefault(ticker, {})
            only_once(head, at, mine, field, f"{LABELS[field]} of {ticker}")
            mine[field] = at
    return found


def _dates_row(head: Head) -> bool:
    """Whether a third row only names the index, as pandas writes it."""
    if len(head.rows) > 2:
        row = head.rows[2]
    else:
        row = ("no",)
    return bool(row) and row[0].lower() in _DATED and not any(row[1:])


@dataclass(frozen=True)
class Downloaded:
    """One ticker or several, by field or (`group_by="ticker"`) by ticker."""

    name: str = "yfinance"

    def lay_out(self, head: Head) -> Layout | None:
        """The layout, if the first two rows are fields and tickers."""
        return stacked(head, self.name, _field, _ticker)


def _field(cell: str) -> str | None:
    if word(cell) in _ACTIONS:
        return "ignored"
    found = COMMON.get(word(cell))
    if found in ("date", "key"):
        return None
    return found


def _ticker(cell: str) -> str | None:
    """Not a price or a date, so that rows of prices are never taken for tickers."""
    if cell.replace(".", "").replace("-", "").isdigit() and "." in cell:
        return None
    return cell or None


SHAPE = Downloaded()
