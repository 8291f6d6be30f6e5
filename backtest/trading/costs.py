"""What trading costs and what it must keep to."""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import TradingError

BPS = 1e-4
Floats = float | NDArray[np.float64]
_BORROW_YEAR = 360  # days; the money market's convention
_MOST = 1e15
# Far beyond any market on both sides: a number outside is a slip of the pen, its results are noise.
_RANGES = {
    "commission_bps": (0.0, 10_000.0, "10,000 is the whole of the traded value"),
    "commission_per_order": (0.0, 1e9, "money"),
    "borrow_rate": (0.0, 100.0, "0.03 is 3% a year, 100 is 10,000%"),
    "capital": (1.0, _MOST, "money"),
    "stake": (1e-6, 100.0, "0.05 is 5% of the capital"),
    "max_gross": (1e-6, 100.0, "1 is the equity, 2 twice that"),
    "margin": (0.0, 100.0, "0.5 is half the value of shorts"),
    "max_volume_share": (1e-9, math.inf, "0.01 is 1% of the daily volume"),
    "listed_sessions": (1, 100_000, "sessions"),
    "delisting_return": (-1.0, 100.0, "-0.3 is a loss of 30%"),
}


@dataclass(frozen=True)
class Costs:
    """Costs of trading. Basis points are of the traded value.

    `commission_bps` and `commission_per_order` (money) are paid on every fill. `spread_bps` is the
    whole quoted spread, half of it paid on every fill; `slippage_bps` is paid on top. `borrow_rate`
    is the yearly fee on the value of shorts (0.03 is 3%), accrued every night on calendar days over
    360.

    >>> costs = Costs(spread_bps=10, slippage_bps=5)
    >>> round(costs.slip, 6), round(costs.commission, 6), Costs.none().slip
    (0.001, 0.0001, 0.0)

    A hundred shares bought at 50: the price paid, and the fee.

    >>> paid = costs.paid(np.array([50.0]), np.array([1.0]))
    >>> paid.round(4).tolist(), costs.fee(np.array([100.0]), paid).round(4).tolist()
    ([50.05], [0.5005])
    """

    commission_bps: float = 1.0
    commission_per_order: float = 0.0
    spread_bps: float = 10.0
    slippage_bps: float = 5.0
    borrow_rate: float = 0.03

    def __post_init__(self) -> None:
        """Refuse negative costs and no-numbers."""
        _check(self, "costs")
        if self.slip >= 1:
            raise TradingError(
                f"costs: spread and slippage of {self.slip / BPS:g} basis points leave no price"
            )

    @classmethod
    def none(cls) -> Costs:
        """Trading for nothing, to see what costs take."""
        return cls(0.0, 0.0, 0.0, 0.0, 0.0)

    @property
    def slip(self) -> float:
        """How far from the market price a fill is, as a fraction of it."""
        return (self.spread_bps / 2 + self.slippage_bps) * BPS

    @property
    def commission(self) -> float:
        """Commission as a fraction of the traded value."""
        return self.commission_bps * BPS

    def paid(self, price: Floats, side: Floats) -> Floats:
        """The price of a fill after spread and slippage; `side` is 1 for buying, -1 for selling."""
        return np.asarray(price * (1 + side * self.slip))

    def fee(self, size: Floats, paid: Floats) -> Floats:
        """Commission in money for fills of `size` shares (unsigned) at the prices `paid`."""
        return np.asarray(size * paid * self.commission + self.commission_per_order)


@dataclass(frozen=True)
class Limits:
    """What a simulation must keep to.

    `capital` is the money at the start, `stake` the fraction of it put behind a target of 1.
    `max_gross` limits longs plus shorts over equity; `margin` is the equity needed behind shorts as
    a fraction of their value. No entry is larger than `max_volume_share` of the mean daily dollar
    volume of the 20 sessions before (infinity: no limit). No entry comes before a ticker has
    `listed_sessions` closes: an IPO's first days are left alone. When a ticker's prices end before
    the panel does, its positions are closed at the last close times 1 + `delisting_return`. With
    `one_per_ticker` a bet on a ticker that another bet holds is refused, otherwise each event has
    its own position. Raises `TradingError` for what means nothing.

    >>> Limits(capital=100_000, stake=0.1).stake_value
    10000.0
    """

    capital: float = 1_000_000.0
    stake: float = 0.05
    max_gross: float = 1.0
    margin: float = 0.5
    max_volume_share: float = math.inf
    listed_sessions: int = 1
    delisting_return: float = 0.0
    one_per_ticker: bool = False

    def __post_init__(self) -> None:
        """Refuse limits that mean nothing."""
        _check(
            self,
            "limits",
            may_be_negative={"delisting_return"},
            may_be_infinite={"max_volume_share"},
        )
        for name in ("capital", "stake", "max_gross", "max_volume_share", "listed_sessions"):
            if not getattr(self, name) > 0:
                raise TradingError(f"limits: {name} is {getattr(self, name)!r}; it must be above 0")
        if self.stake > self.max_gross:
            raise TradingError(
                f"limits: stake ({self.stake!r}) is over max_gross ({self.max_gross!r}): "
                "every entry would be refused"
            )
        if self.capital * self.max_gross > _MOST:
            raise TradingError(
                f"limits: capital times max_gross is over {_MOST:g}, more money than can be counted"
            )
        if self.delisting_return < -1:
            raise TradingError(
                f"limits: delisting_return is {self.delisting_return!r}; "
                "no share loses more than -1"
            )

    @property
    def stake_value(self) -> float:
        """The money behind a target of 1."""
        return self.capital * self.stake


def _check(
    owner: Costs | Limits,
    where: str,
    may_be_negative: Set[str] = frozenset(),
    may_be_infinite: Set[str] = frozenset(),
) -> None:
    for field in fields(owner):
        value = getattr(owner, field.name)
        if isinstance(field.default, bool):
            if not isinstance(value, bool):
                raise TradingError(f"{where}: {field.name} is {value!r}; it must be true or false")
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise TradingError(f"{where}: {field.name} is {value!r}, no number")
        if math.isinf(value) and field.name not in may_be_infinite:
            raise TradingError(f"{where}: {field.name} is {value!r}; it must be finite")
        if value < 0 and field.name not in may_be_negative:
            raise TradingError(f"{where}: {field.name} is {value!r}; it cannot be negative")
        if isinstance(field.default, int) and value != int(value):
            raise TradingError(f"{where}: {field.name} is {value!r}; it must be a whole number")
        least, most, words = _RANGES.get(field.name, (-math.inf, math.inf, ""))
        if 0 < abs(value) < least or value > most:
            raise TradingError(
                f"{where}: {field.name} is {value!r}; write {least:,g} to {most:,g} ({words})"
            )


def borrow_years(sessions: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Years of 360 days from each close to the next, (n,).

    What a short held over it pays for; 0 for the last.
    """
    dates = sessions.to_numpy()
    return np.asarray(np.diff(dates, append=dates[-1:]) / np.timedelta64(1, "D") / _BORROW_YEAR)
