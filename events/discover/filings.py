"""Filings that could be announcements: listed, dated by their headers, titled by their exhibits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType

from events.discover.client import Edgar, NotThereError
from events.discover.clock import Acceptance, acceptance
from events.discover.registrants import Numbers, earlier, registrants
from events.discover.shapes import (
    Document,
    Header,
    Listing,
    Row,
    read_document,
    read_header,
    read_listing,
    read_page,
)
from events.discover.text import NamedSum, amounts_of, dateline_of, lines_of, title_of
from events.errors import DiscoveryError

ITEMS = {
    "1.01": "a material agreement",
    "2.01": "an acquisition or a disposition completed",
    "2.02": "results",
    "2.03": "a direct financial obligation",
    "7.01": "a disclosure under Regulation FD",
    "8.01": "other events",
}
_SLACK = timedelta(7)  # a filing counts as filed up to a long weekend after it was accepted
_MOST_EXHIBITS = 3


@dataclass(frozen=True)
class Filing:
    """A filing that could be an announcement.

    `titles` are those of its exhibits 99, or of itself.
    """

    ticker: str
    cik: int
    company: str
    accession: str
    form: str
    items: tuple[str, ...]
    acceptance: Acceptance
    filers: tuple[tuple[int, str], ...]
    titles: tuple[str, ...]
    dateline: date | None
    amounts: tuple[NamedSum, ...]
    text: str  # of the exhibits 99, its beginning
    url: str
    odd: tuple[str, ...] = ()  # what is peculiar, in words

    @property
    def amends(self) -> bool:
        """Whether it amends an earlier filing."""
        return self.form.endswith("/A")

    @property
    def title(self) -> str:
        """The first title, or what the form and the items say."""
        told = ", ".join(ITEMS[item] for item in self.items if item in ITEMS)
        if self.titles:
            return self.titles[0]
        return f"{self.company}: {self.form}{told and f', {told}'}"


def find(
    edgar: Edgar,
    tickers: Sequence[str],
    since: date,
    until: date,
    tell: Callable[[str], None] = lambda _: None,
    numbers: Numbers = MappingProxyType({}),
) -> tuple[Filing, ...]:
    """Find the filings accepted between two days, in the order of acceptance.

    Both days are included and are New York's. A ticker means every registrant that EDGAR's map or
    `numbers` (ticker -> CIKs, a catalog's) has for it, and those before it as far as EDGAR says;
    `TICKER=CIK` means that one alone, and several such stand side by side. Raises `DiscoveryError`.
    """
    if since > until:
        raise DiscoveryError(f"since {since} is after until {until}")
    found: dict[str, Filing] = {}
    for ticker, listing, rows in _listed(edgar, tickers, numbers, since, until, tell):
        for number, row in enumerate(rows, start=1):
            tell(f"filings of {ticker}, {number} of {len(rows)}")
            filing = _filing(edgar, ticker, listing, row)
            day = filing.acceptance.stamp.date()
            if since <= day <= until:
                found.setdefault(row.accession, filing)
    return tuple(sorted(found.values(), key=lambda one: (one.acceptance.stamp, one.accession)))


def find_near(
    edgar: Edgar,
    ticker: str,
    days: Sequence[date],
    later: timedelta,
    tell: Callable[[str], None] = lambda _: None,
    numbers: Numbers = MappingProxyType({}),
) -> tuple[Filing, ...]:
    """Find the filings accepted from a day before some day to `later` after it.

    Headers of others are not asked for.
    """
    if not days:
        return ()
    first, last = min(days) - timedelta(1), max(days) + later
    found: dict[str, Filing] = {}
    for name, listing, rows in _listed(edgar, [ticker], numbers, first, last, tell):
        near = [
            row for row in rows if any(-timedelta(1) <= row.filed - day <= later for day in days)
        ]
        for row in near:
            found.setdefault(row.accession, _filing(edgar, name, listing, row))
    return tuple(found.values())


def _listed(
    edgar: Edgar,
    tickers: Sequence[str],
    numbers: Numbers,
    since: date,
    until: date,
    tell: Callable[[str], None],
) -> Iterator[tuple[str, Listing, tuple[Row, ...]]]:
    """Give each registrant's filings filed in the span, once; those before it follow it."""
    todo = [
        (ticker, cik, "=" not in said)
        for said in tickers
        for ticker, cik in registrants(edgar, said, numbers)
    ]
    done: set[int] = set()
    for ticker, cik, follow in todo:
        if cik in done:
            continue
        done.add(cik)
        tell(f"filings of {ticker}")
        listing = edgar.get(
            edgar.data(f"/submissions/CIK{cik:010d}.json"),
            partial(read_listing, cik=cik),
            lasting=False,
        )
        rows = list(listing.rows)
        for name, last in listing.pages:
            if last is None or last >= since:
                rows += edgar.get(edgar.data(f"/submissions/{name}"), read_page, lasting=False)
        if follow:
            todo += [(ticker, one, True) for one in earlier(edgar, ticker, listing, rows, since)]
        chosen = {
            row.accession: row
            for row in rows
            if _wanted(row) and since <= row.filed <= until + _SLACK
        }
        yield (
            ticker,
            listing,
            tuple(sorted(chosen.values(), key=lambda row: (row.filed, row.accession))),
        )


def _wanted(row: Row) -> bool:
    form = row.form.removesuffix("/A")
    return form == "6-K" or (form == "8-K" and bool(set(row.items) & ITEMS.keys()))


def _filing(edgar: Edgar, ticker: str, listing: Listing, row: Row) -> Filing:
    folder = f"/Archives/edgar/data/{listing.cik}/{row.accession.replace('-', '')}"
    header, odd = _header(edgar, folder, row, listing.cik)
    name = listing.name or ticker
    stamp: datetime | None
    if header is not None:
        stamp, filed, where = header.accepted, header.filed, "the filing's header"
        form, filers = header.form.upper(), header.filers
    else:
        stamp, filed, where = row.clock, row.filed, "the list of filings, read as New York time"
        form, filers = row.form, ((listing.cik, name),)
    if stamp is None:
        raise DiscoveryError(f"filing {row.accession} of {ticker} has no instant of acceptance")
    exhibits = _exhibits(header, row)
    texts = [lines for one in exhibits if (lines := _lines(edgar, folder, one, odd))]
    titles = tuple(title for lines in texts if (title := title_of(lines)))
    lines = [line for one in texts for line in one]
    return Filing(
        ticker,
        listing.cik,
        name,
        row.accession,
        form,
        row.items,
        acceptance(stamp, filed, where),
        filers,
        titles,
        next((day for one in texts if (day := dateline_of(one))), None),
        amounts_of(lines),
        "\n".join(lines)[:20_000],
        f"https://www.sec.gov{folder}/{row.accession}-index.htm",
        tuple(odd),
    )


def _header(edgar: Edgar, folder: str, row: Row, cik: int) -> tuple[Header | None, list[str]]:
    url = edgar.www(f"{folder}/{row.accession}-index-headers.html")
    try:
        header = edgar.get(url, lambda body: read_header(body, row.accession, cik), lasting=True)
    except NotThereError:
        return None, [
            "no header; the list's stamp is taken as New York time, the later of its readings"
        ]
    if row.clock == header.accepted:
        return header, ["the list's stamp says Z and is New York time; the header decides"]
    return header, []


def _exhibits(header: Header | None, row: Row) -> list[Document]:
    documents = header.documents if header else ()
    found = [one for one in documents if re.match(r"EX-99", one.type) and _readable(one.file)]
    if found:
        return found[:_MOST_EXHIBITS]
    main = [one for one in documents if one.type == row.form and _readable(one.file)]
    if main:
        return main[:1]
    if _readable(row.primary):
        return [Document(row.form, row.primary, "")]
    return []


def _readable(name: str) -> bool:
    return name.lower().endswith((".htm", ".html", ".txt"))


def _lines(edgar: Edgar, folder: str, document: Document, odd: list[str]) -> list[str]:
    try:
        text = edgar.get(edgar.www(f"{folder}/{document.file}"), read_document, lasting=True)
    except NotThereError:
        odd.append(f"{document.file} is not there")
        return []
    return lines_of(text)


def clocks(filing: Filing) -> Iterator[str]:
    """Say what of a filing's times a reader should know."""
    if filing.acceptance.placeholder:
        yield "the stamp is a placeholder"
    elif filing.acceptance.public_by != filing.acceptance.stamp:
        yield f"public {filing.acceptance.public_by:%Y-%m-%d %H:%M}"
    yield from filing.odd


def parse_day(text: str | date | None, name: str, otherwise: date) -> date:
    """Read a day as a user writes it; raises `DiscoveryError`."""
    if text is None:
        return otherwise
    if isinstance(text, datetime) or not isinstance(text, str | date):
        raise DiscoveryError(f"{name}: {text!r} is no day; write it as 2026-06-01")
    try:
        if isinstance(text, str):
            return date.fromisoformat(text)
        return text
    except ValueError:
        raise DiscoveryError(
            f"{name}: {str(text)[:40]!r} is no day; write it as 2026-06-01"
        ) from None
