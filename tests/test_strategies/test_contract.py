"""What every registered strategy must hold to, and strategies that do not."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from inspect import getattr_static
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order
from strategies import STRATEGIES, BetaHedged, Conditional, Drift, Pair, Strategy
from strategies.asking.ask import ask
from strategies.asking.foresight import asked_at, first_change, moments_of
from strategies.asking.loader import find_strategy
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import evaluate

VARIANTS = [
    *(kind() for kind in STRATEGIES.values()),
    *(Drift(entry="close", stop=0.1), Pair(entry="close")),
    BetaHedged(hedge="peers", peers=("MSFT", "GOOGL", "ORCL"), entry="close"),
    Conditional(min_first_day=0.0, min_amount_usd=1e9, kinds=("capacity_contract",)),
    Conditional(min_surprise=1.0, roles=()),
]
each = pytest.mark.parametrize("strategy", VARIANTS, ids=repr)


@each
def test_it_does_not_look_ahead(strategy: Strategy, events: pd.DataFrame, prices: Prices) -> None:
    orders = strategy.orders(events, prices)
    assert orders
    answers = asked_at(strategy, events, prices, moments_of(orders, 10))
    assert first_change(strategy, orders, answers) is None


@each
def test_it_leaves_its_inputs_alone_and_says_the_same_twice(
    strategy: Strategy, events: pd.DataFrame, prices: Prices
) -> None:
    before, digest = events.copy(), prices.digest
    first = strategy.orders(events, prices)
    pd.testing.assert_frame_equal(events, before)
    assert getattr_static(Prices, "digest").func(prices) == digest
    assert strategy.orders(events, prices) == first


@each
def test_it_is_a_frozen_dataclass_with_a_name(
    strategy: Strategy, events: pd.DataFrame, prices: Prices
) -> None:
    assert dataclasses.is_dataclass(strategy)
    with pytest.raises(dataclasses.FrozenInstanceError):
        strategy.hold = 3
    assert strategy.name in STRATEGIES


@each
def test_it_is_never_over_invested_and_every_order_is_accounted_for(
    strategy: Strategy, events: pd.DataFrame, prices: Prices
) -> None:
    found = evaluate(strategy, events, prices, limits=Limits(stake=0.2))
    sent = strategy.orders(events, prices)
    assert len(found.orders) >= len(sent)
    assert set(found.orders["status"]) <= {"filled", "refused"}
    assert found.orders.loc[found.orders["status"] == "refused", "reason"].ne("").all()
    entered = found.equity["gross_exposure"][found.equity["n_positions"].diff() > 0]
    assert entered.max() < 1.25  # at most all of it at the open; prices move until the close
    assert found.equity["equity"].iloc[-1] - 1e6 == pytest.approx(
        found.trades["net_pnl"].sum(), abs=0.01
    )


@each
def test_no_events_no_orders(strategy: Strategy, events: pd.DataFrame, prices: Prices) -> None:
    assert strategy.orders(events.iloc[:0], prices) == ()
    assert evaluate(strategy, events.iloc[:0], prices).summary["n_trades"].iloc[0] == 0


@each
def test_a_silent_ticker_changes_nothing(
    strategy: Strategy, events: pd.DataFrame, prices: Prices
) -> None:
    extra = {
        name: getattr(prices, name).assign(ZZZ=1.0)
        for name in ("open", "high", "low", "close", "adjusted", "volume")
    }
    assert strategy.orders(events, dataclasses.replace(prices, **extra)) == strategy.orders(
        events, prices
    )


@dataclass(frozen=True)
class BuysWinners:
    """Peeks: buys what will have risen."""

    name = "buys_winners"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        out = []
        for event in events.itertuples():
            path = prices.adjusted[event.ticker].loc[event.tradable_open :]
            if len(path) > 5 and path.iloc[5] > path.iloc[0]:
                out += [
                    Order(event.event_id, event.ticker, event.tradable_open, "open", 1.0),
                    Order(event.event_id, event.ticker, path.index[5], "close", 0.0),
                ]
        return tuple(out)


@dataclass(frozen=True)
class BuysAtTheCloseItKnows:
    """Peeks a little: decides at a close by that very close."""

    name = "same_close"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        out = []
        for event in events.itertuples():
            path = prices.adjusted[event.ticker].loc[: event.tradable_open]
            if len(path) > 2 and path.iloc[-1] > path.iloc[-2]:
                out.append(Order(event.event_id, event.ticker, event.tradable_open, "close", 1.0))
        return tuple(out)


@dataclass(frozen=True)
class BuysAtTheOpenItKnows:
    """Peeks a little: decides at an open by that very open."""

    name = "same_open"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        out = []
        for event in events.itertuples():
            opens = prices.open[event.ticker].loc[: event.tradable_open]
            before = prices.close[event.ticker].shift(1).loc[: event.tradable_open]
            if len(opens) > 2 and opens.iloc[-1] > before.iloc[-1]:
                out.append(Order(event.event_id, event.ticker, event.tradable_open, "open", 1.0))
        return tuple(out)


@dataclass(frozen=True)
class KnowsTheCatalog:
    """Peeks at news: trades a ticker for as often as it will be in the catalog."""

    name = "knows_the_catalog"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        often = events["ticker"].value_counts()
        return tuple(
            Order(
                event.event_id,
                event.ticker,
                event.tradable_open,
                "open",
                1.0 / float(often[event.ticker]),
            )
            for event in events.itertuples()
        )


@pytest.mark.parametrize(
    "cheat",
    [BuysWinners(), BuysAtTheCloseItKnows(), BuysAtTheOpenItKnows(), KnowsTheCatalog()],
    ids=lambda s: s.name,
)
def test_a_strategy_that_peeks_is_caught(cheat: Any, events: pd.DataFrame, prices: Prices) -> None:
    known = events[events["ticker"].isin(prices.tickers)]
    with pytest.raises(
        StrategyError, match=f"{cheat.name} (looks ahead: its order|fails without future prices)"
    ):
        evaluate(cheat, known, prices)


@dataclass(frozen=True)
class TradesOnLeaks:
    """Sends orders before the news."""

    name = "leaks"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        out = []
        for event in events.head(1).itertuples():
            before = prices.sessions[prices.sessions.get_loc(event.tradable_open) - 3]
            out.append(Order(event.event_id, event.ticker, before, "open", 1.0))
        return tuple(out)


def test_an_order_before_its_news_is_refused_or_caught(
    events: pd.DataFrame, prices: Prices
) -> None:
    from strategies.asking.guard import WHY, only_public

    orders = TradesOnLeaks().orders(events, prices)
    allowed, early = only_public(orders, events)
    assert not allowed
    assert early["reason"].tolist() == [WHY]
    with pytest.raises(StrategyError, match="fails without future prices"):
        ask(TradesOnLeaks(), events, prices)


def test_an_order_of_news_outside_the_prices_is_refused(
    events: pd.DataFrame, prices: Prices
) -> None:
    from strategies.asking.guard import NEVER, only_public

    orders = TradesOnLeaks().orders(events, prices)
    nowhere = events.assign(tradable_open=pd.NaT, event_session=pd.NaT)
    allowed, early = only_public(orders, nowhere)
    assert not allowed
    assert early["reason"].tolist() == [NEVER.format("open")]


@pytest.mark.parametrize("spec", list(STRATEGIES))
def test_names_are_found(spec: str) -> None:
    assert find_strategy(spec) is STRATEGIES[spec]


def test_costs_lower_every_net_return(events: pd.DataFrame, prices: Prices) -> None:
    free, paid = (evaluate(Drift(), events, prices, costs) for costs in (Costs.none(), Costs()))
    assert (free.trades["net_return"] > paid.trades["net_return"]).all()
    assert np.allclose(free.trades["gross_pnl"], paid.trades["gross_pnl"])
