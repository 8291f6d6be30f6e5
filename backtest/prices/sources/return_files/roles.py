"""Which column of a file of returns is which: by the names that CRSP, Compustat and papers use."""

from __future__ import annotations

from dataclasses import dataclass, field

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import only_once
from backtest.prices.sources.files.shapes.named import word

# What a column holds, and what it is called without case, spaces and signs; the first name wins.
NAMES = {
    "date": ("date", "dlycaldt", "caldt", "datadate", "datetime", "day", "tradedate", "dates"),
    "return": ("ret", "dlyret", "return", "returns", "totalreturn", "rtn", "retadj", "logreturn",
               "logret", "simplereturn", "dailyreturn"),
    "price": ("prc", "dlyprc", "prccd"),
    "volume": ("vol", "dlyvol", "cshtrd"),
    "price_factor": ("cfacpr", "dlyfacprc", "ajexdi"),
    "return_factor": ("trfd",),
    "delisting_return": ("dlret",),
    "delisting_code": ("dlstcd",),
    "issue": ("iid",),
}  # fmt: skip
IDS = (
    "permno", "gvkey", "ticker", "symbol", "tic", "tsymbol", "htsymbol", "cusip", "ncusip",
    "hdrcusip", "isin", "sedol", "ric", "id", "identifier", "security", "securityid", "firm",
    "firmid", "stock", "asset", "instrument", "name", "company",
)  # fmt: skip
MARKETS = ("vwretd", "ewretd", "sprtrn", "vwretx", "ewretx")


@dataclass(frozen=True)
class Roles:
    """Positions of columns.

    `date`, the columns `ids` by name, further `fields` and `markets` by name. Without ids the file
    is wide, and `wide` has each security's column. `ignored` are names.
    """

    shape: str
    date: int
    ids: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    markets: dict[str, int] = field(default_factory=dict)
    wide: dict[str, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def roles_of(head: Head) -> Roles:
    """Tell the columns of a file of returns. Raises `PriceError` naming what is missing."""
    words = [word(name) for name in head.names]
    for place, name in enumerate(words):
        if name and words.index(name) < place:
            only_once(head, place, {name: words.index(name)}, name, head.names[place])
    found = {role: at for role, names in NAMES.items() if (at := _first(words, names)) is not None}
    ids = {words[at]: at for at in sorted(_places(words, IDS), key=lambda at: IDS.index(words[at]))}
    if "date" not in found:
        raise PriceError(
            f"{head.file}: needs a column of dates ({', '.join(NAMES['date'][:4])}), "
            f"has {', '.join(head.names[:12])}"
        )
    if not ids:
        return _wide(head, words, found)
    priced = "price" in found and bool({"permno", "gvkey"} & set(ids))
    if "return" not in found and not priced:
        raise PriceError(
            f"{head.file}: has dates and {', '.join(ids)}, but no column of returns "
            f"({', '.join(NAMES['return'][:4])}); name one so. Files of prices go to --prices"
        )
    return _long(head, words, found, ids)


def _long(head: Head, words: list[str], found: dict[str, int], ids: dict[str, int]) -> Roles:
    markets = {words[at]: at for at in _places(words, MARKETS)}
    taken = {*found.values(), *ids.values(), *markets.values()}
    for at, name in enumerate(words):
        of = [one for one in (*ids, *markets) if one == name]
        if of and at not in taken:
            only_once(head, at, ids | markets, name, head.names[at])
    shape = "a long panel of returns"
    if "gvkey" in ids and "return" not in found:
        shape = "Compustat daily"
    elif "permno" in ids:
        shape = "CRSP daily"
    fields = {role: at for role, at in found.items() if role != "date"}
    ignored = tuple(name for at, name in enumerate(head.names) if name and at not in taken)
    return Roles(shape, found["date"], ids, fields, markets, ignored=ignored)


def _wide(head: Head, words: list[str], found: dict[str, int]) -> Roles:
    if "return" in found:
        name = head.names[found["return"]]
        raise PriceError(
            f"{head.file}: has a column {name!r} but none that says whose returns they are; add a "
            "column such as PERMNO or Ticker, or name the column by its ticker"
        )
    wide: dict[str, int] = {}
    for at, name in enumerate(head.names):
        if at == found["date"] or not name:
            continue
        spelt = name
        if words[at] in MARKETS:
            spelt = words[at]
        only_once(head, at, wide, spelt, spelt)
        wide[spelt] = at
    if not wide:
        raise PriceError(f"{head.file}: has dates and no other column; give each security one")
    markets = {name: at for name, at in wide.items() if name in MARKETS}
    return Roles("a wide panel of returns", found["date"], markets=markets, wide=wide)


def _first(words: list[str], names: tuple[str, ...]) -> int | None:
    return next((words.index(name) for name in names if name in words), None)


def _places(words: list[str], names: tuple[str, ...]) -> list[int]:
    there = {name: words.index(name) for name in names if name in words}
    return list(there.values())
