"""What a reader must know about a row of a table: a word, and its meaning beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_BETWEEN = ";"  # only here: a cell of a table holds its words as text, as files do


class Flag(StrEnum):
    """A word of a column `flags` or `timing_flags`.

    >>> Flag.LATE_IN_SESSION.meaning
    'announced less than 30 minutes before the close'
    """

    meaning: str

    def __new__(cls, word: str, meaning: str) -> Flag:
        """Make a word that knows its meaning."""
        made = str.__new__(cls, word)
        made._value_ = word
        made.meaning = meaning
        return made

    REDUCED_HISTORY = (
        "reduced_history",
        "60 to 119 sessions to estimate on",
    )
    WEAK_HISTORY = (
        "weak_history",
        "30 to 59 sessions to estimate on: wide errors",
    )
    DESCRIPTIVE = (
        "descriptive",
        "under 30 sessions to estimate on: difference to the benchmark only, no test",
    )
    CONTAMINATED_ESTIMATION = (
        "contaminated_estimation",
        "over 10% of the estimation window left out because of other events of the ticker",
    )
    LONG_FOR_HISTORY = (
        "long_for_history",
        "fewer than 5 estimation sessions a session of the window",
    )
    GARCH_FALLBACK = (
        "garch_fallback",
        "least squares in place of GARCH: too few sessions, or no interior fit",
    )
    VOLATILITY_SHIFT = (
        "volatility_shift",
        "the last 20 estimation sessions were over 1.5 "
        "or under 0.67 times as volatile as all of them",
    )
    THIN_TRADING = (
        "thin_trading",
        "over 10% of the estimation returns are exactly zero",
    )
    STALE_WINDOW = (
        "stale_window",
        "over 20% of the estimation returns are exactly zero, "
        "and the window is longer than two sessions: "
        "where such windows overlap the recommended tests give no answer",
    )
    IN_BENCHMARK = (
        "in_benchmark",
        "the benchmark holds 1% or more of the security: "
        "part of its own move is taken out of the measure",
    )
    SAME_SESSION = (
        "same_session",
        "another event of the same ticker on the same session: the two cannot be told apart",
    )
    MISSING_DAYS = (
        "missing_days",
        "sessions of the window without a return; the sum runs over the rest",
    )
    FEW_DAYS = (
        "few_days",
        "under half of the window's sessions have a return, as before a listing; not measured",
    )
    CUT_OFF = (
        "cut_off",
        "the window reaches beyond the prices, or the factors of the model; not measured",
    )
    OVERLAP = (
        "overlap",
        "shares sessions with another event of the same ticker",
    )
    WIDENED = (
        "widened",
        "the time of the announcement is uncertain: the window [0,0] became [0,+1]",
    )
    DELISTING = (
        "delisting",
        "the security was delisted in the window; what holders were paid is in its return",
    )
    PRICE_ODDITY = (
        "price_oddity",
        "an error or warning about the ticker's prices falls into the window",
    )
    TIMING_UNKNOWN = (
        "timing_unknown",
        "only the date of the announcement is known",
    )
    BOUNDS_DISAGREE = (
        "bounds_disagree",
        "the instants that bound its time leave two sessions for day 0: "
        "the window [0,0] became [0,+1]",
    )
    LATE_IN_SESSION = (
        "late_in_session",
        "announced less than 30 minutes before the close",
    )
    NOT_A_SESSION = (
        "not_a_session",
        "announced on a day without a session: day 0 is the next one",
    )
    OUTSIDE_CALENDAR = (
        "outside_calendar",
        "announced before the first session known, or after the last: it has no day 0",
    )


UNSURE_DAY = frozenset((Flag.TIMING_UNKNOWN, Flag.BOUNDS_DISAGREE))
"""Flags under which two sessions may be day 0."""
_BY_WORD = {flag.value: flag for flag in Flag}


def words_in(text: object) -> tuple[str, ...]:
    """The words of a cell that holds several.

    >>> words_in("overlap;widened"), words_in("")
    (('overlap', 'widened'), ())
    """
    return tuple(word for word in str(text or "").split(_BETWEEN) if word)


@cache
def flags_in(text: object) -> frozenset[Flag]:
    """The flags of a cell; a word that is none is left to whoever wrote it.

    >>> sorted(flags_in("widened;overlap"))
    [<Flag.OVERLAP: 'overlap'>, <Flag.WIDENED: 'widened'>]
    """
    return frozenset(_BY_WORD[word] for word in words_in(text) if word in _BY_WORD)


def has_flag(cells: Iterable[object], *flags: Flag) -> NDArray[np.bool_]:
    """Which cells (N,) of a column hold one of the flags.

    >>> has_flag(["overlap;widened", ""], Flag.WIDENED)
    array([ True, False])
    """
    wanted = frozenset(flags)
    number, each = pd.factorize(pd.Series(cells), use_na_sentinel=False)  # few differ
    return np.array([not wanted.isdisjoint(flags_in(cell)) for cell in each], dtype=bool)[number]


def count_flags(cells: Iterable[object]) -> Counter[Flag]:
    """How many cells hold each flag, in the order they come."""
    return Counter(_BY_WORD[word] for cell in cells for word in words_in(cell) if word in _BY_WORD)


def flag_cells(
    where: Mapping[Flag, NDArray[np.bool_]], cells: NDArray[np.object_] | None = None
) -> NDArray[np.object_]:
    """Cells (N,) that hold each flag in the rows its mask (N,) marks, after what `cells` hold."""
    held = np.zeros(len(next(iter(where.values()))), dtype=np.int64)  # a bit a flag
    for at, rows in enumerate(where.values()):
        held |= rows.astype(np.int64) << at
    number, sets = pd.factorize(held)
    words = [joined(flag for at, flag in enumerate(where) if one >> at & 1) for one in sets]
    found = np.array(words, dtype=object)[number]
    return found if cells is None else join_cells(cells, found)


def join_cells(*columns: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cells (N,) that hold the words of several columns, row by row."""
    out = columns[0]
    for column in columns[1:]:  # many rows, few cells that differ: each pair is joined once
        of_out, left = pd.factorize(out, use_na_sentinel=False)
        of_column, right = pd.factorize(column, use_na_sentinel=False)
        number, pairs = pd.factorize(of_out * len(right) + of_column)
        texts = [joined((left[one // len(right)], right[one % len(right)])) for one in pairs]
        out = np.array(texts, dtype=object)[number]
    return out


def joined(words: Iterable[str]) -> str:
    """Words as one cell holds them; empty ones are left out."""
    return _BETWEEN.join(word for word in words if word)
