"""What simulated markets are made of: returns of a market model, and events placed on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window

BENCHMARK = "MKT"
LAST = 25  # sessions after the last event
YEAR = Window(-260, -11)


@dataclass(frozen=True, eq=False)
class SimulatedMarket:
    """Returns, events placed on them, and the estimation window meant for them."""

    returns: Returns
    events: pd.DataFrame
    estimation: Window


def market_model(rng: np.random.Generator, industry: Ints, length: int) -> tuple[Floats, Floats]:
    """Returns (T, N) and the market's (T,).

    Beta, an industry factor of 0.7%, own spread about 2.1%.
    """
    n = len(industry)
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    factor = 0.007 * innovations(rng, (length, 5))
    spread = rng.lognormal(np.log(0.021), 0.4, n)
    own = spread * innovations(rng, (length, n))
    beta = rng.uniform(0.5, 1.5, n)
    y = beta * market[:, None] + factor[:, industry] + own
    return y, market


def one_industry(n: int) -> Ints:
    """All securities in the same of the five industries, (n,)."""
    return np.zeros(n, dtype=np.int64)


def industries_mixed(n: int) -> Ints:
    """Securities of all five industries in turn, (n,)."""
    return np.arange(n) % 5


def innovations(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Mean 0, variance 1, skewness 0.58, excess kurtosis 2.5.

    Half Student t with 5 degrees of freedom, half chi-squared with 3.
    """
    tails = rng.standard_t(5, shape) / np.sqrt(5 / 3)
    skewed = (rng.chisquare(3, shape) - 3) / np.sqrt(6)
    return np.asarray(np.sqrt(0.498) * tails + np.sqrt(0.502) * skewed)


def slow(rng: np.random.Generator, shape: tuple[int, int], step: float) -> Floats:
    """Log volatility: a first-order autoregression of 0.97 started in its own distribution."""
    from scipy.signal import lfilter

    shocks = step * rng.standard_normal(shape)
    shocks[0] /= np.sqrt(1 - 0.97**2)
    return np.asarray(lfilter([1.0], [1.0, -0.97], shocks, axis=0))


def assemble(
    y: Floats, market: Floats, row: Ints, ticker: Ints, estimation: Window
) -> SimulatedMarket:
    """Securities with returns y (T, N) and the market, events at some rows of some of them."""
    sessions = pd.bdate_range("2010-01-04", periods=len(y))
    names = tuple(f"S{i:03d}" for i in range(y.shape[1]))
    bounded = np.clip(y, -0.95, None)  # no session loses more than 95%
    returns = Returns(np.column_stack([bounded, market]), sessions, (*names, BENCHMARK))
    events = pd.DataFrame(
        {
            "event_id": np.arange(len(row)).astype(str),
            "ticker": np.array(names, dtype=object)[ticker],
            "event_session": sessions[row],
        }
    )
    return SimulatedMarket(returns, events, estimation)
