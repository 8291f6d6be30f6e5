"""The broker's desk.

Entries that cash, margin or the gross limit do not allow are refused, bet by bet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from backtest.trading.bars import Bars
from backtest.trading.costs import Costs, Limits
from backtest.trading.orders import Leg
from backtest.trading.route import ENGINE, Fill, Route

ROUNDING = 1e-9
Bet = tuple[str, str]


class Book:
    """Cash and positions while orders are admitted one moment after another."""

    def __init__(self, bars: Bars, costs: Costs, limits: Limits) -> None:
        self.bars, self.costs, self.limits = bars, costs, limits
        self.cash = limits.capital
        self.held: dict[Leg, tuple[float, int]] = {}  # shares, column

    def apply(self, fill: Fill) -> None:
        """Trade."""
        before, _ = self.held.get(fill.leg, (0.0, fill.column))
        traded = fill.shares - before
        if traded == 0:
            return
        paid = self.costs.paid(fill.price, np.sign(traded))
        self.cash -= float(traded * paid + self.costs.fee(abs(traded), paid))
        self.held[fill.leg] = (fill.shares, fill.column)

    def held_already(self, entries: Sequence[Fill]) -> str:
        """Which other bet holds one of the tickers these want to enter.

        Empty if none, or if none need care.
        """
        if not self.limits.one_per_ticker:
            return ""
        wanted = {fill.leg.ticker for fill in entries if not fill.leg.hedge}
        bet = (entries[0].leg.event_id, entries[0].leg.bet)
        for leg, (shares, _) in self.held.items():
            held = shares and not leg.hedge and leg.ticker in wanted
            if held and (leg.event_id, leg.bet) != bet:
                return f"{leg.ticker} is held already for {leg.event_id}"
        return ""

    def why_not(self, entries: Sequence[Fill], row: int) -> str:
        """What these entries would break at the prices of this moment; empty if nothing."""
        trial = Book(self.bars, self.costs, self.limits)
        trial.cash, trial.held = self.cash, dict(self.held)
        for fill in entries:
            trial.apply(fill)
        values = [
            shares * self.bars.mark[row, column] for shares, column in trial.held.values() if shares
        ]
        longs = sum(value for value in values if value > 0)
        shorts = -sum(value for value in values if value < 0)
        equity = trial.cash + longs - shorts
        allowed = equity * (1 + ROUNDING)
        if longs + self.limits.margin * shorts > allowed:
            return (
                "not enough cash: "
                f"{longs:,.0f} long and {shorts:,.0f} short on an equity of {equity:,.0f}"
            )
        if longs + shorts > self.limits.max_gross * allowed:
            return f"over the gross limit: {longs + shorts:,.0f} on an equity of {equity:,.0f}"
        return ""


def admit(found: Route, bars: Bars, costs: Costs, limits: Limits) -> Route:
    """Keep the fills that capital and limits allow.

    In the order of time, exits first, then the order they came in. Every fill that makes a position
    larger is checked at the prices of its moment; all legs of a bet or none.
    """
    book = Book(bars, costs, limits)
    kept = Route({}, dict(found.refused))
    lost: dict[Bet, str] = {}
    everything = sorted(
        (fill for fills in found.fills.values() for fill in fills),
        key=lambda fill: (fill.row, fill.entry, fill.order),
    )
    for row, together in groupby(everything, key=lambda fill: fill.row):
        for bet, fills in _by_bet(together).items():
            why = lost.get(bet, "")
            grows = any(fill.entry for fill in fills)
            first = not any(fill.leg in kept.fills for fill in fills)
            if not why and grows:
                why = book.held_already(fills) or book.why_not(fills, row)
                if why and first:
                    lost[bet] = why
            for fill in fills:
                _settle(fill, why, book, kept)
    return kept


def _by_bet(fills: Iterable[Fill]) -> dict[Bet, list[Fill]]:
    bets: dict[Bet, list[Fill]] = {}
    for fill in fills:
        bets.setdefault((fill.leg.event_id, fill.leg.bet), []).append(fill)
    return bets


def _settle(fill: Fill, why: str, book: Book, kept: Route) -> None:
    """Trade, or refuse with the reason."""
    if not why:
        book.apply(fill)
        kept.fills.setdefault(fill.leg, []).append(fill)
    elif fill.order != ENGINE:
        if fill.entry:
            kept.refused[fill.order] = why
        else:
            kept.refused[fill.order] = f"nothing is held: its entry was refused ({why})"
