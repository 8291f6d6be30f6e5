"""What was fetched, kept for good: immutable Parquet snapshots and a SQLite manifest of them."""

from __future__ import annotations

from backtest.prices.store.compare import Change, compare
from backtest.prices.store.snapshot import Snapshot
from backtest.prices.store.store import Store

__all__ = ["Change", "Snapshot", "Store", "compare"]
