"""Speed of sweeps and placebos: `python benchmarks/strategies_speed.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs
from strategies import STRATEGIES
from strategies.evaluate.evaluate import evaluate
from strategies.evaluate.placebo import joint_shifts
from strategies.evaluate.sweep import Filter, Grid, sweep

N_SESSIONS, N_EVENTS = 500, 100
TICKERS = ("SPY", "QQQ", "IWM", "XLK", *(f"T{i:02}" for i in range(40)))


@contextmanager
def timed(what: str, target: float) -> Iterator[None]:
    start = time.perf_counter()
    yield
    took = time.perf_counter() - start
    print(f"{what}: {took:.2f} s (target {target:g} s)")
    assert took < target, f"{what} missed its target"


def market(n_sessions: int) -> Prices:
    random = np.random.default_rng(1)
    sessions = pd.bdate_range("2020-01-01", periods=n_sessions, unit="us")
    close = 100 * np.cumprod(1 + random.normal(0.0005, 0.02, (n_sessions, len(TICKERS))), axis=0)
    opened = close * (1 + random.normal(0, 0.005, close.shape))
    low, high = np.minimum(close, opened) * 0.99, np.maximum(close, opened) * 1.01
    frames = [
        pd.DataFrame(x, sessions, sorted(TICKERS))
        for x in (opened, high, low, close, close, close * 1e4)
    ]
    return Prices(*frames, source="benchmark", simulated=True)


def news(prices: Prices, first: int) -> pd.DataFrame:
    random = np.random.default_rng(2)
    at = np.sort(random.integers(first, len(prices.sessions) - 30, N_EVENTS))
    words = {
        "role": "supplier",
        "roles": "supplier",
        "kind": "capacity_contract",
        "timing_flags": "",
        "first_day_end": 0,
    }
    return pd.DataFrame({
        "event_id": [f"e{i}" for i in range(N_EVENTS)],
        "ticker": random.choice([ticker for ticker in TICKERS if ticker.startswith("T")], N_EVENTS),
        "amount_usd": random.uniform(1e8, 2e10, N_EVENTS),
        "event_session": prices.sessions[at],
        "tradable_open": prices.sessions[at],
    }).assign(**words)  # fmt: skip


def main() -> None:
    prices = market(N_SESSIONS)
    events = news(prices, 280)
    filters = tuple(Filter(f"above {x:g}", min_amount_usd=x) for x in np.linspace(1, 1.5e10, 10))
    grid = Grid(
        tuple(range(1, 26)),
        ("open", "close"),
        (0.0, 0.05, 0.1, 0.15),
        ("", "SPY", "QQQ", "IWM", "XLK"),
        filters,
    )
    with timed(
        f"{len(grid):,} variants on {N_SESSIONS} sessions and {N_EVENTS} events, 999 draws", 5
    ):
        print(sweep(grid, events, prices))
    with timed("1,000 placebo shifts of drift", 30):
        long = market(1_600)
        print(
            joint_shifts(
                STRATEGIES["drift"](), news(long, 1_100), long, Costs(), shifts=range(25, 1_025)
            )
        )
    # imports vectorbt, which is not ours to time
    evaluate(STRATEGIES["drift"](), events, prices).summary  # noqa: B018
    with timed("one evaluation after the import", 1):
        print(evaluate(STRATEGIES["drift"](), events, prices))


if __name__ == "__main__":
    main()
