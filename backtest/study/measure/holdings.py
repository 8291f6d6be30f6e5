"""Benchmarks that contain the security: by how much its own news moves what it is measured against.

With weight w in the benchmark and beta b, a shock s of the security shows as `s (1 - b w)`. The
weights are rounded, from memory of 2025 and 2026, and no holdings file: they say where to look
twice, and correct nothing.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.normal.benchmark import benchmark_of
from backtest.study.running_sums import Floats

Texts = np.ndarray[Any, np.dtype[np.object_]]
# Weights of about half a percent and more. A security not named here is not held, or weighs less.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "SPY": {
        "NVDA": 0.075, "MSFT": 0.065, "AAPL": 0.065, "AMZN": 0.040, "GOOGL": 0.025, "META": 0.027,
        "AVGO": 0.027, "TSLA": 0.020, "ORCL": 0.007, "AMD": 0.006, "MU": 0.005,
    },
    "QQQ": {
        "NVDA": 0.095, "MSFT": 0.080, "AAPL": 0.080, "AMZN": 0.055, "AVGO": 0.055, "META": 0.035,
        "GOOGL": 0.035, "TSLA": 0.030, "AMD": 0.020, "MU": 0.015, "INTC": 0.010, "CEG": 0.006,
        "MRVL": 0.005,
    },
    "XLK": {
        "NVDA": 0.140, "MSFT": 0.125, "AAPL": 0.130, "AVGO": 0.055, "ORCL": 0.030, "AMD": 0.025,
        "MU": 0.020, "INTC": 0.010, "ANET": 0.010, "DELL": 0.005,
    },
    "SMH": {
        "NVDA": 0.200, "TSM": 0.105, "AVGO": 0.095, "AMD": 0.065, "MU": 0.060, "INTC": 0.055,
        "MRVL": 0.025, "ARM": 0.005,
    },
    "SOXX": {
        "NVDA": 0.080, "AVGO": 0.085, "AMD": 0.085, "MU": 0.070, "INTC": 0.055, "TSM": 0.045,
        "MRVL": 0.045, "ARM": 0.005,
    },
}  # fmt: skip


def benchmark_weights(
    tickers: Sequence[str] | Texts, benchmark: str, taken_out: Container[str] = ()
) -> Floats:
    """Approximate weight of each security in the benchmark, (N,).

    NaN for a benchmark whose holdings are not listed. Zero for the securities `taken_out` of it.

    >>> benchmark_weights(["NVDA", "AMD", "CRWV"], "SMH", taken_out=("AMD",)).tolist()
    [0.2, 0.0, 0.0]
    """
    if not benchmark or not benchmark_of(benchmark).may_hold:
        return np.zeros(len(tickers))
    held, unlisted = WEIGHTS.get(benchmark, {}), 0.0 if benchmark in WEIGHTS else np.nan
    known = {**held, benchmark: 1.0}
    which, each = pd.factorize(np.asarray(tickers, dtype=object))
    of_each = [0.0 if ticker in taken_out else known.get(ticker, unlisted) for ticker in each]
    return np.array(of_each, dtype=np.float64)[which]


def own_weights(abnormal: AbnormalReturns) -> Floats:
    """Approximate weight of each event's security in its benchmark, (N,).

    Zero where the model takes it out.
    """
    model, frame = abnormal.model, abnormal.events.frame
    tickers, own = frame["ticker"].to_numpy(dtype=object), model.design.own_weights
    found = benchmark_weights(tickers, model.benchmark, own)
    if abnormal.panel.blocks is None or "market" not in frame:
        return found
    away = frame["market"].to_numpy() != model.benchmark  # held to the benchmark of its exchange
    pairs = zip(tickers, frame["market"], strict=True)
    theirs = [benchmark_weights([ticker], market, {})[0] for ticker, market in pairs]
    return np.where(away, theirs, found)
