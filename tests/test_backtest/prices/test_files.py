"""The folder source: what is accepted, and what a user is told about what is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceError
from backtest.prices import Prices
from backtest.prices.sources.opening import open_prices

ROWS = [
    "Date,Open,High,Low,Close,Adj Close,Volume",
    "2026-04-08,9,11,8,10,9.9,100",
    "2026-04-09,10,12,9,11,10.9,200",
]


def write(folder: Path, *lines: str, name: str = "META.csv") -> Path:
    (folder / name).write_text("\n".join(lines) + "\n")
    return folder


def error_of(folder: Path) -> str:
    with pytest.raises(PriceError) as caught:
        Prices.read(folder)
    return str(caught.value)


def test_reads_what_yahoo_writes(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, *ROWS))
    assert prices.tickers == ("META",)
    assert prices.close["META"].tolist() == [10, 11]
    assert prices.adjusted["META"].tolist() == [9.9, 10.9]
    assert prices.volume["META"].tolist() == [100, 200]
    assert not prices.simulated
    assert prices.notes == ()


@pytest.mark.parametrize(
    "ending", [" 00:00:00-04:00", "T00:00:00Z", " 00:00", " 00:00:00.000-0500"]
)
def test_an_instant_is_its_date_on_the_exchange_clock(tmp_path: Path, ending: str) -> None:
    lines = ["date,close", f"2026-03-06{ending},10", "2026-03-09 00:00:00-04:00,11"]
    prices = Prices.read(write(tmp_path, *lines))
    assert [str(day.date()) for day in prices.sessions] == ["2026-03-06", "2026-03-09"]


def test_columns_of_any_case_and_empty_lines(tmp_path: Path) -> None:
    prices = Prices.read(
        write(tmp_path, " DATE ,cLOSE, adj close ,Extra", "", "2026-04-09,11,10.5,x", "", "")
    )
    assert prices.close.shape == (1, 1)
    assert prices.adjusted.iloc[0, 0] == 10.5


def test_parquet_reads_like_csv(tmp_path: Path) -> None:
    left, right = tmp_path / "csv", tmp_path / "parquet"
    left.mkdir()
    right.mkdir()
    write(left, *ROWS)
    frame = pd.read_csv(left / "META.csv", parse_dates=["Date"], index_col="Date")
    frame.tz_localize("America/New_York").to_parquet(right / "META.parquet")
    assert Prices.read(left).digest == Prices.read(right).digest


def test_without_adjusted_close_the_close_is_taken_and_said(tmp_path: Path) -> None:
    prices = Prices.read(write(tmp_path, "Date,Close", "2026-04-09,11"))
    assert prices.adjusted.iloc[0, 0] == 11
    assert prices.notes == ("META: no Adj Close, so Close is taken as adjusted",)


def test_missing_stays_missing(tmp_path: Path) -> None:
    lines = [
        "Date,Close,Adj Close",
        "2026-04-07,10,10",
        "2026-04-08,,",
        "2026-04-10,12,12",
        "2026-04-13,13,13",
    ]
    prices = Prices.read(write(tmp_path, *lines))
    assert len(prices.sessions) == 5  # 9 April, which the file leaves out, is a session
    assert prices.close["META"].isna().tolist() == [False, True, True, False, False]
    np.testing.assert_allclose(prices.returns().column("META")[-1], 13 / 12 - 1)
    assert np.isnan(prices.returns().column("META")[:4]).all()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-04-10,1,1,1,-3,1,1", "META.csv line 4: Close is -3.0; prices must be positive"),
        ("2026-04-10,1,1,1,1,0,1", "META.csv line 4: Adj Close is 0.0; prices must be positive"),
        ("2026-04-10,1,1,1,n.a.x,1,1", "META.csv line 4: Close is 'n.a.x', which is not a number"),
        (
            '2026-04-10,1,1,1,"1,234",1,1',
            "META.csv line 4: Close is '1,234', which is not a number",
        ),
        ("2026-04-10,1,1,1,inf,1,1", "META.csv line 4: Close is 'inf', which is not a number"),
        ("2026-04-09,1,1,1,1,1,1", "META.csv line 4: 2026-04-09 is there twice"),
        (
            "2026-04-07,1,1,1,1,1,1",
            "META.csv line 4: 2026-04-07 comes after 2026-04-09; sort the rows by date",
        ),
        ("10/04/2026,1,1,1,1,1,1", "META.csv line 4: Date is '10/04/2026'; write it as 2026-04-09"),
        ("2026-02-30,1,1,1,1,1,1", "META.csv line 4: Date is '2026-02-30'; write it as 2026-04-09"),
        (",1,1,1,1,1,1", "META.csv line 4: Date is empty; write it as 2026-04-09"),
        (
            "2026-04-11,1,1,1,1,1,1",
            "META.csv line 4: 2026-04-11 is not a session of XNYS; remove the row, or name the",
        ),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    assert error_of(write(tmp_path, *ROWS, line)).startswith(said)


def test_a_line_is_counted_as_an_editor_counts(tmp_path: Path) -> None:
    assert error_of(write(tmp_path, ROWS[0], "", "", "2026-04-10,1,1,1,-3,1,1")).startswith(
        "META.csv line 4: Close"
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Date,Open", "2026-04-09,1"], "META.csv: needs a column 'Close', has Date, Open"),
        (["Close", "1"], "META.csv: needs a column 'Date', has Close"),
        (
            ["Date,Close,close", "2026-04-09,1,1"],
            "META.csv: has more than one column for Close; keep one",
        ),
        (
            ["Date,Close,Adj Close,adjclose", "2026-04-09,1,1,1"],
            "META.csv: has more than one column for Adj Close",
        ),
        (["Date,Close"], "META.csv: has no rows"),
        ([""], "META.csv: cannot be read"),
        (["Date,Close", "2026-04-11,1"], "META.csv line 2: 2026-04-11 is not a session"),
    ],
)
def test_a_file_that_is_no_price_file(tmp_path: Path, lines: list[str], said: str) -> None:
    assert error_of(write(tmp_path, *lines)).startswith(said)


def test_what_is_not_text_or_parquet(tmp_path: Path) -> None:
    (tmp_path / "META.csv").write_bytes(b"\xff\xfe\x00\x01" * 20)
    assert error_of(tmp_path).startswith("META.csv: ")
    (tmp_path / "META.csv").unlink()
    (tmp_path / "META.parquet").write_bytes(b"PAR1 but not really")
    assert error_of(tmp_path).startswith("META.parquet: cannot be read")


def test_folders_without_prices(tmp_path: Path) -> None:
    assert "does not exist; give a folder" in error_of(tmp_path / "nowhere")
    assert "no TICKER.csv or TICKER.parquet" in error_of(tmp_path)


def test_only_tickers_become_file_names(tmp_path: Path) -> None:
    write(tmp_path, *ROWS)
    for ticker in ("../META", "META/x", "", "a b", "META\n", "-META", "META."):
        with pytest.raises(PriceError, match="is not a ticker"):
            Prices.read(tmp_path, [ticker])
    write(tmp_path, *ROWS, name="my notes.csv")
    assert error_of(tmp_path).startswith("my notes.csv: 'my notes' is not a ticker")


@pytest.mark.parametrize("ticker", ["BRK-B", "^IXIC", "9984.T", "EURUSD=X", "BF.B"])
def test_tickers_of_many_kinds(tmp_path: Path, ticker: str) -> None:
    assert Prices.read(write(tmp_path, *ROWS, name=f"{ticker}.csv"), [ticker]).tickers == (ticker,)


def test_two_files_for_a_ticker(tmp_path: Path) -> None:
    pd.DataFrame({"Date": ["2026-04-09"], "Close": [1.0]}).to_parquet(tmp_path / "META.parquet")
    assert "two files for META" in error_of(write(tmp_path, *ROWS))


def test_tickers_without_a_file_are_not_there(tmp_path: Path) -> None:
    write(tmp_path, *ROWS)
    write(tmp_path, "nonsense", name="BAD.csv")  # not asked for, so never opened
    assert Prices.read(tmp_path, ["META", "CRWV"]).tickers == ("META",)
    with pytest.raises(PriceError, match="has none of the tickers CRWV, NBIS"):
        Prices.read(tmp_path, ["NBIS", "CRWV"])


def test_real_prices(real_prices_dir: Path) -> None:
    prices = Prices.read(real_prices_dir)
    crwv = pd.Series(prices.returns().column("CRWV"), prices.sessions)
    assert crwv.idxmax() == pd.Timestamp("2025-04-01")
    assert round(crwv.max(), 3) == 0.418  # real, and must survive
    assert crwv[:"2025-03-28"].isna().all()
    assert prices.open["SOXX"].isna().all()


def test_a_ticker_that_a_catalog_may_name_does_not_stop_a_folder(tmp_path: Path) -> None:
    rows = "Date,Close\n2026-04-08,1.0\n2026-04-09,1.1\n"
    for name in ("ABC_D", "META"):
        (tmp_path / f"{name}.csv").write_text(rows)
    assert Prices.read(tmp_path).tickers == ("ABC_D", "META")
    (tmp_path / "ABC_D.csv").unlink()
    assert Prices.read(tmp_path, ["ABC_D", "META"]).tickers == ("META",)


def test_what_cannot_be_a_ticker_has_prices_nowhere(tmp_path: Path) -> None:
    (tmp_path / "META.csv").write_text("Date,Close\n2026-04-08,1\n2026-04-09,2\n")
    prices = open_prices(str(tmp_path), ["META", "Meta Platforms", "../META", "ABC_D"])
    assert prices.tickers == ("META",)
