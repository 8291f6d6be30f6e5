"""Which registrants a ticker means.

EDGAR's map, the catalog's own numbers, and those that came before. EDGAR keeps no list of
predecessors. What it does say is followed: a ticker that its map has for several registrants, a
notice of a successor (8-K12B, 8-K12G3) that both file, and another registrant of the map under the
present name or a former one of the list of filings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from events.catalog import Catalog
from events.discover.client import Edgar, NotThereError
from events.discover.shapes import Listing, Row, read_header, read_tickers
from events.errors import DiscoveryError, suggest
from events.record.text import ticker as checked

Numbers = Mapping[str, Sequence[int]]
_SUCCESSION = ("8-K12B", "8-K12G3")
_FORMS_OF_FIRMS = frozenset(
    {
        *("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited"),
        *("plc", "llc", "lp", "nv", "sa", "se", "ag", "the"),
    }
)


def numbers_of(catalog: Catalog) -> dict[str, tuple[int, ...]]:
    """Give the numbers that a catalog's parties have by their ticker.

    >>> numbers_of(Catalog.bundled())["CRWV"]
    (1769628,)
    """
    found: dict[str, dict[int, None]] = {}
    for news in catalog:
        for party in news.parties:
            if party.ticker and party.cik:
                found.setdefault(party.ticker, {})[party.cik] = None
    return {ticker: tuple(ciks) for ticker, ciks in found.items()}


def registrants(edgar: Edgar, said: str, numbers: Numbers) -> tuple[tuple[str, int], ...]:
    """Give (ticker, CIK) of every registrant that `TICKER` or `TICKER=CIK` means.

    With a number it is that one alone. Raises `DiscoveryError` for a ticker nobody knows.
    """
    name, _, number = said.upper().partition("=")
    ticker = symbol(name)
    if number:
        if not re.fullmatch(r"\s*(?:CIK)?0*[1-9]\d{0,9}\s*", number):
            raise DiscoveryError(f"{said[:40]!r}: write TICKER=CIK, as in CRWV=1769628")
        return ((ticker, int(number.strip().removeprefix("CIK"))),)
    known = _map(edgar)
    mapped = [cik for cik, _ in known.get(ticker) or known.get(ticker.replace(".", "-")) or ()]
    own = [cik for cik in numbers.get(ticker, ()) if cik not in mapped]
    if len(mapped) > 1:
        _note(edgar, f"{ticker}: EDGAR's map has CIK {_all(mapped)}; all are followed")
    if mapped and own:
        _note(
            edgar,
            f"{ticker}: EDGAR's map has CIK {_all(mapped)}, the catalog CIK {_all(own)}; "
            "all are followed",
        )
    if not mapped and not own:
        raise DiscoveryError(
            f"EDGAR's map has no ticker {ticker[:40]!r}{suggest(ticker, known)}; "
            "where it files under a number you know, write TICKER=CIK"
        )
    return tuple((ticker, cik) for cik in (*mapped, *own))


def tickers_known(edgar: Edgar, tickers: Sequence[str], numbers: Numbers) -> tuple[str, ...]:
    """Give the tickers that EDGAR's map or the catalog has a number for."""
    known = _map(edgar)
    return tuple(
        one for one in tickers if one in known or one.replace(".", "-") in known or one in numbers
    )


def earlier(
    edgar: Edgar, ticker: str, listing: Listing, rows: Sequence[Row], since: date
) -> Iterator[int]:
    """Give the registrants that came before one that has filed only since `since`, and note it."""
    first = min((row.filed for row in rows), default=None)
    if first is None or first <= since:
        return
    found = dict(_named_together(edgar, listing, rows)) | dict(_of_a_name(edgar, listing))
    found.pop(listing.cik, None)
    begins = f"{ticker}: CIK {listing.cik} has filed since {first} only; "
    for cik, why in found.items():
        _note(edgar, f"{begins}CIK {cik} is followed too, {why}")
        yield cik
    if not found:
        _note(edgar, f"{begins}an earlier registrant's filings want its own number ({ticker}=CIK)")


def symbol(text: str) -> str:
    """Read a ticker as a user writes it; raises `DiscoveryError`."""
    try:
        return checked(text.strip().upper())
    except ValueError as error:
        raise DiscoveryError(str(error)) from None


def _named_together(
    edgar: Edgar, listing: Listing, rows: Sequence[Row]
) -> Iterator[tuple[int, str]]:
    for row in rows:
        if row.form.removesuffix("/A") not in _SUCCESSION:
            continue
        folder = f"/Archives/edgar/data/{listing.cik}/{row.accession.replace('-', '')}"
        url = edgar.www(f"{folder}/{row.accession}-index-headers.html")
        try:
            read = partial(read_header, accession=row.accession, cik=listing.cik)
            header = edgar.get(url, read, lasting=True)
        except NotThereError:
            continue
        yield from ((cik, f"{row.form} of {row.filed} names it") for cik, _ in header.filers)


def _of_a_name(edgar: Edgar, listing: Listing) -> Iterator[tuple[int, str]]:
    wanted = {_plain(name): name for name in (listing.name, *listing.former) if _plain(name)}
    for ticker, held in _map(edgar).items():
        for cik, title in held:
            if cik != listing.cik and _plain(title) in wanted:
                yield cik, f"{ticker} in EDGAR's map, of the name {wanted[_plain(title)]}"


def _plain(name: str) -> tuple[str, ...]:
    """The words of a company's name that tell it from others, in small letters."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"[/\\].*$", "", name.lower()).replace(".", ""))
    return tuple(word for word in words if word not in _FORMS_OF_FIRMS)


def _map(edgar: Edgar) -> dict[str, tuple[tuple[int, str], ...]]:
    return edgar.get(edgar.www("/files/company_tickers.json"), read_tickers, lasting=False)


def _note(edgar: Edgar, text: str) -> None:
    if text not in edgar.notes:
        edgar.notes.append(text)


def _all(ciks: Sequence[int]) -> str:
    return " and ".join(map(str, ciks))
