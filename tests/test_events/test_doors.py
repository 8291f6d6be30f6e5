"""Event lists as researchers have them.

Each shape is read to the right events, or refused by name.
"""

from __future__ import annotations

import codecs
import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from events import Catalog, CatalogError
from events.files.reading import read_path


def _sheets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sheets", Path(__file__).with_name("sheets.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sheets = _sheets()


def read(tmp_path: Path, text: str | bytes, name: str = "mine.csv", **said: object) -> Catalog:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Catalog.read(path, **said)


def pairs(catalog: Catalog) -> list[tuple[str, str]]:
    events = catalog.events()
    days = [str(at)[:10] for at in events["announced_at"]]
    return list(zip(events["ticker"], days, strict=True))


WANTED = [("10001", "2023-04-03"), ("84788", "2023-10-19")]
SHAPES = {
    "ours": "event_id,ticker,announced_at\na,10001,2023-04-03\nb,84788,2023-10-19\n",
    "no ids": "ticker,announced_at\n10001,2023-04-03\n84788,2023-10-19\n",
    "semicolons": "PERMNO;Event Date\n10001;2023-04-03\n84788;2023-10-19\n",
    "tabs": "PERMNO\tEvent Date\n10001\t2023-04-03\n84788\t2023-10-19\n",
    "bars": "PERMNO|Event Date\n10001|2023-04-03\n84788|2023-10-19\n",
    "day first, slashes": "permno,date\n10001,03/04/2023\n84788,19/10/2023\n",
    "day first, points": "permno,date\n10001,3.4.2023\n84788,19.10.2023\n",
    "day first, hyphens": "permno,date\n10001,03-04-2023\n84788,19-10-2023\n",
    "month first": "permno,date\n10001,04/03/2023\n84788,10/19/2023\n",
    "year first, slashes": "permno,date\n10001,2023/4/3\n84788,2023/10/19\n",
    "one run": "permno,date\n10001,20230403\n84788,20231019\n",
    "month words": "permno,date\n10001,03-Apr-2023\n84788,19oct2023\n",
    "month words first": 'permno,date\n10001,"April 3, 2023"\n84788,"Oct 19, 2023"\n',
    "ids as numbers with a point": "permno,date\n10001.0,2023-04-03\n84788.0,2023-10-19\n",
    "blanks in the header": " PERMNO , Announcement Date \n10001,2023-04-03\n84788,2023-10-19\n",
    "a Mac's line ends": "permno,date\r10001,2023-04-03\r84788,2023-10-19\r",
    "empty last column": "permno,date,\n10001,2023-04-03,\n84788,2023-10-19,\n",
    "GVKEY": "GVKEY,Rdq\n10001,2023-04-03\n84788,2023-10-19\n",
    "CUSIP": "CUSIP,AnnouncementDate\n10001,2023-04-03\n84788,2023-10-19\n",
    "Symbol": "Symbol,Date Announced\n10001,2023-04-03\n84788,2023-10-19\n",
    "Ticker with an id": "Event ID,Ticker,Date\na,10001,2023-04-03\nb,84788,2023-10-19\n",
}


@pytest.mark.parametrize("shape", list(SHAPES))
def test_shapes_of_text(tmp_path: Path, shape: str) -> None:
    assert pairs(read(tmp_path, SHAPES[shape])) == WANTED


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_encodings_of_spreadsheets(tmp_path: Path, mark: str) -> None:
    text = SHAPES["tabs"].encode(mark)
    text = codecs.BOM_UTF16_BE + text if mark == "utf-16-be" else text
    assert pairs(read(tmp_path, text, "mine.txt")) == WANTED


ROWS = [["PERMNO", "Event Date", "Method"], [10001, date(2023, 4, 3), "cash"]]
ROWS += [[84788.0, date(2023, 10, 19), None]]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_spreadsheets_with_their_own_dates(tmp_path: Path, kind: str) -> None:
    path = getattr(sheets, f"write_{kind}")(tmp_path / f"deals.{kind}", ROWS)
    catalog = Catalog.read(path)
    assert pairs(catalog) == WANTED
    assert catalog.events()["Method"].tolist()[0] == "cash"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_spreadsheets_with_dates_as_text(tmp_path: Path, kind: str) -> None:
    rows = [["PERMNO", "Date"], [10001, "03/04/2023"], ["84788", "19/10/2023"]]
    path = getattr(sheets, f"write_{kind}")(tmp_path / f"deals.{kind}", rows)
    assert pairs(Catalog.read(path)) == WANTED


def test_a_spreadsheet_of_two_filled_sheets_is_refused(tmp_path: Path) -> None:
    path = sheets.write_xlsx(tmp_path / "deals.xlsx", ROWS, sheets=2)
    with pytest.raises(CatalogError, match=r"2 sheets hold cells \('Deals1', 'Deals2'\)"):
        Catalog.read(path)


@pytest.mark.parametrize("name", ["deals.xlsx", "deals.ods", "deals.xls", "deals.dta"])
def test_bytes_that_are_no_spreadsheet(tmp_path: Path, name: str) -> None:
    with pytest.raises(CatalogError, match=f"{name}: cannot be read as a table"):
        read(tmp_path, b"\x00\xff\xfe" * 100, name)


def test_stata(tmp_path: Path) -> None:
    stamps = pd.to_datetime(["2023-04-03", "2023-10-19"])
    frame = pd.DataFrame({"permno": [10001, 84788], "date": stamps, "method": ["cash", "stock"]})
    frame.to_stata(tmp_path / "deals.dta", write_index=False, convert_dates={"date": "td"})
    catalog = Catalog.read(tmp_path / "deals.dta")
    assert pairs(catalog) == WANTED
    assert catalog.events()["method"].tolist() == ["cash", "stock"]


@pytest.mark.parametrize("dtype", ["int64", "float64", "str"])
def test_parquet_ids_of_every_type_meet(tmp_path: Path, dtype: str) -> None:
    ids = pd.Series([10001, 84788]).astype(dtype)
    frame = pd.DataFrame({"PERMNO": ids, "Date": pd.to_datetime(["2023-04-03", "2023-10-19"])})
    frame.to_parquet(tmp_path / "deals.parquet")
    assert pairs(Catalog.read(tmp_path / "deals.parquet")) == WANTED


def test_a_named_index_of_parquet_is_a_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": ["2023-04-03", "2023-10-19"]}, index=[10001, 84788])
    frame.rename_axis("permno").to_parquet(tmp_path / "deals.parquet")
    assert pairs(Catalog.read(tmp_path / "deals.parquet")) == WANTED


def test_tickers_that_look_like_something_else_survive(tmp_path: Path) -> None:
    symbols = ["NA", "TRUE", "0700", "BRK.B", "NAN", "9984.T", "1E5"]
    text = "ticker,date\n" + "".join(f"{symbol},2023-04-03\n" for symbol in symbols)
    catalog = read(tmp_path, text)
    assert sorted(catalog.events()["ticker"]) == sorted(symbols)
    assert "NA-2023-04-03" in catalog
    rows = [["ticker", "date"], [True, date(2023, 4, 3)], ["NA", date(2023, 4, 3)]]
    path = sheets.write_xlsx(tmp_path / "odd.xlsx", rows)
    assert sorted(Catalog.read(path).events()["ticker"]) == ["NA", "TRUE"]


HEAD = "event_id,ticker,announced_at"
REPEATED = {
    "announced_at": f"{HEAD},announced_at\na,META,2026-04-09,2026-04-10\n",
    "ticker": "event_id,ticker,ticker ,announced_at\na,META,CRWV,2026-04-09\n",
    "x": f"{HEAD},x,y,x\na,META,2026-04-09,1,2,3\n",
}


@pytest.mark.parametrize("name", list(REPEATED))
def test_a_repeated_column_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(CatalogError, match=f"mine.csv: column '{name}' is there 2 times"):
        read(tmp_path, REPEATED[name])
    rows = [line.split(",") for line in REPEATED[name].splitlines()]
    with pytest.raises(CatalogError, match=f"mine.xlsx: column '{name}' is there 2 times"):
        Catalog.read(sheets.write_xlsx(tmp_path / "mine.xlsx", rows))
    table = pa.Table.from_arrays([pa.array([cell]) for cell in rows[1]], names=rows[0])
    pq.write_table(table, tmp_path / "mine.parquet")
    with pytest.raises(CatalogError, match=f"mine.parquet: column '{name}' is there 2 times"):
        Catalog.read(tmp_path / "mine.parquet")


REFUSED = {
    "PERMNO,CUSIP,Date\n1,2,2023-04-03\n": "ticker may be 'PERMNO' and 'CUSIP'; say which: --map",
    "Ticker,TICKER,Date\nA,B,2023-04-03\n": "ticker may be 'Ticker' and 'TICKER'",
    "ticker,Ticker,Date\nA,B,2023-04-03\n": "ticker may be 'ticker' and 'Ticker'",
    "Ticker,Date,Event Date\nA,2023-04-03,2023-04-04\n": "announced_at may be 'Date' "
    "and 'Event Date'",
    "Ticker,Date\nA,03/04/2023\nB,05/06/2023\n": "'03/04/2023' and all others fit two orders; "
    "say --dayfirst",
    "Ticker,Date\nA,19/10/2023\nB,10/19/2023\n": "'19/10/2023' is day first and '10/19/2023' month",
    "Ticker,Date\nA,19/10/23\n": "'19/10/23': write the year with four digits .row 2.",
    "Ticker,Date\nA,31/02/2023\n": "'31/02/2023' is no day of the calendar .row 2.",
    "Ticker,Date\nA,19/10/2023 08:00\n": "no UTC offset .write 2023-10-19T08:00:00-04:00. .row 2.",
    "Ticker,Date\nA,45218.5\n": "is no ISO date",
    "Ticker,Date\nA,\n": "announced_at: empty .row 2.",
}


@pytest.mark.parametrize("text", list(REFUSED))
def test_what_cannot_be_told_is_asked(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogError, match=REFUSED[text]):
        read(tmp_path, text)


def test_the_order_of_dates_can_be_said(tmp_path: Path) -> None:
    text = "Ticker,Date\nA,03/04/2023\n"
    assert pairs(read(tmp_path, text, dayfirst=True)) == [("A", "2023-04-03")]
    assert pairs(read(tmp_path, text, dayfirst=False)) == [("A", "2023-03-04")]
    assert pairs(read(tmp_path, "Ticker,Date\nA,04/04/2023\n")) == [("A", "2023-04-04")]
    with pytest.raises(CatalogError, match="'19/10/2023' cannot be read as --monthfirst asks"):
        read(tmp_path, "Ticker,Date\nA,19/10/2023\n", dayfirst=False)


def test_times_with_a_zone_word(tmp_path: Path) -> None:
    found = read(tmp_path, "Ticker,Date\nA,19/10/2023 08:00 ET\n")
    assert str(found.events()["announced_at"][0]) == "2023-10-19 08:00:00-04:00"


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    text = "ticker,Deal,Signed,Closed\nA,10001,2023-04-03,2023-05-03\n"
    said = {"ticker": "Deal", "announced_at": "Signed"}
    catalog = read(tmp_path, text, columns=said)
    assert pairs(catalog) == [("10001", "2023-04-03")]
    assert catalog.events()["file_ticker"].tolist() == ["A"]  # passed over, yet not lost
    assert catalog.events()["Closed"].tolist() == ["2023-05-03"]
    for said, why in (
        ({"ticker": "Dael"}, "no column 'Dael', which --map names; did you mean 'Deal'"),
        ({"tickr": "Deal"}, "no column of ours is named 'tickr'; did you mean 'ticker'"),
        ({"ticker": "Deal", "event_id": "Deal"}, "gives the column 'Deal' to two of ours"),
    ):
        with pytest.raises(CatalogError, match=why):
            read(tmp_path, text, columns=said)
    with pytest.raises(CatalogError, match="no catalog is a table"):
        Catalog.read(Catalog.bundled().write(tmp_path / "toml")[0], dayfirst=True)


def test_made_ids_are_stable_and_unique(tmp_path: Path) -> None:
    text = "ticker,date\n^GSPC,2023-04-03\nA,2023-04-03\nA,2023-04-03\nA,2023-04-04\n"
    found = sorted(news.id for news in read(tmp_path, text))
    assert found == ["A-2023-04-03", "A-2023-04-03-2", "A-2023-04-04", "GSPC-2023-04-03"]
    more = "ticker,date\nA,2023-04-04\nB,2023-01-02\nA,2023-04-03\n"
    assert {"A-2023-04-03", "A-2023-04-04"} <= {news.id for news in read(tmp_path, more)}


def test_further_columns_stay(tmp_path: Path) -> None:
    text = "Ticker,Date,Method,DealValue,,Date of close\nA,2023-04-03,cash,1500,z,2023-05-01\n"
    events = read(tmp_path, text).events()
    assert events["Method"].tolist() == ["cash"]
    assert events["DealValue"].tolist() == [1500]
    assert events["column 5"].tolist() == ["z"]
    assert events["Date of close"].tolist() == ["2023-05-01"]


def test_what_was_understood_is_said(tmp_path: Path) -> None:
    read(tmp_path, "PERMNO;Event Date;Method\n1;19/10/2023;cash\n1;19/10/2023;cash\n")
    assert read_path(tmp_path / "mine.csv").understood == (
        "mine.csv: 2 rows (text separated by semicolons); ticker = 'PERMNO'; "
        "announced_at = 'Event Date'; dates day first; ids made of ticker and date; "
        "rows that repeat a ticker and date: 1; kept as attributes: 'Method'",
    )
