"""The announcement of 2026-04-09 on real prices (facts quoted by the press, recomputed)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.study import EventStudy, EventStudyResult, MarketModel
from events import Catalog

ID = "2026-04-09-meta-coreweave-21bn"


@pytest.fixture(scope="module")
def prices(real_prices_dir: Path) -> Prices:
    return Prices.read(real_prices_dir, ["META", "CRWV", "SPY"])


@pytest.fixture(scope="module")
def result(prices: Prices) -> EventStudyResult:
    return EventStudy(MarketModel("SPY")).fit(
        Catalog.bundled().filter(ids=[ID], tickers=["META", "CRWV"]), prices
    )


def test_day_0_is_the_day_of_the_release(result: EventStudyResult) -> None:
    assert set(result.events["event_session"]) == {pd.Timestamp("2026-04-09")}
    assert set(result.events["first_day_end"]) == {0}


@pytest.mark.parametrize(
    ("ticker", "close", "move"), [("META", 628.39, 0.026), ("CRWV", 92.00, 0.0349)]
)
def test_close_to_close_moves(
    result: EventStudyResult, prices: Prices, ticker: str, close: float, move: float
) -> None:
    assert prices.close.loc["2026-04-09", ticker] == pytest.approx(close, abs=0.005)
    row = result.windows.set_index(["ticker", "window"]).loc[(ticker, "1-day")]
    assert row["raw_return"] == pytest.approx(move, abs=0.0005 if ticker == "META" else 0.00005)
    assert row["car"] < row["raw_return"]  # the market rose that day


@pytest.mark.parametrize(("ticker", "move"), [("CRWV", 0.228), ("META", -0.039)])
def test_moves_over_the_month_before(prices: Prices, ticker: str, move: float) -> None:
    close = prices.close[ticker]
    assert close.loc["2026-04-09"] / close.loc["2026-03-10"] - 1 == pytest.approx(move, abs=0.0005)


def test_coreweave_grows_a_history_after_its_ipo(real_prices_dir: Path) -> None:
    prices = Prices.read(real_prices_dir, ["CRWV", "SPY"])
    windows = (
        EventStudy(MarketModel("SPY"))
        .fit(Catalog.bundled().filter(tickers=["CRWV"]), prices)
        .windows
    )
    flags = windows.loc[windows["window"] == "1-day", "flags"].str.split(";")
    stages = ["descriptive", "weak_history", "reduced_history"]
    seen = [next((stage for stage in stages if stage in words), "") for words in flags]
    assert list(dict.fromkeys(seen)) == stages


def test_a_real_jump_survives(prices: Prices) -> None:
    returns = prices.returns()
    jump = returns.column("CRWV")[returns.sessions.get_loc("2025-04-01")]
    assert jump == pytest.approx(0.418, abs=0.001)
