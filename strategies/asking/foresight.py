"""Does a strategy look ahead? Cut the future off and see whether its orders change.

What is proven of a strategy that passes: at each of the moments tried, its orders up to then are
the same whether or not the panel and the catalog it is given go on, and the same when it is asked
again. What no such test can prove: that it reads no file, no network and no calendar date, that
nobody wrote what he remembers of the future into its rules, and that it peeks at no other moment.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.prices.fields import FIELDS
from backtest.trading import Order
from backtest.trading.orders import At
from events.flag import UNSURE_DAY, has_flag
from strategies.asking.stranger import Orders, orders_of
from strategies.base import Strategy
from strategies.errors import StrategyError

Moment = tuple[pd.Timestamp, At]
Answer = tuple[Moment | None, Orders, Orders]  # to one question put twice; None: all was shown


class Peek(NamedTuple):
    """An order that is another one when what came from `moment` on is shown: looked ahead."""

    order: Order  # without its target
    moment: Moment
    seen: float | None  # its target when it is shown; None: it is not sent
    unseen: float | None  # and when it is not


def asked_at(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, moments: Iterable[Moment]
) -> list[Answer]:
    """The answers at moments, each asked twice."""
    return [(one, *asked_twice(strategy, events, prices, one)) for one in moments]


def first_change(strategy: Strategy, whole: Orders, answers: Iterable[Answer]) -> Peek | None:
    """The first order up to one of the moments that needs what came from there on; None if none is.

    Raises `StrategyError` where the same question, put again, had another answer.
    """
    kept = list(answers)
    for moment, one, again in kept:
        if said := _wavers(one, again, moment) or (moment is None and _wavers(whole, one, None)):
            raise StrategyError(f"strategy {strategy.name} changes its mind: {said}")
    found = (_differs(whole, one, moment) for moment, one, _ in kept if moment is not None)
    return next(filter(None, found), None)


def asked_once(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, moment: Moment | None
) -> Orders:
    """The orders when all is shown (None), or nothing from a moment on."""
    if moment is not None:
        events, prices = known_events(events, *moment), known_prices(prices, *moment)
    return orders_of(strategy, events, prices)


def asked_twice(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, moment: Moment | None
) -> tuple[Orders, Orders]:
    """The same question put twice."""
    first = asked_once(strategy, events, prices, moment)
    return first, asked_once(strategy, events, prices, moment)


def target_of(orders: Orders, order: Order) -> float | None:
    """The target of an order that is named without it; None where it is not sent."""
    return _targets(orders).get(order)


def same_target(one: float | None, other: float | None) -> bool:
    """Whether two targets are one but for the rounding of sums over panels of another length."""
    return one == other or (
        one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9)
    )


def target_words(target: float | None) -> str:
    """A target, or that there is none."""
    if target is None:
        return "none (it is not sent)"
    return f"{target:g}"


def order_words(order: Order) -> str:
    """Which order it is."""
    return (
        f"order of {order.event_id} in {order.ticker} at the {order.at} of {order.session.date()}"
    )


def _differs(whole: Orders, blind: Orders, moment: Moment) -> Peek | None:
    """The first order up to a moment that needs what came from there on."""
    sighted, unsighted = _until(whole, moment), _until(blind, moment)
    order = _first_change(sighted, unsighted)
    if order is None:
        return None
    return Peek(order, moment, sighted.get(order), unsighted.get(order))


def _wavers(first: Orders, second: Orders, moment: Moment | None) -> str:
    """The first order that changes when the same question is put again; empty if there is none."""
    one, other = _targets(first), _targets(second)
    order = _first_change(one, other)
    if order is None:
        return ""
    if moment is None:
        shown = "everything"
    else:
        shown = f"what was known before the {moment[1]} of {moment[0].date()}"
    return (
        f"its {order_words(order)} has the target {target_words(one.get(order))} when it is shown "
        f"{shown}, and {target_words(other.get(order))} when it is shown the same again: orders "
        "must rest on events and prices alone, not on the clock, on chance without a seed, or on "
        "earlier calls"
    )


def moments_of(orders: Iterable[Order], most: int) -> list[Moment]:
    """At most `most` moments at which orders were sent, spread over all of them.

    There peeking would show.
    """
    return _spread({(order.session, order.at) for order in orders}, most)


def moments_of_events(events: pd.DataFrame, prices: Prices, most: int) -> list[Moment]:
    """At most `most` first opens and closes after news, for a strategy not asked for orders yet."""
    every: set[Moment] = set()
    for column, at in (("tradable_open", "open"), ("event_session", "close")):
        there = pd.DatetimeIndex(events[column].dropna().unique())
        there = there[there.isin(prices.sessions)]
        every |= {(session, at) for session in there}  # type: ignore[misc]  # at is one of the two
    return _spread(every, most)


def shuffled(moments: list[Moment], seed: int) -> list[Moment]:
    """The moments in an order drawn by a seed, so that no strategy can count which it is at."""
    return [moments[i] for i in np.random.default_rng(seed).permutation(len(moments))]


def known_prices(prices: Prices, session: pd.Timestamp, at: At) -> Prices:
    """The panel as it was just before the open or close of a session.

    Its row is there, what it will hold is not.
    """
    if at == "open":
        hidden = FIELDS
    else:
        hidden = FIELDS[1:]
    frames = {}
    for name in FIELDS:
        # a copy, since a view would still lead to the whole
        frame = getattr(prices, name).loc[:session].copy()
        if name in hidden:
            frame.loc[session] = np.nan
        frames[name] = frame
    return replace(prices, **frames)


def known_events(events: pd.DataFrame, session: pd.Timestamp, at: At) -> pd.DataFrame:
    """The events public just before the open or close of a session."""
    unknown_time = has_flag(events["timing_flags"], *UNSURE_DAY)
    first = events["tradable_open"].where(unknown_time | (at == "open"), events["event_session"])
    return events[first <= session].reset_index(drop=True)


def _spread(every: set[Moment], most: int) -> list[Moment]:
    ordered = sorted(every, key=lambda moment: (moment[0], moment[1] == "close"))
    chosen = np.unique(
        np.linspace(0, len(ordered) - 1, num=min(most, len(ordered)), dtype=np.int64)
    )
    return [ordered[i] for i in chosen]


def _targets(orders: Iterable[Order]) -> dict[Order, float]:
    """Targets by the order without its target."""
    return {replace(order, target=0.0): order.target for order in orders}


def _until(orders: Iterable[Order], moment: Moment) -> dict[Order, float]:
    """Targets up to a moment."""
    session, at = moment
    return _targets(
        order
        for order in orders
        if order.session < session
        or (order.session == session and (at == "close" or order.at == "open"))
    )


def _first_change(one: dict[Order, float], other: dict[Order, float]) -> Order | None:
    changed = [key for key in {*one, *other} if not same_target(one.get(key), other.get(key))]
    return min(
        changed,
        key=lambda order: (order.session, order.at == "close", order.event_id, order.ticker),
        default=None,
    )
