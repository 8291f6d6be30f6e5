"""PricePanel out of the store: what is known now, or exactly what a study once used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.fields import COLUMN_OF
from backtest.prices.panels.panel import PricePanel, assemble
from backtest.prices.sources.files.table import PriceTable
from backtest.prices.store import Snapshot, Store
from events import Sessions
from events.clock.exchanges import HOME, exchange_of

_FIELDS = {column: name for name, column in COLUMN_OF.items()}


def stored(
    store: Store,
    tickers: Iterable[str],
    start: str | None = None,
    end: str | None = None,
    exchanges: Mapping[str, str] | None = None,
    *,
    vendor: str,
) -> PricePanel:
    """What the store has of some tickers between two days (ISO, included).

    A ticker it has not is simply not there.
    """
    found = {ticker: store.chain(ticker, vendor) for ticker in sorted(set(tickers))}
    chains = {ticker: chain for ticker, chain in found.items() if chain}
    return _prices(store, chains, start, end, exchanges or {})


def pinned(
    store: Store,
    names: Iterable[str],
    start: str | None = None,
    end: str | None = None,
    exchanges: Mapping[str, str] | None = None,
) -> PricePanel:
    """Exactly the snapshots named; `PriceError` names those that are missing or damaged."""
    known = {snapshot.id: snapshot for snapshot in store.snapshots()}
    wanted = tuple(dict.fromkeys(names))
    missing = [name for name in wanted if name not in known]
    if missing:
        raise PriceError(
            f"the price store {store.root} has not the snapshot {missing[0]!r} ({len(missing)} "
            f"of {len(wanted)} are missing); use the store the study was made with (--store)"
        )
    chains: dict[str, tuple[Snapshot, ...]] = {}
    for snapshot in sorted(
        (known[name] for name in wanted), key=lambda found: (found.fetched_at, found.id)
    ):
        chains[snapshot.ticker] = (*chains.get(snapshot.ticker, ()), snapshot)
    return _prices(store, chains, start, end, exchanges or {})


def _prices(
    store: Store,
    chains: Mapping[str, tuple[Snapshot, ...]],
    start: str | None,
    end: str | None,
    exchanges: Mapping[str, str],
) -> PricePanel:
    tables = {}
    for ticker, chain in chains.items():
        exchange = exchanges.get(ticker) or exchange_of(ticker)
        table = _table(store.history(chain).loc[start:end], exchange)
        if not table.frame.empty:
            tables[ticker] = table
    if not tables:
        raise PriceError(
            f"the price store {store.root} has no prices "
            f"for {', '.join(chains) or 'any of the tickers'}"
        )
    vendors = sorted({snapshot.vendor for chain in chains.values() for snapshot in chain})
    used = tuple(snapshot.id for ticker in sorted(tables) for snapshot in chains[ticker])
    panel = assemble(tables, " and ".join(vendors), exchanges=exchanges)
    return replace(panel, snapshots=used)


def _table(rows: pd.DataFrame, exchange: str = HOME) -> PriceTable:
    """The fields of a panel, on sessions of the exchange only."""
    frame = rows[list(_FIELDS)].rename(columns=_FIELDS)
    if frame.empty:
        return PriceTable(frame, ())
    dates = pd.DatetimeIndex(frame.index)
    sessions = Sessions.exchange(exchange, dates[0] - pd.Timedelta(days=10), dates[-1]).dates
    inside = np.asarray(dates.isin(sessions))
    strange = int((~inside).sum())
    note = ""
    if strange:
        note = f"{strange} rows on days on which {exchange} is closed are left out"
    return PriceTable(frame[inside], (), note)
