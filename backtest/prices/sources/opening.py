"""Where prices come from, as a user names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from backtest.prices.prices import Prices
from backtest.prices.sources.network.fetch import Fetched
from backtest.prices.sources.network.fetched import Wanted, from_vendor
from backtest.prices.sources.network.update import Client
from backtest.prices.sources.network.vendors import VENDORS
from backtest.prices.store import Store
from backtest.prices.store.pins import read_pin
from backtest.prices.store.reading import pinned
from backtest.prices.tickers import is_ticker


def open_prices(
    spec: str,
    tickers: Iterable[str],
    start: str | None = None,
    end: str | None = None,
    calendar: str = "XNYS",
    *,
    store: str | Path | None = None,
    pin: str | Path | None = None,
    client: Client | None = None,
    tell: Callable[[Fetched], None] = lambda _: None,
    exchanges: Mapping[str, str] | None = None,
) -> Prices:
    """Prices from a vendor, the simulated market, a folder of files or one file.

    `sample`; `yahoo` or `tiingo`, through the store; a file is one of a whole panel. `pin` is the
    manifest of an earlier study: its very snapshots are used, whatever `spec` is. `tell` hears of
    each ticker fetched. `exchanges` (ticker -> exchange) goes before what a ticker's suffix says.
    What cannot be a ticker, such as a company's name in a catalog, has prices nowhere and is not
    asked for. Raises `PriceError` where there are no prices. Nothing falls back to the sample by
    itself.
    """
    if pin is not None:
        held = read_pin(Path(pin))
        span = (held.first_session, held.last_session)
        same = pinned(Store.open(store), held.snapshots, *span, exchanges)
        return Prices.of(replace(same, notes=held.notes))
    if spec == "sample":
        return Prices.sample()
    possible = tuple(filter(is_ticker, tickers))
    if spec in VENDORS:
        asked = Wanted(spec, possible, start, end)
        return Prices.of(from_vendor(Store.open(store), asked, client, tell, exchanges))
    return Prices.read(spec, possible, calendar, exchanges, start=start, end=end)
