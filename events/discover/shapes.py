"""The shapes of EDGAR's answers. Each reader refuses what it cannot trust."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from events.discover.client import BadAnswerError
from events.discover.text import one_line

_COLUMNS = (
    "accessionNumber", "filingDate", "acceptanceDateTime", "form", "items", "primaryDocument",
)  # fmt: skip
_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_PAGE = re.compile(r"CIK\d{10}-submissions-\d{3,4}\.json")
_EXCUSE = re.compile(
    r"Request Rate Threshold Exceeded|Undeclared Automated Tool|<title>\s*SEC\.gov \||"
    r"<title>[^<]{0,60}"
    r"(?:Access Denied|Request Rate|Service Unavailable|Bad Gateway|File Unavailable)",
    re.I,
)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


@dataclass(frozen=True)
class Row:
    """A filing as a list names it; `clock` holds the JSON's stamp without its Z, which may lie."""

    accession: str
    form: str
    filed: date
    items: tuple[str, ...]
    clock: datetime | None
    primary: str


@dataclass(frozen=True)
class Listing:
    """A registrant's filings: the newest, and the names of the pages with older ones."""

    cik: int
    name: str
    tickers: tuple[str, ...]
    rows: tuple[Row, ...]
    pages: tuple[tuple[str, date | None], ...] = ()  # (file, the last day in it)
    former: tuple[str, ...] = ()  # names it had


@dataclass(frozen=True)
class Document:
    """One document of a filing."""

    type: str
    file: str
    description: str


@dataclass(frozen=True)
class Header:
    """What a filing's header says of it."""

    accession: str
    form: str
    accepted: datetime  # naive, New York
    filed: date
    filers: tuple[tuple[int, str], ...]  # (CIK, name)
    documents: tuple[Document, ...]


def read_tickers(body: bytes) -> dict[str, tuple[tuple[int, str], ...]]:
    """Read the map of tickers: ticker -> (CIK, name) of each registrant it has, in its order."""
    data = _json(body)
    if not isinstance(data, dict) or not data:
        raise BadAnswerError("no map of tickers")
    try:
        rows = [
            (str(one["ticker"]).upper(), int(one["cik_str"]), str(one["title"]))
            for one in data.values()
        ]
    except (KeyError, TypeError, ValueError):
        raise BadAnswerError("no map of tickers") from None
    found: dict[str, dict[int, str]] = {}
    for ticker, cik, name in rows:
        found.setdefault(ticker, {}).setdefault(cik, name)
    return {ticker: tuple(held.items()) for ticker, held in found.items()}


def read_listing(body: bytes, cik: int) -> Listing:
    """Read the filings of a registrant; an answer about another is refused."""
    data = _json(body)
    try:
        found, recent = int(data["cik"]), data["filings"]["recent"]
        older = data["filings"].get("files") or []
    except (KeyError, TypeError, ValueError):
        raise BadAnswerError("no list of filings") from None
    if found != cik:
        raise BadAnswerError(f"it is about CIK {found}, not {cik}")
    pages = tuple((_page(one, cik), _last(one)) for one in older)
    tickers = tuple(str(one) for one in data.get("tickers") or ())
    named = data.get("formerNames")
    former = tuple(
        _line(one.get("name"))
        for one in (named if isinstance(named, list) else ())
        if isinstance(one, dict)
    )
    return Listing(cik, _line(data.get("name")), tickers, _rows(recent), pages, former)


def read_page(body: bytes) -> tuple[Row, ...]:
    """Read a page of older filings."""
    return _rows(_json(body))


def read_header(body: bytes, accession: str, cik: int) -> Header:
    """Read a filing's header, as the page of the index has it.

    One about another filing is refused.
    """
    text = html.unescape(
        re.sub(r"</?(?:a|html|body|pre|head|title)\b[^>]*>", "", _text(body), flags=re.I)
    )
    stamp = re.search(r"<ACCEPTANCE-DATETIME>\s*(\d{14})\b", text)
    if stamp is None:
        raise BadAnswerError("it has no <ACCEPTANCE-DATETIME>" + _page_of_excuses(text))
    said = _field(text, "ACCESSION NUMBER")
    if said != accession:
        raise BadAnswerError(f"it is about filing {said[:30]!r}, not {accession}")
    filers = _filers(text)
    if cik not in [one for one, _ in filers]:
        raise BadAnswerError(f"CIK {cik} is not among its filers")
    text = text.rpartition("\n-->")[2]  # a comment before it repeats a part
    documents = tuple(_documents(text))
    if "</SEC-HEADER>" not in text or not documents:
        raise BadAnswerError("it is cut short")
    accepted, filed = _stamp(stamp[1]), _field(text, "FILED AS OF DATE")
    if re.fullmatch(r"\d{8}", filed):
        day = _stamp(filed + "000000").date()
    else:
        day = accepted.date()
    return Header(
        accession, _field(text, "CONFORMED SUBMISSION TYPE"), accepted, day, filers, documents
    )


def read_document(body: bytes) -> str:
    """Read a document as text with its marks; a page of excuses is refused."""
    text = _text(body)
    if not text.strip():
        raise BadAnswerError("it is empty")
    if _EXCUSE.search(text[:5000]) and len(text) < 30_000:
        raise BadAnswerError("it is no document, but a page that says why not")
    tail = text.rstrip()[-400:].lower()
    if (
        re.search(r"<html\b", text[:4000], re.I)
        and "</html" not in tail
        and "</document" not in tail
    ):
        raise BadAnswerError("it is cut short")
    return text


def _documents(text: str) -> list[Document]:
    found = []
    for block in re.findall(r"<DOCUMENT>(.*?)(?=<DOCUMENT>|\Z)", text, re.S):
        tags = {
            name: value.strip()
            for name, value in re.findall(r"<(TYPE|FILENAME|DESCRIPTION)>([^\n<]*)", block)
        }
        if _FILE.fullmatch(tags.get("FILENAME", "")):
            found.append(
                Document(
                    tags.get("TYPE", "").upper(), tags["FILENAME"], tags.get("DESCRIPTION", "")
                )
            )
    return found


def _filers(text: str) -> tuple[tuple[int, str], ...]:
    names = re.findall(
        r"COMPANY CONFORMED NAME:[ \t]*([^\n]*)\n\s*CENTRAL INDEX KEY:[ \t]*(\d{1,10})", text
    )
    return tuple(dict.fromkeys((int(cik), _line(name)) for name, cik in names))


def _rows(table: Any) -> tuple[Row, ...]:
    if not isinstance(table, dict) or not all(
        isinstance(table.get(name), list) for name in _COLUMNS
    ):
        raise BadAnswerError("no list of filings")
    columns = [table[name] for name in _COLUMNS]
    if len({len(column) for column in columns}) > 1:
        raise BadAnswerError("its columns have different lengths: it is cut short")
    return tuple(_row(*values) for values in zip(*columns, strict=True))


def _row(accession: Any, filed: Any, clock: Any, form: Any, items: Any, primary: Any) -> Row:
    if not _ACCESSION.fullmatch(str(accession)):
        raise BadAnswerError(f"{str(accession)[:30]!r} is no number of a filing")
    try:
        day = date.fromisoformat(str(filed))
        stamp = None
        if clock:
            stamp = datetime.fromisoformat(str(clock)).replace(tzinfo=None, microsecond=0)
    except ValueError:
        raise BadAnswerError(f"{accession}: its dates cannot be read") from None
    listed = tuple(re.findall(r"\d\.\d\d", str(items or "")))
    name = str(primary or "").rsplit("/", 1)[-1]
    return Row(
        str(accession), str(form).upper(), day, listed, stamp, name if _FILE.fullmatch(name) else ""
    )


def _page(one: Any, cik: int) -> str:
    name = ""
    if isinstance(one, dict):
        name = str(one.get("name"))
    if not _PAGE.fullmatch(name) or int(name[3:13]) != cik:
        raise BadAnswerError(f"{name[:60]!r} is no page of its filings")
    return name


def _last(one: dict[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(one.get("filingTo")))
    except ValueError:
        return None


def _field(text: str, name: str) -> str:
    found = re.search(rf"{name}:[ \t]*([^\n]*)", text)
    if found:
        return found[1].strip()
    return ""


def _stamp(digits: str) -> datetime:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S")
    except ValueError:
        raise BadAnswerError(f"{digits} is no instant") from None


def _line(value: Any) -> str:
    return one_line(str(value or ""), 200)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswerError(
            "it is no JSON" + _page_of_excuses(_text(body)) + ", or cut short"
        ) from None


def _page_of_excuses(text: str) -> str:
    """Say that a page stands where a document was asked for, if one does."""
    head = text[:5000]
    if _EXCUSE.search(head) and len(text) < 30_000:
        return ", but a page that says why not"
    if re.match(r"\s*<(?:!doctype )?html", head, re.I):
        return ", but a page of HTML"
    return ""
