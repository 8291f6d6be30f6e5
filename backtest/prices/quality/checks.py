"""The checks of `quality`.

Each looks at one ticker, from its first close to its last, and gives its findings.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from backtest.prices.quality.findings import Bools, Finding, Floats, Severity, TickerHistory

Check = Callable[[TickerHistory, pd.DatetimeIndex], list[Finding]]

_SLACK = 1e-5  # single precision of vendors
_REPEATED = 5  # sessions in a row with one and the same close
_STALE = 5  # sessions without a price at the end of the panel
_LARGE = float(np.log(1.2))  # no move below 20% is called an outlier or a spike
_SPREADS = 8.0  # robust standard deviations from what the benchmark explains
_MOVES = 60  # returns needed before a spread means anything
# Ratios at which shares are split; 3:2 and less would call many a true fall a split.
_SPLITS = np.log([2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50, 100])
_NEAR_SPLIT = 0.03
_UNIT = float(np.log(100))  # pence and pounds, cents and dollars
_NEAR_UNIT = float(np.log(1.5))  # what news may move a price on the day its unit changes


def missing_sessions(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """Sessions of the exchange without a close between the first and the last one."""
    return column.found(
        Severity.WARNING, "missing_sessions", np.isnan(column.close), lambda _: "no close"
    )


def impossible_bars(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """Opens and closes outside of the day's own range."""
    low, high = column.low * (1 - _SLACK), column.high * (1 + _SLACK)
    outside = (column.low > high) | (column.close > high) | (column.close < low)
    outside |= (column.open > high) | (column.open < low)
    return column.found(
        Severity.ERROR,
        "impossible_bar",
        outside,
        lambda row: (
            f"open {column.open[row]:g}, high {column.high[row]:g}, low {column.low[row]:g}, "
            f"close {column.close[row]:g}"
        ),
    )


def zero_volume(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """A close although nothing was traded."""
    idle = (column.volume <= 0) & np.isfinite(column.close)
    return column.found(Severity.WARNING, "zero_volume", idle, lambda _: "a close without a trade")


def repeated_closes(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """The same close for many sessions in a row."""
    same = np.append(False, np.diff(column.close) == 0)
    runs = column.found(
        Severity.WARNING,
        "repeated_close",
        same,
        lambda row: f"the close stays {column.close[row]:g}",
    )
    longest = [np.flatnonzero(column.sessions == pd.Timestamp(run.last))[0] for run in runs]
    first = [np.flatnonzero(column.sessions == pd.Timestamp(run.first))[0] for run in runs]
    return [
        run
        for run, start, end in zip(runs, first, longest, strict=True)
        if end - start + 2 >= _REPEATED
    ]


def falling_adjustment(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """Adj Close / Close can only rise with time, as fewer dividends are still to come."""
    factor = column.adjusted / column.close
    falls = np.append(False, np.diff(factor) < -0.001 * factor[:-1])
    return column.found(
        Severity.WARNING,
        "falling_adjustment",
        falls,
        lambda row: (
            f"Adj Close / Close falls from {factor[row - 1]:.4f} to {factor[row]:.4f}: "
            "two vintages mixed?"
        ),
    )


def suspected_splits(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """A jump by the ratio of a split that is there already at the open."""
    moves = column.returns
    large = np.flatnonzero(np.abs(moves) > _SPLITS[0] - 2 * _NEAR_SPLIT)
    distance = np.abs(np.abs(moves[large])[:, None] - _SPLITS)
    near = np.zeros(len(moves), dtype=bool)
    near[large] = distance.min(axis=1) < _NEAR_SPLIT
    if not near.any():
        return []
    near &= ~_unit_changes(moves)  # named already, and no less a doubt
    overnight = np.append(np.nan, np.log(column.open[1:] / column.close[:-1]))
    at_open = np.isnan(column.open) | (np.abs(overnight - moves) < 0.25 * np.abs(moves))
    return column.found(
        Severity.WARNING,
        "suspected_split",
        near & at_open,
        lambda row: (
            f"close {column.close[row - 1]:g} to {column.close[row]:g}, about "
            f"{np.exp(_SPLITS[np.abs(abs(moves[row]) - _SPLITS).argmin()]):.0f}:1, overnight"
        ),
    )


def unit_changes(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """A close about 100 times the one before, or a hundredth.

    No news does that, another unit does.
    """
    # A close may be missing on the day of the change: it is held to the last that is known.
    known = np.flatnonzero(np.isfinite(column.close))
    before, moves = np.full(len(column.close), np.nan), np.full(len(column.close), np.nan)
    before[known[1:]] = column.close[known[:-1]]
    moves[known[1:]] = np.diff(np.log(column.close[known]))
    return column.found(
        Severity.WARNING,
        "probable_unit_change",
        _unit_changes(moves),
        lambda row: (
            f"close {before[row]:g} to {column.close[row]:g}, about "
            f"{'100 times' if moves[row] > 0 else 'a hundredth'}: another unit (pence, pounds)? "
            "put the prices before and after into one"
        ),
    )


def _unit_changes(moves: Floats) -> Bools:
    """Which log moves are about a factor of 100, up or down."""
    return np.asarray(np.abs(np.nan_to_num(np.abs(moves)) - _UNIT) < _NEAR_UNIT)


def spikes(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """A large move that the next session takes back: a bad price more often than news."""
    moves = column.returns
    after = np.append(moves[1:], np.nan)
    back = (np.abs(moves) > _LARGE) & (np.abs(moves + after) < 0.15 * np.abs(moves))
    return column.found(
        Severity.WARNING,
        "spike",
        back,
        lambda row: f"{np.expm1(moves[row]):+.1%}, taken back the session after",
    )


def outliers(column: TickerHistory, _: pd.DatetimeIndex) -> list[Finding]:
    """Moves far beyond what the ticker does, the benchmark's move taken off.

    Most are real: the study keeps them.
    """
    large = np.abs(column.returns) > _LARGE
    if not large.any():
        return []
    own = column.returns - column.benchmark
    known = own[np.isfinite(own)]
    spread = 0.0
    if len(known) >= _MOVES:
        spread = _spread(known)
    middle = 0.0
    if len(known):
        middle = np.median(known)
    far = large & (np.abs(own - middle) > _SPREADS * spread)
    return column.found(
        Severity.NOTE,
        "outlier",
        far,
        lambda row: (
            f"{np.expm1(column.returns[row]):+.1%} against {np.expm1(column.benchmark[row]):+.1%} "
            "of the benchmark"
        ),
    )


def stale_end(column: TickerHistory, sessions: pd.DatetimeIndex) -> list[Finding]:
    """Prices that end before those of the others."""
    behind = len(sessions) - 1 - int(sessions.searchsorted(column.sessions[-1]))
    if behind <= _STALE:
        return []
    last: Bools = np.arange(len(column.sessions)) == len(column.sessions) - 1
    detail = f"the last price; the others go on for {behind} sessions, until {sessions[-1].date()}"
    return column.found(Severity.WARNING, "stale_end", last, lambda _: detail)


def _spread(values: Floats) -> float:
    """The standard deviation, from the median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


CHECKS: tuple[Check, ...] = (
    missing_sessions,
    impossible_bars,
    zero_volume,
    repeated_closes,
    falling_adjustment,
    suspected_splits,
    unit_changes,
    spikes,
    outliers,
    stale_end,
)
