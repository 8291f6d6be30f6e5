"""Tickers of several exchanges in one folder: the foreign one waits aside, the others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from backtest.errors import PriceError
from backtest.prices import Prices
from events.clock.exchanges import sessions_of


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
    assert beside.digest == alone.digest
    assert set(beside.notes) - set(alone.notes) == {
        "9984.T: set aside, it trades on XTKS, whose hours are not those of XNYS"
    }


@pytest.mark.parametrize("other", ["VOD.L", "SAP.DE", "0700.HK", "2330.TW", "BTC-USD", "SHOP.TO"])
def test_every_exchange_of_other_days_is_set_aside(tmp_path: Path, other: str) -> None:
    prices = Prices.read(write(tmp_path, "META", other))
    assert prices.tickers == ("META",)
    assert [note for note in prices.notes if note.startswith(f"{other}: set aside, it trades on")]


def test_on_its_own_exchange_it_is_read_with_all_of_its_days(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, "9984.T", "META"), ["9984.T"], calendar="XTKS")
    assert prices.tickers == ("9984.T",)
    assert prices.sessions.equals(sessions_of("9984.T", "2026-04-01", "2026-05-29").dates)
    assert prices.close["9984.T"].notna().all()


def test_two_exchanges_of_the_same_hours_are_one_panel(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, "SAP.DE", "SAP.F"), calendar="XETR")
    assert prices.tickers == ("SAP.DE", "SAP.F")


def test_days_of_tokyo_alone_are_no_days_of_new_york(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"2026-04-03 is not a session of XNYS; .*the exchange"):
        Prices.read(write(tmp_path, "9984.T"))


def test_days_both_are_open_are_taken_and_said(tmp_path: Path) -> None:
    (tmp_path / "9984.T.csv").write_text("Date,Close\n2026-04-08,1\n2026-04-09,2\n")
    prices = Prices.read(tmp_path)
    assert prices.tickers == ("9984.T",)
    assert "9984.T: trades on XTKS, and is taken on the sessions and hours of XNYS" in prices.notes
