"""Strategies over several exchanges.

An account each, on its own sessions, that sees nothing of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import reactions as rx
from backtest.prices import Prices
from backtest.prices.panels.panel import assemble
from backtest.prices.sources.files.table import PriceTable
from backtest.trading import Order
from events.clock.sessions import Sessions
from strategies import BetaHedged, Drift, Pair
from strategies.base import held, selected
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import Evaluation, evaluate
from strategies.evaluate.search import search
from strategies.evaluate.sweep import Filter, Grid, sweep
from strategies.evaluate.walk_forward import walk_forward

ON = {
    "META": "XNYS",
    "SPY": "XNYS",
    "7203.T": "XTKS",
    "1306.T": "XTKS",
    "VOD.L": "XLON",
    "ISF.L": "XLON",
}
OF = {"XTKS": "1306.T", "XLON": "ISF.L"}
EVERYONE = (Filter("everyone"),)


def read(tickers: list[str]) -> Prices:
    tables = {}
    for ticker in tickers:
        random = np.random.default_rng(list(ON).index(ticker))
        days = Sessions.exchange(ON[ticker], "2022-01-03", "2024-07-31").dates
        close = 100 * np.exp(np.cumsum(random.normal(0, 0.012, len(days))))
        opens = close * np.exp(random.normal(0, 0.004, len(days)))
        shown = {"open": opens, "high": close * 1.01, "low": close * 0.99, "close": close}
        frame = pd.DataFrame({**shown, "adjusted": close, "volume": 1e6}, index=days)
        tables[ticker] = PriceTable(frame, [f"{ticker} line {n + 2}" for n in range(len(days))])
    first = ON[tickers[0]]
    exchanges = {ticker: ON[ticker] for ticker in tickers}
    return Prices.of(assemble(tables, "made up", first, exchanges=exchanges))


def listed(tickers: tuple[str, ...] = ("META", "7203.T", "VOD.L")) -> pd.DataFrame:
    """One announcement a month at noon in London: after Tokyo's close, before New York's open."""
    days = pd.bdate_range("2023-02-01", "2024-06-03", freq="22B")
    rows = [(f"{t} {d.date()}", t, f"{d.date()}T12:00:00+00:00") for d in days for t in tickers]
    frame = pd.DataFrame(rows, columns=["event_id", "ticker", "announced_at"])
    return frame.assign(roles="supplier", timing_flags="", kind="other", amount_usd=np.nan)


def placed(prices: Prices, frame: pd.DataFrame) -> pd.DataFrame:
    from backtest.study.place.alignment import place

    return place(frame, prices.returns()).frame


@pytest.fixture(scope="module")
def mixed() -> Prices:
    return read(list(ON))


@pytest.fixture(scope="module")
def events(mixed: Prices) -> pd.DataFrame:
    return placed(mixed, listed())


def account(found: Evaluation, exchange: str) -> Evaluation:
    return next(one for one in found.accounts if one.exchange == exchange)


@pytest.mark.parametrize("strategy", [Drift(hold=3), Drift(hold=3, entry="close"), BetaHedged()])
def test_together_each_exchange_trades_as_it_does_alone(
    strategy: Any, mixed: Any, events: pd.DataFrame
) -> None:
    found = evaluate(strategy, events, mixed, benchmark_of=OF)
    assert [one.exchange for one in found.accounts] == ["XNYS", "XLON", "XTKS"]
    assert found.untraded == ()
    for ticker, own in (("META", "SPY"), ("7203.T", "1306.T"), ("VOD.L", "ISF.L")):
        prices = read([ticker, own])
        alone = replace(strategy, hedge=own) if isinstance(strategy, BetaHedged) else strategy
        expected = evaluate(alone, placed(prices, listed((ticker,))), prices, benchmark=own)
        mine = account(found, ON[ticker])
        assert len(expected.trades) > 10
        pd.testing.assert_frame_equal(mine.trades, expected.trades)
        pd.testing.assert_frame_equal(mine.equity, expected.equity)
    assert len(found.every_bet) == sum(len(one.bets) for one in found.accounts)
    assert found.whole.n_trades == sum(one.judgement.n_trades for one in found.accounts)
    means = found.every_bet["excess_return"].mean()
    assert found.whole.mean_excess == pytest.approx(means)
    worth = sum(one.equity["equity"].iloc[-1] for one in found.accounts)
    assert found.whole_equity["equity"].iloc[-1] == pytest.approx(worth)


def test_every_order_waits_for_its_own_tradable_open(mixed: Any, events: pd.DataFrame) -> None:
    found = evaluate(Drift(hold=1), events, mixed, benchmark_of=OF)
    entries = found.every_bet.set_index("event_id")["entry_session"]
    day = pd.Timestamp("2023-05-02")  # noon in London; Tokyo has gone home, and Golden Week begins
    frame = (
        listed()
        .iloc[:3]
        .assign(
            event_id=["a", "b", "c"],
            ticker=["META", "7203.T", "VOD.L"],
            announced_at="2023-05-02T12:00:00+00:00",
        )
    )
    golden = evaluate(Drift(hold=1), placed(mixed, frame), mixed, benchmark_of=OF).every_bet
    entered = golden.set_index("bet")["entry_session"]
    assert entered["META"] == day  # New York opens an hour and a half later
    assert entered["VOD.L"] == pd.Timestamp("2023-05-03")  # its open was that morning
    assert entered["7203.T"] == pd.Timestamp("2023-05-08")
    opens = events.set_index("event_id")["tradable_open"]
    assert (entries == opens.loc[entries.index]).all()


def test_no_exchange_sees_another(mixed: Any, events: pd.DataFrame) -> None:
    seen = []

    @dataclass(frozen=True)
    class Looks:
        name = "looks"

        def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
            seen.append((prices.calendar, prices.all_tickers, tuple(sorted(set(events["ticker"])))))
            clock = prices.clock
            every = [held(e, {e.ticker: 1.0}, clock, 2) for e in selected(events, prices.tickers)]
            return tuple(order for own in every for order in own)

    evaluate(Looks(), events, mixed, benchmark_of=OF)
    assert set(seen) == {
        ("XNYS", ("META", "SPY"), ("META",)),
        ("XTKS", ("1306.T", "7203.T"), ("7203.T",)),
        ("XLON", ("ISF.L", "VOD.L"), ("VOD.L",)),
    }


def test_who_peeks_abroad_alone_is_caught(mixed: Any, events: pd.DataFrame) -> None:
    @dataclass(frozen=True)
    class Peeks:
        name = "peeks"

        def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
            if prices.calendar != "XTKS":
                return ()
            out: list[Order] = []
            for one in selected(events, prices.tickers):
                at = prices.clock.number(one.tradable_open)
                assert at is not None
                ahead = prices.close[one.ticker].iloc[at:]
                if len(ahead) > 5 and ahead.iloc[5] > ahead.iloc[0]:
                    out += held(one, {one.ticker: 1.0}, prices.clock, 5)
            return tuple(out)

    with pytest.raises(StrategyError, match="peeks looks ahead"):
        evaluate(Peeks(), events, mixed, benchmark_of=OF)


def test_a_market_without_a_benchmark_is_left_out_with_the_reason(
    mixed: Any, events: pd.DataFrame
) -> None:
    found = evaluate(Drift(), events, mixed, benchmark_of={"XTKS": "1306.T", "XLON": "FTSE"})
    assert [one.exchange for one in found.accounts] == ["XNYS", "XTKS"]
    assert found.untraded == ("VOD.L: no prices for FTSE on XLON, its benchmark",)
    assert "left out: VOD.L: no prices for FTSE" in repr(found)
    assert "against SPY on XNYS, 1306.T on XTKS" in repr(found)
    alone = evaluate(Drift(), events, mixed)
    assert alone.untraded[1] == "7203.T: no benchmark for XTKS (benchmark_of names one)"
    peers = evaluate(
        BetaHedged(hedge="peers", peers=("META", "SPY")), events, mixed, benchmark_of=OF
    )
    assert "7203.T: its peers META, SPY do not trade on XTKS" in peers.untraded


def test_the_benchmark_says_where_home_is(mixed: Any, events: pd.DataFrame) -> None:
    found = evaluate(Drift(), events, mixed, benchmark="1306.T", benchmark_of={"XNYS": "SPY"})
    assert [one.exchange for one in found.accounts] == ["XTKS", "XNYS"]
    pd.testing.assert_frame_equal(
        account(found, "XNYS").trades, evaluate(Drift(), events, mixed).trades
    )


def test_no_bet_has_legs_on_two_exchanges(mixed: Any) -> None:
    frame = listed(("META", "7203.T"))
    frame = frame.assign(
        event_id=frame["announced_at"],
        roles=np.where(frame["ticker"] == "META", "supplier", "customer"),
    )
    found = evaluate(Pair(), placed(mixed, frame), mixed, benchmark_of=OF)
    assert found.every_bet.empty
    assert "no completed trade of 0 orders" in repr(found)


def test_a_sweep_and_a_search_count_the_bets_of_every_exchange(
    mixed: Any, events: pd.DataFrame
) -> None:
    grid = Grid((1, 5), ("open",), (0.0, 0.05), ("", "SPY"), EVERYONE)
    whole = sweep(grid, events, mixed, n_draws=99, benchmark_of=OF)
    parts = []
    for ticker, own in (("META", "SPY"), ("VOD.L", "ISF.L"), ("7203.T", "1306.T")):
        prices, alone = read([ticker, own]), replace(grid, hedges=("", own))
        parts.append(
            sweep(alone, placed(prices, listed((ticker,))), prices, benchmark=own, n_draws=9)
        )
    np.testing.assert_allclose(whole.returns, np.hstack([one.returns for one in parts]))
    found = search(Drift, {"hold": [1, 5]}, events, mixed, benchmark_of=OF)
    first = evaluate(Drift(hold=1), events, mixed, benchmark_of=OF)
    assert found.table["n_trades"].iloc[0] == first.whole.n_trades
    assert found.table["mean_excess"].iloc[0] == pytest.approx(first.whole.mean_excess)
    walked = walk_forward(found, events, mixed, benchmark_of=OF, splits=2)
    out = walked.out_of_sample
    assert {one.exchange for one in out.accounts} == {"XNYS", "XTKS", "XLON"}
    assert walked.table["n_test"].sum() == out.whole.n_trades > 0


def test_the_facade_trades_them_too(mixed: Any, tmp_path: Path) -> None:
    frame = listed()[["ticker", "announced_at"]]
    frame.assign(role="supplier").to_csv(tmp_path / "events.csv", index=False)
    catalog = rx.Catalog.read(tmp_path / "events.csv")
    found = rx.evaluate(Drift(), rx.tradable_events(catalog, mixed), mixed, benchmark_of=OF)
    assert [one.exchange for one in found.accounts] == ["XNYS", "XLON", "XTKS"]
    assert found.whole.n_trades > 30
