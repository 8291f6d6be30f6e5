"""Trades and bets: what each position, and each position with its hedge, earned."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas._libs.tslibs.nattype import NaTType

from backtest.trading.bars import Bars, Floats, moment
from backtest.trading.costs import Costs, borrow_years
from backtest.trading.orders import Leg
from backtest.trading.route import Fill

_STATUS = {"prices ended": "prices_ended", "stop": "stopped", "hedge of a stop": "stopped"}


@dataclass(frozen=True)
class Trade:
    """One position from its first fill to its last.

    Prices are the market's; spread and slippage are in `costs`. `shares` is the first fill's,
    negative for a short. An open trade has no exit; it is marked at the last price.
    `adverse_excursion` is the deepest mark against the entry price, zero or negative, on lows
    (highs) where known.
    """

    event_id: str
    ticker: str
    bet: str
    hedge: bool
    entry_session: pd.Timestamp
    entry_at: str
    entry_price: float
    exit_session: pd.Timestamp | NaTType
    exit_at: str
    exit_price: float
    shares: float
    entry_value: float
    gross_pnl: float
    commission: float
    slippage: float
    borrow: float
    costs: float
    net_pnl: float
    net_return: float
    benchmark_return: float
    excess_return: float
    adverse_excursion: float
    holding_sessions: int
    status: str


class Money(NamedTuple):
    """What a position earned from its first fill to row `end`.

    Or to the last price where it `is_open`.
    """

    end: int
    is_open: bool
    final: float
    value: float
    gross: float
    commission: float
    slippage: float
    borrow: float
    passive: float

    @property
    def paid(self) -> float:
        """All costs."""
        return self.commission + self.slippage + self.borrow


class Accountant:
    """Counts what positions earned, on the prices, costs and benchmark of one simulation."""

    def __init__(self, bars: Bars, costs: Costs, benchmark: str) -> None:
        self.bars, self.costs = bars, costs
        self.market = bars.price[:, bars.ticker_column(benchmark)]
        self.years = borrow_years(bars.sessions)

    def money(self, own: list[Fill]) -> Money:
        """Of the fills of one position."""
        first, last = own[0], own[-1]
        is_open = last.shares != 0
        if is_open:
            end = len(self.bars.price) - 1
            final = float(self.bars.mark[end, first.column])
        else:
            end = last.row
            final = last.price
        spent = commission = slippage = value = held = 0.0
        for fill in own:
            traded, held = fill.shares - held, fill.shares
            spent += traded * fill.price
            value = max(value, abs(fill.shares) * fill.price)
            slippage += abs(traded) * fill.price * self.costs.slip
            paid = self.costs.paid(fill.price, np.sign(traded))
            if traded:
                commission += float(self.costs.fee(abs(traded), paid))
        borrow = _borrow(own, end, self.bars, self.years) * self.costs.borrow_rate
        passive = float(self.market[end] / self.market[first.row] - 1)
        return Money(
            end,
            is_open,
            final,
            value,
            last.shares * final - spent,
            commission,
            slippage,
            borrow,
            passive,
        )


def trades_table(
    fills: dict[Leg, list[Fill]], bars: Bars, costs: Costs, benchmark: str
) -> pd.DataFrame:
    """One row a position, in the order of entry.

    `status` is closed, stopped, prices_ended or open.
    """
    accountant = Accountant(bars, costs, benchmark)
    rows = [astuple(_trade(own, accountant.money(own), bars)) for own in in_order(fills)]
    table = pd.DataFrame(rows, columns=list(Trade.__dataclass_fields__))
    return table.astype({"entry_session": "datetime64[us]", "exit_session": "datetime64[us]"})


def in_order(fills: dict[Leg, list[Fill]]) -> list[list[Fill]]:
    """The fills of each position, in the order of entry."""
    return sorted(fills.values(), key=lambda own: own[0].row)


def _trade(own: list[Fill], money: Money, bars: Bars) -> Trade:
    first, last = own[0], own[-1]
    sign = float(np.sign(first.shares))
    net = (money.gross - money.paid) / money.value
    exit_session: pd.Timestamp | NaTType = pd.NaT
    exit_at, status = "", "open"
    if not money.is_open:
        exit_session, exit_at = bars.session_of(money.end), moment(money.end)
        status = _STATUS.get(last.why, "closed")
    return Trade(
        event_id=first.leg.event_id,
        ticker=first.leg.ticker,
        bet=first.leg.bet,
        hedge=first.leg.hedge,
        entry_session=bars.session_of(first.row),
        entry_at=moment(first.row),
        entry_price=first.price,
        exit_session=exit_session,
        exit_at=exit_at,
        exit_price=money.final,
        shares=first.shares,
        entry_value=money.value,
        gross_pnl=money.gross,
        commission=money.commission,
        slippage=money.slippage,
        borrow=money.borrow,
        costs=money.paid,
        net_pnl=money.gross - money.paid,
        net_return=net,
        benchmark_return=money.passive,
        excess_return=net - sign * money.passive,
        adverse_excursion=_adverse(own, money.end, money.final, bars),
        holding_sessions=(money.end - first.row + 1) // 2,
        status=status,
    )


def held_rows(
    own: list[Fill], end: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """The rows from the first fill to `end`, and the shares held after each."""
    rows = np.arange(own[0].row, end + 1)
    after = np.searchsorted([fill.row for fill in own], rows, side="right") - 1
    return rows, np.array([fill.shares for fill in own])[after]


def _borrow(own: list[Fill], end: int, bars: Bars, years: Floats) -> float:
    """The fee at a yearly rate of 1.

    The short's value at each close, for the days to the next session.
    """
    if all(fill.shares >= 0 for fill in own):
        return 0.0
    rows, shares = held_rows(own, end)
    short = np.where((rows % 2 == 1) & (shares < 0), -shares * bars.mark[rows, own[0].column], 0.0)
    return float((short * years[rows // 2]).sum())


def _adverse(own: list[Fill], end: int, final: float, bars: Bars) -> float:
    """Deepest loss against the entry price while held.

    A day's low counts only where all of the day was held.
    """
    first, last = own[0], own[-1]
    entry, sign, column = first.price, np.sign(first.shares), first.column
    inside = np.arange(first.row + 1, end + 1)
    if last.why in ("stop", "prices ended"):
        inside = inside[:-1]  # out during that row, at its own price
    if sign > 0:
        against = bars.low
    else:
        against = bars.high
    whole_days = inside[inside % 2 == 1] // 2  # the rows of closes: a day's extremes end there
    prices = np.concatenate([bars.price[inside, column], against[whole_days, column]])
    moves = sign * (prices / entry - 1)
    return float(min([0.0, sign * (final / entry - 1), *moves[np.isfinite(moves)]]))


def bets_table(trades: pd.DataFrame) -> pd.DataFrame:
    """One row a bet, in the order of entry. Returns are per money in the legs that hedge nothing.

    With a hedge the excess return is the net return; without, it is what the same money earned in
    the benchmark over the same hours taken off. A bet is open while one of its legs is.
    """
    rows = [_bet(legs) for _, legs in trades.groupby(["event_id", "bet"], sort=False)]
    return pd.DataFrame(rows, columns=list(Bet._fields))


class Bet(NamedTuple):
    """A row of the table of bets; `traded` is the money bought and sold."""

    event_id: str
    bet: str
    n_legs: int
    hedged: bool
    entry_session: pd.Timestamp
    exit_session: pd.Timestamp | NaTType
    value: float
    gross_pnl: float
    costs: float
    net_pnl: float
    gross_return: float
    net_return: float
    excess_return: float
    adverse_excursion: float
    holding_sessions: int
    traded: float
    status: str


def _bet(legs: pd.DataFrame) -> Bet:
    hedge = legs["hedge"].to_numpy(dtype=bool)
    main = legs
    if not hedge.all():
        main = legs[~hedge]
    value, gross, paid = (
        float(main["entry_value"].sum()),
        float(legs["gross_pnl"].sum()),
        float(legs["costs"].sum()),
    )
    net = (gross - paid) / value
    passive = (
        float(
            (np.sign(legs["shares"]) * legs["entry_value"] * legs["benchmark_return"]).sum(
                skipna=False
            )
        )
        / value
    )
    return Bet(
        event_id=str(legs["event_id"].iloc[0]),
        bet=str(legs["bet"].iloc[0]),
        n_legs=len(legs),
        hedged=bool(hedge.any()),
        entry_session=legs["entry_session"].min(),
        exit_session=legs["exit_session"].max(),
        value=value,
        gross_pnl=gross,
        costs=paid,
        net_pnl=gross - paid,
        gross_return=gross / value,
        net_return=net,
        excess_return=net if hedge.any() else net - passive,
        adverse_excursion=float((main["adverse_excursion"] * main["entry_value"]).sum()) / value,
        holding_sessions=int(legs["holding_sessions"].max()),
        traded=float((legs["entry_value"] + legs["shares"].abs() * legs["exit_price"]).sum()),
        status=next(
            (
                word
                for word in ("open", "prices_ended", "stopped")
                if (legs["status"] == word).any()
            ),
            "closed",
        ),
    )
