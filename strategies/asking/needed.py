"""Which future session an order needed: what to tell of a strategy that looks ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from backtest.trading.orders import MOMENTS
from strategies.asking.foresight import (
    Answer,
    Moment,
    Peek,
    order_words,
    same_target,
    target_of,
    target_words,
)

_AT_ONCE = 24  # moments asked together, close ones first: most look a few sessions ahead


def looked_ahead(
    change: Peek,
    sessions: pd.DatetimeIndex,
    ask: Callable[[Sequence[Moment]], Iterable[Answer]],
) -> str:
    """What an order rests on that was not known yet, in words.

    `ask` gives the strategy's answers at moments. Where they lead to no session (the strategy fails
    there, or remembers what it was shown) the moment that gave it away is told.
    """
    with_it, without = target_words(change.seen), target_words(change.unseen)
    head = f"its {order_words(change.order)} "
    if found := _needed(change, sessions, ask):
        session, at = found
        own = (session, change.order.session)
        last, first = sessions.get_indexer(pd.DatetimeIndex(own)).tolist()
        return (
            f"{head}rests on what is known only after the {at} of {session.date()}, "
            f"{_later(last - first)}: with it its target is {with_it}, without it {without}"
        )
    session, at = change.moment
    return (
        f"{head}has the target {with_it} when it is shown prices and news from the {at} of "
        f"{session.date()} on, and {without} when it is not"
    )


def _needed(
    change: Peek,
    sessions: pd.DatetimeIndex,
    ask: Callable[[Sequence[Moment]], Iterable[Answer]],
) -> Moment | None:
    """The last moment before which the order is not yet what it is when all is shown."""
    ahead: list[Moment] = [(session, at) for session in sessions for at in MOMENTS]
    ahead = ahead[ahead.index(change.moment) :]
    low, high = 0, len(ahead)  # unlike at low; alike at high, where all is shown
    while high - low > 1:
        between = low + np.unique(np.geomspace(1, high - low, _AT_ONCE).astype(int))[:-1]
        tried = sorted({0, *between.tolist()})
        try:
            answers = list(ask([ahead[i] for i in tried]))
        except (Exception, SystemExit):  # a stranger's code: it has been told of already
            return None
        alike = [same_target(target_of(one, change.order), change.seen) for _, one, _ in answers]
        if alike[0]:
            return None
        if True in alike:
            first = alike.index(True)
        else:
            first = len(tried)
        if first < len(tried):
            high = tried[first]
        low = max(low, tried[first - 1])
    return ahead[low]


def _later(sessions: int) -> str:
    if not sessions:
        return "the same session"
    return f"{sessions} session{'s' if sessions > 1 else ''} later"
