"""How CARs of different events move together: exact correlations (docs/methods.md, section 5).

Every CAR is a linear form in the security's errors, `sum_d g_id e_id`: weight 1 on the event's
sessions, and the (negative) estimation weights on the sessions its model was fitted on. With
serially uncorrelated errors `Corr(CAR_i, CAR_j) = rho_ij g_i'g_j / (|g_i||g_j|)`, which holds
window overlap, shared estimation windows and one event lying inside another's estimation window in
one number. Extends Salinger (1992).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from backtest.study.measure.abnormal import AT_ONCE, AbnormalReturns
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints
from backtest.work.parted import parts
from backtest.work.threads import one_thread

MINIMUM_COMMON = 20


@one_thread()
def residual_correlation(abnormal: AbnormalReturns) -> Floats:
    """Correlation of estimation residuals over common calendar days, (N, N).

    1 for the same security; pairs with fewer than 20 common days get the mean of the other pairs of
    events with a forecast error: those without one are in no test.
    """
    errors, present = _on_calendar(abnormal)
    common = present @ present.T
    left = errors @ present.T
    squares = (errors**2) @ present.T
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = squares - left**2 / common
        covariance = errors @ errors.T - left * left.T / common
        rho = covariance / np.sqrt(spread * spread.T)
    column = abnormal.events.column
    same = column[:, None] == column
    known = (common >= MINIMUM_COMMON) & np.isfinite(rho) & ~same
    testable = np.isfinite(abnormal.fit.sigma)
    tested = known & testable[:, None] & testable
    mean = rho[tested].mean() if tested.any() else 0.0
    rho = np.where(known, rho, mean)
    return np.where(same, 1.0, np.clip(rho, -1.0, 1.0))


@one_thread()
def car_correlation(window: EventWindow, rho: Floats) -> Floats:
    """Exact correlation of the events' CARs over a window, (N, N).

    Their residual correlation is given.
    """
    weights = car_weights(window)
    length = np.sqrt((weights**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return rho * (weights @ weights.T) / np.outer(length, length)


def mean_correlation(correlation: Floats) -> float:
    """Mean of the off-diagonal correlations; 0 for fewer than two events."""
    n = len(correlation)
    if n > 1:
        return float((correlation.sum() - np.trace(correlation)) / (n * (n - 1)))
    return 0.0


def window_overlap(window: EventWindow) -> Floats:
    """Valid sessions two windows share over the geometric mean of their lengths, (N, N).

    1 the same day, 0 apart.
    """
    active = active_sessions(window)
    both = (active @ active.T).toarray()
    length = np.sqrt(window.n_valid)
    return np.asarray(both / np.outer(length, length))


def active_sessions(window: EventWindow) -> csr_array:
    """Ones where a date of the panel is a valid session of an event's window, (N, D)."""
    event, day = np.nonzero(window.inside)
    panel = window.abnormal.panel
    dates = panel.day(window.abnormal.events.row[event] + window.abnormal.days[day])
    shape = (len(window.start), len(panel.dates))
    return csr_array((np.ones(len(event)), (event, dates)), shape=shape)


def chained_windows(window: EventWindow) -> Ints:
    """Number of the group of windows of each event, (N,), in order of first appearance.

    They share sessions directly or through others.
    """
    first, links = _linked_sessions(window)
    n_dates = len(window.abnormal.panel.dates)
    one, other = np.divmod(links, n_dates)
    graph = csr_array((np.ones(len(links)), (one, other)), (n_dates, n_dates))
    of_date = connected_components(graph, directed=False)[1]
    alone = n_dates + np.arange(len(first))  # without a session
    group = np.where(first < 0, alone, of_date[first])
    return np.asarray(pd.factorize(group)[0], dtype=np.int64)


def _linked_sessions(window: EventWindow) -> tuple[Ints, Ints]:
    """The first date in each window, (N,), and dates next to each other in one.

    -1 without one; the dates in pairs. A pair is the first date times the number of dates, plus the
    second. Some events at a time: nothing of the size of all windows' sessions is made.
    """
    found = [_linked(window.take(rows)) for rows in parts(len(window.start), AT_ONCE)]
    first, pairs = zip(*found, strict=True)
    return np.concatenate(first), np.unique(np.concatenate(pairs))


def _linked(window: EventWindow) -> tuple[Ints, Ints]:
    """The same of some events, day by day."""
    abnormal, n_dates = window.abnormal, len(window.abnormal.panel.dates)
    first = np.full(len(window.start), -1, dtype=np.int64)
    last, pairs = first.copy(), [first[:0]]
    for column, day in enumerate(abnormal.days):
        here = np.flatnonzero(window.inside[:, column])
        date = abnormal.panel.day(abnormal.events.row[here] + day)
        before = last[here]
        begun = before >= 0
        pairs.append(np.unique(before[begun] * n_dates + date[begun]))
        first[here[~begun]] = date[~begun]
        last[here] = date
    return first, np.unique(np.concatenate(pairs))


def _on_calendar(abnormal: AbnormalReturns) -> tuple[Floats, Floats]:
    """Residuals on the panel's dates and where they are, both (N, D), zero elsewhere."""
    residuals, rows = abnormal.residuals, abnormal.estimation_rows
    shape = (len(rows), len(abnormal.panel.dates))
    errors, present = np.zeros(shape), np.zeros(shape)
    event, day = np.nonzero(np.isfinite(residuals))
    dates = abnormal.panel.day(rows[event, day])
    errors[event, dates] = residuals[event, day]
    present[event, dates] = 1.0
    return errors, present


def car_weights(window: EventWindow) -> Floats:
    """The weights g of each CAR on the errors of every date of the panel, (N, D)."""
    abnormal, fit, panel = window.abnormal, window.abnormal.fit, window.abnormal.panel
    weights = np.zeros((len(window.start), len(panel.dates)))
    event, day = np.nonzero(window.inside)
    row = abnormal.events.row[event] + abnormal.days[day]
    weights[event, panel.day(row)] = 1.0
    # Of a fit each estimation session has 1/n in the intercept and a tilt in the slopes: the
    # further the window's regressors lie from their mean, the more the slopes matter.
    length = window.n_valid.astype(np.float64)
    away = window.regressor_sum - length[:, None] * fit.centre
    tilt = np.einsum("nr,nrs->ns", away, fit.spread_inverse)
    of_intercept = length / np.maximum(fit.n_obs, 1)
    event, row, x = abnormal.estimation_cells
    of_slopes = (tilt[event] * x).sum(axis=1)
    weights[event, panel.day(row)] -= of_intercept[event] + of_slopes
    return weights
