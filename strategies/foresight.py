"""Does a strategy look ahead? Cut the future off and see whether its orders change."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from backtest.trading.orders import At
from strategies.base import Strategy

Moment = tuple[pd.Timestamp, At]
_BARS = ("open", "high", "low", "close", "adjusted", "volume")


def peeks(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, moments: Iterable[Moment]
) -> str:
    """What a strategy orders differently when it cannot see past one of the moments; empty if nothing.

    Up to a moment its orders must be the same whether or not it is shown what came from that moment
    on.
    """
    whole = strategy.orders(events.copy(), prices)
    for session, at in moments:
        blind = strategy.orders(
            known_events(events, session, at), known_prices(prices, session, at)
        )
        sighted, unsighted = _until(whole, session, at), _until(blind, session, at)
        changed = [
            key for key in {*sighted, *unsighted} if not _same(sighted.get(key), unsighted.get(key))
        ]
        if changed:
            one = min(
                changed,
                key=lambda order: (
                    order.session,
                    order.at == "close",
                    order.event_id,
                    order.ticker,
                ),
            )
            return (
                f"its order of {one.event_id} in {one.ticker} at the {one.at} of {one.session.date()} has the target "
                f"{_told(sighted.get(one))} when it is shown prices and news from the {at} of {session.date()} on, and "
                f"{_told(unsighted.get(one))} when it is not"
            )
    return ""


def moments_of(orders: Iterable[Order], most: int) -> list[Moment]:
    """At most `most` moments at which orders were sent, spread over all of them: where peeking would show."""
    every: list[Moment] = sorted(
        {(order.session, order.at) for order in orders}, key=lambda m: (m[0], m[1] == "close")
    )
    chosen = np.unique(np.linspace(0, len(every) - 1, num=min(most, len(every)), dtype=np.int64))
    return [every[i] for i in chosen]


def known_prices(prices: Prices, session: pd.Timestamp, at: At) -> Prices:
    """The panel as it was just before the open or close of a session: its row is there, what it will hold is not."""
    hidden = _BARS if at == "open" else _BARS[1:]
    frames = {}
    for name in _BARS:
        frame = getattr(prices, name).loc[:session]
        if name in hidden:
            frame = frame.copy()
            frame.loc[session] = np.nan
        frames[name] = frame
    return replace(prices, **frames)


def known_events(events: pd.DataFrame, session: pd.Timestamp, at: At) -> pd.DataFrame:
    """The events public just before the open or close of a session."""
    unknown_time = events["timing_flags"].astype(str).str.contains("timing_unknown")
    first = events["tradable_open"].where(unknown_time | (at == "open"), events["event_session"])
    return events[first <= session].reset_index(drop=True)


def _until(orders: Iterable[Order], session: pd.Timestamp, at: At) -> dict[Order, float]:
    """Targets up to a moment, by the order without its target."""
    return {
        replace(order, target=0.0): order.target
        for order in orders
        if order.session < session
        or (order.session == session and (at == "close" or order.at == "open"))
    }


def _same(one: float | None, other: float | None) -> bool:
    """Whether two targets are one but for the rounding of sums over panels of another length."""
    return one == other or (
        one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9)
    )


def _told(target: float | None) -> str:
    return "none (it is not sent)" if target is None else f"{target:g}"
