"""What the store has, in tables a person reads."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from backtest.errors import PriceError
from backtest.prices.store import Change, Store


def status(store: Store, tickers: Iterable[str] | None = None) -> pd.DataFrame:
    """One row a ticker: ticker, first_session, last_session, snapshots, fetched_at (UTC), changes, problem.

    `changes` counts the fetches that found earlier days re-adjusted or revised; `problem` says what
    keeps its history from being read, or nothing.
    """
    wanted = (
        sorted({snapshot.ticker for snapshot in store.snapshots()})
        if tickers is None
        else sorted(set(tickers))
    )
    rows = [_row(store, ticker) for ticker in wanted]
    names = [
        "ticker",
        "first_session",
        "last_session",
        "snapshots",
        "fetched_at",
        "changes",
        "problem",
    ]
    return pd.DataFrame(rows, columns=names)


def changes(store: Store) -> pd.DataFrame:
    """Every re-adjustment and revision that fetches met: ticker, fetched_at, change, detail, snapshot; oldest first."""
    found = [
        (snapshot.ticker, snapshot.fetched_at, snapshot.change, snapshot.detail, snapshot.id)
        for snapshot in store.snapshots()
        if snapshot.change in (Change.READJUSTED, Change.REVISED)
    ]
    return pd.DataFrame(found, columns=["ticker", "fetched_at", "change", "detail", "snapshot"])


def _row(store: Store, ticker: str) -> tuple[str, str, str, int, str, int, str]:
    known = store.snapshots(ticker)
    if not known:
        return ticker, "", "", 0, "", 0, "never fetched"
    changed = sum(snapshot.change in (Change.READJUSTED, Change.REVISED) for snapshot in known)
    try:
        table, problem = store.history(store.chain(ticker)), ""
        first, last = str(table.index[0].date()), str(table.index[-1].date())
    except PriceError as error:
        first, last, problem = "", "", str(error)
    return ticker, first, last, len(known), known[-1].fetched_at[:19] + "Z", changed, problem
