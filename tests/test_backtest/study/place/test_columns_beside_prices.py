"""Regressors beside the prices: factors, peers, donors, each exchange's own market."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest import Returns, Window
from backtest.errors import StudyError
from backtest.prices.panels.blocks import stacked
from backtest.study import MultiFactor
from backtest.study.place.donor_news import DonorNews, without
from backtest.study.place.factor_columns import factor_panel, with_factors
from backtest.study.place.market import (
    market_of,
    market_returns,
    markets_own,
    peer_returns,
    why_without,
)
from backtest.study.place.several import exchange_column, rows_of, sessions_of_ticker
from backtest.study.running_sums import RunningSums

DAYS = pd.bdate_range("2024-01-01", periods=8)
NAN = float("nan")

# Factors.


def panel(spans: bool = False) -> Returns:
    values = np.arange(16.0).reshape(8, 2) / 1000
    runs = np.arange(16).reshape(8, 2) if spans else None
    return Returns(values, DAYS, ("A", "B"), spans=runs, notes=("as given",))


def factors(first: int, last: int, **gaps: list[int]) -> pd.DataFrame:
    rows = np.arange(first, last)
    table = pd.DataFrame({"MKT": rows / 100, "SMB": rows / 200}, index=DAYS[first:last])
    for name, missing in gaps.items():
        table.loc[DAYS[missing], name] = NAN
    return table


def test_factors_stand_on_the_sessions_of_the_prices() -> None:
    """Missing where they have no such date; the dates of the prices decide."""
    found = with_factors(panel(), factors(2, 5))
    assert found.tickers == ("A", "B", "MKT", "SMB")
    np.testing.assert_array_equal(found.values[:, :2], panel().values)
    np.testing.assert_array_equal(found.column("MKT"), [NAN, NAN, 0.02, 0.03, 0.04, NAN, NAN, NAN])
    np.testing.assert_array_equal(found.column("SMB")[2:5], [0.01, 0.015, 0.02])
    assert found.spans is None
    assert found.notes == ("as given",)


def test_factors_run_over_one_session_each_where_returns_run_over_more() -> None:
    found = with_factors(panel(spans=True), factors(0, 8))
    assert found.spans is not None
    np.testing.assert_array_equal(found.spans[:, :2], np.arange(16).reshape(8, 2))
    np.testing.assert_array_equal(found.spans[:, 2:], np.ones((8, 2)))


@pytest.mark.parametrize(
    ("table", "first", "last"),
    [
        (factors(0, 8), 0, 7),
        (factors(2, 6), 2, 5),
        (factors(1, 8, SMB=[1, 2, 7]), 3, 6),
        (factors(0, 8, MKT=[3, 4]), 0, 7),  # a gap in the middle stays a gap
        (factors(4, 5), 4, 4),
    ],
)
def test_a_panel_of_factors_runs_from_the_first_to_the_last_with_all(
    table: pd.DataFrame, first: int, last: int
) -> None:
    for spans in (False, True):
        found = factor_panel(panel(spans), table, "factors of Kenneth French")
        assert found.sessions.tolist() == DAYS[first : last + 1].tolist()
        np.testing.assert_array_equal(found.column("A"), panel().column("A")[first : last + 1])
        assert found.extent == "factors of Kenneth French"
        assert found.tickers == ("A", "B", "MKT", "SMB")
        if found.spans is not None:
            assert found.spans[:, 0].tolist() == [2 * row for row in range(first, last + 1)]
        assert (found.spans is not None) is spans


def test_factors_of_other_days_say_which_days_they_have() -> None:
    later = factors(0, 8).set_axis(pd.bdate_range("2025-03-03", periods=8))
    with pytest.raises(StudyError, match=r"among the f, which run from 2025-03-03 to 2025-03-12;"):
        factor_panel(panel(), later, "f")
    with pytest.raises(StudyError, match=r"among the f; use a newer file"):
        factor_panel(panel(), later[:0], "f")


@pytest.mark.parametrize(("spread", "percent"), [(0.199, False), (0.201, True)])
def test_a_daily_spread_of_a_fifth_is_percent(spread: float, percent: bool) -> None:
    values = np.array([1.0, -1.0] * 4)
    table = pd.DataFrame({"MKT": values / values.std(ddof=1) * spread}, index=DAYS)
    if percent:
        with pytest.raises(StudyError, match=r"'MKT' has a daily spread of 0.201: percent\?"):
            with_factors(panel(), table)
    else:
        assert with_factors(panel(), table).tickers[-1] == "MKT"


# Peers.


def test_a_basket_is_the_mean_of_the_others_that_are_there() -> None:
    """A is a peer and not of its own basket; B misses a day, C is hidden on another."""
    values = np.array([[0.01, 0.02, 0.06, 0.5], [0.01, NAN, 0.06, 0.5], [0.01, 0.02, 0.06, 0.5]])
    returns = Returns(values, DAYS[:3], ("A", "B", "C", "X"))
    hidden = np.array([[False] * 3, [False] * 3, [False, False, True]])
    found = peer_returns(returns, ("A", "B", "C"), np.array([0, 3]), hidden)
    np.testing.assert_allclose(found, [[0.04, 0.03], [0.06, 0.035], [0.02, 0.015]])
    alone = peer_returns(returns, ("A", "B"), np.array([0]), np.zeros((3, 2), dtype=bool))
    np.testing.assert_allclose(alone[:, 0], [0.02, NAN, 0.02])


# Donors with news of their own.

NEAR = Window(-1, 2)


def news(near: Window | None = NEAR) -> DonorNews:
    """Two donors: A has news on days 10 and 30, B on day 20, all of announcements with others."""
    return DonorNews.of(
        ["A", "B", "C"],
        ["A", "X", "B", "A"],
        np.array([30, 10, 20, 10]),
        ["late", "first", "second", "first"],
        near,
    )


def test_whose_news_an_announcement_is() -> None:
    found = news()
    assert [one.tolist() for one in found.days] == [[10, 30], [20], []]
    asked = found.party(["first", "second", "late", "unknown"])
    assert [np.flatnonzero(row).tolist() for row in asked] == [[0], [1], [0], []]


@pytest.mark.parametrize("day", range(1, 45))
def test_a_donor_is_busy_where_its_news_reaches_into_the_horizon(day: int) -> None:
    """News of day d is about from d - 1 to d + 2; the horizon runs from 3 before to 4 after."""
    busy = news().busy(np.array([day]), Window(-3, 4))[0]
    mine = set(range(day - 3, day + 5))
    wanted = [any(mine & set(range(d - 1, d + 3)) for d in days) for days in ([10, 30], [20], [])]
    assert busy.tolist() == wanted
    barred = news().barred(["second"], np.array([day]), Window(-3, 4))[0]
    assert barred.tolist() == [wanted[0], True, False]


def test_news_is_near_for_as_long_as_a_study_leaves_it_out() -> None:
    assert news(None).near == Window(-1, 5)
    nobody = DonorNews.of([], ["A"], np.array([3]), ["first"], None)
    assert nobody.busy(np.array([1, 2]), Window(0, 0)).shape == (2, 0)


def test_a_barred_regressor_is_as_if_it_had_been_zero_all_along() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(0, 0.01, (60, 1, 3))
    y = x.sum(axis=2) + rng.normal(0, 0.01, (60, 1))
    used = np.ones((60, 1), dtype=bool)
    ends = np.array([0]), np.array([59]), np.array([0])
    gone = x.copy()
    gone[..., 1] = 0.0
    found = without(RunningSums(y, x, used).over(*ends), np.array([[False, True, False]]))
    wanted = RunningSums(y, gone, used).over(*ends)
    for name in ("n", "mean_y", "mean_x", "syy", "sxy", "sxx"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), atol=1e-15)
    two = RunningSums(y, x[..., [0, 2]], used).over(*ends)
    fit = MultiFactor(("A", "C")).fit(two)
    kept = found.sxx[0][np.ix_([0, 2], [0, 2])]
    assert np.linalg.solve(kept, found.sxy[0][[0, 2]]) == pytest.approx(fit.slopes[0])


# Several exchanges.


def world() -> Returns:
    """New York with SPY and META, London with ISF.L and VOD.L, Tokyo with one share alone."""
    parts = [
        ("XNYS", DAYS, np.full((8, 2), [0.01, 0.02])),
        ("XLON", DAYS[1:], np.full((7, 2), [0.03, 0.04])),
        ("XTKS", DAYS[2:], np.full((6, 1), 0.05)),
    ]
    values, sessions, blocks = stacked(parts)
    tickers = ("SPY", "META", "ISF.L", "VOD.L", "7203.T")
    return Returns(values, sessions, tickers, calendar="XNYS", blocks=blocks)


@pytest.mark.parametrize(
    ("benchmark_of", "london", "tokyo"),
    [
        ({}, NAN, NAN),
        ({"XLON": "ISF.L"}, 0.03, NAN),
        ({"XLON": "ISF.L", "XTKS": "7203.T"}, 0.03, 0.05),
        ({"XLON": "ISF.L", "XNYS": "META"}, 0.03, NAN),  # at home the study's own benchmark stays
        ({"XLON": "UNKNOWN", "XETR": "ISF.L"}, NAN, NAN),
    ],
)
def test_the_market_of_each_exchange(
    benchmark_of: dict[str, str], london: float, tokyo: float
) -> None:
    returns = world()
    assert returns.blocks is not None
    before = returns.column("SPY").copy()
    found = market_returns(returns, "SPY", benchmark_of)
    for name, wanted in (("XNYS", 0.01), ("XLON", london), ("XTKS", tokyo)):
        rows = found[returns.blocks.rows(name)]
        np.testing.assert_array_equal(rows, np.full(len(rows), wanted))
    np.testing.assert_array_equal(returns.column("SPY"), before)


def test_on_one_exchange_there_is_one_market() -> None:
    one = Returns(np.full((8, 2), [0.01, 0.02]), DAYS, ("SPY", "META"))
    assert market_returns(one, "SPY", {"own dates": "META"}).tolist() == [0.01] * 8
    assert markets_own(one, "SPY", {"XLON": "META"}) == [0]
    assert markets_own(world(), "SPY", {"XLON": "ISF.L", "XETR": "EXS1.DE"}) == [0, 2]


OF_VOD = "XLON, the exchange of VOD.L"
NAMED = "named as the benchmark of XLON"


@pytest.mark.parametrize(
    ("ticker", "regressors", "benchmark_of", "market", "why"),
    [
        ("META", ("SPY",), {}, "SPY", ""),
        ("META", ("SPY", "ISF.L"), {}, "SPY+ISF.L", ""),
        ("META", (), {}, "", ""),
        ("VOD.L", ("SPY",), {"XLON": "ISF.L"}, "ISF.L", ""),
        ("VOD.L", ("SPY",), {}, "", f"no benchmark for {OF_VOD} (benchmark_of names one)"),
        ("VOD.L", ("SPY", "META"), {"XLON": "ISF.L"}, "", f"SPY+META do not trade on {OF_VOD}"),
        ("VOD.L", ("SPY",), {"XLON": "I.L"}, "I.L", "no prices for I.L, the benchmark of XLON"),
        ("VOD.L", ("SPY",), {"XLON": "7203.T"}, "7203.T", f"7203.T, {NAMED}, trades on XTKS"),
    ],
)
def test_what_a_share_is_held_to_and_why_to_nothing(
    ticker: str, regressors: tuple[str, ...], benchmark_of: dict[str, str], market: str, why: str
) -> None:
    assert market_of(ticker, world(), regressors, benchmark_of) == market
    assert why_without(ticker, world(), regressors, benchmark_of) == why


def test_a_share_without_prices_is_not_told_of_benchmarks() -> None:
    assert why_without("GONE", world(), ("SPY",), {}) == ""


def test_rows_are_those_of_the_shares_own_exchange() -> None:
    """The same date is three rows; a date before an exchange's first session is none of its."""
    frame = pd.DataFrame(
        {
            "ticker": ["META", "VOD.L", "7203.T", "7203.T", "VOD.L"],
            "event_session": DAYS[[2, 2, 2, 1, 0]],
        }
    )
    frame["exchange"] = exchange_column(frame["ticker"], world())
    assert frame["exchange"].tolist() == ["XNYS", "XLON", "XTKS", "XTKS", "XLON"]
    assert rows_of(frame, world()).tolist() == [2, 28 + 1, 28 + 27, -1, -1]
    assert sessions_of_ticker("VOD.L", world()).tolist() == DAYS[1:].tolist()
    assert exchange_column(pd.Series(["GONE"]), world()).tolist() == ["XNYS"]
