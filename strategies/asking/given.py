"""What the calls on strategies are given.

Told by its argument's name where it is of a wrong kind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Limits
from events.arguments import of_another_kind, one_of, text
from events.errors import ArgumentError
from strategies.base import Strategy

_COLUMNS = ("event_id", "ticker", "event_session", "tradable_open")
_INSTANCE = "rx.STRATEGIES['drift'](), or one of your own with a name and a method orders"
_KIND = "rx.STRATEGIES['drift'], or a dataclass of your own with a name and a method orders"


def check_strategy(strategy: object) -> None:
    """A strategy, not its class or its name. Raises `ArgumentError`, as all here do."""
    if isinstance(strategy, type) or not isinstance(strategy, Strategy):
        one_of("strategy", strategy, (), _INSTANCE)


def check_kind(kind: object) -> None:
    """The class of a strategy, whose fields can vary."""
    ok = isinstance(kind, type) and dataclasses.is_dataclass(kind) and hasattr(kind, "orders")
    if not ok and isinstance(kind, Strategy) and not isinstance(kind, type):
        name = type(kind).__name__
        raise ArgumentError(
            f"kind: a search varies the fields of a class; write {name}, not {name}()"
        )
    if not ok:
        one_of("kind", kind, (), _KIND)


def check_market(
    events: object,
    prices: object,
    costs: object = None,
    benchmark: object = "SPY",
    limits: object = None,
    benchmark_of: object = None,
) -> None:
    """Placed events, prices, and what a trade costs and may do."""
    check_events(events)
    one_of("prices", prices, (Prices,), "rx.Prices.read(FOLDER)")
    one_of("costs", costs, (Costs, type(None)), "rx.Costs(commission_bps=2)")
    one_of("limits", limits, (Limits, type(None)), "rx.Limits(), or leave it out")
    one_of("benchmark_of", benchmark_of, (Mapping, type(None)), "{'XTKS': '1306.T'}")
    text("benchmark", benchmark, "'SPY'")


def check_events(events: object) -> None:
    """A table of placed events."""
    if not isinstance(events, pd.DataFrame):
        raise of_another_kind("events", events, "rx.tradable_events(catalog, prices)")
    if missing := [name for name in _COLUMNS if name not in events]:
        raise ArgumentError(
            f"events: has no column {', '.join(missing)}; write rx.tradable_events(catalog, prices)"
        )
