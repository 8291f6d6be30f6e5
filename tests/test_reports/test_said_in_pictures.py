"""Titles, notes and words of pictures, from numbers made by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reports.draw.chart import Chart
from reports.draw.event import car_chart, price_chart
from reports.draw.grids import curve_chart, heat_chart
from reports.draw.palette import Style
from reports.draw.strip import strip_chart
from reports.draw.trading import bets_chart, bridge_chart, equity_chart, placebo_chart

NAN = float("nan")
LOOKS = {"META": Style("@c0", "solid"), "7203.T": Style("@c1", "solid")}
DAYS = pd.to_datetime(["2026-04-06", "2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10"])


def closes(**given: list[float]) -> pd.DataFrame:
    return pd.DataFrame({name.replace("_", "."): own for name, own in given.items()}, DAYS)


def prices(close: pd.DataFrame, day: str = "2026-04-09", **given: Any) -> Chart:
    looks = {str(name): LOOKS["META"] for name in close}
    return price_chart("x", close, pd.Timestamp(day), looks, simulated=False, **given)


META = [100.0, 101.0, 102.0, 107.1, 105.0]


def test_prices_are_in_the_money_of_their_exchange() -> None:
    both = closes(META=META, T7203_T=[3000.0, 3010.0, 3020.0, 3171.0, 3100.0])
    chart = prices(both, money={"META": "USD", "T7203.T": "JPY"})
    assert chart.columns == ("session", "close META (USD)", "close T7203.T (JPY)")
    told = [one["hovertemplate"] for one in chart.traces]
    assert [("USD" in one, "JPY" in one) for one in told] == [(True, False), (False, True)]
    unknown = prices(closes(META=META))
    assert unknown.columns == ("session", "close META")
    assert "%{customdata:.2f} (index" in unknown.traces[0]["hovertemplate"]


def test_the_largest_moves_of_the_day_are_the_title() -> None:
    chart = prices(
        closes(META=META, A=[1, 1, 1, 0.9, 1], B=[1, 1, 1, 1.01, 1], C=[1, 1, 1, 1.2, 1])
    )
    assert chart.title == "C +20.0%, A −10.0% and META +5.0% on 2026-04-09"
    assert "On 2026-04-09: META +5.0% to 107.10; A −10.0% to 0.90;" in chart.alt
    assert chart.note == "closes, the last before the announcement (dotted) = 100"


def test_a_holiday_before_the_news_leaves_the_line_where_it_was() -> None:
    tokyo = [3000.0, 3010.0, NAN, 3171.0, 3100.0]
    chart = prices(closes(META=META, T=tokyo))
    index = chart.traces[1]["y"]
    assert index[1] == 100
    assert index[3] == pytest.approx(100 * 3171 / 3010)
    assert chart.title == "META +5.0% on 2026-04-09"
    assert "T has no move that day" in chart.alt


def test_a_day_without_a_move_has_no_move_in_its_title() -> None:
    assert prices(closes(META=[100.0, 101.0, 102.0, NAN, 105.0])).title == "Closing prices"
    first = prices(closes(META=META), "2026-04-06")
    assert first.title == "Closing prices"
    assert first.traces[0]["y"][0] == 100


def test_other_news_is_marked_on_the_line_and_said() -> None:
    rivals = {"META": {DAYS[1]: "Results of META"}, "NVDA": {DAYS[2]: "of nobody here"}}
    chart = prices(closes(META=META), rivals=rivals)
    assert chart.note.endswith("; ◆ other announcements")
    mark = chart.traces[-1]
    assert (mark["x"], mark["customdata"]) == (["2026-04-07"], ["Results of META"])
    assert mark["y"] == [pytest.approx(100 * 101 / 102)]


# paths of one announcement


def paths(**ends: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cumulative abnormal returns that rise evenly to their end on session +4, and the days."""
    rows = [
        (ticker, day, end * (day + 1) / 5, end * (day + 1) / 5 - 0.01, end * (day + 1) / 5 + 0.01)
        for ticker, end in ends.items()
        for day in range(5)
    ]
    daily = [(ticker, day, end / 5, DAYS[day]) for ticker, end in ends.items() for day in range(5)]
    return (
        pd.DataFrame(rows, columns=["ticker", "day", "car", "low", "high"]),
        pd.DataFrame(daily, columns=["ticker", "day", "abnormal", "session"]),
    )


def cars(model: str = "market model on SPY", **ends: float) -> Chart:
    looks = dict.fromkeys(ends, LOOKS["META"])
    return car_chart("x", *paths(**ends), looks, simulated=False, model=model)


def test_the_ends_of_the_largest_paths_are_the_title() -> None:
    chart = cars(META=0.05, CRWV=-0.2)
    assert chart.title == "Abnormal returns by session +4: CRWV −20.0% and META +5.0%"
    assert chart.note == (
        "market model on SPY: abnormal returns, daily (bars) and cumulated (line, 95% band of "
        "ordinary volatility)"
    )
    assert chart.alt == (
        "Cumulative abnormal return from the close before the announcement: "
        "META +1.0% by day 0, +5.0% by day 4; CRWV −4.0% by day 0, −20.0% by day 4."
    )


def test_shares_that_differ_by_an_order_have_their_own_scales() -> None:
    assert cars(META=0.05, CRWV=0.6).note.endswith("; each ticker has its own scale")
    assert "own scale" not in cars(META=0.05, CRWV=0.2).note


def test_a_path_without_a_value_has_no_end() -> None:
    path, daily = paths(META=0.05)
    empty = path.assign(car=NAN)
    chart = car_chart("x", empty, daily, LOOKS, simulated=False)
    assert chart.title == "Abnormal returns"
    assert chart.note.startswith("abnormal returns, daily")


# the strip of all events


def moves(*cars: float, p: float | list[float] = 0.5) -> pd.DataFrame:
    n = len(cars)
    names = [f"e{i}" for i in range(n)]
    return pd.DataFrame({"event_id": names, "ticker": "META", "car": cars, "pvalue": p})


def test_the_strip_counts_moves_beyond_noise_beside_chance() -> None:
    table = moves(0.01, -0.02, 0.03, NAN, 0.05, p=[0.01, 0.049, 0.05, 0.01, NAN])
    chart = strip_chart("strip", table, "1-day", simulated=False, model="market model on SPY")
    assert chart.title == "1-day: 2 of 3 moves beyond noise, fewer than 1 would be by chance"
    assert chart.note == (
        "abnormal returns, market model on SPY: a dot an event, filled: p below 0.05; "
        "median +1.0%, 67% positive, n = 3; 2 cannot be judged"
    )
    assert chart.alt == (
        "3 abnormal returns over 1-day: median +1.0%, 67% positive; 2 with p below 0.05."
    )
    assert chart.traces[0]["customdata"] == ["e0, META", "e1, META", "e2, META"]


def test_a_strip_of_thousands_says_what_a_dot_stands_for() -> None:
    table = moves(*(0.0001 * i for i in range(2000)), p=0.5)
    chart = strip_chart("strip", table, "1-day", simulated=False)
    assert chart.title.startswith("1-day: 0 of 2,000 moves beyond noise, about 100 would be by")
    assert chart.note.startswith("a dot up to 3 events, filled")
    words = chart.traces[0]["customdata"]
    assert {"20 events, 0 with p below 0.05", "1 event, 0 with p below 0.05"} <= set(words)


def test_a_strip_of_nothing_says_so() -> None:
    chart = strip_chart("strip", moves(NAN), "1-day", simulated=False)
    assert chart.title == "1-day: 0 of 0 moves beyond noise, fewer than 1 would be by chance"
    assert "no event can be judged, n = 0; 1 cannot be judged" in chart.note


# trading


def test_an_account_is_told_beside_the_same_money_in_the_benchmark() -> None:
    equity = pd.DataFrame({
        "session": DAYS[:3], "equity": [200.0, 210.0, 190.0],
        "benchmark_equity": [200.0, 202.0, 206.0],
    })  # fmt: skip
    chart = equity_chart("0", "drift", equity, "SPY", simulated=True)
    assert chart.title == "drift: 1 became 0.950; the same money in SPY became 1.030"
    assert chart.alt == (
        "2026-04-06 to 2026-04-08: 1 became 0.950 in drift; "
        "in SPY, same money, hours and side: 1.030."
    )


def bets(*net: float, still_open: int = 0) -> Chart:
    n = len(net)
    status = ["closed"] * (n - still_open) + ["open"] * still_open
    table = pd.DataFrame({
        "event_id": [f"e{i}" for i in range(n)], "bet": "META", "net_return": net,
        "excess_return": net, "status": status,
    })  # fmt: skip
    return bets_chart("0", table, simulated=False)


def test_trades_are_counted_with_those_still_open() -> None:
    assert bets(0.01, -0.02, 0.03).title == (
        "2 of 3 completed trades gained after costs, the median +1.00%"
    )
    some = bets(0.01, 0.0, 0.5, still_open=1)
    assert some.title == (
        "1 of 2 completed trades gained after costs, the median +0.50%; 1 still open (paler)"
    )
    assert some.alt == "2 completed trades, 1 still open. 1 with a gain, median +0.50%."
    waiting = bets(0.01, still_open=1)
    assert waiting.title == "Net return of 1 trade still open, at the last price"
    assert waiting.alt == "0 completed trades, 1 still open."


def test_the_real_catalog_is_counted_among_the_shifted_ones() -> None:
    draws = pd.Series([0.01, 0.02, NAN, 0.03])
    chart = placebo_chart("0", draws, 0.02, simulated=False)
    assert chart.title == "The real catalog earns +2.00% a trade, more than 1 of 3 shifted ones"
    assert chart.rows == ((0.01,), (0.02,), (0.03,))


def test_a_bridge_ends_with_what_was_kept() -> None:
    average = pd.DataFrame({
        "step": ["announced", "gap", "left", "commission", "excess_return"],
        "mean": [0.05, 0.03, 0.02, -0.001, 0.019], "n_bets": [1, 1, 1, 1, 1],
    })  # fmt: skip
    chart = bridge_chart("0", average, simulated=False)
    assert chart.title == "Of an abnormal return of +5.00%, +1.90% was kept"
    assert chart.note.startswith("average of 1 trade: ")
    assert chart.rows[1] == ("gone before the entry", -0.03)
    assert chart.traces[0]["measure"] == [
        "absolute", "relative", "absolute", "relative", "absolute",
    ]  # fmt: skip


# many choices at once


def test_the_curve_says_from_where_to_where_and_over_how_many() -> None:
    table = pd.DataFrame({
        "window": ["1-day"] * 3 + ["5-day"] * 3, "model": ["market", "mean_adjusted", "market"] * 2,
        "benchmark": ["SPY", "", "QQQ"] * 2, "day_zero": 0, "estimation_length": 250,
        "caar": [0.02, -0.01, 0.0, 0.3, 0.2, 0.1], "pvalue": [0.01, 0.2, NAN, 0.04, 0.05, 0.9],
        "n_events": 5,
    })  # fmt: skip
    chart = curve_chart(table, ["1-day", "5-day"], simulated=False)
    assert chart.title == "1-day plain mean from −1.0% to +2.0% over 3 specifications"
    assert "; blue: p below 0.05 (2 of 5); the dots below say" in chart.note
    assert chart.traces[0]["x"] == [3, 1, 2]
    assert chart.traces[0]["customdata"][1] == "mean-adjusted, day 0 0, 250 sessions"
    untested = curve_chart(table.assign(pvalue=NAN), ["1-day"], simulated=False)
    assert "; too few events for a test; " in untested.note


def test_a_grid_of_settings_says_between_what_its_cells_lie() -> None:
    heat = pd.DataFrame([[0.01, -0.02], [0.03, 0.0]], index=["all", "large"], columns=[1, 5])
    heat = heat.rename_axis(index="events", columns="sessions held")
    chart = heat_chart(heat, "a title", simulated=False)
    assert chart.alt == "2 by 2 averages between −2.00% and +3.00%."
    assert chart.columns == ("events / sessions held", "1", "5")
    assert chart.rows == (("all", 0.01, -0.02), ("large", 0.03, 0.0))
