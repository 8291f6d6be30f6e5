"""Text from outside: what a name, a ticker, an id or a paragraph of the catalog may contain."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_LINE = 10_000

# Control characters but the line break, lone surrogates, what turns the direction of reading, and
# what takes no room or shows nothing (blanks without width, fillers, soft hyphens, tags). They make
# a text read as what it is not. The two joiners that scripts and emoji need are not among them.
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.))*")
_TICKER = re.compile(r"[A-Za-z0-9^](?:[A-Za-z0-9_^=&+ -]|\.(?!\.))*")


def as_written(value: object) -> str:
    """A value as its file has it, not as Python prints it; long ones are cut.

    >>> as_written(True), as_written("soon"), as_written([1])
    ('true', "'soon'", 'a list')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | dict):
        if isinstance(value, dict):
            return "a table"
        return "a list"
    text = repr(str(value))
    if len(text) <= 60:
        return text
    return text[:57] + "..."


def composed(text: str) -> str:
    r"""Text with each accented letter as one sign (NFC), so that what reads alike is alike.

    >>> composed("Socie\u0301te\u0301") == "Soci\u00e9t\u00e9"
    True
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text)


def alike(names: Iterable[str]) -> tuple[str, str] | None:
    """The first two names that differ by case alone, as a reader or a disk may not tell them apart.

    >>> alike(["META", "SPY", "meta"]), alike(["META", "SPY"])
    (('META', 'meta'), None)
    """
    each = set(names)
    if len({composed(name).casefold() for name in each}) == len(each):
        return None  # as nearly always: no set a name of a million
    spelt: dict[str, set[str]] = defaultdict(set)
    for name in each:
        spelt[composed(name).casefold()].add(name)
    several = sorted(sorted(group) for group in spelt.values() if len(group) > 1)
    if several:
        return (several[0][0], several[0][1])
    return None


def plain(text: str) -> str:
    """Refuse text with control or direction-changing characters; accented letters are composed.

    >>> plain("CoreWeave")
    'CoreWeave'
    """
    if found := INVISIBLE.search(text):
        raise ValueError(
            f"invisible character U+{ord(found[0]):04X} at position {found.start() + 1}; remove it"
        )
    return composed(text)


def one_line(text: str) -> str:
    """Refuse empty text, line breaks and outer blanks."""
    if not text.strip():
        raise ValueError("empty")
    if len(text) > MAX_LINE:
        raise ValueError(f"{len(text)} characters; one line has at most {MAX_LINE}")
    if "\n" in text:
        raise ValueError("a line break; write one line")
    if text != text.strip():
        raise ValueError("blanks at its beginning or end; remove them")
    return plain(text)


def identifier(text: str) -> str:
    """Refuse an id that could not safely name a file."""
    if not _ID.fullmatch(text) or len(text) > 120:
        raise ValueError(
            f"{text[:60]!r} is no id: letters, digits, '-', '_' and '.' only, "
            "beginning with a letter or digit, "
            "at most 120 characters"
        )
    return text


def ticker(text: str) -> str:
    """Refuse a ticker with characters no exchange uses."""
    if not _TICKER.fullmatch(text) or text != text.strip() or len(text) > 32:
        raise ValueError(f"{text[:40]!r} is no ticker (examples: META, BRK-B, 9984.T)")
    return text


def web_address(text: str) -> str:
    """Refuse anything but an http(s) address."""
    if not re.match(r"https?://[^\s/]+\.[^\s]+$", text):
        raise ValueError(f"{text[:80]!r} is no web address; begin with https://")
    return plain(text)


Identifier = Annotated[str, AfterValidator(identifier)]
Ticker = Annotated[str, AfterValidator(ticker)]
Line = Annotated[str, AfterValidator(one_line)]
Paragraph = Annotated[str, Field(max_length=5000), AfterValidator(plain)]
Url = Annotated[str, Field(max_length=2000), AfterValidator(web_address)]
