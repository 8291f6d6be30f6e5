"""Ask a strategy for its orders, and believe none of them unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd

from backtest.prices import Prices
from events.errors import ReactionsError
from strategies import STRATEGIES
from strategies.asking.foresight import (
    Moment,
    Orders,
    asked_once,
    differs,
    moments_of,
    moments_of_events,
    peeks,
    shuffled,
    wavers,
)
from strategies.asking.fresh import ask_afresh
from strategies.asking.loader import EXAMPLE, OWN, file_of, where
from strategies.base import Strategy
from strategies.errors import StrategyError

CUTS = 12
_Said = TypeVar("_Said")


def ask(strategy: Strategy, events: pd.DataFrame, prices: Prices, seed: int = 0) -> Orders:
    """The orders of a strategy.

    Raises `StrategyError` where it fails, gives something else, or looks ahead. The registered ones
    are proven by their contract test. Others are shown the past alone at 12 moments of theirs,
    drawn in an order by `seed`, and each past twice. A strategy of a user's file is asked in a
    fresh interpreter that has never seen the whole; one that lives in this process alone is shown
    its pasts before the whole, at 12 moments of the events, and at its own after.
    `strategies.asking.foresight` says what that proves.
    """
    if type(strategy) in STRATEGIES.values():
        return _told(strategy, "", lambda: asked_once(strategy, events, prices, None))
    if type(strategy).__module__.startswith(OWN):
        orders = _told(strategy, "", lambda: asked_once(strategy, events, prices, None))
        seen = _afresh(strategy, events, prices, orders, seed)
    else:
        first = shuffled(moments_of_events(events, prices, CUTS), seed)
        seen = _told(
            strategy, " without future prices", lambda: peeks(strategy, events, prices, first)
        )
        orders = _told(strategy, "", lambda: asked_once(strategy, events, prices, None))
        own = shuffled(moments_of(orders, CUTS), seed)
        seen = seen or _told(
            strategy, " without future prices", lambda: peeks(strategy, events, prices, own)
        )
    if seen:
        raise StrategyError(
            f"strategy {strategy.name} looks ahead: {seen}; "
            f"{EXAMPLE} shows how to go by what was known"
        )
    return orders


def _afresh(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, orders: Orders, seed: int
) -> str:
    """What a strategy of a file orders differently where nothing of the future was ever loaded."""
    moments: list[Moment | None] = [*shuffled(moments_of(orders, CUTS), seed), None]
    answers = ask_afresh(strategy, events, prices, moments)
    for moment, (one, again) in zip(moments, answers, strict=True):
        if said := wavers(one, again, moment) or (moment is None and wavers(orders, one, None)):
            raise StrategyError(f"strategy {strategy.name} changes its mind: {said}")
    found = (
        differs(orders, one, moment)
        for moment, (one, _) in zip(moments, answers, strict=True)
        if moment is not None
    )
    return next(filter(None, found), "")


def _told(strategy: Strategy, when: str, act: Callable[[], _Said]) -> _Said:
    """Do it; what a stranger's code does wrong is told in one line, with the line of its file."""
    try:
        return act()
    except ReactionsError:
        raise
    except (Exception, SystemExit) as error:
        failed = f"fails{when}" if when else "failed"
        raise StrategyError(
            f"strategy {strategy.name} {failed}: {where(error, file_of(strategy))}"
        ) from error
