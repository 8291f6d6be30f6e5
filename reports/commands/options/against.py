"""What `prices check --against` holds prices against."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reports.commands.options.common import experiment_prices

if TYPE_CHECKING:
    from backtest import Prices


def told_apart(one: tuple[Prices, str], other: tuple[Prices, str]) -> tuple[Prices, Prices]:
    """Two sources under names that differ: two folders are called as they were given."""
    (left, left_name), (right, right_name) = one, other
    if left.source != right.source:
        return left, right
    return replace(left, source=left_name), replace(right, source=right_name)


def other_prices(
    spec: str,
    found: Prices,
    experiment: Path | None,
    catalog: tuple[str, ...],
    *,
    quiet: bool,
) -> Prices:
    """What to hold prices against.

    A second vendor's, asked for where there is a key, or another source. Without a key what the
    store has of the vendor serves. Raises `PriceError` where it has nothing.
    """
    from backtest.prices.sources.network.tiingo import KEY

    if spec != "tiingo":
        return experiment_prices(spec, experiment, catalog, None, quiet=quiet)
    first, last = str(found.sessions[0].date()), str(found.sessions[-1].date())
    exchanges = {one: panel.calendar for panel in found.panels for one in panel.tickers}
    if os.environ.get(KEY, "").strip():
        from backtest.prices.sources.opening import open_prices

        return open_prices(spec, found.all_tickers, first, last, exchanges=exchanges)
    from backtest.errors import PriceError
    from backtest.prices import Prices
    from backtest.prices.sources.network.vendors import vendor_named
    from backtest.prices.store import Store
    from backtest.prices.store.reading import stored

    store = Store.open(None)
    if not any(store.chain(one, vendor_named(spec)) for one in found.all_tickers):
        raise PriceError(
            f"nothing of Tiingo's is stored in {store.root}; "
            f"get a key at tiingo.com and export {KEY}=..."
        )
    return Prices.of(
        stored(store, found.all_tickers, first, last, exchanges, vendor=vendor_named(spec))
    )
