"""Tickers of several exchanges in one folder: each is read on the sessions of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from backtest.prices import Prices
from events.clock.exchanges import exchange_of, sessions_of


def write(folder: Path, *tickers: str) -> Path:
    for ticker in tickers:
        days = sessions_of(ticker, "2026-04-01", "2026-05-29").dates
        lines = [f"{day:%Y-%m-%d},{100 + i}" for i, day in enumerate(days)]
        (folder / f"{ticker}.csv").write_text("\n".join(["Date,Close", *lines]) + "\n")
    return folder


def test_one_file_from_tokyo_does_not_stop_new_york(tmp_path: Path) -> None:
    alone = Prices.read(write(tmp_path, "META", "SPY"))
    beside = Prices.read(write(tmp_path, "9984.T"))
    assert beside.tickers == ("META", "SPY")
    assert beside.close.equals(alone.close)
    (tokyo,) = beside.others
    assert (tokyo.tickers, tokyo.calendar) == (("9984.T",), "XTKS")
    assert tokyo.sessions.equals(sessions_of("9984.T", "2026-04-01", "2026-05-29").dates)
    assert set(beside.notes) - set(alone.notes) == {
        "9984.T: on the sessions and hours of XTKS",
        "9984.T: no Adj Close, so Close is taken as adjusted",
    }


def test_a_foreign_file_of_days_that_are_none_of_its_exchange_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "9984.T.csv").write_text("Date,Close\n2026-04-03,1\n2026-04-29,2\n")
    prices = Prices.read(write(tmp_path, "META", "VOD.L"))
    assert prices.tickers == ("META",)
    assert [one.tickers for one in prices.others] == [("VOD.L",)]
    assert any(
        note.startswith("9984.T: set aside (9984.T.csv line 3: 2026-04-29 is not a session of XTKS")
        for note in prices.notes
    )


@pytest.mark.parametrize("other", ["VOD.L", "SAP.DE", "0700.HK", "2330.TW", "BTC-USD", "SHOP.TO"])
def test_every_exchange_of_other_days_is_a_panel_of_its_own(tmp_path: Path, other: str) -> None:
    prices = Prices.read(write(tmp_path, "META", other))
    assert prices.tickers == ("META",)
    (panel,) = prices.others
    assert (panel.tickers, panel.calendar) == ((other,), exchange_of(other))
    assert panel.close[other].notna().all()


def test_on_its_own_exchange_it_is_read_with_all_of_its_days(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, "9984.T", "META"), ["9984.T"], calendar="XTKS")
    assert prices.tickers == ("9984.T",)
    assert prices.sessions.equals(sessions_of("9984.T", "2026-04-01", "2026-05-29").dates)
    assert prices.close["9984.T"].notna().all()


def test_two_exchanges_of_the_same_hours_are_one_panel(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, "SAP.DE", "SAP.F"), calendar="XETR")
    assert prices.tickers == ("SAP.DE", "SAP.F")


def test_files_of_tokyo_alone_are_a_panel_of_tokyo(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, "9984.T", "7203.T"))
    assert (prices.tickers, prices.calendar, prices.others) == (("7203.T", "9984.T"), "XTKS", ())
