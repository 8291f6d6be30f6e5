"""Prices of several currencies in one, by rates that are files among them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceError
from backtest.prices import Prices
from events import Sessions


def write(
    folder: Path, ticker: str, exchange: str, seed: int, skip: tuple[str, ...] = ()
) -> pd.Series:
    days = Sessions.exchange(exchange, "2026-01-05", "2026-03-31").dates
    closes = 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, len(days))))
    series = pd.Series(closes, index=days).drop(pd.DatetimeIndex(list(skip)))
    table = pd.DataFrame(
        {"Date": pd.DatetimeIndex(series.index).strftime("%Y-%m-%d"), "Close": series.to_numpy()}
    )
    table.to_csv(folder / f"{ticker}.csv", index=False)
    return series


def returns(prices: Prices, ticker: str) -> pd.Series:
    found = prices.returns()
    return pd.Series(found.column(ticker), index=found.sessions).dropna()


@pytest.mark.parametrize("turned", [False, True])
def test_a_return_in_dollars_is_that_of_share_and_rate(tmp_path: Path, turned: bool) -> None:
    share = write(tmp_path, "7203.T", "XTKS", 1)
    rate = write(tmp_path, "USDJPY=X" if turned else "JPYUSD=X", "24/5", 2)
    home = write(tmp_path, "META", "XNYS", 3)
    prices = Prices.read(tmp_path).in_currency("USD")
    dollars = share * (1 / rate if turned else rate).reindex(share.index)
    expected = (dollars / dollars.shift(1) - 1).dropna()
    np.testing.assert_allclose(returns(prices, "7203.T"), expected, rtol=1e-12)
    np.testing.assert_allclose(
        returns(prices, "META"), (home / home.shift(1) - 1).dropna(), rtol=1e-12
    )
    name = "USDJPY=X" if turned else "JPYUSD=X"
    assert f"7203.T: from JPY to USD at the close of {name}" in prices.notes


def test_a_day_without_a_rate_is_missing_and_said(tmp_path: Path) -> None:
    write(tmp_path, "7203.T", "XTKS", 1)
    write(tmp_path, "META", "XNYS", 3)
    write(tmp_path, "JPYUSD=X", "24/5", 2, skip=("2026-02-17",))
    prices = Prices.read(tmp_path).in_currency("USD")
    found = returns(prices, "7203.T").index
    assert pd.Timestamp("2026-02-17") not in found
    assert pd.Timestamp("2026-02-18") not in found
    assert pd.Timestamp("2026-02-19") in found
    assert any("1 session of XTKS without a rate, left out" in note for note in prices.notes)


def test_a_currency_without_a_rate_stops_nobody(tmp_path: Path) -> None:
    write(tmp_path, "7203.T", "XTKS", 1)
    write(tmp_path, "META", "XNYS", 3)
    prices = Prices.read(tmp_path).in_currency("USD")
    assert returns(prices, "7203.T").empty
    assert len(returns(prices, "META")) > 50
    assert "7203.T: in JPY, and there is no JPYUSD=X or USDJPY=X: left out" in prices.notes


def test_what_is_no_currency_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "META", "XNYS", 3)
    with pytest.raises(PriceError, match="no code of three letters; write USD"):
        Prices.read(tmp_path).in_currency("dollars")
