"""Files of returns.

CRSP, Compustat, long and wide panels, read to the right numbers or refused with the line.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest import Prices
from backtest.errors import PriceError
from backtest.prices import Returns
from backtest.prices.panels.return_prices import return_prices

CRSP = """PERMNO,date,TICKER,RET,PRC,VOL,CFACPR,DLRET,DLSTCD,vwretd,sprtrn,SHRCD
10001,20230103,AAA,C,10.5,100,2,,,0.01,0.012,11
10001,20230104,AAA,0.02,-10.7,200,2,,,0.002,0.003,11
10001,20230105,AAA,-0.01,10.6,100,1,-0.30,574,-0.01,-0.011,11
10002,20230103,BRK.B,B,20.5,100,1,,,0.01,0.012,11
10002,20230104,BRK.B,0.03,20.7,-99,1,,,0.002,0.003,11
10002,20230106,BRK.B,-66,20.6,100,1,0.05,233,0.003,0.004,11
"""


def write(folder: Path, text: str, name: str = "returns.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def error_of(path: Path, unit: str | None = None, ids: list[str] | None = None) -> str:
    with pytest.raises(PriceError) as caught:
        Returns.read(path, unit=unit, ids=ids)
    return str(caught.value)


def test_crsp_letters_are_missing_and_delistings_are_in_the_last_day(tmp_path: Path) -> None:
    found = Returns.read(write(tmp_path, CRSP))
    assert found.tickers == ("10001", "10002", "vwretd", "sprtrn")
    assert found.calendar == "own dates"
    nan = np.nan
    expected = [[nan, 0.02, 0.99 * 0.7 - 1, nan], [nan, 0.03, nan, 0.05]]
    np.testing.assert_allclose(found.values[:, :2].T, expected, atol=1e-12)
    np.testing.assert_allclose(found.column("vwretd"), [0.01, 0.002, -0.01, 0.003])
    said = "\n".join(found.notes)
    assert "the return is missing by code in 3 rows (-66 1, B 1, C 1)" in said
    assert "1 prices are negative, bid-ask means" in said
    assert "2 delisting returns taken in, 1 compounded with the day's own" in said
    assert "10001 on 2023-01-05 -30.0%" in said
    assert "CRSP daily, 6 rows, 2 securities by permno" in said
    assert "ignored: ticker, SHRCD" in said


def test_crsp_prices_are_on_one_share_basis_and_without_their_sign(tmp_path: Path) -> None:
    prices = return_prices([write(tmp_path, CRSP)])
    np.testing.assert_allclose(prices.close["10001"], [5.25, 5.35, 10.6, np.nan])
    assert np.isnan(prices.volume["10002"].iloc[1])
    assert [(one.security, one.day, one.value) for one in prices.delistings] == [
        ("10001", "2023-01-05", -0.30),
        ("10002", "2023-01-06", 0.05),
    ]


def test_the_return_after_a_missing_one_is_not_lost(tmp_path: Path) -> None:
    prices = return_prices(
        [write(tmp_path, "date,A\n2023-01-03,0.1\n2023-01-04,\n2023-01-05,0.2\n")]
    )
    np.testing.assert_allclose(prices.returns().column("A"), [0.1, np.nan, 0.2])


def test_the_ids_are_those_that_meet_the_events(tmp_path: Path) -> None:
    path = write(tmp_path, CRSP)
    by_ticker = Returns.read(path, ids=["BRK-B"])
    assert by_ticker.tickers == ("BRK-B", "vwretd", "sprtrn")
    assert "BRK-B: read from BRK.B" in by_ticker.notes
    assert Returns.read(path, ids=["10002"]).tickers == ("10002", "vwretd", "sprtrn")
    assert "has none of 10009" in error_of(path, ids=["10009"])
    assert "it has 10001, 10002" in error_of(path, ids=["10009"])


@pytest.mark.parametrize("ids", ["10001.0", '"10001"', "10001"])
def test_ids_are_text_however_written(tmp_path: Path, ids: str) -> None:
    path = write(tmp_path, f"id,date,ret\n{ids},2023-01-03,0.01\n{ids},2023-01-04,0.02\n")
    assert Returns.read(path, ids=["10001"]).tickers == ("10001",)


@pytest.mark.parametrize("name", ["NA", "TRUE", "0700", "BRK.B", "NaN"])
def test_words_that_look_like_something_else_are_tickers(tmp_path: Path, name: str) -> None:
    long = write(tmp_path, f"ticker,date,ret\n{name},2023-01-03,0.01\n", "long.csv")
    wide = write(tmp_path, f"date,{name}\n2023-01-03,0.01\n", "wide.csv")
    assert Returns.read(long).tickers == Returns.read(wide).tickers == (name,)


def test_ids_of_parquet_and_stata_meet(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "permno": np.array([10001, 10001], dtype=np.int64),
            "date": pd.to_datetime(["2023-01-03", "2023-01-04"]),
            "ret": [0.01, np.nan],
        }
    )
    frame.to_parquet(tmp_path / "r.parquet")
    found = Returns.read(tmp_path / "r.parquet")
    assert found.tickers == ("10001",)
    np.testing.assert_allclose(found.column("10001"), [0.01, np.nan])


def test_compustat_returns_have_splits_and_dividends_in_them(tmp_path: Path) -> None:
    text = (
        "gvkey,iid,datadate,prccd,ajexdi,trfd,conm\n"
        "001690,01,03/01/2023,100,2,1.0,X\n001690,01,13/01/2023,52,1,1.0,X\n"
        "001690,01,16/01/2023,51,1,1.02,X\n001690,02,16/01/2023,9,1,1,X\n"
    )
    found = Returns.read(write(tmp_path, text), ids=["1690"])
    np.testing.assert_allclose(found.column("1690"), [np.nan, 52 / 50 - 1, 51 * 1.02 / 52 - 1])
    said = "\n".join(found.notes)
    for words in ("Compustat daily", "1 companies have several issues", "day first"):
        assert words in said
    assert "1690: read from 001690" in said


def test_units_are_as_said_and_refused_where_the_size_says_otherwise(tmp_path: Path) -> None:
    percent = write(tmp_path, "date,A\n2023-01-03,1.5\n2023-01-04,-0.5\n", "p.csv")
    simple = write(tmp_path, "date,A\n2023-01-03,0.015\n2023-01-04,-0.005\n", "s.csv")
    signed = write(tmp_path, "date,A\n2023-01-03,1.5%\n2023-01-04,-0.5%\n", "g.csv")
    for found in (
        Returns.read(percent, unit="percent"),
        Returns.read(simple),
        Returns.read(signed),
    ):
        np.testing.assert_allclose(found.column("A"), [0.015, -0.005])
    np.testing.assert_allclose(
        Returns.read(simple, unit="log").column("A"), np.expm1([0.015, -0.005])
    )
    np.testing.assert_allclose(
        Returns.read(percent, unit="log-percent").column("A"), np.expm1([0.015, -0.005])
    )
    assert "so it is percent; say so: --returns-unit percent" in error_of(percent)
    assert "so it is percent" in error_of(percent, unit="simple")
    assert "no percent but a fraction" in error_of(simple, unit="percent")
    assert "there are simple, percent, log, log-percent" in error_of(simple, unit="pct")


def test_files_stand_side_by_side(tmp_path: Path) -> None:
    shares = write(tmp_path, "date,A\n2023-01-03,0.01\n2023-01-04,0.02\n", "a.csv")
    index = write(tmp_path, "date,MKT\n2023-01-04,0.03\n2023-01-05,0.04\n", "m.csv")
    found = Returns.read(shares, index)
    np.testing.assert_allclose(found.column("A"), [0.01, 0.02, np.nan])
    np.testing.assert_allclose(found.column("MKT"), [np.nan, 0.03, 0.04])
    with pytest.raises(PriceError, match="A is in two of the files"):
        Returns.read(shares, shares)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,ret\n2023-01-03,0.01\n", "none that says whose returns they are"),
        ("id,date,px\n1,2023-01-03,0.01\n", "no column of returns"),
        ("id,ret\n1,0.01\n", "needs a column of dates"),
        ("date,A\n", "a header and no row"),
        ("date,A\n2023-01-03,abc\n", "line 2: the return of A is 'abc'"),
        ("id,date,ret\n1,2023-01-03,B\n", "line 2: the return is 'B'"),
        ("date,A\n2023-01-03,-1.5\n2023-01-04,0.01\n2023-01-05,0.01\n", "below -100%"),
        ("id,date,ret\n1,2023-01-03,0.01\n1,2023-01-03,0.02\n", "line 3: id 1 has another row"),
        ("id,date,ret\n,2023-01-03,0.01\n", "line 2: id is empty"),
        ("id,date,ret\n1,2023-13-03,0.01\n", "line 2: Date is '2023-13-03'"),
        ("date,A,A\n2023-01-03,0.01,0.02\n", "more than one column for A"),
        ("id,date,ret,vwretd\n1,2023-01-03,0,0.1\n2,2023-01-03,0,0.2\n", "vwretd differs"),
        ("date,A\n2023-01-03,1%\n2023-01-04,0.01\n", "all with a percent sign or all without"),
    ],
)
def test_what_has_no_one_reading_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in error_of(write(tmp_path, text))


def test_rows_that_repeat_one_another_are_left_out_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "id,date,ret\n1,2023-01-03,0.01\n1,2023-01-03,0.01\n")
    found = Returns.read(path)
    assert found.column("1").tolist() == [0.01]
    assert "returns.csv: 1 row repeats another one and is left out" in found.notes


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("PERMNO,date,RET", "10001,{},{}", "RET of"),
        ("date,AAA", "{},{}", "the return of AAA is"),
        ("PERMNO,date,RET,vwretd", "10001,{0},0.01,{1}", "vwretd on 2023-03-14 is"),
    ],
)
def test_a_return_that_no_share_made_is_refused(
    header: str, row: str, said: str, tmp_path: Path
) -> None:
    days = pd.bdate_range("2023-01-03", periods=80).strftime("%Y%m%d")
    rows = [row.format(day, "1e300" if i == 50 else "0.01") for i, day in enumerate(days)]
    told = error_of(write(tmp_path, "\n".join([header, *rows])))
    assert "above 100,000%" in told
    assert said.removeprefix("RET of") in told


@pytest.mark.parametrize("head", ["RET,Ret", "RET,RET ", "RET,ret"])
def test_a_column_of_returns_that_is_there_twice_is_refused(head: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"PERMNO,date,{head}\n10001,20230103,0.01,0.5\n")
    assert "has more than one column for" in error_of(path)


@pytest.mark.parametrize("head", ["PERMNO,date,RET", "date,PERMNO,RET", "date,AAA,vwretd"])
def test_returns_are_never_read_as_the_closes_of_tickers_of_their_names(
    head: str, tmp_path: Path
) -> None:
    names = head.split(",")
    cells = {"date": "20230103", "PERMNO": "10001"}
    row = ",".join(cells.get(name, "0.01") for name in names)
    path = write(tmp_path, f"{head}\n{row}\n")
    with pytest.raises(PriceError, match="file of returns, not of prices; give it with --returns"):
        Prices.read(path)
