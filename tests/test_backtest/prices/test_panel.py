"""Panels of prices and returns: algebra that must hold whatever the numbers are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backtest.errors import PriceError
from backtest.prices import Prices, Returns
from backtest.prices.panels.panel import assemble
from backtest.prices.sources.files.table import PriceTable

DAYS = pd.DatetimeIndex(["2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10"]).as_unit("us")
cell = st.one_of(st.floats(0.01, 1e6), st.just(float("nan")))


def panel(closes: np.ndarray, tickers: list[str]) -> Prices:
    def table(column: np.ndarray) -> PriceTable:
        names = ("open", "high", "low", "close", "adjusted", "volume")
        return PriceTable(
            pd.DataFrame(dict.fromkeys(names, column), index=DAYS), [f"row {i}" for i in range(4)]
        )

    tables = {ticker: table(closes[:, i]) for i, ticker in enumerate(tickers)}
    # Z is there throughout, and so are the sessions
    return Prices.of(assemble(tables | {"Z": table(np.ones(4))}, "test"))


@settings(deadline=None)
@given(arrays(np.float64, (4, 3), elements=cell), st.permutations(["A", "B", "C"]))
def test_the_order_of_tickers_changes_nothing(closes: np.ndarray, order: list[str]) -> None:
    columns = [["A", "B", "C"].index(ticker) for ticker in order]
    assert panel(closes, ["A", "B", "C"]).digest == panel(closes[:, columns], order).digest


@settings(deadline=None)
@given(arrays(np.float64, (4, 2), elements=cell))
def test_a_return_is_there_exactly_when_both_closes_are(closes: np.ndarray) -> None:
    returns = panel(closes, ["A", "B"]).returns()
    known = np.isfinite(closes)
    assert not np.isfinite(returns.values[0]).any()
    np.testing.assert_array_equal(np.isfinite(returns.values[1:, :2]), known[1:] & known[:-1])


@settings(deadline=None)
@given(arrays(np.float64, (4, 1), elements=st.floats(0.01, 1e4)), st.floats(0.1, 10))
def test_the_scale_of_a_price_does_not_touch_its_returns(closes: np.ndarray, scale: float) -> None:
    left, right = panel(closes, ["A"]).returns(), panel(closes * scale, ["A"]).returns()
    np.testing.assert_allclose(left.column("A"), right.column("A"), rtol=1e-9, atol=1e-9)


def test_the_digest_sees_a_change_and_no_kind_of_nan() -> None:
    closes = np.arange(1.0, 9.0).reshape(4, 2)
    closes[0, 0] = np.nan
    other = closes.copy()
    other[0, 0] = -np.nan
    assert panel(closes, ["A", "B"]).digest == panel(other, ["A", "B"]).digest
    other[1, 1] += 1e-12
    assert panel(closes, ["A", "B"]).digest != panel(other, ["A", "B"]).digest


def test_total_and_price_returns() -> None:
    prices = panel(np.array([[10.0], [11.0], [11.0], [12.0]]), ["A"])
    adjusted = prices.adjusted.copy()
    adjusted.loc["2026-04-07", "A"] = 9.5  # a dividend on 8 April
    with_dividend = Prices(
        **{n: getattr(prices, n) for n in ("open", "high", "low", "close", "volume")},
        adjusted=adjusted,
        source="test",
    )
    assert with_dividend.returns().column("A")[1] == pytest.approx(11 / 9.5 - 1)
    assert with_dividend.returns(dividends=False).column("A")[1] == pytest.approx(0.1)
    assert with_dividend.adjusted_open()["A"].iloc[0] == pytest.approx(9.5)


def test_a_panel_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Prices.sample().close.iloc[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        Prices.sample().returns().values[1, 1] = 0.0


def test_returns_of_ones_own() -> None:
    frame = pd.DataFrame(
        {"A": [0.01, np.nan], "B": [0.0, -0.5]}, index=["2026-04-08", "2026-04-09"]
    )
    returns = Returns.from_frame(frame)
    assert returns.calendar == "own dates"
    assert returns.column("B").tolist() == [0.0, -0.5]
    frame.iloc[0, 0] = 5.0
    assert returns.column("A")[0] == 0.01  # a copy
    with pytest.raises(PriceError, match="no prices for 'AA'"):
        returns.column("AA")


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            pd.DataFrame({"A": [1.0, -1.0]}, index=["2026-04-08", "2026-04-09"]),
            "A on 2026-04-09 is -1.0; write fract",
        ),
        (
            pd.DataFrame({"A": [0.0, np.inf]}, index=["2026-04-08", "2026-04-09"]),
            "A on 2026-04-09 is inf",
        ),
        (pd.DataFrame({"A": [0.0, 0.0]}, index=["2026-04-09", "2026-04-08"]), "not in order"),
        (pd.DataFrame({"A": [0.0, 0.0]}, index=["2026-04-09", "2026-04-09"]), "there twice"),
        (
            pd.DataFrame([[0.0, 0.0]], index=["2026-04-09"], columns=["A", "A"]),
            "the ticker 'A' is there twice",
        ),
        (pd.DataFrame({"A": ["x"]}, index=["2026-04-09"]), "could not convert string to float"),
        (pd.DataFrame({"A": [0.0]}, index=["someday"]), "dates x tickers"),
    ],
)
def test_returns_that_cannot_be(frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(PriceError, match=said):
        Returns.from_frame(frame)
