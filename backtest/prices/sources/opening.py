"""Where prices come from, as a user names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.prices import Prices
from backtest.prices.sources.fetch import Outcome, fetch
from backtest.prices.sources.update import Client
from backtest.prices.sources.yahoo import Fault
from backtest.prices.store import Store
from backtest.prices.store.pins import read_pin
from backtest.prices.store.reading import pinned, stored

ELSEWHERE = (
    "use --prices sample (a simulated market) or --prices DIR (a folder of your own files) instead"
)


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
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Prices:
    """Prices from `sample`, `yahoo` (through the store), a folder of files, or one file of a whole panel.

    `pin` is the manifest of an earlier study: its very snapshots are used, whatever `spec` is.
    `tell` hears of each ticker fetched. Raises `PriceError` where there are no prices. Nothing
    falls back to the sample by itself.
    """
    if pin is not None:
        held = read_pin(Path(pin))
        same = pinned(Store.open(store), held.snapshots, held.first_session, held.last_session)
        return replace(same, notes=held.notes)
    if spec == "sample":
        return Prices.sample()
    if spec == "yahoo":
        return _yahoo(Store.open(store), tuple(tickers), start, end, client, tell)
    return Prices.read(Path(spec), tickers, calendar)


def _yahoo(
    store: Store,
    tickers: tuple[str, ...],
    start: str | None,
    end: str | None,
    client: Client | None,
    tell: Callable[[Outcome], None],
) -> Prices:
    """Fetch what is missing; where Yahoo gives nothing, what is stored serves, and a note says until when."""
    outcomes = fetch(store, tickers, start, end, client=client, tell=tell)
    notes = []
    for outcome in outcomes:
        if outcome.good:
            continue
        if chain := store.chain(outcome.ticker):
            notes.append(
                f"{outcome.ticker}: as stored until {chain[-1].last_session}; Yahoo now: {outcome.status}"
            )
        elif outcome.status in (Fault.UNKNOWN_TICKER, Fault.NO_DATA):
            notes.append(f"{outcome.ticker}: {outcome.status} at Yahoo")
        else:
            raise PriceError(_no_prices(outcomes))
    if not any(store.chain(ticker) for ticker in tickers):
        raise PriceError(
            f"Yahoo has no prices for any of {', '.join(sorted(set(tickers)))}; {ELSEWHERE}"
        )
    prices = stored(store, tickers, start, end)
    return replace(prices, notes=(*notes, *prices.notes))


def _no_prices(outcomes: tuple[Outcome, ...]) -> str:
    """The one line a user needs: what Yahoo said of the first ticker that has no prices, and what else there is."""
    bad = [
        outcome
        for outcome in outcomes
        if outcome.status in set(Fault) - {Fault.UNKNOWN_TICKER, Fault.NO_DATA}
    ]
    first = bad[0]
    if first.status == Fault.RATE_LIMITED:
        return (
            "Yahoo refuses more requests for now (rate limit); "
            f"what arrived is kept, try again later, or {ELSEWHERE}"
        )
    if first.status == Fault.UNREACHABLE:
        return f"Yahoo cannot be reached ({first.detail}); {ELSEWHERE}"
    return f"Yahoo gave an {first.status} for {first.ticker} ({first.detail}); try again later, or {ELSEWHERE}"
