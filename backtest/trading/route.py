"""Where each order would meet the market, if money were no object.

Fills, and orders no market could take.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from backtest.trading.bars import Bars, moment, touching
from backtest.trading.costs import Limits
from backtest.trading.orders import Leg, Order, by_leg

_WORTHLESS = 1e-9  # a simulated price cannot be 0
ENGINE = (
    -1
)  # the order number of a fill nobody ordered: a stop's hedge, the end of a ticker's prices


class Fill(NamedTuple):
    """A price a position is changed at. `price` is the market's, before spread and slippage."""

    order: int
    leg: Leg
    column: int
    row: int
    price: float
    shares: float  # held after it
    entry: bool
    why: str = ""  # "stop", "hedge of a stop", "prices ended", or what a reader must know of it


@dataclass
class Route:
    """The fills of each position in the order of time.

    And why the other orders were refused, by their number.
    """

    fills: dict[Leg, list[Fill]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def route(orders: Sequence[Order], bars: Bars, limits: Limits, benchmark: str) -> Route:
    """Find the price of every order.

    A position over a change of unit of its prices, or of the benchmark it is held to, is none: its
    orders are refused. Raises `TradingError` for a ticker without prices.
    """
    found = Route()
    legs = by_leg(orders)
    for leg, own in legs.items():
        fills = _route_leg(leg, own, bars, limits, found.refused)
        if fills and (why := _other_unit(fills, bars, benchmark)):
            found.refused |= {number: found.refused.get(number, why) for number, _ in own}
        elif fills:
            found.fills[leg] = fills
    _enter_whole_bets(found, legs)
    _stop_whole_bets(found, bars)
    return found


def _route_leg(
    leg: Leg, own: list[tuple[int, Order]], bars: Bars, limits: Limits, refused: dict[int, str]
) -> list[Fill]:
    column = bars.ticker_column(leg.ticker)
    fills: list[Fill] = []
    for number, order in own:
        held = 0.0
        if fills:
            held = fills[-1].shares
        found = _meet(number, order, held, column, bars, limits)
        if isinstance(found, Fill) and fills and found.row <= fills[-1].row:
            found = "overtaken by an earlier order that had to wait for a price"
        if isinstance(found, str):
            refused[number] = found
        else:
            fills.append(found)
    stop = own[0][1].stop
    if fills and stop is not None and fills[0].order == own[0][0]:
        fills = _stopped(fills, stop, bars, refused)
    return _closed_at_the_end(fills, bars, limits)


def _other_unit(fills: list[Fill], bars: Bars, benchmark: str) -> str:
    """The change of unit that a position, or its benchmark, would be held over; empty if none."""
    first, last = fills[0], fills[-1]
    until = last.row if last.shares == 0 else len(bars.price) - 1
    own = bars.told_change(first.row, first.column, until)
    return own or bars.told_change(first.row, bars.ticker_column(benchmark), until)


def _meet(
    number: int, order: Order, held: float, column: int, bars: Bars, limits: Limits
) -> Fill | str:
    """The fill of one order, or why there is none."""
    position = bars.position.get(order.session)
    if position is None:
        return _no_session(order.session, bars)
    row = 2 * position + (order.at == "close")
    known = bars.known[row, column]
    wanted = order.target * limits.stake_value / known if order.target else 0.0
    reduces = held != 0 and (wanted == 0 or (wanted * held > 0 and abs(wanted) <= abs(held)))
    if held == 0 and order.target == 0:
        return "nothing is held"
    if reduces:
        return _reduce(number, order, wanted, row, column, bars)
    if not math.isfinite(bars.price[row, column]):
        return _no_price(row, column, order, bars)
    if not math.isfinite(known):
        return (
            f"no close of {order.ticker} is known before its first session, so no size can be set"
        )
    listed = int(np.isfinite(bars.price[1:row:2, column]).sum())
    if listed < limits.listed_sessions:
        return (
            f"{order.ticker} has only {listed} closes before, "
            f"fewer than listed_sessions ({limits.listed_sessions})"
        )
    capped = _capped(wanted, known, bars.dollar_volume[position, column], limits)
    if isinstance(capped, str):
        return capped
    why = "" if capped == wanted else f"cut to {limits.max_volume_share:.2%} of the daily volume"
    return Fill(
        number, order.leg, column, row, float(bars.price[row, column]), capped, entry=True, why=why
    )


def _reduce(
    number: int, order: Order, wanted: float, row: int, column: int, bars: Bars
) -> Fill | str:
    """A sale waits for the next price; what is held cannot be refused."""
    ahead = np.flatnonzero(np.isfinite(bars.price[row:, column]))
    if not len(ahead):
        return f"{order.ticker} has no price any more"
    at = row + int(ahead[0])
    if at == row:
        why = ""
    else:
        why = f"waited for a price from the {moment(row)} of {bars.session_of(row).date()}"
    return Fill(
        number, order.leg, column, at, float(bars.price[at, column]), wanted, entry=False, why=why
    )


def _no_session(session: pd.Timestamp, bars: Bars) -> str:
    if session > bars.sessions[-1]:
        return "after the end of the prices"
    if session < bars.sessions[0]:
        return "before the beginning of the prices"
    return f"{session.date()} is no session of these prices"


def _no_price(row: int, column: int, order: Order, bars: Bars) -> str:
    there = np.flatnonzero(np.isfinite(bars.price[:, column]))
    if not len(there) or row < there[0]:
        return f"no price of {order.ticker} before its listing"
    if row > there[-1]:
        return f"after the last price of {order.ticker}"
    if row % 2 == 0 and not np.isfinite(bars.price[0::2, column]).any():
        return f"no open prices of {order.ticker} in this source"
    return f"no {order.at} of {order.ticker} on {order.session.date()}"


def _capped(wanted: float, known: float, volume: float, limits: Limits) -> float | str:
    if math.isinf(limits.max_volume_share):
        return wanted
    if not math.isfinite(volume):
        return "no volume in this source to keep max_volume_share"
    most = limits.max_volume_share * volume / known
    if most > 0:
        return math.copysign(min(abs(wanted), most), wanted)
    return "no trading in the 20 sessions before"


def _stopped(fills: list[Fill], stop: float, bars: Bars, refused: dict[int, str]) -> list[Fill]:
    """Replace what comes after a stop was touched by the stop's fill."""
    entry = fills[0]
    last = next((fill.row for fill in fills[1:] if fill.shares == 0), len(bars.price) - 1)
    touched = _touch(entry, stop, last, bars)
    if touched is None:
        return fills
    row, price = touched
    kept = [fill for fill in fills if fill.row < row]
    for fill in fills[len(kept) :]:
        refused[fill.order] = f"closed before by its stop, on {bars.session_of(row).date()}"
    return [*kept, Fill(ENGINE, entry.leg, entry.column, row, price, 0.0, entry=False, why="stop")]


def _touch(entry: Fill, stop: float, last: int, bars: Bars) -> tuple[int, float] | None:
    """First row a stop is touched in, and its price: the stop's own, or that of an open beyond it.

    Without lows (highs, for a short) only opens and closes are seen, and a close beyond the stop
    fills at the close.
    """
    if entry.shares > 0:
        sign = 1.0
    else:
        sign = -1.0
    level = sign * entry.price * (1 - sign * stop)
    first = entry.row + 1
    rows = np.arange(first, last + 1)
    price = sign * bars.price[first : last + 1, entry.column]
    worst = (bars.low if sign > 0 else bars.high)[rows // 2, entry.column] * sign
    touched, during = touching(price, worst, level, rows)
    hit = np.flatnonzero(touched)
    if not len(hit):
        return None
    at = int(hit[0])
    filled = level if during[at] else price[at]
    return int(rows[at]), float(sign * filled)


def _closed_at_the_end(fills: list[Fill], bars: Bars, limits: Limits) -> list[Fill]:
    """Close what is held when a ticker's prices end before the panel's do."""
    if not fills or fills[-1].shares == 0:
        return fills
    last = fills[-1]
    final = int(np.flatnonzero(np.isfinite(bars.price[:, last.column]))[-1])
    if final // 2 >= len(bars.sessions) - 1:
        return fills
    price = max(float(bars.price[final, last.column]) * (1 + limits.delisting_return), _WORTHLESS)
    row = 2 * (final // 2 + 1)
    return [
        *fills,
        Fill(ENGINE, last.leg, last.column, row, price, 0.0, entry=False, why="prices ended"),
    ]


def _enter_whole_bets(found: Route, legs: dict[Leg, list[tuple[int, Order]]]) -> None:
    """Refuse all legs of a hedged bet if one of them cannot be entered.

    A basket goes on with the rest.
    """
    for bet in _bets(legs).values():
        if not any(leg.hedge for leg in bet):
            continue
        for failed in [leg for leg in bet if leg not in found.fills]:
            drop(
                found,
                [leg for leg in bet if leg != failed],
                legs,
                f"its other leg, {failed.ticker}, was refused",
            )


def drop(
    found: Route, legs: Sequence[Leg], orders: dict[Leg, list[tuple[int, Order]]], why: str
) -> None:
    """Take positions out of a route, with a reason."""
    for leg in legs:
        found.fills.pop(leg, None)
        for number, _ in orders[leg]:
            found.refused.setdefault(number, why)


def _stop_whole_bets(found: Route, bars: Bars) -> None:
    """A hedge is closed when the position it hedges is stopped."""
    for bet in _bets(found.fills).values():
        ends = [found.fills[leg][-1] for leg in bet]
        stops = [end.row for end in ends if end.why == "stop"]
        if not stops:
            continue
        for leg in bet:
            _close_hedge(found, leg, min(stops), bars)


def _close_hedge(found: Route, leg: Leg, row: int, bars: Bars) -> None:
    fills = found.fills[leg]
    kept = [fill for fill in fills if fill.row < row]
    ahead = np.flatnonzero(np.isfinite(bars.price[row:, fills[0].column]))
    if fills[-1].row <= row or not len(ahead):
        return
    for fill in fills[len(kept) :]:
        if fill.order != ENGINE:
            found.refused[fill.order] = f"closed before with the stop of its bet, {leg.bet}"
    at = row + int(ahead[0])
    price = float(bars.price[at, fills[0].column])
    found.fills[leg] = [
        *kept,
        Fill(ENGINE, leg, fills[0].column, at, price, 0.0, entry=False, why="hedge of a stop"),
    ]


def _bets(
    legs: dict[Leg, list[Fill]] | dict[Leg, list[tuple[int, Order]]],
) -> dict[tuple[str, str], list[Leg]]:
    """Bets of more than one leg."""
    bets: dict[tuple[str, str], list[Leg]] = {}
    for leg in legs:
        bets.setdefault((leg.event_id, leg.bet), []).append(leg)
    return {name: members for name, members in bets.items() if len(members) > 1}
