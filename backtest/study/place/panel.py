"""Returns and regressors side by side, for the securities a study needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd

from backtest.prices.panels.blocks import Blocks
from backtest.prices.panels.returns import Returns
from backtest.study.normal.benchmark import benchmark_of as kind_of
from backtest.study.normal.design import Design
from backtest.study.place.donor_news import DonorNews
from backtest.study.place.market import market_returns, markets_own, peer_returns
from backtest.study.running_sums import (
    Bools,
    Floats,
    Ints,
    RunningSums,
    between,
    running_lines,
    running_sums,
)
from backtest.study.windows import Window
from backtest.work.cached import cached_property

_Array = TypeVar("_Array", bound=np.ndarray)


@dataclass(frozen=True, eq=False)
class Panel:
    """Returns `y` (T, K) and regressors `x` (T, K, r) on `sessions`; NaN is missing.

    `lagged` (T, K, q) are leads and lags of the first regressor, for the estimation only. `valid`
    (T, K) are the sessions on which the security and every regressor are there, `estimable` those
    of them that may enter an estimation window, `excluded` those kept out because of an event of
    the same security. `blocks` is there where the rows are those of several exchanges, `spanned`
    (T, K) where returns are from trade to trade: sessions that the return of a later one runs over;
    `donor_news` where regressors with news are no donors; `sums` where several studies fit it.
    """

    sessions: pd.DatetimeIndex
    y: Floats
    x: Floats
    lagged: Floats
    valid: Bools
    estimable: Bools
    excluded: Bools
    blocks: Blocks | None = None
    spanned: Bools | None = None
    donor_news: DonorNews | None = None
    sums: RunningSums | None = None

    def of(self, columns: slice) -> Panel:
        """The same of some of the securities."""
        names = ["y", "x", "lagged", "valid", "estimable", "excluded"]
        if self.spanned is not None:
            names.append("spanned")
        return replace(self, sums=None, **{name: getattr(self, name)[:, columns] for name in names})

    def with_sums(self) -> Panel:
        """The same, its running sums kept: they take more memory than the panel itself."""
        return replace(self, sums=RunningSums(self.y, self.estimation_x, self.estimable))

    @cached_property
    def last_row(self) -> Ints:
        """The row of each security's last return, (K,); -1 without one."""
        there = np.isfinite(self.y)
        return np.where(there.any(axis=0), len(there) - 1 - there[::-1].argmax(axis=0), -1)

    @cached_property
    def by_security(self) -> tuple[Floats, Floats, Bools, Bools]:
        """Returns (K, T), regressors, leads and lags (K, T, r + q), estimable and valid (K, T).

        Each security's sessions stand side by side in memory.
        """
        return (
            np.ascontiguousarray(self.y.T),
            np.ascontiguousarray(self.estimation_x.swapaxes(0, 1)),
            np.ascontiguousarray(self.estimable.T),
            np.ascontiguousarray(self.valid.T),
        )

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The calendar dates of the rows, each once, (D,)."""
        if self.blocks is None:
            return self.sessions
        return self.blocks.dates

    def day(self, rows: Ints) -> Ints:
        """The number of each row's date in `dates`.

        What events of several exchanges have in common.
        """
        if self.blocks is None:
            return rows
        return np.asarray(self.blocks.day[rows])

    def fold(self, lines: _Array) -> _Array:
        """Rows of one date added up, (T, K) to (D, K)."""
        if self.blocks is None:
            return lines
        return self.blocks.fold(lines)  # type: ignore[return-value]  # same kind of array

    def within(self, row: Ints, rows: Ints) -> Bools:
        """Whether rows (N, D) are sessions of the exchange on which `row` (N,) is one."""
        inside = (rows >= 0) & (rows < len(self.sessions))
        if self.blocks is None:
            return np.asarray(inside)
        of_row = self.blocks.of_row
        return np.asarray(inside & (of_row[np.where(inside, rows, 0)] == of_row[row][:, None]))

    def earlier(self, row: Ints) -> Ints:
        """How many sessions of its exchange come before each row, (N,)."""
        if self.blocks is None:
            return row
        return np.asarray(row - self.blocks.start[row])

    @property
    def estimation_x(self) -> Floats:
        """Regressors, then their leads and lags, (T, K, r + q)."""
        if self.lagged.shape[2]:
            return np.concatenate([self.x, self.lagged], axis=2)
        return self.x


def build_panel(
    returns: Returns,
    columns: Ints,
    design: Design,
    event_rows: tuple[Ints, Ints],
    exclude: Window | None,
    skip_after_listing: int,
    benchmark_of: Mapping[str, str] | None = None,
    announcements: Sequence[str] = (),
) -> Panel:
    """Gather the securities in `columns`.

    `event_rows` are the rows and (new) columns of every known event. `announcements` are those of
    the events, for designs whose donors may have no news.
    """
    y = returns.values[:, columns]
    x = _regressors(returns, columns, design, event_rows, exclude, benchmark_of or {})
    if returns.spans is not None:
        x = _over_spans(x, returns.spans[:, columns])
    if design.lags:
        lagged = np.stack([_shifted(x[:, :, 0], lag) for lag in design.lags], axis=2)
    else:
        lagged = x[:, :, :0]
    valid = np.isfinite(y) & np.isfinite(x).all(axis=2)
    near_event = around(event_rows, exclude, y.shape)
    rows, own = event_rows
    if design.without_news:
        named = [returns.tickers[columns[place]] for place in own]
    else:
        named = []
    if returns.blocks is None:
        day = rows
    else:
        day = returns.blocks.day[rows]
    young = _first_sessions(np.isfinite(y), skip_after_listing, returns.blocks)
    return Panel(
        sessions=returns.sessions,
        y=y,
        x=x,
        lagged=lagged,
        valid=valid,
        estimable=valid & np.isfinite(lagged).all(axis=2) & ~near_event & ~young,
        excluded=valid & near_event,
        blocks=returns.blocks,
        spanned=None if returns.spans is None else _run_over(valid, returns.spans[:, columns]),
        donor_news=DonorNews.of(design.regressors, named, day, announcements, exclude)
        if design.without_news
        else None,
    )


def _regressors(
    returns: Returns,
    columns: Ints,
    design: Design,
    event_rows: tuple[Ints, Ints],
    exclude: Window | None,
    benchmark_of: Mapping[str, str],
) -> Floats:
    """One column a regressor and security, (T, K, r)."""
    x = np.empty((len(returns.values), len(columns), len(design.regressors)))
    for i, name in enumerate(design.regressors):
        if peers := kind_of(name, design.peers).peers:
            hidden = _peer_events(returns, columns, peers, event_rows, exclude)
            x[:, :, i] = peer_returns(returns, peers, columns, hidden)
            continue
        alone = len(design.regressors) == 1
        x[:, :, i] = market_returns(returns, name, benchmark_of if alone else {})[:, None]
        if design.without_self:
            own = markets_own(returns, name, benchmark_of if alone else {})
            x[:, np.isin(columns, own), i] = 0.0
    for k, column in enumerate(columns):
        weight = design.own_weights.get(returns.tickers[column], 0.0)
        if weight:
            x[:, k, 0] = (x[:, k, 0] - weight * returns.values[:, column]) / (1 - weight)
    return x


def _over_spans(x: Floats, spans: Ints) -> Floats:
    """Regressors (T, K, r) compounded over the sessions each security's return runs over (T, K)."""
    rows, columns = np.nonzero(spans > 1)
    out = x.copy()
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        first = row - int(spans[row, column]) + 1
        out[row, column] = (1.0 + x[first : row + 1, column]).prod(axis=0) - 1.0
    return out


def _run_over(valid: Bools, spans: Ints) -> Bools:
    """Sessions that the valid return of a later session runs over, (T, K)."""
    out = np.zeros_like(valid)
    rows, columns = np.nonzero(valid & (spans > 1))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        out[max(row - int(spans[row, column]) + 1, 0) : row, column] = True
    return out


def _peer_events(
    returns: Returns,
    columns: Ints,
    peers: tuple[str, ...],
    event_rows: tuple[Ints, Ints],
    exclude: Window | None,
) -> Bools:
    """Sessions around the events of each peer, (T, n_peers)."""
    near = around(event_rows, exclude, (len(returns.values), len(columns)))
    hidden = np.zeros((len(returns.values), len(peers)), dtype=bool)
    for i, peer in enumerate(peers):
        hidden[:, i] = near[:, columns == returns.position(peer)].any(axis=1)
    return hidden


def _shifted(values: Floats, days: int) -> Floats:
    """The value `days` sessions later (negative: earlier), NaN beyond the panel, (T, K)."""
    out = np.full_like(values, np.nan)
    rows = np.arange(len(values)) + days
    inside = (rows >= 0) & (rows < len(values))
    out[inside] = values[rows[inside]]
    return out


def around(event_rows: tuple[Ints, Ints], window: Window | None, shape: tuple[int, int]) -> Bools:
    """Sessions within `window` of an event of the same security."""
    marked = np.zeros(shape, dtype=bool)
    if window is None:
        return marked
    rows, columns = event_rows
    for day in range(window.start, window.end + 1):
        inside = (rows + day >= 0) & (rows + day < shape[0])
        marked[rows[inside] + day, columns[inside]] = True
    return marked


def _first_sessions(present: Bools, count: int, blocks: Blocks | None = None) -> Bools:
    """The first `count` returns of every security that was listed after the panel began.

    A return needs two closes, so a series that is there from the start has its first return on row
    1.
    """
    first = present.argmax(axis=0)
    if blocks is None:
        begins = 0
    else:
        begins = blocks.start[first]
    listed_later = present.any(axis=0) & (first - begins > 1)
    early = running_sums(present, np.int32)[1:] <= count
    return np.asarray(present & early & listed_later)


def count_between(mask: Bools, first: Ints, last: Ints, column: Ints) -> Ints:
    """How many of rows `first` to `last` (included) are true in each event's column.

    In their shape.
    """
    return between(running_lines(mask.T, np.int32), first, last, column).astype(np.int64)


def next_true(mask: Bools) -> Ints:
    """For every cell the first true row at or below it, (T, K).

    The number of rows where there is none.
    """
    rows = np.where(mask, np.arange(len(mask))[:, None], len(mask))
    return np.asarray(np.minimum.accumulate(rows[::-1], axis=0)[::-1])


def last_true(mask: Bools) -> Ints:
    """For every cell the last true row at or above it, (T, K); -1 where there is none."""
    rows = np.where(mask, np.arange(len(mask))[:, None], -1)
    return np.asarray(np.maximum.accumulate(rows, axis=0))
