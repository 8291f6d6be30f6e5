"""What a sweep is given of a wrong kind is told by its name, with what to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.trading import Costs
from events.errors import ReactionsError
from strategies.evaluate.sweep import Filter, Grid, sweep
from strategies.evaluate.terms import Terms

NO_NUMBERS: list[Any] = [True, "5e9", float("nan"), None]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"events": None}, "events: None is of another kind; write rx.tradable_events("),
        ({"events": "catalog"}, "events: 'catalog' is of another kind"),
        ({"prices": Prices}, "prices: a type is of another kind; write rx.Prices.read(FOLDER)"),
        ({"prices": "prices/"}, "prices: 'prices/' is of another kind"),
        ({"costs": 5}, "costs: '5' is of another kind; write rx.Costs(commission_bps=2)"),
        ({"limits": Costs()}, "limits: a Costs is of another kind; write rx.Limits()"),
        ({"benchmark": 5}, "benchmark: '5' is no text; write 'SPY'"),
        ({"benchmark": ""}, "benchmark: '' is no text"),
        ({"benchmark_of": "1306.T"}, "benchmark_of: '1306.T' is of another kind; write {'XTKS'"),
    ],
)
def test_terms_of_a_wrong_kind(
    events: pd.DataFrame, prices: Prices, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReactionsError) as told:
        Terms(**{"events": events, "prices": prices, **changed})
    assert str(told.value).startswith(said)


@pytest.mark.parametrize("column", ["event_id", "ticker", "event_session", "tradable_open"])
def test_events_that_were_not_placed(events: pd.DataFrame, prices: Prices, column: str) -> None:
    with pytest.raises(ReactionsError, match=f"events: has no column {column}; write"):
        Terms(events.drop(columns=column), prices)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Grid(holds=5), "holds: '5' is no list; write [1, 5]"),
        (lambda: Grid(holds=(True,)), "strategy sweep: hold is True; it must be a whole number"),
        (lambda: Grid(holds=()), "sweep: holds is empty; give at least one value"),
        (lambda: Grid(entries="open"), "entries: 'open' is no list; write ['open']"),
        (lambda: Grid(entries=("opne",)), "strategy sweep: entry is 'opne'; it must be 'open' or"),
        (lambda: Grid(stops=("0.1",)), "strategy sweep: stop is '0.1'; write a fraction below 1"),
        (lambda: Grid(hedges="SPY"), "hedges: 'SPY' is no list; write ['', 'SPY']"),
        (lambda: Grid(hedges=("SPY", 5)), "hedges: '5' is no text"),
        (lambda: Grid(filters=Filter("x")), "filters: a Filter is no list; write [Filter("),
        (lambda: Grid(filters=("x",)), "filters: 'x' is of another kind; write [Filter("),
        (lambda: Filter(5), "filter name: '5' is no text; write 'large contracts'"),
        (lambda: Filter("x", roles=("suplier",)), "strategy sweep, filter x: roles has 'suplier'; "
         "did you mean 'supplier'?"),
        (lambda: Filter("x", kinds=("earning",)), "strategy sweep, filter x: kinds has 'earning'; "
         "did you mean 'earnings'?"),
        (lambda: Filter("x", roles="supplier"), "strategy sweep, filter x: roles is 'supplier'; "
         "write a list: ['supplier']"),
        *[(lambda value=value: Filter("x", min_amount_usd=value),
           f"strategy sweep, filter x: min_amount_usd is {value!r}; it must be a number")
          for value in NO_NUMBERS],
    ],
)  # fmt: skip
def test_a_grid_of_a_wrong_kind(made: Callable[[], object], said: str) -> None:
    with pytest.raises(ReactionsError) as told:
        made()
    assert str(told.value).startswith(said)


@pytest.mark.parametrize("grid", [None, {"holds": (5,)}, Grid])
def test_what_is_no_grid(grid: Any, events: pd.DataFrame, prices: Prices) -> None:
    with pytest.raises(ReactionsError, match=r"grid: .* is of another kind; write Grid\("):
        sweep(grid, events, prices)


def test_a_hedge_that_is_nearly_a_ticker(events: pd.DataFrame, prices: Prices) -> None:
    with pytest.raises(TradingError, match="no prices for 'SPYY'; did you mean 'SPY'"):
        sweep(Grid(holds=(5,), hedges=("SPYY",)), events, prices, n_draws=9)


def test_an_axis_may_be_any_list() -> None:
    assert len(Grid(holds=range(1, 4), stops=[0], hedges=[""], entries=["open"])) == 6
