"""A folder of several exchanges through the commands.

Keys, options, their order, and what is said.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Prices
from events.clock.exchanges import sessions_of
from events.clock.sessions import Sessions
from reports.cli import main

ON = {
    "META": "XNYS",
    "SPY": "XNYS",
    "7203.T": "XTKS",
    "1306.T": "XTKS",
    "VODA": "XLON",
    "ISF.L": "XLON",
}
AT = ("2024-03-11T06:30:00+00:00", "2024-05-03T12:00:00+00:00")
PLAN = """
title = "Several exchanges"
strategies = []
sweep = false
[exchanges]
VODA = "XETR"
[study]
models = ["market"]
benchmarks = ["SPY"]
sensitivity = false
[study.benchmark_of]
XTKS = "1306.T"
[study.windows]
"1-day" = [0, 0]
"5-day" = [0, 4]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random, prices = np.random.default_rng(4), tmp_path / "prices"
    prices.mkdir()
    for ticker, exchange in ON.items():
        days = Sessions.exchange(exchange, "2022-06-01", "2024-07-31").dates
        closes = 100 * np.exp(np.cumsum(random.normal(0, 0.01, len(days))))
        table = pd.DataFrame({"Date": days.strftime("%Y-%m-%d"), "Close": closes})
        table.to_csv(prices / f"{ticker}.csv", index=False)
    rows = [(f"e{n}", t, at) for n, at in enumerate(AT) for t in ("META", "7203.T", "VODA")]
    events = pd.DataFrame(rows, columns=["event_id", "ticker", "announced_at"])
    events.to_csv(tmp_path / "events.csv", index=False)
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path


def run(folder: Path, command: str, *more: str) -> int:
    given = ["--catalog", f"{folder / 'events.csv'}", "--prices", f"{folder / 'prices'}"]
    plan = ["--experiment", f"{folder / 'plan.toml'}", "--out", f"{folder / 'out'}"]
    with pytest.raises(SystemExit) as ended:
        main([command, *given, *plan, *more])
    return int(ended.value.code or 0)


def test_options_go_before_the_experiment_and_that_before_the_suffix(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--exchange", "VODA=XLON", "--benchmark-of", "XLON=ISF.L")
    assert run(folder, "study", *options) == 0
    windows = pd.read_csv(folder / "out" / "tables" / "windows.csv")
    assert set(windows["ticker"]) == {"META", "7203.T", "VODA"}
    said = capsys.readouterr()
    assert "3 exchanges: XNYS, XLON and XTKS" in said.out + said.err
    alone = {"7203.T": ("1306.T", "XTKS"), "VODA": ("ISF.L", "XLON"), "META": ("SPY", "XNYS")}
    for ticker, (benchmark, exchange) in alone.items():
        named = {"VODA": "XLON"} if ticker == "VODA" else None
        prices = Prices.read(folder / "prices", [ticker, benchmark], exchange, named)
        events = pd.read_csv(folder / "events.csv")
        result = EventStudy(MarketModel(benchmark)).fit(events[events["ticker"] == ticker], prices)
        expected = result.windows[result.windows["window"] == "5-day"]["car"].to_numpy()
        mine = windows[(windows["ticker"] == ticker) & (windows["window"] == "5-day")]["car"]
        np.testing.assert_allclose(mine, expected, atol=1e-9)
    manifest = json.loads((folder / "out" / "manifest.json").read_text())
    assert manifest["prices"]["exchanges"]["XLON"] == ["ISF.L", "VODA"]
    assert manifest["experiment"]["exchanges"] == {"VODA": "XLON"}


def test_a_ticker_whose_days_contradict_its_exchange_stops_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The experiment says XETR, whose holidays London's file does not keep."""
    assert run(folder, "study") == 0
    assert set(pd.read_csv(folder / "out" / "tables" / "windows.csv")["ticker"]) == {
        "META",
        "7203.T",
    }
    dropped = pd.read_csv(folder / "out" / "tables" / "dropped.csv")
    assert set(dropped["ticker"]) == {"VODA"}
    said = capsys.readouterr()
    assert "VODA: set aside (VODA.csv line" in said.out + said.err


def test_the_page_says_exchange_currency_and_benchmark(folder: Path) -> None:
    options = ("--exchange", "VODA=XLON", "--benchmark-of", "XLON=ISF.L")
    assert run(folder, "report", *options) == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "returns in JPY, held to 1306.T" in page
    assert "returns in GBP, held to ISF.L" in page


def test_in_one_currency(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = Sessions.exchange("24/5", "2022-06-01", "2024-07-31").dates
    rates = 0.007 * np.exp(np.cumsum(np.random.default_rng(9).normal(0, 0.005, len(days))))
    table = pd.DataFrame({"Date": days.strftime("%Y-%m-%d"), "Close": rates})
    table.to_csv(folder / "prices" / "JPYUSD=X.csv", index=False)
    assert run(folder, "report", "--currency", "usd", "--exchange", "VODA=XLON") == 0
    said = capsys.readouterr()
    assert "from JPY to USD at the close of JPYUSD=X" in said.out + said.err
    windows = pd.read_csv(folder / "out" / "tables" / "windows.csv")
    assert set(windows["ticker"]) == {"META", "7203.T"}  # London has no benchmark here
    events = pd.read_csv(folder / "events.csv")
    prices = Prices.read(folder / "prices", ["7203.T", "1306.T", "META", "JPYUSD=X"])
    study = EventStudy(MarketModel("1306.T"))
    mine = windows[(windows["ticker"] == "7203.T") & (windows["window"] == "5-day")]["car"]
    cars = []
    for one in (prices.in_currency("USD"), prices):
        table = study.fit(events[events["ticker"] == "7203.T"], one).windows
        cars.append(table[table["window"] == "5-day"]["car"].to_numpy())
    np.testing.assert_allclose(mine, cars[0], atol=1e-9)
    assert np.abs(cars[0] - cars[1]).min() > 1e-5
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Returns studied are in USD; backtests and prices shown are not converted." in page
    assert (
        json.loads((folder / "out" / "manifest.json").read_text())["experiment"]["currency"]
        == "USD"
    )


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--currency", "dollars", "currency 'dollars' is no code of three letters; write USD"),
        ("--exchange", "VODA=XLONN", "no exchange 'XLONN'; did you mean 'XLON'?"),
        ("--exchange", "VODA", "--exchange VODA: write it as in --exchange VOD=XLON"),
        ("--benchmark-of", "XTKSS=1306.T", "no exchange 'XTKSS'; did you mean 'XTKS'?"),
    ],
)
def test_what_is_wrong_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    assert run(folder, "study", option, value) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_exchange_of_an_experiment_names_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = folder / "plan.toml"
    plan.write_text(PLAN.replace("XETR", "XETRR"))
    assert run(folder, "study") == 2
    assert (
        "plan.toml: exchanges: no exchange 'XETRR'; did you mean 'XETR'?" in capsys.readouterr().err
    )


def test_a_party_may_name_its_exchange(tmp_path: Path) -> None:
    from events import Catalog

    (tmp_path / "2024-03-11-voda.toml").write_text(
        'id = "2024-03-11-voda"\nheadline = "A deal"\nannounced_at = 2024-03-11T06:30:00Z\n'
        '[[parties]]\nname = "Voda"\nticker = "VODA"\nroles = ["supplier"]\nexchange = "xlon"\n'
    )
    assert Catalog.read(tmp_path).exchanges == {"VODA": "XLON"}
    assert sessions_of("VOD.L", "2024-03-11", "2024-03-12").name == "XLON"


def test_strategies_trade_each_exchange_in_an_account_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tokyo is traded at Tokyo's opens; London has no benchmark here, which is said."""
    for file in (folder / "prices").glob("*.csv"):
        table = pd.read_csv(file)
        table.assign(Open=table["Close"] * 1.001).to_csv(file, index=False)
    events = pd.read_csv(folder / "events.csv")
    events.assign(role="supplier").to_csv(folder / "events.csv", index=False)
    named = ("--exchange", "VODA=XLON", "--strategy", "drift")
    assert run(folder, "backtest", *named) == 0
    said = capsys.readouterr()
    told = said.out + said.err
    assert "drift on 2 exchanges: 4 trades" in told
    assert "drift on XTKS: 2 trades" in told
    assert "against 1306.T over the same hours" in told
    assert "Left out of backtests: VODA: no benchmark for XLON" in told
    trades = pd.read_csv(folder / "out" / "tables" / "trades.csv")
    tokyo = trades[trades["ticker"] == "7203.T"]
    assert set(tokyo["strategy"]) == {"drift on XTKS"}
    # 15:30 on 11 March in Tokyo is after its close; 3 May at noon in London is Golden Week there
    assert tokyo["entry_session"].tolist() == ["2024-03-12", "2024-05-07"]
    assert trades.loc[trades["ticker"] == "META", "entry_session"].tolist() == [
        "2024-03-11",
        "2024-05-03",
    ]
    strategies = pd.read_csv(folder / "out" / "tables" / "strategies.csv")
    assert strategies["strategy"].tolist() == [
        "drift on XNYS",
        "drift on 2 exchanges",
        "drift on XTKS",
    ]
    assert run(folder, "report", *named) == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "drift on XTKS" in page
    assert "drift on 2 exchanges: 4 trades" in page
