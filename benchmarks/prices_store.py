"""The price store at size.

5,000 tickers x 2,500 sessions written, listed, and 50 tickers' closes read back. uv run python
benchmarks/prices_store.py [n_tickers]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd

from backtest.prices.store import Store
from backtest.prices.store.reading import stored
from backtest.prices.store.status import status
from backtest.prices.store.store import Request
from events import Sessions

N_SESSIONS = 2500


def made(seed: int, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    close = (100 * np.exp(np.cumsum(random.normal(0, 0.02, len(sessions))))).round(2)
    columns = {
        "Open": close,
        "High": close * 1.01,
        "Low": close * 0.99,
        "Close": close,
        "Adj Close": close * 0.97,
    }
    actions = {
        "Volume": random.integers(1_000, 10_000_000, len(sessions)),
        "Dividends": 0.0,
        "Stock Splits": 0.0,
    }
    return pd.DataFrame(columns | actions, index=sessions).astype("float64")


def main(n_tickers: int) -> None:
    sessions = Sessions.exchange("XNYS", "2016-01-04", "2026-10-30", "Yahoo").dates[:N_SESSIONS]
    tables = [
        made(seed, sessions) for seed in range(50)
    ]  # made before the clock starts, and used in turn
    with TemporaryDirectory() as folder:
        store = Store.open(folder)
        timed("written", lambda: [write(store, i, tables[i % 50]) for i in range(n_tickers)])
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f"{'on disk':28} {size / 2**20:8.0f} MB")
        timed("opened anew", lambda: Store.open(folder))
        timed("listed", lambda: store.snapshots())
        timed(
            "50 tickers into a panel",
            lambda: stored(store, [f"T{i}" for i in range(50)], vendor="Yahoo"),
        )
        timed("status of 50 tickers", lambda: status(store, [f"T{i}" for i in range(50)]))
        timed("every checksum verified", lambda: store.problems())


def write(store: Store, number: int, table: pd.DataFrame) -> None:
    store.add(Request(f"T{number}", "2016-01-04", "2026-10-30", "Yahoo"), table)


def timed(what: str, work: Callable[[], object]) -> None:
    began = perf_counter()
    work()
    print(f"{what:28} {perf_counter() - began:8.2f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
