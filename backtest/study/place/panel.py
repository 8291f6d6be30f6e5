"""Returns and regressors side by side, for the securities a study needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.prices.returns import Returns
from backtest.study.measure.running_sums import Bools, Floats, Ints
from backtest.study.normal.design import PEERS, Design
from backtest.study.place.peers import peer_returns
from backtest.study.place.windows import Window


@dataclass(frozen=True, eq=False)
class Panel:
    """Returns `y` (T, K) and regressors `x` (T, K, r) on `sessions`; NaN is missing.

    `lagged` (T, K, q) are leads and lags of the first regressor, for the estimation only. `valid`
    (T, K) are the sessions on which the security and every regressor are there, `estimable` those
    of them that may enter an estimation window, `excluded` those kept out because of an event of
    the same security.
    """

    sessions: pd.DatetimeIndex
    y: Floats
    x: Floats
    lagged: Floats
    valid: Bools
    estimable: Bools
    excluded: Bools

    @property
    def estimation_x(self) -> Floats:
        """Regressors, then their leads and lags, (T, K, r + q)."""
        return np.concatenate([self.x, self.lagged], axis=2) if self.lagged.shape[2] else self.x


def build_panel(
    returns: Returns,
    columns: Ints,
    design: Design,
    event_rows: tuple[Ints, Ints],
    exclude: Window | None,
    skip_after_listing: int,
) -> Panel:
    """Gather the securities in `columns`; `event_rows` are the rows and (new) columns of every known event."""
    y = returns.values[:, columns]
    x = _regressors(returns, columns, design, event_rows, exclude)
    lagged = (
        np.stack([_shifted(x[:, :, 0], lag) for lag in design.lags], axis=2)
        if design.lags
        else x[:, :, :0]
    )
    valid = np.isfinite(y) & np.isfinite(x).all(axis=2)
    near_event = around(event_rows, exclude, y.shape)
    young = _first_sessions(np.isfinite(y), skip_after_listing)
    return Panel(
        sessions=returns.sessions,
        y=y,
        x=x,
        lagged=lagged,
        valid=valid,
        estimable=valid & np.isfinite(lagged).all(axis=2) & ~near_event & ~young,
        excluded=valid & near_event,
    )


def _regressors(
    returns: Returns,
    columns: Ints,
    design: Design,
    event_rows: tuple[Ints, Ints],
    exclude: Window | None,
) -> Floats:
    """One column a regressor and security, (T, K, r)."""
    x = np.empty((len(returns.values), len(columns), len(design.regressors)))
    for i, name in enumerate(design.regressors):
        if name == PEERS:
            x[:, :, i] = peer_returns(
                returns,
                design.peers,
                columns,
                _peer_events(returns, columns, design.peers, event_rows, exclude),
            )
            continue
        x[:, :, i] = returns.column(name)[:, None]
        if design.without_self:
            x[:, columns == returns.position(name), i] = 0.0
    for k, column in enumerate(columns):
        weight = design.own_weights.get(returns.tickers[column], 0.0)
        if weight:
            x[:, k, 0] = (x[:, k, 0] - weight * returns.values[:, column]) / (1 - weight)
    return x


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


def _first_sessions(present: Bools, count: int) -> Bools:
    """The first `count` returns of every security that was listed after the panel began.

    A return needs two closes, so a series that is there from the start has its first return on row
    1.
    """
    listed_later = present.any(axis=0) & (present.argmax(axis=0) > 1)
    early = np.cumsum(present, axis=0) <= count
    return np.asarray(present & early & listed_later)


def count_between(mask: Bools, first: Ints, last: Ints, column: Ints) -> Ints:
    """How many of rows `first` to `last` (included) are true in each event's column, (N,)."""
    running = np.zeros((len(mask) + 1, mask.shape[1]), dtype=np.int64)
    np.cumsum(mask, axis=0, out=running[1:])
    low, high = np.clip(first, 0, len(mask)), np.clip(last + 1, 0, len(mask))
    return running[np.maximum(low, high), column] - running[low, column]


def next_true(mask: Bools) -> Ints:
    """For every cell the first true row at or below it, (T, K); the number of rows where there is none."""
    rows = np.where(mask, np.arange(len(mask))[:, None], len(mask))
    return np.asarray(np.minimum.accumulate(rows[::-1], axis=0)[::-1])


def last_true(mask: Bools) -> Ints:
    """For every cell the last true row at or above it, (T, K); -1 where there is none."""
    rows = np.where(mask, np.arange(len(mask))[:, None], -1)
    return np.asarray(np.maximum.accumulate(rows, axis=0))
