"""Numbers as readers read them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

import pandas as pd

from events.words import count as count
from events.words import plain as plain

NONE = "–"
_NEGATIVE = re.compile(r"(?<![\w\d)\]%.-])-(?=\d|\.\d)")
_EQUATION = re.compile(r"\b([pnt]) (=|<|&lt;) (?=[\d−\\])")
SIMULATED = "SIMULATED prices: nothing below happened in a market."


def percent(value: float, digits: int = 1) -> str:
    """A fraction as signed percent, with a true minus.

    >>> percent(0.0349), percent(-0.5), percent(-12.5), percent(float("nan"))
    ('+3.5%', '−50.0%', '−1,250.0%', '–')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:+,.{digits}%}"
    return ("0" + text[2:] if text.strip("+-0.%") == "" else text).replace("-", "−")


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus, thousands apart.

    >>> number(-1.234), number(1234.5, 0), number(-0.001)
    ('−1.23', '1,234', '0.00')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        return text.removeprefix("-")
    return text.replace("-", "−")


def minus_signs(text: str) -> str:
    """A text whose negative numbers have a true minus; days, ids and ranges keep their hyphens.

    >>> minus_signs("about -1.4% on 2026-08-20, between $20-23bn")
    'about −1.4% on 2026-08-20, between $20-23bn'
    """
    return _NEGATIVE.sub("−", text)


def unbroken(text: str) -> str:
    r"""A text or HTML in which no line ends between p (n, t), its sign and its value.

    >>> unbroken("an average (p = 0.841)").split(" ")
    ['an', 'average', '(p\xa0=\xa00.841)']
    """
    return _EQUATION.sub("\N{NO-BREAK SPACE}".join((r"\1", r"\2", "")), text)


def signed(session: float) -> str:
    """A session counted from an event: +5, 0, −1.

    >>> signed(5), signed(0), signed(-1)
    ('+5', '0', '−1')
    """
    if session:
        return f"{int(session):+d}".replace("-", "−")
    return "0"


def pvalue(value: float) -> str:
    """A p-value with three digits at most, on the side of 1, 5 and 10% on which it is.

    >>> pvalue(0.0312), pvalue(0.00004), pvalue(0.05), pvalue(0.0499)
    ('0.031', '<0.001', '0.050', '<0.050')
    """
    if value is None or not math.isfinite(value):
        return NONE
    if value < 0.001:
        return "<0.001"
    text = f"{value:.3f}"
    if any(value < level <= float(text) for level in (0.01, 0.05, 0.10)):
        return f"<{text}"
    return text


def equal(p: float) -> str:
    """A p-value after the letter p in a sentence.

    >>> equal(0.2), equal(0.00001)
    ('= 0.200', '< 0.001')
    """
    text = pvalue(p)
    if text.startswith("<"):
        return f"< {text[1:]}"
    return f"= {text}"


def fine(low: float, high: float) -> int:
    """The digits of an average in percent: one, two where its interval is under half a point.

    >>> fine(-0.02, 0.03), fine(-0.0004, 0.0006), fine(float("nan"), float("nan"))
    (1, 2, 1)
    """
    return 2 if high - low < 0.005 else 1


def by_chance(n: int) -> str:
    """How many of n true nulls a test at 5% rejects, in words.

    >>> by_chance(168), by_chance(2)
    ('about 8', 'fewer than 1')
    """
    return f"about {0.05 * n:,.0f}" if n >= 20 else "fewer than 1"


def day(value: object) -> str:
    """A day as YYYY-MM-DD, or a dash."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]  # any scalar
        return NONE
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)[:10]


def moment(value: date | datetime) -> str:
    """An instant in New York, or a date.

    >>> moment(datetime.fromisoformat("2026-04-09T08:00:00-04:00"))
    '2026-04-09 08:00 New York'
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    from events.record.instant import NEW_YORK

    return value.astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M") + " New York"


def short(text: str, length: int = 240) -> str:
    """A text that may be endless, cut where it no longer serves as a title.

    >>> short("Meta buys", 6)
    'Meta …'
    """
    if len(text) <= length:
        return text
    return text[: length - 1] + "…"


def listed(words: list[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["META", "CRWV", "NVDA"])
    'META, CRWV and NVDA'
    """
    if len(words) == 1:
        return words[0]
    if words:
        return f"{', '.join(words[:-1])} and {words[-1]}"
    return "none"
