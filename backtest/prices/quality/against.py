"""Two vendors' prices of the same tickers.

Where they differ, and what kind of fault that looks like. Nothing says which of the two is right; a
finding says what one has and the other has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd

from backtest.prices.prices import Prices
from backtest.prices.quality.findings import Finding, Floats, Severity

TOLERANCE = 0.001  # of a close, as a fraction
_DIVIDEND = 2e-4  # of a return: what rounding of adjusted closes to cents leaves alone
_FEW = 5  # sessions: a longer stretch on another level is no bad close
_SHIFTED = 0.8  # of the days that differ agree when moved by a session


def differences(one: Prices, other: Prices) -> tuple[Finding, ...]:
    """What differs, ticker by ticker.

    Findings are missing_session, shifted_day, bad_close, split_missed, dividend_missed,
    disagreement. Levels are compared as ratios, so that two histories adjusted to different last
    days are alike.
    """
    found: list[Finding] = []
    for ticker in sorted(set(one.all_tickers) & set(other.all_tickers)):
        found += _of_ticker(ticker, one, other)
    return tuple(found)


def overview(one: Prices, other: Prices) -> pd.DataFrame:
    """One row a ticker with what the two have in common and where they part.

    Columns: ticker, compared, differ (closes), only_one_has (sessions), largest (fraction),
    worst_on.
    """
    rows = []
    for ticker in sorted(set(one.all_tickers) & set(other.all_tickers)):
        left, right = _closes(one, other, ticker, "close")
        both = left.notna() & right.notna()
        apart = np.abs(_apart(left[both], right[both]))
        differ = int((apart > TOLERANCE).sum())
        only_one_has = int((left.notna() != right.notna()).sum())
        largest, worst_on = float("nan"), ""
        if len(apart):
            worst = int(np.argmax(apart))
            largest = round(float(apart[worst]), 6)
            worst_on = str(left.index[both][worst].date())
        rows.append((ticker, int(both.sum()), differ, only_one_has, largest, worst_on))
    names = ["ticker", "compared", "differ", "only_one_has", "largest", "worst_on"]
    return pd.DataFrame(rows, columns=names)


def _closes(one: Prices, other: Prices, ticker: str, field: str) -> tuple[pd.Series, pd.Series]:
    """Both series on the sessions between the later start and the earlier end.

    Both have the ticker.
    """
    series = []
    for prices in (one, other):
        panel = next(panel for panel in prices.panels if ticker in panel.tickers)
        series.append(getattr(panel, field)[ticker].dropna())
    left, right = series
    if left.empty or right.empty:
        return left, right
    first, last = max(left.index[0], right.index[0]), min(left.index[-1], right.index[-1])
    days = left.index.union(right.index)
    days = days[(days >= first) & (days <= last)]
    return left.reindex(days), right.reindex(days)


def _apart(left: pd.Series, right: pd.Series) -> Floats:
    """Log ratio of two series, that of their last day taken out."""
    mine = left.to_numpy(dtype=np.float64)
    theirs = right.to_numpy(dtype=np.float64)
    ratio: Floats = np.log(mine / theirs)
    return ratio - ratio[-1:]


def _of_ticker(ticker: str, one: Prices, other: Prices) -> Iterator[Finding]:
    names = (one.source, other.source)
    left, right = _closes(one, other, ticker, "close")
    for series, has, lacks in ((left, *names[::-1]), (right, *names)):
        for day in series.index[series.isna()]:
            yield _found(ticker, "missing_session", day, day, f"{has} has it, {lacks} has not")
    both = left.notna() & right.notna()
    a, b = left[both], right[both]
    if len(a) < 3:
        return
    level = _apart(a, b)
    turns = np.flatnonzero(np.abs(np.diff(level)) > TOLERANCE) + 1
    if (moved := _shift(a, b, turns)) != 0:
        words = "later" if moved > 0 else "earlier"
        detail = f"{names[1]}'s closes are {names[0]}'s a session {words}"
        yield _found(ticker, "shifted_day", a.index[turns[0]], a.index[turns[-1]], detail)
        return
    yield from _steps(ticker, a, b, level, names)
    if not len(turns):
        yield from _dividends(ticker, one, other, names)


def _shift(a: pd.Series, b: pd.Series, turns: np.ndarray) -> int:
    """By how many sessions `b` runs behind `a` where the two differ: 1, -1, or 0 for neither."""
    if len(turns) < _FEW + 1:
        return 0
    rows = np.arange(turns[0], turns[-1] + 1)
    mine, theirs = (np.append(0.0, np.diff(np.log(one.to_numpy()))) for one in (a, b))
    for by in (1, -1):
        at = rows - by
        inside = (at >= 1) & (at < len(mine))
        alike = np.abs(mine[at[inside]] - theirs[rows[inside]]) <= TOLERANCE
        if inside.sum() > _FEW and alike.mean() >= _SHIFTED:
            return by
    return 0


def _steps(
    ticker: str, a: pd.Series, b: pd.Series, level: Floats, names: tuple[str, str]
) -> Iterator[Finding]:
    """Stretches on another level.

    A short one that comes back is bad closes, one that stays is a step.
    """
    edges = [0, *(np.flatnonzero(np.abs(np.diff(level)) > TOLERANCE) + 1).tolist(), len(level)]
    stretches = list(pairwise(edges))
    base = float(level[-1])
    for number in range(len(stretches) - 1, -1, -1):  # from today back
        start, end = stretches[number]
        here = float(np.median(level[start:end]))
        if abs(here - base) <= TOLERANCE:
            continue
        if end - start < _FEW and number > 0 and _returns_to(level, stretches[number - 1], base):
            day, last = a.index[start], a.index[end - 1]
            detail = f"{a.iloc[start]:.6g} ({names[0]}), {b.iloc[start]:.6g} ({names[1]})"
            yield _found(ticker, "bad_close", day, last, detail)
            continue
        yield _step(ticker, a, b, (end, here - base), names)
        base = here


def _returns_to(level: Floats, stretch: tuple[int, int], base: float) -> bool:
    return abs(float(np.median(level[slice(*stretch)])) - base) <= TOLERANCE


def _step(
    ticker: str, a: pd.Series, b: pd.Series, at: tuple[int, float], names: tuple[str, str]
) -> Finding:
    """Before session `at[0]` the two differ by the factor exp(at[1]).

    A split one of them missed, or something else.
    """
    row, size = at
    day = a.index[min(row, len(a) - 1)]
    ratio = Fraction(float(np.exp(abs(size)))).limit_denominator(20)
    split = abs(float(ratio) / np.exp(abs(size)) - 1) < 0.003 and ratio >= Fraction(11, 10)
    moves = [abs(float(np.log(one.iloc[row] / one.iloc[row - 1]))) for one in (a, b)]
    jumps = names[int(np.argmax(moves))]
    if split:
        words = f"{ratio.numerator} for {ratio.denominator}, not taken out of {jumps}'s closes"
        return _found(ticker, "split_missed", day, day, words)
    detail = f"closes before differ by {np.expm1(abs(size)):.2%}; {jumps} jumps there"
    return _found(ticker, "disagreement", day, day, detail)


def _dividends(
    ticker: str, one: Prices, other: Prices, names: tuple[str, str]
) -> Iterator[Finding]:
    """Days whose total returns differ although the closes agree."""
    left, right = _closes(one, other, ticker, "adjusted")
    both = left.notna() & right.notna()
    a, b = left[both], right[both]
    apart = np.diff(_apart(a, b))
    for row in np.flatnonzero(np.abs(apart) > _DIVIDEND).tolist():
        if apart[row] < 0:
            lacks = names[0]
        else:
            lacks = names[1]
        day = a.index[row + 1]
        detail = f"{abs(np.expm1(apart[row])):.2%} of the price, not in {lacks}'s adjusted closes"
        yield _found(ticker, "dividend_missed", day, day, detail)


def _found(ticker: str, what: str, first: pd.Timestamp, last: pd.Timestamp, detail: str) -> Finding:
    return Finding(Severity.WARNING, ticker, what, str(first.date()), str(last.date()), detail)
