"""What a filing's document says in plain text.

Its title, its dateline, the amounts with their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser

from events.record.text import INVISIBLE

_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "title", "hr", "td"}
)
_SILENT = frozenset({"script", "style", "ix:header", "head"})
_BOILERPLATE = re.compile(
    r"(?:exhibit|ex)[ .-]*99|for (?:immediate|general) release|(?:press|news|media) release$"
    r"|^document$|^contacts?\b|^source:|^untitled|^https?:|^page \d|^\d+$|^-?\s*more\s*-?$"
    r"|^(?:united states|securities and exchange commission|washington, d\.?c|form (?:6-k|8-k|20-f)"
    r"|report of foreign (?:private )?issuer|pursuant to rule|under the securities|for the month"
    r"|commission file|\(?translation of|\(?exact name|\(?address of|indicate by check"
    r"|current report)",
    re.I,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATELINE = re.compile(
    rf"\b((?:{_MONTHS}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.)"
    r"\s+\d{1,2},?\s+\d{4})\b"
)
_AMOUNT = re.compile(
    r"(?P<how>up to|approximately|about|around|over|more than|at least|as much as)?\s*"
    r"(?P<money>(?:(?P<currency>US|C|A|HK|NT|S|NZ|R)?\$|€|£|¥|(?:USD|EUR|GBP|JPY)\s?)\s?"
    r"(?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d+)?|\d{1,7}(?:\.\d{1,4})?)"
    r"\s?(?P<unit>million|billion|trillion|bn|mm|m|b)?\b)",
    re.I,
)
_UNITS = {
    "million": 1e6,
    "mm": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
}
_HOW = {
    "up to": "up_to", "as much as": "up_to", "approximately": "about", "about": "about",
    "around": "about", "over": "at_least", "more than": "at_least", "at least": "at_least",
}  # fmt: skip
_LEAST = 1e6  # smaller sums are par values, prices of shares and fees


@dataclass(frozen=True)
class NamedSum:
    """A sum in a text: how firm, as written, and the words around.

    In dollars; None for another currency.
    """

    usd: float | None
    qualifier: str
    written: str
    words: str


class _Plain(HTMLParser):
    """Collects text; a block begins a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002  # the parser gives them
    ) -> None:
        if tag in _SILENT:
            self.silent += 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data if "<" not in data else data.replace("<", " "))


def lines_of(document: str) -> list[str]:
    """Give the lines of a document, HTML or plain, without marks and without what nobody sees.

    >>> lines_of("<p>CoreWeave &amp; Meta</p><script>x()</script><p>sign</p>")
    ['CoreWeave & Meta', 'sign']
    """
    if re.search(
        r"<(?:html|body|p|div|table|br)\b|<(?:p|div|br|b|font)[ >/]", document[:20_000], re.I
    ):
        parser = _Plain()
        parser.feed(document)
        parser.close()
        document = "".join(parser.parts)
    return [clean for line in document.split("\n") if (clean := one_line(line))]


def one_line(text: str, most: int = 2000) -> str:
    """Put text on one line, without what shows nothing or turns the reading.

    It is cut at `most` characters.
    """
    seen = INVISIBLE.sub(" ", text.replace("\t", " ").replace("\n", " "))
    clean = " ".join(seen.split())
    if len(clean) <= most:
        return clean
    return clean[: most - 3].rstrip() + "..."


def title_of(lines: list[str]) -> str:
    """Give the headline of a release: the first line that is no boilerplate, or nothing.

    >>> title_of(["Exhibit 99.1", "PRESS RELEASE", "CoreWeave and Meta Expand Their Deal", "x"])
    'CoreWeave and Meta Expand Their Deal'
    """
    for line in lines[:60]:
        words = len(re.findall(r"[A-Za-z]{2,}", line))
        if words >= 4 and not _BOILERPLATE.search(line[:80]) and not _DATELINE.match(line):
            return one_line(line, 200)
    return ""


def dateline_of(lines: list[str]) -> date | None:
    """Give the day a release says it is of, in its first lines.

    >>> dateline_of(["LIVINGSTON, N.J., June 2, 2026 /PRNewswire/ -- CoreWeave"])
    datetime.date(2026, 6, 2)
    """
    for line in lines[:40]:
        found = _DATELINE.search(line[:200])
        if not found or (found.start() > 80 and not re.search(r"--|—|–", line[:260])):
            continue
        text = found[1].replace(".", "").replace(",", "").replace("Sept ", "Sep ")
        for form in ("%B %d %Y", "%b %d %Y"):
            try:
                return datetime.strptime(" ".join(text.split()), form).date()
            except ValueError:
                continue
    return None


def amounts_of(lines: list[str], most: int = 6) -> tuple[NamedSum, ...]:
    """Give the first sums of at least a million, each once, with the words around them.

    >>> amounts_of(["It launches up to $2.25 billion of notes."])[0].qualifier
    'up_to'
    """
    found: dict[str, NamedSum] = {}
    for line in lines[:400]:
        for one in _AMOUNT.finditer(line[:5000]):
            number = float(one["number"].replace(",", "")) * _UNITS.get(
                (one["unit"] or "").lower(), 1.0
            )
            key = one["money"].lower().replace(" ", "")
            if number < _LEAST or key in found:
                continue
            dollars = one["money"][0] == "$" or one["money"][:3].upper() in ("US$", "USD")
            start, end = max(0, one.start() - 60), one.end() + 60
            words = one_line(line[start:end])
            found[key] = NamedSum(
                round(number, 2) if dollars else None,
                _HOW.get((one["how"] or "").lower(), "exact"),
                one_line(one["money"]),
                ("..." if start else "") + words + ("..." if end < len(line) else ""),
            )
            if len(found) == most:
                return tuple(found.values())
    return tuple(found.values())
