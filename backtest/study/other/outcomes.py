"""Further outcomes of an announcement: abnormal trading volume and abnormal volatility."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from backtest.prices import Prices, Returns
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow
from backtest.study.normal import MeanAdjusted
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Floats, Ints
from backtest.study.study import EventStudy
from backtest.work.parted import parts
from events import Catalog
from events.arguments import one_of

_EVENT = ["event_id", "ticker", "role", "kind"]
_PART = 5_000  # events whose residuals are laid out at once: 10 MB a table


def log_volume(prices: Prices) -> Returns:
    """Natural logarithm of each session's shares traded, as a panel.

    NaN where none is known or none were traded. `EventStudy(MeanAdjusted()).fit(catalog,
    log_volume(prices))` then measures abnormal volume as it does returns.
    """
    volume = prices.volume.to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(volume > 0, np.log(volume), np.nan)
    return Returns(values, prices.sessions, prices.tickers, prices.calendar)


def log_range(prices: Prices) -> Returns:
    """Natural logarithm of Parkinson's (1980) volatility of each session, as a panel.

    `ln(high/low) / sqrt(4 ln 2)`. NaN where high or low is missing or they are equal.
    """
    high, low = prices.high.to_numpy(dtype=np.float64), prices.low.to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.log(high / low) / np.sqrt(4 * np.log(2))
        values = np.where(spread > 0, np.log(spread), np.nan)
    return Returns(values, prices.sessions, prices.tickers, prices.calendar)


OUTCOMES: Mapping[str, Callable[[Prices], Returns]] = {"volume": log_volume, "range": log_range}


def outcomes(study: EventStudy, events: Catalog | pd.DataFrame, prices: Prices) -> pd.DataFrame:
    """Abnormal volume and range of every event and window.

    The logarithm less its mean over the estimation window. `abnormal` is the mean over the window's
    sessions, `ratio` its exponential (2 is twice the usual). Volume and range carry over from day
    to day, so `se` and `t` allow for a first-order `autocorrelation` of the estimation window. An
    outcome the prices do not have has no rows.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> table = outcomes(EventStudy(MarketModel("SPY")), Catalog.bundled(), Prices.sample())
    >>> sorted(table["outcome"].unique())
    ['range', 'volume']
    """
    one_of("study", study, (EventStudy,), "rx.EventStudy(rx.MarketModel('SPY'))")
    one_of("prices", prices, (Prices,), "rx.Prices.read(FOLDER)")
    plain = replace(study, model=MeanAdjusted())
    tables = []
    for name, panel in OUTCOMES.items():
        result = plain.fit(events, panel(prices))
        own = first_autocorrelation(result.measured)
        tables += [_rows(name, result.window(window), own) for window in result.named_windows]
    return pd.concat(tables, ignore_index=True)


def _rows(outcome: str, window: EventWindow, autocorrelation: Floats) -> pd.DataFrame:
    n = np.maximum(window.n_valid, 1)
    mean = window.car / n
    with np.errstate(invalid="ignore", divide="ignore"):
        se = (
            window.abnormal.fit.sigma
            * np.sqrt(_variance(n, window.abnormal.fit.n_obs, autocorrelation))
            / n
        )
        t = mean / se
    return pd.DataFrame(
        {
            **{name: window.abnormal.events.frame[name] for name in _EVENT},
            "outcome": outcome,
            "window": window.name,
            "start": window.start,
            "end": window.end,
            "n_valid": window.n_valid,
            "abnormal": mean,
            "ratio": np.exp(mean),
            "se": se,
            "t": t,
            "df": window.df,
            "pvalue": 2 * stats.t.sf(np.abs(t), np.maximum(window.df, 1)),
            "autocorrelation": autocorrelation,
        }
    )


def first_autocorrelation(abnormal: AbnormalReturns) -> Floats:
    """Autocorrelation of residuals from one session to the next, at least 0, (N,).

    Over the estimation window, whose residuals are laid out some thousands of events at a time.
    """
    place = np.arange(len(abnormal.events))
    return np.concatenate(
        [_autocorrelation(abnormal.take(place[part])) for part in parts(len(place), _PART)]
    )


def _autocorrelation(abnormal: AbnormalReturns) -> Floats:
    residuals = abnormal.residuals
    pairs = residuals[:, :-1] * residuals[:, 1:]
    both = np.isfinite(pairs)
    squares = np.where(np.isfinite(residuals), residuals**2, 0.0).sum(axis=1) / np.maximum(
        abnormal.fit.n_obs, 1
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(both, pairs, 0.0).sum(axis=1) / both.sum(axis=1) / squares
    return np.asarray(np.clip(np.nan_to_num(found, nan=0.0), 0.0, 0.99))


def _variance(length: Ints, n_obs: Ints, autocorrelation: Floats) -> Floats:
    """Variance of a sum of AR(1) errors about an estimated mean.

    In units of one error's variance.
    """
    lags = np.arange(1, max(int(length.max(initial=1)), 2))
    weights = np.maximum(length[:, None] - lags, 0)
    own = length + 2 * (weights * autocorrelation[:, None] ** lags).sum(axis=1)
    mean = length**2 / np.maximum(n_obs, 1) * (1 + autocorrelation) / (1 - autocorrelation)
    return np.asarray(own + mean)


def variance_ratios(result: EventStudyResult) -> pd.DataFrame:
    """Abnormal volatility in the abnormal returns.

    Mean squared standardised AR of every event and window. 1 is what the estimation window leads
    one to expect. `pvalue` is one-sided (more volatile), from F with `n_valid` and `df` degrees of
    freedom, which fat tails make too small.
    """
    return pd.concat(
        [_ratio_rows(result.window(name)) for name in result.named_windows], ignore_index=True
    )


def _ratio_rows(window: EventWindow) -> pd.DataFrame:
    abnormal = window.abnormal
    standardised = np.where(window.inside, abnormal.abnormal / abnormal.se, 0.0)
    stated = np.isfinite(window.scar)
    n = np.maximum(window.n_valid, 1)
    ratio = np.where(stated, (standardised**2).sum(axis=1) / n, np.nan)
    return pd.DataFrame(
        {
            **{name: abnormal.events.frame[name] for name in _EVENT},
            "window": window.name,
            "n_valid": window.n_valid,
            "variance_ratio": ratio,
            "df": window.df,
            "pvalue": stats.f.sf(ratio, n, np.maximum(window.df, 1)),
        }
    )
