"""How the sentences of the first screen are put.

Over which sessions, how sure, and for want of what not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from reports.experiment.plan import Spec
from reports.rows import Row, interval, least_sure
from reports.words import day, listed, plain, short

_TITLE = 90  # letters of somebody else's headline within a sentence
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TAKEN_OUT = {
    "market_adjusted": "With the benchmark’s own move taken out",
    "mean_adjusted": "With its own average day taken out",
}


def moved(row: Row) -> bool:
    """Whether there is a return over the window of a row."""
    return math.isfinite(row["raw_return"])


def over(row: Row) -> str:
    """Over what a row was measured: a day, or several sessions.

    >>> over({"event_session": "2026-04-09", "start": 0, "end": 0})
    'on 2026-04-09'
    >>> over({"event_session": "2026-04-09", "start": 0, "end": 4})
    'over the sessions [0, +4] from 2026-04-09'
    """
    on, start, end = day(row["event_session"]), int(row["start"]), int(row["end"])
    if (start, end) == (0, 0):
        return f"on {on}"
    return f"over the sessions {interval(start, end)} from {on}"


def when(rows: Sequence[Row]) -> str:
    """Over which sessions the rows were measured."""
    spans = list(dict.fromkeys((int(row["start"]), int(row["end"])) for row in rows))
    if spans == [(0, 0)]:
        days = len({row["event_session"] for row in rows})
        if days < 2:
            return "on the day"
        return f"on the {_number(days)} days"
    if set(spans) == {(0, 0), (0, 1)}:
        unsure = sum(row["end"] for row in rows)
        return (
            f"on the day (for {unsure} of them, the time of which is uncertain, on it and the next)"
        )
    if len(spans) == 1:
        start, end = spans[0]
        if spans == [(0, 1)]:
            why = ", as the time of the news is uncertain"
        else:
            why = ""
        many = ""
        if start == 0:
            many = f"{end - start + 1} sessions "
        return f"over {many or 'sessions '}{interval(start, end)}{why}"
    return f"over the sessions {listed([interval(*one) for one in spans])}"


def taken_out(spec: Spec) -> str:
    """What an abnormal return of a model is, as the opening of a sentence."""
    return _TAKEN_OUT.get(spec.model, "With the market’s own move taken out")


def who_stands_out(rows: Sequence[Row]) -> str:
    """Which moves are more than ordinary days explain, and that the others are not proven."""
    judged = [row for row in rows if math.isfinite(least_sure(row))]
    sure = [row for row in judged if least_sure(row) < 0.05]
    if not judged:
        return f"nothing can be said: {_wanting(rows)}"
    lost = len(rows) - len(judged)
    rest = ""
    if lost:
        rest = f"; {_number(lost)} cannot be judged"
    if not sure:
        many = {1: "the move does not stand out", 2: "neither stands out"}
        return many.get(len(judged), f"none of the {_number(len(judged))} stands out") + (
            " from ordinary days" + rest
        )
    names = listed([f"{row['ticker']} on {day(row['event_session'])}" for row in sure])
    if len(sure) == 1:
        verb = "stands"
    else:
        verb = "stand"
    left = len(judged) - len(sure)
    others = {0: "", 1: "; the other move does not"}.get(
        left, f"; the other {_number(left)} do not"
    )
    return f"{names} {verb} out from ordinary days{others}{rest}"


def how_sure(rows: Sequence[Row], days: dict[tuple[str, str], int]) -> str:
    """What could have been found, and from how many ordinary days."""
    floors, behind = [], []
    for ticker in dict.fromkeys(str(row["ticker"]) for row in rows):
        own = [row for row in rows if row["ticker"] == ticker and math.isfinite(row["mde80"])]
        if own:
            least = ["±" + f"{row['mde80']:.1%}" for row in own]
            floors.append(f"{listed(least)} for {ticker}")
            n = [str(days[row["event_id"], ticker]) for row in own]
            behind.append(f"{listed(n)} for {ticker}")
    if not floors:
        return f"No move could be judged: {_wanting(rows)}."
    return (
        f"Not standing out is not “no effect”: only moves beyond {'; '.join(floors)} would "
        f"be found four times out of five. Ordinary days behind each: {'; '.join(behind)}."
        f"{two_tests(rows, ' ')}"
    )


def two_tests(rows: Sequence[Row], before: str = "") -> str:
    """Whose p and whose interval stand beside each other, so that a reader sees why they differ.

    A sentence with `before` it, empty where no share has a rank among ordinary days.
    """
    if any(math.isfinite(row["conformal_p"]) for row in rows):
        return (
            f"{before}Each p is the larger of two tests’, by t and by rank among ordinary days; "
            "the interval is that of t."
        )
    return ""


def _wanting(rows: Sequence[Row]) -> str:
    """What no move can be judged for want of."""
    if any(math.isfinite(row["car"]) for row in rows):
        return "there is too little history before the news to tell a move from noise"
    return "the sessions of the window are not all there"


def _number(n: int) -> str:
    if n < len(_NUMBERS):
        return _NUMBERS[n]
    return str(n)


def of_news(notes: Sequence[str]) -> str:
    """Whose news it was, as part of a sentence."""
    return listed([plain_title(note) for note in notes])


def plain_title(note: str) -> str:
    """A headline as part of a sentence."""
    return short(plain(note) if "_" not in note else note, _TITLE).rstrip(".")
