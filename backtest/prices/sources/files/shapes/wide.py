"""A wide table: dates, then one column a ticker with its closes."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import Layout, only_once
from backtest.prices.sources.files.shapes.named import COMMON, word
from events.files.lists.cells import id_text

NOTE = "a table of closes (one column a ticker), taken as adjusted for dividends"
# Columns of a file of returns, which would be read as the closes of tickers of these names.
_OF_RETURNS = ("permno", "gvkey", "ret", "retx", "dlyret", "dlret", "vwretd", "ewretd", "sprtrn")


@dataclass(frozen=True)
class Wide:
    """Every column but the dates is a ticker's."""

    name: str = "a table of closes"

    def lay_out(self, head: Head) -> Layout | None:
        """The layout, if there are dates and no other name of a field."""
        words = [word(name) for name in head.names]
        fields = {COMMON[one] for one in words if one in COMMON}
        if fields != {"date"}:
            return None
        for name in (
            one for one, known in zip(head.names, words, strict=True) if known in _OF_RETURNS
        ):
            raise PriceError(
                f"{head.file}: the column {name!r} is one of a file of returns, not of prices; "
                "give it with --returns, or read it with Returns.read"
            )
        found: dict[str, int] = {}
        for position, name in enumerate(head.names):
            if words[position] == "date":
                what = ""
            elif name:
                what = id_text(name)
            else:
                what = name
            if not name and any(head.names[position:]):
                raise PriceError(
                    f"{head.file}: column {position + 1} has no name; give it a ticker or remove it"
                )
            if name or position == 0:
                only_once(head, position, found, what, what or "Date")
                found[what] = position
        date = found.pop("")
        columns = {ticker: {"close": position} for ticker, position in found.items()}
        return Layout(self.name, date, columns, notes=(NOTE,))


SHAPE = Wide()
