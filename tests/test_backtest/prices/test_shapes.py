"""The shapes vendors write, each in a small made-up file.

Read to the right numbers, or refused with the right line.
"""

from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from backtest.errors import PriceError
from backtest.prices import Prices
from backtest.prices.sources.files.shapes import SHAPES

# Every file of one ticker below has these closes.
DAYS = ["2026-04-08", "2026-04-09", "2026-04-13"]
CLOSES = [1600.5, 628.39, 1234.0]

ONE: dict[str, str] = {
    "yfinance, three rows": (
        "Price,Close,High,Low,Open,Volume\nTicker,META,META,META,META,META\nDate,,,,,\n"
        "2026-04-08,1600.5,1601,1599,1600,10\n2026-04-09,628.39,629,627,628,20\n"
        "2026-04-13,1234.0,1235,1233,1234,30\n"
    ),
    "yfinance, two rows": (
        "Date,Adj Close,Close\n,META,META\n2026-04-08,1600.5,1600.5\n2026-04-09,628.39,628.39\n"
        "2026-04-13,1234,1234\n"
    ),
    "nasdaq.com": (
        "Date,Close/Last,Volume,Open,High,Low\n04/13/2026,$1234.00,30,$1234,$1235,$1233\n"
        "04/09/2026,$628.39,20,$628,$629,$627\n04/08/2026,$1600.50,N/A,$1600,$1601,$1599\n"
    ),
    "nasdaq.com, thousands": (
        "Date,Close/Last,Volume\n04/09/2026,$628.39,20\n04/08/2026,\"$1,600.50\",\"1,234,567\"\n"
    ),
    "investing.com": (
        '"Date","Price","Open","High","Low","Vol.","Change %"\n'
        '"04/13/2026","1,234.00","1,234.00","1,235.00","1,233.00","12.3M","+1.2%"\n'
        '"04/09/2026","628.39","628.00","629.00","627.00","1.5B","-2.0%"\n'
        '"04/08/2026","1,600.50","1,600.00","1,601.00","1,599.00","","0.0%"\n'
    ),
    "stooq.com": "Date,Open,High,Low,Close,Volume\n2026-04-08,1600,1601,1599,1600.5,10\n"
    "2026-04-09,628,629,627,628.39,20\n2026-04-13,1234,1235,1233,1234,30\n",
    "Stooq in bulk": (
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "META.US,D,20260408,000000,1600,1601,1599,1600.5,10,0\n"
        "META.US,D,20260409,000000,628,629,627,628.39,20,0\n"
        "META.US,D,20260413,000000,1234,1235,1233,1234,30,0\n"
    ),
    "Alpha Vantage": (
        "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n"
        "2026-04-13,1234,1235,1233,1234,1234,30,0,1.0\n"
        "2026-04-09,628,629,627,628.39,628.39,20,0,2.0\n"
        "2026-04-08,3200,3202,3198,3201,1600.5,5,0,1.0\n"
    ),
    "Tiingo": (
        "date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,"
        "divCash,splitFactor\n"
        "2026-04-08,3201,3202,3198,3200,5,1600.5,1601,1599,1600,10,0.0,1.0\n"
        "2026-04-09,628.39,629,627,628,20,628.39,629,627,628,20,0.0,2.0\n"
        "2026-04-13,1234,1235,1233,1234,30,1234,1235,1233,1234,30,0.0,1.0\n"
    ),
    "a list without a header": "08.04.2026;1600,5\n09.04.2026;628,39\n13.04.2026;1234\n",
    "adjusted closes alone": "date,adj_close\n2026-04-08,1600.5\n2026-04-09,628.39\n"
                             "2026-04-13,1234\n",
    "semicolons and decimal commas": (
        "Date;Close;Volume\n2026-04-08;1.600,50;10\n2026-04-09;628,39;20\n2026-04-13;1.234,00;30\n"
    ),
    "days with points": "Date;Close\n08.04.2026;1600,5\n09.04.2026;628,39\n13.04.2026;1234\n",
    "tabs": "Date\tClose\n2026-04-08\t1600.5\n2026-04-09\t628.39\n2026-04-13\t1234\n",
    "day first by the column": "Date,Close\n08/04/2026,1600.5\n09/04/2026,628.39\n"
                               "13/04/2026,1234\n",
    "month first by the column": "Date,Close\n04/08/2026,1600.5\n04/09/2026,628.39\n"
                                 "04/13/2026,1234\n",
    "day first by the name": "Date (DD/MM/YYYY),Close\n08/04/2026,1600.5\n09/04/2026,628.39\n",
    "months by name": 'Date,Close\n"Apr 08, 2026",1600.5\n"Apr 09, 2026",628.39\n'
                      '"Apr 13, 2026",1234\n',
    "year first with slashes": "Date,Close\n2026/04/08,1600.5\n2026/04/09,628.39\n"
                               "2026/04/13,1234\n",
    "a comma at the end of every row": "Date,Close\n2026-04-08,1600.5,\n2026-04-09,628.39,\n",
    "a comma at the end of every line": "Date,Close,\n2026-04-08,1600.5,\n2026-04-09,628.39,\n",
    "weekends without prices": (
        "Date,Close\n2026-04-08,1600.5\n2026-04-09,628.39\n2026-04-11,\n2026-04-12,null\n"
        "2026-04-13,1234\n"
    ),
}  # fmt: skip


def one(folder: Path, text: str | bytes) -> Prices:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "META.csv").write_bytes(data)
    return Prices.read(folder)


def panel(folder: Path, text: str, tickers: list[str] | None = None) -> Prices:
    (folder / "p.csv").write_text(text)
    return Prices.read(folder / "p.csv", tickers)


@pytest.mark.parametrize("shape", ONE)
def test_one_ticker(tmp_path: Path, shape: str) -> None:
    close = one(tmp_path, ONE[shape]).close["META"].dropna()
    assert [str(day.date()) for day in close.index] == DAYS[: len(close)]
    assert close.tolist() == CLOSES[: len(close)]
    assert len(close) >= 2


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("nasdaq.com", "META: the rows stood newest first and were sorted"),
        ("nasdaq.com", "META: read in the shape of nasdaq.com"),
        ("weekends without prices", "META.csv: 2 rows without any price skipped"),
        ("adjusted closes alone", "META: only adjusted closes, taken as Close too"),
        ("Tiingo", "META: as traded in the file; put on today's shares by its own splits"),
    ],
)
def test_what_was_understood_is_said_once(tmp_path: Path, shape: str, said: str) -> None:
    notes = "; ".join(one(tmp_path, ONE[shape]).notes)
    assert notes.replace("META: the", "the").count(said.replace("META: the", "the")) == 1 or (
        notes.count(said.removeprefix("META: ")) == 1
    )


@pytest.mark.parametrize("shape", ["Alpha Vantage", "Tiingo"])
def test_what_was_traded_before_a_split_is_put_on_todays_shares(tmp_path: Path, shape: str) -> None:
    prices = one(tmp_path, ONE[shape])
    assert prices.open["META"].dropna().tolist() == [1600, 628, 1234]
    assert prices.volume["META"].dropna().tolist() == [10, 20, 30]
    assert prices.adjusted["META"].dropna().tolist() == CLOSES


def test_thousands_and_millions_of_shares(tmp_path: Path) -> None:
    volume = one(tmp_path, ONE["investing.com"]).volume["META"].dropna()
    np.testing.assert_allclose(volume, [1.5e9, 12.3e6])
    volume = one(tmp_path, ONE["nasdaq.com, thousands"]).volume["META"]
    assert volume.tolist() == [1234567, 20]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_encodings_of_spreadsheets(tmp_path: Path, codec: str) -> None:
    mark = codecs.BOM_UTF16_BE if codec == "utf-16-be" else b""
    assert one(tmp_path, mark + ONE["tabs"].encode(codec)).close["META"].dropna().tolist() == CLOSES


@pytest.mark.parametrize(
    "name", ["Adj. Close", "Adjusted Close", "AdjClose", "adjusted_close", "ADJ CLOSE*"]
)
def test_names_of_the_adjusted_close(tmp_path: Path, name: str) -> None:
    prices = one(tmp_path, f"Date,Close,{name}\n2026-04-08,10,9.5\n")
    assert prices.adjusted["META"].tolist() == [9.5]
    assert prices.notes == ()


def test_a_column_that_sounds_like_one_is_named(tmp_path: Path) -> None:
    prices = one(tmp_path, "Date,Close,Adj Close USD\n2026-04-08,10,9.5\n")
    assert "META: the column 'Adj Close USD' is not read" in prices.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Date,Close,High,Low,Close,Adj,Volume\n2026-04-08,1,1,1,1,1,1\n",
         "META.csv: has more than one column for Close; keep one"),
        ("Date,Date,Close\n2026-04-08,2026-04-08,1\n",
         "META.csv: has more than one column for Date"),
        ("Date,Close\n04/08/2026,1\n04/09/2026,2\n",
         "META.csv line 2: Date '04/08/2026' can be 2026-08-04 or 2026-04-08, and so can "
         "every date"),
        ("Date,Close\n13/04/2026,1\n04/15/2026,2\n",
         "META.csv line 3: Date is '04/15/2026'; write it"),
        ("Date,Close\n04/08/26,1\n", "META.csv line 2: Date is '04/08/26'; write it as 2026-04-09"),
        ("Date,Close\n0001-01-01,1\n", "META.csv line 2: Date is '0001-01-01', of a year without"),
        ("Date;Close\n2026-04-08;1.600\n2026-04-09;1.234\n",
         "META.csv: '1.600' can be a decimal or a thousand"),
        ("Date,Close\n2026-04-08,1\n2026-04-09,628,39\n",
         "META.csv line 3 has 1 field more than the header"),
        ("Date,Close\n2026-04-08,1\n2026-04-10,1\n2026-04-09,1\n",
         "META.csv line 4: 2026-04-09 comes after 2026-04-10; sort the rows by date"),
        ("Date,Close\n2026-04-09,1\n2026-04-09,1\n", "META.csv line 3: 2026-04-09 is there twice"),
        ("Date,Close\n2026-04-08,True\n",
         "META.csv line 2: Close is 'True', which is not a number"),
        ("Price,Close\nTicker,AMD\nDate,\n2026-04-08,1\n",
         "META.csv: has prices of AMD, not of META; rename the file"),
        ("Price,Close,Close\nTicker,META,AMD\nDate,,\n2026-04-08,1,2\n",
         "META.csv: has prices of META, AMD; name the file itself"),
        ("Price,Close,Close\nTicker,META,META\nDate,,\n2026-04-08,1,2\n",
         "META.csv: has more than one column for Close of META; keep one"),
        ("Date,Close\n2026-04-08,\n", "a folder of files: every price of META is missing"),
    ],
)  # fmt: skip
def test_one_ticker_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PriceError) as caught:
        one(tmp_path, text)
    assert str(caught.value).startswith(said)


MANY: dict[str, str] = {
    "yfinance by field": (
        "Price,Close,Close,Volume,Volume\nTicker,BTC-USD,META,BTC-USD,META\nDate,,,,\n"
        "2026-04-08,,10,,1\n2026-04-09,,11,,2\n2026-04-11,,,,\n"
    ),
    "yfinance by ticker": (
        "Ticker,META,META,SPY,SPY\nPrice,Open,Close,Open,Close\nDate,,,,\n"
        "2026-04-08,9,10,19,20\n2026-04-09,10,11,20,21\n"
    ),
    "Bloomberg, closes": (
        "Date,META US Equity,BRK/B US Equity,\n2026-04-08,10,20,\n2026-04-09,11,21,\n"
    ),
    "Bloomberg, fields": (
        ",META US Equity,,ORCL UN Equity,\nDates,PX_LAST,PX_VOLUME,PX_LAST,PX_VOLUME\n"
        "08/04/2026,10,1,20,1\n09/04/2026,11,1,21,1\n13/04/2026,,,22,1\n"
    ),
    "long": "Date,Ticker,Close\n2026-04-08,META,10\n2026-04-09,META,11\n2026-04-08,NA,1\n",
    "long, newest first": "Symbol;Date;Close\nMETA;2026-04-09;11,0\nMETA;2026-04-08;10,0\n"
                          "B;2026-04-08;1,5\n",
    "wide": "Date;META;SPY\n2026-04-08;10;20,5\n2026-04-09;11;21,25\n",
}  # fmt: skip


@pytest.mark.parametrize("shape", MANY)
def test_many_tickers(tmp_path: Path, shape: str) -> None:
    prices = panel(tmp_path, MANY[shape])
    assert prices.close["META"].dropna().tolist() == [10, 11]
    assert len(prices.tickers) == 2


def test_tickers_of_many_vendors(tmp_path: Path) -> None:
    assert panel(tmp_path, MANY["Bloomberg, closes"]).tickers == ("BRK-B", "META")
    assert panel(tmp_path, MANY["Bloomberg, fields"]).tickers == ("META", "ORCL")
    german = ",SAP GY Equity,\nDates,PX_LAST,PX_VOLUME\n08/04/2026,20,1\n13/04/2026,22,1\n"
    assert panel(tmp_path, german).tickers == ("SAP.DE",)
    assert panel(tmp_path, MANY["long"]).close["NA"].dropna().tolist() == [1]


def test_share_classes_meet_and_it_is_said(tmp_path: Path) -> None:
    prices = panel(tmp_path, MANY["Bloomberg, closes"], ["BRK.B", "META"])
    assert prices.tickers == ("BRK.B", "META")
    assert prices.close["BRK.B"].tolist() == [20, 21]
    assert "BRK.B: read from BRK-B" in prices.notes
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "BRK.B.csv").write_text("Date,Close\n2026-04-08,20\n")
    folder = Prices.read(tmp_path / "folder", ["BRK-B"])
    assert folder.close["BRK-B"].tolist() == [20]
    assert "BRK-B: read from BRK.B.csv" in folder.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Date,META,META,SPY\n2026-04-08,1,2,3\n",
         "p.csv: has more than one column for META; keep one"),
        ("Date,META,META ,SPY\n2026-04-08,1,2,3\n",
         "p.csv: has more than one column for META; keep one"),
        ("Date,,SPY\n2026-04-08,1,2\n", "p.csv: column 2 has no name"),
        ("Date,META\n2026-04-08,1,7\n", "p.csv line 2 has 1 field more than the header"),
    ],
)  # fmt: skip
def test_many_tickers_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PriceError) as caught:
        panel(tmp_path, text)
    assert str(caught.value).startswith(said)


def test_parquet_of_a_download(tmp_path: Path) -> None:
    columns = pd.MultiIndex.from_product(
        [["Close", "Open"], ["META", "SPY"]], names=["Price", "Ticker"]
    )
    index = pd.DatetimeIndex(DAYS, name="Date")
    frame = pd.DataFrame(np.arange(1.0, 13).reshape(3, 4), index=index, columns=columns)
    frame.to_parquet(tmp_path / "p.parquet")
    prices = Prices.read(tmp_path / "p.parquet", ["SPY"])
    assert prices.close["SPY"].dropna().tolist() == [2, 6, 10]
    assert prices.open["SPY"].dropna().tolist() == [4, 8, 12]


def test_parquet_with_tickers_that_are_numbers(tmp_path: Path) -> None:
    rows = {"Date": DAYS[:2] * 2, "Ticker": [10001, 10001, 10002, 10002], "Close": [1.0, 2, 3, 4]}
    for kind in ("int64", "float64", "category"):
        pd.DataFrame(rows).astype({"Ticker": kind}).to_parquet(tmp_path / "p.parquet")
        prices = Prices.read(tmp_path / "p.parquet", ["10002"])
        assert prices.close["10002"].tolist() == [3, 4]


def test_parquet_with_an_empty_ticker(tmp_path: Path) -> None:
    rows = {"Date": DAYS[:2], "Ticker": ["META", None], "Close": [1.0, 2.0]}
    pd.DataFrame(rows).to_parquet(tmp_path / "p.parquet")
    with pytest.raises(PriceError, match=r"p\.parquet row 2: the ticker is empty"):
        Prices.read(tmp_path / "p.parquet", ["META"])


@pytest.mark.parametrize("cells", [[True, False], [1.5, True]])
def test_parquet_with_booleans_for_closes(tmp_path: Path, cells: list[object]) -> None:
    table = pa.table({"Date": DAYS[:2], "Close": pa.array(map(bool, cells))})
    pq.write_table(table, tmp_path / "META.parquet")
    with pytest.raises(PriceError, match="row 1: Close is 'True', which is not a number"):
        Prices.read(tmp_path)


def test_parquet_with_a_column_twice(tmp_path: Path) -> None:
    close = pa.array([1.0, 2.0])
    table = pa.Table.from_arrays(
        [pa.array(DAYS[:2]), close, close], names=["Date", "Close", "Close"]
    )
    pq.write_table(table, tmp_path / "META.parquet")
    with pytest.raises(PriceError, match="more than one column for Close"):
        Prices.read(tmp_path)


def test_one_text_in_the_place_of_tickers(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"tickers is the text 'META'; write a list: \['META'\]"):
        Prices.read(tmp_path, "META")


def test_every_shape_is_tried_here() -> None:
    tried = " ".join([*ONE, *MANY, "plain", "a table of closes"])
    assert [shape.name for shape in SHAPES if shape.name not in tried] == []
