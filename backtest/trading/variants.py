"""The trades of many variants at once, as arrays.

The arithmetic of `simulate` where money is no object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backtest.trading.bars import Bars, Floats, touching
from backtest.trading.costs import Costs, Limits, borrow_years

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ExitBars:
    """Bars with what an exit needs.

    The next row with a price, and the last price of each ticker.
    """

    bars: Bars
    costs: Costs
    limits: Limits

    @cached_property
    def next_row(self) -> Ints:
        """The first row at or after each with a price, (2n, m); 2n where there is none."""
        n = len(self.bars.price)
        rows = np.where(np.isfinite(self.bars.price), np.arange(n)[:, None], n)
        return np.asarray(np.minimum.accumulate(rows[::-1], axis=0)[::-1])

    @cached_property
    def owed(self) -> Floats:
        """Borrow on one share short from the beginning up to each row, (2n + 1, m).

        At a yearly rate of 1.
        """
        bars = self.bars
        years = borrow_years(bars.sessions)
        fee = np.zeros_like(bars.mark)
        fee[1::2] = np.nan_to_num(bars.mark[1::2]) * years[:, None]
        return np.concatenate([np.zeros((1, fee.shape[1])), np.cumsum(fee, axis=0)])

    def exits(self, row: Ints, column: Ints) -> tuple[Ints, Floats]:
        """Where and at what price a position asked to close at `row` is closed.

        Row -1 where it stays open.
        """
        prices = self.bars.price
        n, m = prices.shape
        asked = np.minimum(row, n - 1)
        at = self.next_row[asked, column]
        found = (row < n) & (at < n)
        price = np.where(found, prices[np.minimum(at, n - 1), column], np.nan)
        # a ticker whose prices end before the panel pays its last price, changed by the delisting
        final = n - 1 - np.argmax(np.isfinite(prices)[::-1], axis=0)
        last = prices[final, np.arange(m)] * (1 + self.limits.delisting_return)
        last_session = final[column] // 2
        ended = ~found & (last_session < n // 2 - 1)
        at = np.where(found, at, -1)
        at = np.where(ended, 2 * (last_session + 1), at)
        return at, np.where(ended, last[column], price)


def stop_rows(
    market: ExitBars, row: Ints, column: Ints, stop: float, longest: int
) -> tuple[Ints, Floats]:
    """First row at which longs entered at `row` are stopped, and the price there.

    Within `longest` rows; 2n means none.
    """
    bars, n = market.bars, len(market.bars.price)
    nowhere = np.full(row.shape, n), np.full(row.shape, np.nan)
    if stop == 0:
        return nowhere
    rows = row[:, None] + 1 + np.arange(longest)
    inside, ticker = np.minimum(rows, n - 1), column[:, None]
    level = bars.price[row, column][:, None] * (1 - stop)
    price = bars.price[inside, ticker]
    low = bars.low[inside // 2, ticker]
    touched, during = touching(price, low, level, rows)
    hit = touched & (rows < n)
    first = hit.argmax(axis=1)
    pick = np.arange(len(row)), first
    filled = np.where(during[pick], level[:, 0], price[pick])
    some = hit.any(axis=1)
    return np.where(some, rows[pick], nowhere[0]), np.where(some, filled, nowhere[1])


@dataclass(frozen=True)
class Entries:
    """One ticker's entries: `row` and `column` (n_events,).

    And whether there is a price and a close known before.
    """

    row: Ints
    column: Ints
    fine: NDArray[np.bool_]


def entries(bars: Bars, row: Ints, column: Ints) -> Entries:
    """Entries at these rows; row -1 (no session) is none."""
    priced = np.isfinite(bars.price[row, column])
    known = np.isfinite(bars.known[row, column])
    return Entries(row, column, (row >= 0) & priced & known)


def leg_return(
    market: ExitBars,
    entry: Entries,
    out_row: Ints,
    out_price: Floats,
    weight: Floats,
    value: Floats,
) -> Floats:
    """Net profit over `value` of `weight` stakes held from the entry to `out_row`.

    Negative weights are short; NaN if open.
    """
    bars, costs = market.bars, market.costs
    price = bars.price[entry.row, entry.column]
    known = bars.known[entry.row, entry.column]
    shares = weight * market.limits.stake_value / known
    size, sign = np.abs(shares), np.sign(shares)
    gross = shares * (out_price - price)
    slipped = size * (price + out_price) * costs.slip
    fee_in = costs.fee(size, costs.paid(price, sign))
    fee_out = costs.fee(size, costs.paid(out_price, -sign))
    fees = fee_in + fee_out
    owed = market.owed[out_row, entry.column] - market.owed[entry.row, entry.column]
    borrow = np.where(shares < 0, size * owed * costs.borrow_rate, 0.0)
    net = gross - slipped - fees - borrow
    there = entry.fine & (out_row >= 0) & ~bars.changes_unit(entry.row, entry.column, out_row)
    return np.asarray(np.where(there, net / value, np.nan))


def excess_grid(
    market: ExitBars,
    entry: Entries,
    holds: Sequence[int],
    stops: Sequence[float],
    hedge: tuple[int, Floats] | None,
    benchmark: int,
) -> Floats:
    """Excess returns of longs, (n_holds, n_stops, n_events), NaN where none.

    Held `holds` sessions with `stops`. `hedge` is a column and the betas (n_events,) to be short of
    it, in place of the comparison with `benchmark`.
    """
    bars = market.bars
    price = bars.price[entry.row, entry.column]
    known = bars.known[entry.row, entry.column]
    value = price * market.limits.stake_value / known
    out = np.full((len(holds), len(stops), len(entry.row)), np.nan)
    longest = _longest(market, holds)
    touched = [stop_rows(market, entry.row, entry.column, stop, longest) for stop in stops]
    for i, hold in enumerate(holds):
        asked = _close_after(entry.row, hold)
        for j, stop in enumerate(touched):
            row, price, stop_row = _out(market, entry, asked, stop)
            net = leg_return(market, entry, row, price, np.ones(len(row)), value)
            if hedge is None:
                passive = bars.price[row, benchmark] / bars.price[entry.row, benchmark] - 1
                changed = bars.changes_unit(entry.row, np.full(len(row), benchmark), row)
                out[i, j] = np.where(changed, np.nan, net - passive)
            else:
                out[i, j] = net + _hedge(market, entry, asked, stop_row, hedge, value)
    return out


def _close_after(row: Ints, hold: int) -> Ints:
    """The row of the close `hold` sessions on; an entry at an open counts its own session."""
    session, at_close = row // 2, row % 2
    return np.asarray(2 * (session + hold - 1 + at_close) + 1)


def _out(
    market: ExitBars, entry: Entries, asked: Ints, stop: tuple[Ints, Floats]
) -> tuple[Ints, Floats, Ints]:
    """Where and at what price positions end, and the row of those a stop ends, -1 for others."""
    stop_row, stop_price = stop
    row, price = market.exits(asked, entry.column)
    last = np.where(row >= 0, row, len(market.bars.price) - 1)
    stopped = stop_row <= last
    row = np.where(stopped, stop_row, row)
    price = np.where(stopped, stop_price, price)
    return row, price, np.where(stopped, stop_row, -1)


def _hedge(
    market: ExitBars,
    entry: Entries,
    asked: Ints,
    stop_row: Ints,
    hedge: tuple[int, Floats],
    value: Floats,
) -> Floats:
    column = np.full(len(entry.row), hedge[0])
    own = entries(market.bars, entry.row, column)
    row, price = market.exits(asked, column)
    early_row, early_price = market.exits(np.maximum(stop_row, 0), column)
    early = (stop_row >= 0) & ((early_row < row) | (row < 0))
    row, price = np.where(early, early_row, row), np.where(early, early_price, price)
    return leg_return(market, own, row, price, -hedge[1], value)


def _longest(market: ExitBars, holds: Sequence[int]) -> int:
    """Rows to look for a stop in: the longest holding and some sessions without a price."""
    return min(2 * (max(holds) + 10), len(market.bars.price))
