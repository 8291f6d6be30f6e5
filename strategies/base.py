"""What a strategy is.

Placed events and prices in, dated orders out, knowing at each moment only what was public.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol, cast, runtime_checkable

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.prices.panels.clock import Clock
from backtest.trading import Order
from backtest.trading.orders import At
from events.arguments import is_number, one_of
from events.errors import suggest
from events.flag import UNSURE_DAY, flags_in, words_in
from strategies.errors import StrategyError

_LONGEST_HOLD = 10_000


@runtime_checkable
class Strategy(Protocol):
    """A frozen dataclass with a `name` and one method.

    An order for the open (close) of a session may rest on prices and announcements before that open
    (close) only; `strategies.asking.foresight` proves it by cutting the future off.

    >>> import reactions as rx
    >>> drift, prices = rx.STRATEGIES["drift"](), rx.Prices.sample()
    >>> orders = drift.orders(rx.tradable_events(rx.Catalog.bundled(), prices), prices)
    >>> drift.name, orders[0].target, orders[1].target
    ('drift', 1.0, 0.0)
    """

    @property
    def name(self) -> str:
        """One word for tables."""
        ...

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """The orders for events, at prices that must not be changed.

        The events have the columns of `events.place_events`.
        """
        ...


class Event(Protocol):
    """One row of the placed events, as a strategy reads it.

    Days are sessions without a time, `NaT` where there is none; several words of a cell are joined
    as in files (`events.flag.words_in`, `flags_in`). A catalog's own columns are attributes too.

    >>> import reactions as rx
    >>> catalog = rx.Catalog.bundled().filter(ids=["2026-04-09-meta-coreweave-21bn"])
    >>> event = next(rx.rows(rx.tradable_events(catalog, rx.Prices.sample())))
    >>> event.event_id, event.ticker, event.kind, event.amount_usd
    ('2026-04-09-meta-coreweave-21bn', 'META', 'capacity_contract', 21000000000.0)
    >>> event.role, event.roles, event.timing_flags, event.first_day_end
    ('customer', 'customer', '', 0)
    >>> f"{event.event_session:%Y-%m-%d}, {event.tradable_open:%Y-%m-%d}"
    '2026-04-09, 2026-04-09'
    """

    @property
    def event_id(self) -> str:
        """The announcement."""
        ...

    @property
    def ticker(self) -> str:
        """The party's ticker."""
        ...

    @property
    def role(self) -> str:
        """What it is in the announcement: `supplier`, `customer`, ...; the first of `roles`."""
        ...

    @property
    def roles(self) -> str:
        """All its roles."""
        ...

    @property
    def kind(self) -> str:
        """What was announced."""
        ...

    @property
    def amount_usd(self) -> float:
        """The amount announced, in US dollars; NaN where none was."""
        ...

    @property
    def event_session(self) -> pd.Timestamp:
        """Day 0: the first session whose close can reflect the news."""
        ...

    @property
    def tradable_open(self) -> pd.Timestamp:
        """The session of the first open strictly after the news was public."""
        ...

    @property
    def first_day_end(self) -> int:
        """0, or 1 where the first day may be either of two sessions."""
        ...

    @property
    def timing_flags(self) -> str:
        """What is peculiar about its time."""
        ...


def rows(events: pd.DataFrame) -> Iterator[Event]:
    """The placed events one by one, typed for whoever writes a strategy.

    >>> import reactions as rx
    >>> placed = rx.tradable_events(rx.Catalog.bundled(), rx.Prices.sample())
    >>> next(rows(placed)).event_session
    Timestamp('2025-01-21 00:00:00')
    """
    one_of("events", events, (pd.DataFrame,), "rx.tradable_events(catalog, prices)")
    return cast("Iterator[Event]", events.itertuples(index=False, name="Event"))


def after_first_day(event: Event, clock: Clock, sessions: int) -> int | None:
    """The number of the session after a first day that ended `sessions` after day 0."""
    day0 = clock.number(event.event_session)
    if day0 is None:
        return None
    return day0 + sessions + 1


def entry_session(event: Event, entry: At) -> pd.Timestamp:
    """Session of the first open, or first close, strictly after the news was public.

    News of an unknown time of day may have come after that day's close, so its first close is the
    next session's.
    """
    known = UNSURE_DAY.isdisjoint(flags_in(event.timing_flags))
    if entry == "close" and known:
        session = event.event_session
    else:
        session = event.tradable_open
    return pd.Timestamp(session)


def selected(
    events: pd.DataFrame, tickers: Iterable[str], roles: tuple[str, ...] = ()
) -> Iterator[Event]:
    """The rows (named tuples) that have a session and a ticker with prices.

    And one of the roles (empty: any).
    """
    known, wanted = set(tickers), set(roles)
    usable = (events["ticker"].isin(known) & events["tradable_open"].notna()).to_numpy()
    if wanted:
        usable = usable & np.array(
            [not wanted.isdisjoint(words_in(own)) for own in events["roles"].tolist()],
            dtype=bool,
        )
    yield from rows(events[usable])


def by_announcement(
    events: pd.DataFrame, tickers: Iterable[str], roles: tuple[str, ...]
) -> dict[str, dict[str, Event]]:
    """The selected rows by announcement, then by ticker."""
    found: dict[str, dict[str, Event]] = {}
    for event in selected(events, tickers, roles):
        found.setdefault(event.event_id, {})[event.ticker] = event
    return found


def held(
    event: Event,
    weights: Mapping[str, float],
    clock: Clock,
    hold: int,
    entry: At = "open",
    stop: float | None = None,
    bet: str = "",
    hedges: Collection[str] = (),
) -> tuple[Order, ...]:
    """Orders that enter `weights` (ticker: target) and leave `hold` sessions on.

    They enter at the first open (close) and leave at the close. Entered at an open, the entry's
    session is the first of the `hold`. An exit beyond the panel is left out. `hedges` names the
    tickers that only offset the others.
    """
    start = clock.number(entry_session(event, entry))
    return held_from(event, start, weights, clock, hold, stop, entry, bet, hedges)


def held_from(
    event: Event,
    start: int | None,
    weights: Mapping[str, float],
    clock: Clock,
    hold: int,
    stop: float | None = None,
    entry: At = "open",
    bet: str = "",
    hedges: Collection[str] = (),
) -> tuple[Order, ...]:
    """As `held`, but from a session given by its number.

    No orders where it is None or beyond the panel.
    """
    if start is None:
        session = None
    else:
        session = clock.session(start)
    if start is None or session is None:
        return ()
    leave = clock.session(start + hold - (entry == "open"))
    out = []
    for ticker, target in weights.items():
        hedge = ticker in hedges
        out.append(
            Order(
                event.event_id,
                ticker,
                session,
                entry,
                target,
                None if hedge else stop or None,
                bet,
                hedge,
            )
        )
        if leave is not None:
            out.append(Order(event.event_id, ticker, leave, "close", 0.0, None, bet, hedge))
    return tuple(out)


def check_hold(name: str, hold: int) -> None:
    """Refuse a holding period that is no whole number of sessions."""
    if isinstance(hold, bool) or not isinstance(hold, int) or hold < 1:
        raise StrategyError(
            f"strategy {name}: hold is {hold!r}; it must be a whole number of sessions, 1 or more"
        )
    if hold > _LONGEST_HOLD:
        raise StrategyError(
            f"strategy {name}: hold is {hold!r:.30}; "
            f"{_LONGEST_HOLD:,} sessions, forty years, are the most"
        )


def check_words(name: str, field: str, words: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a role or kind the catalog does not know, which would select nothing in silence."""
    choices = [str(word) for word in known]
    if isinstance(words, str):
        raise StrategyError(f"strategy {name}: {field} is '{words}'; write a list: ['{words}']")
    for word in words:
        if word not in choices:
            raise StrategyError(
                f"strategy {name}: {field} has '{word}'{suggest(str(word), choices)}"
            )


def check_entry(name: str, entry: str) -> None:
    """Refuse a moment that is neither open nor close."""
    if entry not in ("open", "close"):
        raise StrategyError(f"strategy {name}: entry is {entry!r}; it must be 'open' or 'close'")


def check_stop(name: str, stop: float) -> None:
    """Refuse a stop that is no fraction."""
    if not is_number(stop) or not 0 <= stop < 1:
        raise StrategyError(
            f"strategy {name}: stop is {stop!r}; "
            "write a fraction below 1 (0.1 is ten percent, 0 is none)"
        )


def check_least(name: str, field: str, value: float) -> None:
    """Refuse what nothing can be held to: no number, or one that is not equal to itself."""
    if not is_number(value) or math.isnan(value):
        raise StrategyError(f"strategy {name}: {field} is {value!r}; it must be a number")


def check_positive(name: str, field: str, value: float) -> None:
    """Refuse what is no number above zero."""
    if not is_number(value) or not value > 0:
        raise StrategyError(f"strategy {name}: {field} is {value!r}; it must be above 0")
