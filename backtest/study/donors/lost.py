"""Which events have too few returns, or donors, to be studied, once measured, and why."""

from __future__ import annotations

import numpy as np

from backtest.study.donors.measure import DonorReturns
from backtest.study.donors.pool import FEW_DONORS, SHORT
from backtest.study.measure.abnormal import AT_ONCE, MINIMUM_OBSERVATIONS, AbnormalReturns
from backtest.study.measure.event_windows import event_window
from backtest.study.running_sums import Bools
from backtest.study.windows import Window
from backtest.work.parted import parts

_NO_RETURN = "no return of {ticker} and its regressors in any window"
_FEW_RETURNS = (
    "returns of {ticker} and its regressors on under half of the sessions of every window"
)


def why_lost(
    measured: AbnormalReturns, tickers: list[str], lost: Bools, windows: dict[str, Window]
) -> list[str]:
    """Why events have too few returns: their own, or the counterfactual's."""
    if isinstance(measured, DonorReturns):
        few = measured.fit.n_obs[lost] < MINIMUM_OBSERVATIONS
        return [SHORT if short else FEW_DONORS for short in few]
    some = _seen(measured.take(np.flatnonzero(lost)), windows).tolist()
    alone = _few_donors(measured)[lost].tolist()
    words = []
    for lacks_donors, has_returns in zip(alone, some, strict=True):
        if lacks_donors:
            words.append(FEW_DONORS)
        elif has_returns:
            words.append(_FEW_RETURNS)
        else:
            words.append(_NO_RETURN)
    return [word.format(ticker=ticker) for word, ticker in zip(words, tickers, strict=True)]


def has_enough(measured: AbnormalReturns, windows: dict[str, Window]) -> Bools:
    """Whether an event has a return in its windows, (N,).

    And enough in one that the prices cover.
    """
    enough = np.zeros(len(measured.events), dtype=bool)
    for name, window in windows.items():
        one = event_window(measured, name, window)
        enough |= one.cut_off | ~one.few_days
    return _seen(measured, windows) & enough & ~_few_donors(measured)


def _few_donors(measured: AbnormalReturns) -> Bools:
    """Events that a synthetic control has no 2 donors for, (N,).

    Those against a pool have no return then.
    """
    fit = measured.fit
    if measured.panel.donor_news is None:
        return np.zeros(len(fit.n_obs), dtype=bool)
    known = np.isfinite(fit.slopes).all(axis=1)
    return np.asarray((fit.n_obs >= MINIMUM_OBSERVATIONS) & ~known)


def _seen(measured: AbnormalReturns, windows: dict[str, Window]) -> Bools:
    """Which events have a return in a window, (N,)."""
    asked, everything = _asked(measured, windows), slice(None)
    some = [
        (measured.on(rows, everything).valid & asked).any(axis=1)
        for rows in parts(len(measured.events), AT_ONCE)
    ]
    return np.concatenate(some)


def _asked(measured: AbnormalReturns, windows: dict[str, Window]) -> Bools:
    """Which days of the horizon are in a window, (H,)."""
    days = measured.days
    asked = np.zeros(len(days), dtype=bool)
    for window in windows.values():
        asked |= (days >= window.start) & (days <= window.end)
    return asked
