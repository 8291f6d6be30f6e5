"""Events moved along the calendar.

And what makes a moved catalog a fair comparison with the real one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices import Prices
from backtest.trading import Order
from backtest.trading.bars import Bars

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Names = NDArray[np.object_]
AROUND = (
    5  # sessions before and after real events that random dates and matched shifts keep away from
)
ENOUGH = 0.8  # of the real bets, in tickers that a matched shift keeps
_CLOCKS = ("event_session", "tradable_open")


@dataclass(frozen=True)
class Positions:
    """Events that have a place in the panel, and where their two clocks stand.

    Session numbers, (n_events, 2).
    """

    frame: pd.DataFrame
    sessions: pd.DatetimeIndex
    numbers: Ints

    @classmethod
    def of(cls, events: pd.DataFrame, sessions: pd.DatetimeIndex) -> Positions:
        """The events that have a place among the sessions."""
        numbers: Ints = np.column_stack(
            [sessions.get_indexer(pd.DatetimeIndex(events[clock])) for clock in _CLOCKS]
        )
        there = np.asarray((numbers >= 0).all(axis=1))
        plain = events.astype(
            dict.fromkeys(events.select_dtypes("str"), object)
        )  # read row by row, many times
        return cls(_kept(plain, there), sessions, numbers[there].astype(np.int64))

    def reach(self, orders: Sequence[Order]) -> int:
        """Sessions from an event to the last order of its bets, at least `AROUND`.

        How far bets look ahead of them.
        """
        first = self.frame.assign(number=self.numbers[:, 0]).groupby("event_id")["number"].min()
        asked = pd.DatetimeIndex([order.session for order in orders])
        after = self.sessions.get_indexer(asked) - first.reindex(
            [order.event_id for order in orders]
        ).to_numpy(dtype=np.float64)
        return int(np.nanmax(after, initial=AROUND))

    def moved(self, by: Ints) -> pd.DataFrame:
        """The events moved by so many sessions; those moved out of the panel are left out."""
        numbers = self.numbers + by[:, None]
        there = np.asarray(((numbers >= 0) & (numbers < len(self.sessions))).all(axis=1))
        dates = {clock: self.sessions[numbers[there, i]] for i, clock in enumerate(_CLOCKS)}
        return _kept(self.frame, there).assign(**dates)


def _kept(frame: pd.DataFrame, there: Bools) -> pd.DataFrame:
    return frame.iloc[np.flatnonzero(there)].reset_index(drop=True)


@dataclass(frozen=True)
class Back:
    """All of n events moved back by as many sessions as the draw's number."""

    n_events: int

    def __call__(self, number: int) -> Ints:
        """How far each event moves, (n,)."""
        return np.full(self.n_events, -number)


@dataclass(frozen=True, eq=False)
class Anywhere:
    """Each announcement moved to one of its free sessions, by a seed of the draw's own."""

    clock: Positions
    free: dict[str, Ints]
    seed: int

    @classmethod
    def of(cls, clock: Positions, prices: Prices, reach: int, seed: int) -> Anywhere:
        """The sessions that the tickers of each share whose bets meet no real event.

        Bets of up to `reach` sessions.
        """
        there = np.isfinite(prices.adjusted.to_numpy(dtype=np.float64))
        column = {ticker: i for i, ticker in enumerate(prices.tickers)}
        busy = np.zeros_like(there)
        for ticker, number in zip(clock.frame["ticker"], clock.numbers[:, 0], strict=True):
            if ticker in column:
                busy[max(number - reach, 0) : number + AROUND + 1, column[ticker]] = True
        free = there & ~busy
        known = clock.frame[clock.frame["ticker"].isin(prices.tickers)]
        sessions = {
            str(event_id): np.flatnonzero(free[:, [column[one] for one in tickers]].all(axis=1))
            for event_id, tickers in known.groupby("event_id")["ticker"]
        }
        return cls(clock, sessions, seed)

    def __call__(self, number: int) -> Ints:
        """How far each event moves, the same for all parties of an announcement, (n,).

        Out of the panel if none is free.
        """
        random, frame = np.random.default_rng([self.seed, number]), self.clock.frame
        target = {
            event_id: int(random.choice(sessions))
            for event_id, sessions in self.free.items()
            if len(sessions)
        }
        nowhere = -2 * len(self.clock.sessions)
        first = dict(zip(frame["event_id"], self.clock.numbers[:, 0], strict=True))
        return np.array(
            [target.get(one, nowhere) - first[one] for one in frame["event_id"]], dtype=np.int64
        )


@dataclass(frozen=True)
class Fair:
    """What makes a shifted catalog a fair comparison.

    No bet beside real news, tickers in their real shares.
    """

    numbers: Ints  # (n_events,) session of day 0
    tickers: Names  # (n_events,)
    column: Ints  # (n_events,) column of the ticker's prices, -1 without
    priced: Bools  # (n_sessions, n_tickers)
    share: dict[str, float]  # of the real bets, by ticker
    reach: int  # sessions a bet may last after its event

    @classmethod
    def of(cls, clock: Positions, bars: Bars, traded: Names, reach: int) -> Fair:
        """From the real events, the ticker of each real bet, and how long bets last."""
        tickers = clock.frame["ticker"].to_numpy(dtype=object)
        column = pd.Index(bars.tickers).get_indexer(pd.Index(tickers)).astype(np.int64)
        names, counts = np.unique(traded.astype(str), return_counts=True)
        share = dict(zip(names.tolist(), (counts / max(len(traded), 1)).tolist(), strict=True))
        return cls(
            clock.numbers[:, 0], tickers, column, np.isfinite(bars.price[1::2]), share, reach
        )

    def away(self, by: Ints) -> Ints:
        """The moves, with those whose bets would meet real news sent out of the panel.

        That is a real event of the ticker.
        """
        out = by.copy()
        for ticker in np.unique(self.tickers.astype(str)):
            own = np.flatnonzero(self.tickers == ticker)
            real = np.sort(self.numbers[own])
            there = self.numbers[own] + by[own]
            after = np.searchsorted(real, there - AROUND)
            meets = real[np.minimum(after, len(real) - 1)] <= there + self.reach
            near = (after < len(real)) & meets
            out[own[near]] = -2 * len(self.priced) - int(self.numbers.max(initial=0))
        return out

    def mean(self, tickers: Names, excess: Floats, by: Ints) -> float:
        """The mean of a draw at the real shares of its tickers.

        NaN where too few of them are there.
        """
        weights, means = [], []
        for ticker, share in self.share.items():
            mine = excess[tickers == ticker]
            if len(mine) and self._kept(ticker, by):
                weights.append(share)
                means.append(float(mine.mean()))
        if sum(weights) < ENOUGH:
            return float("nan")
        return float(np.average(means, weights=weights))

    def _kept(self, ticker: str, by: Ints) -> bool:
        """Whether half of a ticker's events still fall on its prices."""
        own = self.tickers == ticker
        now, moved = (
            n_priced(place[own], self.column[own], self.priced)
            for place in (self.numbers, self.numbers + by)
        )
        return bool(moved >= now / 2)


def n_priced(session: Ints, column: Ints, priced: Bools) -> int:
    """How many events, by the numbers of their sessions and tickers, fall on a price."""
    inside = (session >= 0) & (session < len(priced)) & (column >= 0)
    return int(priced[session[inside], column[inside]].sum())
