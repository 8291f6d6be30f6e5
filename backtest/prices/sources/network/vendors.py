"""The vendors by name, as a user writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.sources.network.tiingo import Tiingo
from backtest.prices.sources.network.update import Client
from backtest.prices.sources.network.yahoo import Yahoo
from events.errors import suggest


@dataclass(frozen=True)
class Vendor:
    """A vendor: its name in the store, and its client.

    The client is made for a folder that it may keep things in.
    """

    name: str
    client: Callable[[Path], Client]


VENDORS = {
    "yahoo": Vendor("Yahoo", lambda folder: Yahoo(folder=folder)),
    "tiingo": Vendor("Tiingo", lambda _: Tiingo.from_environment()),
}


def vendor_named(name: str) -> str:
    """The vendor as the store knows it; `PriceError` names the nearest for a miss.

    >>> vendor_named("tiingo")
    'Tiingo'
    """
    return _vendor(name).name


def client_of(name: str, folder: Path) -> Client:
    """Who is asked; raises `PriceError` where a key is needed and not set."""
    return _vendor(name).client(folder)


def _vendor(name: str) -> Vendor:
    if name not in VENDORS:
        raise PriceError(
            f"no vendor '{name}'{suggest(name, VENDORS)}; there are {', '.join(VENDORS)}"
        )
    return VENDORS[name]
