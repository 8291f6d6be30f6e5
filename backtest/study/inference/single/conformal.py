"""The conformal test of one event, the non-parametric partner of the t-test.

Chernozhukov, Wuthrich and Zhu (2021). The model is fitted as if nothing had happened, to the
estimation window and the event window together; the sum of the event's residuals is then compared
with every other stretch of as many neighbouring residuals, the last day followed by the first.
Exact when the residuals are exchangeable, for any length of history; good in the long run when they
are stationary.
"""

from __future__ import annotations

import numpy as np

from backtest.study.donors.measure import DonorReturns
from backtest.study.donors.refitted import refitted_p
from backtest.study.inference.single.answers import Answers, answers, not_measured, reasons
from backtest.study.inference.single.stretches import both_windows, moments, reached
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Bools, Floats, Ints, RunningMoments
from backtest.work.parted import parts

_CHUNK = 1_250  # events: what both windows of them hold stays near the processor
_TABLE_UP_TO = 2_000  # events; of more, a compiled pass, which takes a second to compile at first
_TIE = 1 - 1e-10  # the observed stretch must count as one that reaches itself


def conformal(window: EventWindow) -> Answers:
    """Share of all stretches whose sum is at least as far from zero.

    The statistic is the event's own sum.
    """
    n = len(window.start)
    donors = isinstance(window.abnormal, DonorReturns)
    if donors:
        statistic, pvalue = refitted_p(window)
    else:
        statistic, pvalue = _in_pieces(window)
    failed = {"the model cannot be fitted to both windows together": ~np.isfinite(statistic)}
    return answers(statistic, pvalue, reasons({**not_measured(window), **failed}, n))


def _in_pieces(window: EventWindow) -> tuple[Floats, Floats]:
    n = len(window.start)
    if n <= _TABLE_UP_TO:
        one = _stretches
    else:
        one = _in_one_pass
    statistic, pvalue = np.full(n, np.nan), np.full(n, np.nan)
    # one security after the other: its sessions are read once for all of its events
    place = np.argsort(window.abnormal.events.column, kind="stable")
    for part in parts(n, _CHUNK):
        some = place[part]
        statistic[some], pvalue[some] = one(window.take(some))
    return statistic, pvalue


def conformal_p(window: EventWindow) -> Floats:
    """The p-value alone, (N,); NaN where it cannot be given."""
    return conformal(window).pvalue


def _stretches(window: EventWindow) -> tuple[Floats, Floats]:
    """The event's sum of residuals and the share of stretches that reach it."""
    z, used, first_event_column = _both_windows(window)
    n_regressors = window.abnormal.regressors.shape[2]
    fit = window.abnormal.model.fit(_moments(z, used))
    y, x = z[..., 0], z[..., 1 : 1 + n_regressors]
    residuals = np.where(used, y - fit.predict(x), 0.0)
    length = used[:, first_event_column:].sum(axis=1)
    sums, count = cyclic_sums(residuals, used, length)
    observed = residuals[:, first_event_column:].sum(axis=1)
    there = np.arange(sums.shape[1]) < count[:, None]
    as_far = np.abs(sums) >= np.abs(observed)[:, None] * _TIE
    reached = (there & as_far).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = reached / count
    return observed, np.where(np.isfinite(observed), share, np.nan)


def _in_one_pass(window: EventWindow) -> tuple[Floats, Floats]:
    """The same event after event, without a table of their days."""
    abnormal, panel = window.abnormal, window.abnormal.panel
    y, x, estimable, valid = panel.by_security
    events, estimation = abnormal.events, abnormal.estimation
    z, count, length = both_windows(
        events.row, events.column, np.array([estimation.start, estimation.end]),
        window.start, window.end, y, x, estimable, valid,
    )  # fmt: skip
    fit = abnormal.model.fit(_as_moments(count, *moments(z, count)))
    observed, share = reached(z, count, length, fit.intercept, fit.slopes, _TIE)
    return observed, np.where(np.isfinite(observed), share, np.nan)


def _both_windows(window: EventWindow) -> tuple[Floats, Bools, int]:
    """Return and regressors of estimation and event sessions, and which of them count.

    Side by side, (N, E + H, 1 + r + q).
    """
    abnormal, panel = window.abnormal, window.abnormal.panel
    event_rows = abnormal.events.row[:, None] + abnormal.days
    rows = np.hstack([abnormal.estimation_rows, event_rows]).clip(0, len(panel.sessions) - 1)
    column = abnormal.events.column[:, None]
    parts = [panel.y[rows, column][..., None], panel.x[rows, column]]
    if panel.lagged.shape[2]:
        parts.append(panel.lagged[rows, column])
    z = np.concatenate(parts, axis=2)
    estimated = np.isfinite(abnormal.residuals)
    whole = np.isfinite(z[:, -len(abnormal.days) :]).all(axis=2)  # return and every regressor
    used = np.hstack([estimated, window.inside & whole])
    return np.where(used[..., None], z, 0.0), used, abnormal.estimation_rows.shape[1]


def _moments(z: Floats, used: Bools) -> RunningMoments:
    """Centred moments of the first column and the others over the sessions used."""
    n = used.sum(axis=1)
    mean = z.sum(axis=1) / np.maximum(n, 1)[:, None]
    away = np.where(used[..., None], z - mean[:, None, :], 0.0)
    return _as_moments(n, mean, np.einsum("nta,ntb->nab", away, away))


def _as_moments(n: Ints, mean: Floats, products: Floats) -> RunningMoments:
    return RunningMoments(
        n, mean[:, 0], mean[:, 1:], products[:, 0, 0], products[:, 0, 1:], products[:, 1:, 1:]
    )


def cyclic_sums(values: Floats, used: Bools, length: Ints) -> tuple[Floats, Ints]:
    """Sums of `length` (N,) neighbouring values of each row, from every start.

    The last value is followed by the first. Values not `used` are passed over. Returns the sums (N,
    T), of which the first `count` (N,) of a row are there.
    """
    count = used.sum(axis=1)
    n_used = count[:, None]
    order = np.argsort(~used, axis=1, kind="stable")  # those used first, in their order
    packed = np.take_along_axis(np.where(used, values, 0.0), order, axis=1)
    running = np.hstack([np.zeros((len(packed), 1)), np.cumsum(packed, axis=1)])
    start = np.arange(values.shape[1])
    end = np.minimum(start, n_used) + length[:, None]
    # what is beyond the last value used begins again at the first
    stop = np.take_along_axis(running, np.minimum(end, n_used), axis=1)
    wrapped = np.take_along_axis(running, np.maximum(end - n_used, 0), axis=1)
    return stop - running[:, :-1] + wrapped, count
