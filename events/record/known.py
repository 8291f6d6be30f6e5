"""How well the time of an announcement is known, as a word and in a sentence."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.record.announcement import Announcement
from events.record.instant import moment
from events.record.vocabulary import Timing


class Known(StrEnum):
    """From the surest to the least sure."""

    EXACT = "exact"  # an instant
    BOUNDED = "bounded"  # one or two edges of it
    PART = "part"  # the part of the day
    DATED = "dated"  # the date alone


_PARTS = {
    Timing.BEFORE_OPEN: "before the open",
    Timing.DURING_SESSION: "during the session",
    Timing.AFTER_CLOSE: "after the close",
}


def known(news: Announcement) -> Known:
    """How the time of an announcement is known.

    >>> from events import Catalog
    >>> str(known(Catalog.bundled()["2026-04-09-meta-coreweave-21bn"]))
    'part'
    """
    if isinstance(news.announced_at, datetime):
        return Known.EXACT
    if news.not_before or news.not_after:
        return Known.BOUNDED
    if news.timing is Timing.UNKNOWN:
        return Known.DATED
    return Known.PART


def how_known(news: Announcement) -> str:
    """The same in a sentence, with the basis of each edge."""
    how = known(news)
    if how is Known.EXACT:
        return f"announced at {news.announced_at}"
    if news.timing is Timing.UNKNOWN:
        part = ""
    else:
        part = f", {_PARTS[news.timing]}"
    if not part:
        quality = ""
    else:
        quality = f" ({news.timing_quality.value.replace('_', ' ')})"
    edges = [
        f"{word} {bound.at} ({bound.basis})"
        for word, bound in (("not before", news.not_before), ("not after", news.not_after))
        if bound
    ]
    told = f"announced on {news.announced_at}{part}{quality}"
    if edges:
        return f"{told}; {'; '.join(edges)}"
    if part:
        return told
    return f"{told}; the time of day is not known"


class ByTime(Protocol):
    """Announcements of which those whose time is known alike can be taken together."""

    def by_time(self) -> tuple[Sequence[Announcement], NDArray[np.int64]]:
        """One for each way in which a time is known, and which of them is each one's."""


def tally(announcements: ByTime) -> dict[str, int]:
    """How many announcements are known how well, by the word, the surest first.

    >>> from events import Catalog
    >>> list(tally(Catalog.bundled().held))
    ['exact', 'bounded', 'part', 'dated']
    """
    alike, of_each = announcements.by_time()
    return _tally(zip(map(known, alike), np.bincount(of_each).tolist(), strict=True))


def counts(announcements: ByTime) -> str:
    """The same in words.

    >>> from events import Catalog
    >>> counts(Catalog.bundled().held).split(",")[0].endswith("exact to the minute")
    True
    """
    return _in_words(tally(announcements))


def counts_of_events(frame: pd.DataFrame) -> str:
    """The same of the announcements in a table of events, each counted once.

    Empty without their times. `frame` has `event_id` and `announced_at`, and, where they are known,
    `timing`, `not_before` and `not_after`, as `Catalog.events()` gives them.
    """
    if "announced_at" not in frame.columns or frame.empty:
        return ""
    rows = frame.drop_duplicates("event_id").to_dict("records")
    return _in_words(_tally((_of_row(row), 1) for row in rows))


def _of_row(row: Mapping[Hashable, Any]) -> Known:
    if _is_instant(row["announced_at"]):
        return Known.EXACT
    if any(pd.notna(row.get(edge)) for edge in ("not_before", "not_after")):
        return Known.BOUNDED
    said = row.get("timing")
    if isinstance(said, str) and said in _PARTS:
        return Known.PART
    return Known.DATED


def _is_instant(value: object) -> bool:
    try:
        return isinstance(moment(str(value).replace(" ", "T", 1)), datetime)
    except ValueError:
        return False


def _tally(found: Iterable[tuple[Known, int]]) -> dict[str, int]:
    total = {how.value: 0 for how in Known}
    for how, n in found:
        total[how.value] += n
    return total


def _in_words(found: Mapping[str, int]) -> str:
    told = [f"{n:,} {_WORDS[Known(how)]}" for how, n in found.items() if n]
    return ", ".join(told) or "of none"


_WORDS = {
    Known.EXACT: "exact to the minute",
    Known.BOUNDED: "bounded by instants",
    Known.PART: "by the part of the day",
    Known.DATED: "by the date alone",
}
