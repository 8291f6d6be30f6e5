"""Prices of a vendor through the store: what is missing is fetched, the rest is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backtest.errors import PriceError
from backtest.prices.panels.panel import PricePanel
from backtest.prices.sources.network.answer import Fault
from backtest.prices.sources.network.fetch import Fetched, fetch
from backtest.prices.sources.network.update import Client
from backtest.prices.sources.network.vendors import VENDORS
from backtest.prices.store import Store
from backtest.prices.store.reading import stored

ELSEWHERE = (
    "use --prices sample (a simulated market) or --prices DIR (a folder of your own files) instead"
)


@dataclass(frozen=True)
class Wanted:
    """What is wanted, and of whom."""

    spec: str
    tickers: tuple[str, ...]
    start: str | None
    end: str | None

    @property
    def vendor(self) -> str:
        """The vendor as people and the store call it."""
        return VENDORS[self.spec].name


def from_vendor(
    store: Store,
    asked: Wanted,
    client: Client | None = None,
    tell: Callable[[Fetched], None] = lambda _: None,
    exchanges: Mapping[str, str] | None = None,
) -> PricePanel:
    """Fetch what is missing.

    Where the vendor gives nothing, what is stored serves, and a note says until when.
    """
    vendor, tickers = asked.vendor, asked.tickers
    outcomes = fetch(
        store, tickers, asked.start, asked.end, vendor=asked.spec, client=client, tell=tell
    )
    notes = []
    for outcome in outcomes:
        if outcome.good:
            continue
        if chain := store.chain(outcome.ticker, vendor):
            notes.append(
                f"{outcome.ticker}: as stored until {chain[-1].last_session}; "
                f"{vendor} now: {outcome.status}"
            )
        elif outcome.status in (Fault.UNKNOWN_TICKER, Fault.NO_DATA):
            notes.append(f"{outcome.ticker}: {outcome.status} at {vendor}")
        else:
            raise PriceError(_no_prices(outcomes, vendor))
    if not any(store.chain(ticker, vendor) for ticker in tickers):
        raise PriceError(
            f"{vendor} has no prices for any of {', '.join(sorted(set(tickers)))}; {ELSEWHERE}"
        )
    prices = stored(store, tickers, asked.start, asked.end, exchanges, vendor=vendor)
    return replace(prices, notes=(*notes, *prices.notes))


def _no_prices(outcomes: tuple[Fetched, ...], vendor: str) -> str:
    """The one line a user needs.

    What the vendor said of the first ticker without prices, and what else there is.
    """
    bad = [
        outcome
        for outcome in outcomes
        if outcome.status in set(Fault) - {Fault.UNKNOWN_TICKER, Fault.NO_DATA}
    ]
    first = bad[0]
    if first.status == Fault.RATE_LIMITED:
        return (
            f"{vendor} refuses more requests for now (rate limit); "
            f"what arrived is kept, try again later, or {ELSEWHERE}"
        )
    if first.status == Fault.UNREACHABLE:
        return f"{vendor} cannot be reached ({first.detail}); {ELSEWHERE}"
    if first.status == Fault.NO_ACCESS:
        return f"{vendor} refuses the key ({first.detail}); or {ELSEWHERE}"
    return (
        f"{vendor} gave an {first.status} for {first.ticker} ({first.detail}); "
        f"try again later, or {ELSEWHERE}"
    )
