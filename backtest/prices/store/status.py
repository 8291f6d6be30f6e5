"""What the store has, in tables a person reads."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from backtest.errors import PriceError
from backtest.prices.store import Change, Store


def status(store: Store, tickers: Iterable[str] | None = None) -> pd.DataFrame:
    """One row a ticker and vendor: what is stored of it.

    The span stored, snapshots, fetched_at (UTC), changes and problem. `changes` counts the fetches
    that found earlier days re-adjusted or revised; `problem` says what keeps its history from being
    read, or nothing.
    """
    if tickers is None:
        wanted = sorted({snapshot.ticker for snapshot in store.snapshots()})
    else:
        wanted = sorted(set(tickers))
    rows = [row for ticker in wanted for row in _rows(store, ticker)]
    names = [
        "ticker",
        "first_session",
        "last_session",
        "snapshots",
        "fetched_at",
        "changes",
        "problem",
        "vendor",
    ]
    return pd.DataFrame(rows, columns=names)


def changes(store: Store) -> pd.DataFrame:
    """Every re-adjustment and revision that fetches met, oldest first.

    Columns: ticker, fetched_at, change, detail, snapshot.
    """
    found = [
        (snapshot.ticker, snapshot.fetched_at, snapshot.change, snapshot.detail, snapshot.id)
        for snapshot in store.snapshots()
        if snapshot.change in (Change.READJUSTED, Change.REVISED)
    ]
    return pd.DataFrame(found, columns=["ticker", "fetched_at", "change", "detail", "snapshot"])


_Row = tuple[str, str, str, int, str, int, str, str]


def _rows(store: Store, ticker: str) -> list[_Row]:
    known = store.snapshots(ticker)
    if not known:
        return [(ticker, "", "", 0, "", 0, "never fetched", "")]
    return [_row(store, ticker, vendor) for vendor in sorted({one.vendor for one in known})]


def _row(store: Store, ticker: str, vendor: str) -> _Row:
    known = [one for one in store.snapshots(ticker) if one.vendor == vendor]
    changed = sum(snapshot.change in (Change.READJUSTED, Change.REVISED) for snapshot in known)
    try:
        table, problem = store.history(store.chain(ticker, vendor)), ""
        first, last = str(table.index[0].date()), str(table.index[-1].date())
    except PriceError as error:
        first, last, problem = "", "", str(error)
    fetched = known[-1].fetched_at[:19] + "Z"
    return ticker, first, last, len(known), fetched, changed, problem, vendor
