"""Which column of a file is which of ours.

By what the reader says, by its name, by its usual other names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from events.errors import suggest
from events.record.text import composed

KNOWN = (
    "event_id", "ticker", "announced_at", "timing", "kind", "role", "amount_usd", "headline",
    "not_before", "not_after",
)  # fmt: skip
SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TABLES = frozenset({".csv", ".tsv", ".txt", *SPREADSHEETS, ".parquet", ".dta"})
REQUIRED = ("ticker", "announced_at")
# What vendors and papers call them, in small letters without blanks and marks.
OTHER_NAMES = {
    "event_id": ("id", "eventno", "eventnumber", "dealid", "dealno", "dealnumber"),
    "ticker": (
        "symbol", "tickersymbol", "permno", "permco", "gvkey", "cusip", "isin", "sedol", "ric",
        "security", "securityid", "tic", "stock", "firm", "firmid", "instrument",
    ),
    "announced_at": (
        "date", "datetime", "eventdate", "announcementdate", "announcedate", "anndate", "anndats",
        "dateannounced", "announced", "announcementtime", "evtdate", "edate", "rdq", "when",
    ),
}  # fmt: skip
# What may be meant, but is as often something else.
_PERHAPS = {
    "ticker": ("name", "company", "companyname", "code"),
    "announced_at": ("day", "time", "effectivedate", "completiondate"),
}


@dataclass(frozen=True)
class Reading:
    """What a reader says of a table.

    `columns` goes from our name to theirs; `dayfirst` is None where it is not said.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    dayfirst: bool | None = None

    def __post_init__(self) -> None:
        """Write names as those of a table are."""
        spelt = {ours: composed(str(theirs)) for ours, theirs in self.columns.items()}
        object.__setattr__(self, "columns", spelt)

    @property
    def says_nothing(self) -> bool:
        """Whether everything is left to the file."""
        return not self.columns and self.dayfirst is None


def plain_name(name: str) -> str:
    """Write a name as it is compared.

    >>> plain_name("Event Date"), plain_name("announced_at")
    ('eventdate', 'announcedat')
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def match(names: Sequence[str], reading: Reading) -> dict[str, str]:
    """Say which column of the file is each of ours, as far as it has them: ours -> theirs.

    What `reading` says comes first, then our own name in any spelling, then the usual other names.
    Raises `ValueError` naming the columns where two fit, and where a column said is not there.

    >>> match(["Event Date", "PERMNO", "Method"], Reading())
    {'ticker': 'PERMNO', 'announced_at': 'Event Date'}
    """
    refuse_unknown(names, reading)
    taken = dict(reading.columns)
    for ours in KNOWN:
        free = [name for name in names if name not in taken.values()]
        if ours not in taken and (found := _the_one(ours, free)) is not None:
            taken[ours] = found
    return {ours: taken[ours] for ours in KNOWN if ours in taken}


def suggest_column(word: str, known: Iterable[str]) -> str:
    """`suggest` for a column of the events, which a list may have by another name.

    >>> suggest_column("PERMNO", ["ticker", "Method"])
    "; a list's 'PERMNO' is read as ticker, so write ticker"
    >>> suggest_column("Methd", ["ticker", "Method"])
    "; did you mean 'Method'?"
    """
    there, plain = list(known), plain_name(word)
    for ours, names in OTHER_NAMES.items():
        if ours in there and plain in (*names, plain_name(ours)):
            return f"; a list's {word!r} is read as {ours}, so write {ours}"
    return suggest(word, there)


def lacking(taken: Mapping[str, str], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give each required column that the file lacks, and what to do."""
    for ours in REQUIRED:
        if ours not in taken:
            maybe = [name for name in names if plain_name(name) in _PERHAPS[ours]]
            if maybe:
                near = f"; is it {maybe[0][:60]!r}?"
            else:
                near = suggest(ours, names)
            theirs = "COLUMN"
            if len(maybe) == 1:
                theirs = maybe[0][:60]
            quoted = theirs
            if " " in theirs:
                quoted = f"'{theirs}'"
            yield (
                ours,
                f"this column is missing{near}; name it {ours}, or say --map {ours}={quoted}",
            )


def _the_one(ours: str, names: Sequence[str]) -> str | None:
    if ours in names and not any(n != ours and n.lower() == ours for n in names):
        return ours
    for spellings in ((plain_name(ours),), OTHER_NAMES.get(ours, ())):
        fit = [name for name in names if plain_name(name) in spellings]
        if len(fit) > 1:
            both = " and ".join(repr(name[:60]) for name in fit[:3])
            raise ValueError(f"{ours} may be {both}; say which: --map {ours}={fit[0][:60]!r}")
        if fit:
            return fit[0]
    return None


def refuse_unknown(names: Sequence[str], reading: Reading) -> None:
    """Raise `ValueError` for what a reader says of columns that are not there."""
    for ours, theirs in reading.columns.items():
        if ours not in KNOWN:
            raise ValueError(
                f"--map {ours}={theirs}: no column of ours is named {ours!r}"
                f"{suggest(ours, KNOWN) or ': there are ' + ', '.join(KNOWN)}"
            )
        if theirs not in names:
            raise ValueError(
                f"no column {theirs[:60]!r}, which --map names{suggest(theirs, names)}"
            )
    said = list(reading.columns.values())
    twice = next((name for name in said if said.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"--map gives the column {twice[:60]!r} to two of ours")
