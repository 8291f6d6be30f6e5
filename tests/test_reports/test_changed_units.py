"""No number stands on prices that change their unit in its days.

Pence for pounds, on the day of the news too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Prices, Returns
from backtest.prices.panels.return_prices import return_prices
from backtest.prices.quality.units import changed_units
from events import Sessions
from reports.cli import main

DAYS = Sessions.exchange("XNYS", "2024-01-02", "2025-12-31").dates
EVENT = 400
DAY = str(DAYS[EVENT].date())


def _panel(ticker: str = "", row: int = 0, by: float = 0.01) -> Prices:
    random = np.random.default_rng(3)
    moves = random.normal(0, 0.01, (len(DAYS), 3))
    closes = pd.DataFrame(
        50 * np.exp(moves.cumsum(axis=0)), index=DAYS, columns=["AAA", "BBB", "SPY"]
    )
    if ticker:
        closes.loc[DAYS[row] :, ticker] *= by
    return Prices(closes, closes, closes, closes, closes, closes * 0 + 1e6, source="made")


EVENTS = pd.DataFrame(
    {"event_id": ["a", "b"], "ticker": ["AAA", "BBB"], "event_session": [DAYS[EVENT]] * 2}
)


@pytest.mark.parametrize(
    ("ticker", "row", "by", "lost"),
    [
        ("AAA", EVENT, 0.01, {"AAA"}),  # the day of the news
        ("AAA", EVENT, 100, {"AAA"}),
        ("AAA", EVENT + 21, 0.01, {"AAA"}),  # the last day of the horizon, widened
        ("AAA", EVENT + 22, 0.01, set()),
        ("AAA", EVENT - 260, 0.01, {"AAA"}),  # the first day of the estimation
        ("AAA", EVENT - 261, 0.01, set()),
        ("AAA", EVENT, 0.25, set()),  # a split, or news
        ("SPY", EVENT, 0.01, {"AAA", "BBB"}),  # what they are held to
        ("", 0, 1.0, set()),
    ],
)
def test_events_on_a_change_of_unit_are_left_out_with_the_reason(
    ticker: str, row: int, by: float, lost: set[str]
) -> None:
    found = EventStudy(MarketModel("SPY")).fit(EVENTS, _panel(ticker, row, by))
    assert set(found.dropped["ticker"]) == lost
    for why in found.dropped["why"]:
        assert why.startswith(f"probable change of unit in the prices of {ticker} on ")
        assert "put the prices before and after into one" in why


def test_a_close_that_is_missing_on_the_day_hides_nothing() -> None:
    prices = _panel("AAA", EVENT)
    close = prices.close.copy()
    close.loc[DAYS[EVENT], "AAA"] = np.nan
    [one] = changed_units(replace(prices, close=close, adjusted=close))
    assert (one.ticker, one.first) == ("AAA", str(DAYS[EVENT + 1].date()))


def test_returns_have_no_unit_that_could_change(tmp_path: Path) -> None:
    returns = _panel("AAA", EVENT).returns()
    assert EventStudy(MarketModel("SPY")).fit(EVENTS, returns).dropped.empty
    path = tmp_path / "r.csv"
    frame = pd.DataFrame(returns.values, index=DAYS, columns=list(returns.tickers))
    frame.to_csv(path, index_label="date")
    assert isinstance(Returns.read(path), Returns)
    assert changed_units(return_prices([path])) == ()


@pytest.mark.parametrize("command", ["study", "report"])
def test_the_command_withholds_the_number_and_says_why(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closes = _panel("AAA", EVENT).close
    closes.to_csv(tmp_path / "p.csv", index_label="Date")
    (tmp_path / "e.csv").write_text(f"ticker,date\nAAA,{DAY}\nBBB,{DAY}\n", encoding="utf-8")
    files = ["--catalog", str(tmp_path / "e.csv"), "--prices", str(tmp_path / "p.csv")]
    with pytest.raises(SystemExit) as ended:
        main([command, *files, "--out", str(tmp_path / "out")])
    said = capsys.readouterr().out
    assert not ended.value.code
    assert f"AAA: probable change of unit on {DAY}" in said
    assert "99" not in said.split("probable change of unit")[0]
    assert "abnormal return −9" not in said
    tables = tmp_path / "out" / "tables"
    dropped = pd.read_csv(tables / "dropped.csv").set_index("ticker")
    assert dropped.loc["AAA", "why"].startswith("probable change of unit in the prices of AAA")
    assert set(pd.read_csv(tables / "windows.csv")["ticker"]) == {"BBB"}
