"""Ask a strategy for its orders, and believe none of them unseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

from backtest.prices import Prices
from events.errors import ReactionsError
from strategies import STRATEGIES
from strategies.asking.foresight import (
    Answer,
    Moment,
    Peek,
    asked_at,
    asked_once,
    first_change,
    moments_of,
    moments_of_events,
    shuffled,
)
from strategies.asking.fresh import ask_afresh
from strategies.asking.guard import check_names
from strategies.asking.loader import OWN, file_of, where
from strategies.asking.needed import looked_ahead
from strategies.asking.stranger import ABOUT, Orders
from strategies.base import Strategy
from strategies.errors import StrategyError

CUTS = 12
_BLIND = " without future prices"
_Said = TypeVar("_Said")


def ask(strategy: Strategy, events: pd.DataFrame, prices: Prices, seed: int = 0) -> Orders:
    """The orders of a strategy.

    Raises `StrategyError` where it fails, gives something else, orders what is not there, or looks
    ahead. The registered ones are proven by their contract test. Others are shown the past alone at
    12 moments of theirs, drawn in an order by `seed`, and each past twice. A strategy of a user's
    file is asked in a fresh interpreter that has never seen the whole; one that lives in this
    process alone is shown its pasts before the whole, at 12 moments of the events, and at its own
    after. `strategies.asking.foresight` says what that proves.
    """
    if type(strategy) in STRATEGIES.values():
        return _told(strategy, "", lambda: asked_once(strategy, events, prices, None))
    of_a_file = type(strategy).__module__.startswith(OWN)

    def here(moments: Sequence[Moment]) -> list[Answer]:
        return _told(strategy, _BLIND, lambda: asked_at(strategy, events, prices, moments))

    def afresh(moments: Sequence[Moment | None]) -> list[Answer]:
        answers = ask_afresh(strategy, events, prices, moments)
        return [(moment, *both) for moment, both in zip(moments, answers, strict=True)]

    if of_a_file:
        first = []
    else:
        first = here(shuffled(moments_of_events(events, prices, CUTS), seed))
    orders = _told(strategy, "", lambda: asked_once(strategy, events, prices, None))
    check_names(strategy, orders, events, prices)
    own = shuffled(moments_of(orders, CUTS), seed)
    change: Peek | None
    if of_a_file:
        change = first_change(strategy, orders, afresh([*own, None]))
    else:
        change = first_change(strategy, orders, first)
        change = change or first_change(strategy, orders, here(own))
    if change:
        said = looked_ahead(change, prices.sessions, afresh if of_a_file else here)
        raise StrategyError(
            f"strategy {strategy.name} looks ahead: {said}; {ABOUT} says what an order may rest on"
        )
    return orders


def _told(strategy: Strategy, when: str, act: Callable[[], _Said]) -> _Said:
    """Do it; what a stranger's code does wrong is told in one line, with the line of its file."""
    try:
        return act()
    except (Exception, SystemExit) as error:
        if type(strategy) in STRATEGIES.values():
            ours = ReactionsError
        else:
            ours = StrategyError
        if isinstance(error, ours):
            raise
        failed = "failed"
        if when:
            failed = f"fails{when}"
        raise StrategyError(
            f"strategy {strategy.name} {failed}: {where(error, file_of(strategy))}"
        ) from error
