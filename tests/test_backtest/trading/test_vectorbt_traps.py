"""What vectorbt does in silence, and that we do not fall for it.

Each trap is shown, then stepped over.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, simulate

FREE, STAKE = Costs.none(), Limits(capital=100_000, stake=0.1)


@pytest.fixture(scope="module")
def vbt() -> Any:
    import vectorbt

    return vectorbt


def trip(
    prices: Prices, first: Any, last: Any, target: Any = 1.0, event: Any = "news", stop: Any = None
) -> list[Order]:
    days = prices.sessions
    return [
        Order(event, "A", days[first], "open", target, stop=stop),
        Order(event, "A", days[last], "close", 0.0),
    ]


def test_a_year_has_252_sessions(vbt: Any, market: Callable[..., Prices]) -> None:
    simulate(trip(market(A=[(1, 1)] * 3), 1, 2), market(A=[(1, 1)] * 3))
    assert vbt.settings.returns["year_freq"] == "252 days"
    assert vbt.settings["engine"] == "auto"


def test_an_order_without_a_price_is_ignored_in_silence(
    vbt: Any, market: Callable[..., Prices]
) -> None:
    close = pd.Series([np.nan, 10.0, 11.0])
    folio = vbt.Portfolio.from_orders(
        close, size=pd.Series([1.0, np.nan, np.nan]), raise_reject=True, freq="1D"
    )
    assert folio.orders.count() == 0  # not a word
    prices = market(A=[(np.nan,) * 6, (10, 10), (11, 11)])
    assert simulate(trip(prices, 0, 2), prices).orders["reason"].tolist() == [
        "no price of A before its listing",
        "nothing is held",
    ]


def test_one_order_a_bar_loses_a_trade_from_open_to_close(market: Callable[..., Prices]) -> None:
    prices = market(A=[(10, 10), (10, 11)])
    assert len(simulate(trip(prices, 1, 1), prices, FREE, STAKE).trades) == 1


def test_an_entry_while_in_position_is_ignored(vbt: Any, market: Callable[..., Prices]) -> None:
    close = pd.Series([10.0, 10, 12, 12])
    enter, leave = pd.Series([True, True, False, False]), pd.Series([False, False, True, True])
    assert vbt.Portfolio.from_signals(close, enter, leave, freq="1D").orders.count() == 2  # of four
    prices = market(A=[(10, 10)] * 2 + [(12, 12)] * 3)
    sent = [*trip(prices, 1, 2, event="one"), *trip(prices, 1, 3, event="two")]
    assert len(simulate(sent, prices, FREE, STAKE).trades) == 2


def test_a_hundred_in_cash_fills_in_part(vbt: Any, market: Callable[..., Prices]) -> None:
    folio = vbt.Portfolio.from_orders(
        pd.Series([10.0, 10.0]), size=pd.Series([50.0, np.nan]), freq="1D"
    )
    assert folio.orders.records["size"].iloc[0] == 10  # of fifty
    prices = market(A=[(10, 10)] * 3)
    done = simulate(trip(prices, 1, 2), prices, FREE, STAKE)
    assert done.trades["shares"].iloc[0] == pytest.approx(1_000)


def test_a_short_may_lose_more_than_there_is(market: Callable[..., Prices]) -> None:
    prices = market(A=[(10, 10), (10, 10), (35, 35), (35, 35)])
    done = simulate([trip(prices, 1, 3, -1.0)[0]], prices, FREE, Limits(capital=100_000, stake=0.5))
    assert done.equity["equity"].iloc[-1] == pytest.approx(-25_000)
    assert done.equity["margin_call"].tolist()[-2:] == [
        True,
        True,
    ]  # said, where vectorbt says nothing


def test_more_orders_than_rows_are_no_error(market: Callable[..., Prices]) -> None:
    prices = market(A=[(10, 10)] * 12)
    sent = [order for i in range(40) for order in trip(prices, 1 + i % 5, 6 + i % 5, event=f"e{i}")]
    done = simulate(sent, prices, FREE, Limits(stake=0.01))
    assert done.orders["status"].eq("filled").all()


def test_holding_is_counted_in_sessions_not_in_rows(market: Callable[..., Prices]) -> None:
    prices = market(A=[(10, 10)] * 6)
    assert simulate(trip(prices, 1, 4), prices, FREE, STAKE).trades["holding_sessions"].iloc[0] == 4


def test_a_stop_hangs_on_the_price_paid_not_on_the_close_of_that_day(
    market: Callable[..., Prices],
) -> None:
    prices = market(A=[(100, 100), (100, 120), (115, 116, 105, 110), (110, 110)])
    done = simulate(trip(prices, 1, 3, stop=0.1), prices, FREE, STAKE)
    assert (
        done.trades["status"].iloc[0] == "closed"
    )  # 105 is under 90% of the close of 120, not of the 100 paid


def test_an_ipos_first_days_can_be_left_alone(market: Callable[..., Prices]) -> None:
    prices = market(A=[(np.nan,) * 6] + [(10, 10)] * 6)
    sent = [*trip(prices, 3, 4, event="early"), *trip(prices, 5, 6, event="late")]
    done = simulate(sent, prices, FREE, Limits(listed_sessions=4))
    assert done.trades["event_id"].tolist() == ["late"]
    assert (
        done.orders["reason"].iloc[0]
        == "A has only 2 closes before, fewer than listed_sessions (4)"
    )


@pytest.mark.parametrize(
    "module", ["backtest.trading.engine", "backtest.study.inference.days.kernels"]
)
def test_it_runs_where_the_library_cannot_be_written_to(module: str) -> None:
    code = f"import numba, {module}; print(numba.config.CACHE_DIR)"
    locked = {
        **os.environ,
        "HOME": "/proc/nowhere",
        "XDG_CACHE_HOME": "/proc/nowhere",
        "NUMBA_CACHE_DIR": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=locked, capture_output=True, text=True, check=True
    )
    assert os.access(done.stdout.strip(), os.W_OK)
