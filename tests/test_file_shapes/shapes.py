"""The shapes of files that are read or refused.

Each in a small made-up file, with what comes of it. docs/file_shapes.md is this list as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

Made = Callable[[Path, Any], "Path | str"]
NAN = float("nan")


@dataclass(frozen=True)
class Shape:
    """One shape.

    `write` is text, or makes the file; `gives` what is read, `refused` the line said instead.
    """

    kind: str
    what: str
    name: str
    write: str | bytes | Made
    gives: Any = None
    refused: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """Its row of the documentation."""
        options = "".join(
            f" (`--returns-unit {value}`)"
            if key == "unit"
            else " (`--dayfirst`)"
            if key == "dayfirst"
            else ""
            for key, value in self.said.items()
        )
        answer = f"refused: {self.refused}" if self.refused else f"read{options}"
        return f"| {self.kind} | {self.what} | {answer.replace('|', ' ')} |"


DAYS = ["2026-04-08", "2026-04-09", "2026-04-13"]
META = [1600.5, 628.39, 1234.0]
AMD = [10.0, 11.0, 12.5]
ONE, TWO = {"META": META}, {"META": META, "AMD": AMD}


def long() -> pd.DataFrame:
    """Two securities, a row a security and day."""
    return pd.DataFrame(
        {"date": DAYS * 2, "ticker": ["META"] * 3 + ["AMD"] * 3, "close": META + AMD}
    )


def wide() -> pd.DataFrame:
    """Two securities, a column each."""
    return pd.DataFrame({"Date": DAYS, "META": META, "AMD": AMD})


def sheet() -> list[list[Any]]:
    """The wide table as rows of a sheet."""
    return [["Date", "META", "AMD"], *map(list, zip(DAYS, META, AMD, strict=True))]


def _numbers(folder: Path, _: Any) -> Path:
    frame = wide().rename(columns={"META": 10001.0, "AMD": 10002.0})
    frame["Date"] = pd.to_datetime(frame["Date"])
    frame.columns = frame.columns.map(str)
    frame.to_parquet(folder / "panel.parquet", index=False)
    return folder / "panel.parquet"


def _folder(folder: Path, _: Any) -> Path:
    (folder / "closes.csv").write_text(wide().to_csv(index=False), encoding="utf-8")
    return folder


def _excel_dates(folder: Path, make: Any) -> Path:
    rows = [["Date", "META"]]
    rows += [[pd.Timestamp(day).date(), close] for day, close in zip(DAYS, META, strict=True)]
    return Path(make.sheets.write_xlsx(folder / "p.xlsx", rows))


def _stata(path: Path) -> Path:
    long().to_stata(path, write_index=False)
    return path


def _named(name: str, text: str) -> Made:
    """A folder with one file under the name that a vendor gives it."""

    def write(folder: Path, _: Any) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder

    return write


def _yfinance_parquet(folder: Path, _: Any) -> Path:
    frame = pd.DataFrame({("Close", "META"): META, ("Close", "AMD"): AMD}, pd.to_datetime(DAYS))
    frame.columns.names = ["Price", "Ticker"]
    frame.to_parquet(folder / "all.parquet")
    return folder / "all.parquet"


def _returns_xlsx(folder: Path, make: Any) -> Path:
    rows = [["PERMNO", "date", "RET"]]
    rows += [
        [10001, pd.Timestamp(day).date(), one]
        for day, one in zip(DAYS, [0.01, "C", 0.03], strict=True)
    ]
    return Path(make.sheets.write_xlsx(folder / "r.xlsx", rows))


def _returns_binary(name: str) -> Made:
    def write(folder: Path, _: Any) -> Path:
        frame = pd.DataFrame(
            {"permno": [10001] * 3, "date": pd.to_datetime(DAYS), "ret": [0.01, 0.02, 0.03]}
        )
        path = folder / name
        frame.to_stata(path, write_index=False) if path.suffix == ".dta" else frame.to_parquet(
            path, index=False
        )
        return path

    return write


def _rows(header: str, rows: Sequence[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


_LINES = [f"{day},{close}" for day, close in zip(DAYS, META, strict=True)]
_YFINANCE = "Price,Close,Open\nTicker,META,META\nDate,,\n" + "".join(
    f"{day},{close},{close}\n" for day, close in zip(DAYS, META, strict=True)
)
_P, _R, _E = "prices", "returns", "events"

PRICES = [
    Shape(_P, "a table of dates and closes", "META.csv", _rows("Date,Close", _LINES), ONE),
    Shape(_P, "`yf.download(...).to_csv`, three header rows", "META.csv", _YFINANCE, ONE),
    Shape(_P, "the same of several tickers in one file, two header rows", "panel.csv",
          "Price,Close,Close\nTicker,META,AMD\n" + "".join(
              f"{day},{one},{two}\n" for day, one, two in zip(DAYS, META, AMD, strict=True)), TWO),
    Shape(_P, "the same in Parquet: columns (Price, Ticker)", "", _yfinance_parquet, TWO),
    Shape(_P, "Stooq, as it names its file: `meta_us_d.csv`", "",
          _named("meta_us_d.csv", _rows("Date,Close", _LINES)), ONE),
    Shape(_P, "Investing, as it names its file: `META Historical Data.csv`", "",
          _named("META Historical Data.csv",
                 _rows("Date,Price,Vol.,Change %", [f"{one},1M,1%" for one in _LINES])),
          ONE),
    Shape(_P, "Alpha Vantage, as it names its file: `daily_adjusted_META.csv`", "",
          _named("daily_adjusted_META.csv", _rows("timestamp,close", _LINES)), ONE),
    Shape(_P, "nasdaq.com: `Close/Last`, `$628.39`, MM/DD/YYYY, newest first", "META.csv",
          "Date,Close/Last\n04/13/2026,$1234.00\n04/09/2026,$628.39\n04/08/2026,\"$1,600.50\"\n",
          ONE),
    Shape(_P, "investing.com: `Vol.` 12.3M, `Change %`, 1,234.56", "META.csv",
          '"Date","Price","Vol.","Change %"\n"04/13/2026","1,234.00","12.3M","1%"\n'
          '"04/09/2026","628.39","1B","-2%"\n"04/08/2026","1,600.50","","0%"\n', ONE),
    Shape(_P, "Stooq in bulk: `<TICKER>`, `<DATE>` 20260409", "META.csv",
          "<TICKER>,<DATE>,<CLOSE>\nMETA.US,20260408,1600.5\nMETA.US,20260409,628.39\n"
          "META.US,20260413,1234\n", ONE),
    Shape(_P, "Alpha Vantage: as traded, its own splits", "META.csv",
          "timestamp,close,split_coefficient\n2026-04-13,1234,1\n2026-04-09,628.39,2\n"
          "2026-04-08,3201,1\n", ONE),
    Shape(_P, "Tiingo: as traded, `splitFactor`", "META.csv",
          "date,close,adjClose,splitFactor\n2026-04-08,3201,1600.5,1\n2026-04-09,628.39,628.39,2\n"
          "2026-04-13,1234,1234,1\n", ONE),
    Shape(_P, "Bloomberg: `META US Equity` above each column", "panel.csv",
          "Dates,META US Equity,AMD US Equity\n2026-04-08,1600.5,10\n2026-04-09,628.39,11\n"
          "2026-04-13,1234,12.5\n",
          TWO),
    Shape(_P, "adjusted closes alone: `date,adj_close`", "META.csv",
          _rows("date,adj_close", _LINES), ONE),
    Shape(_P, "semicolons, decimal commas", "META.csv",
          "Date;Close\n2026-04-08;1.600,50\n2026-04-09;628,39\n2026-04-13;1.234,00\n", ONE),
    Shape(_P, "tabs, decimal commas", "META.tsv",
          "Date\tClose\n2026-04-08\t1600,5\n2026-04-09\t628,39\n2026-04-13\t1234\n", ONE),
    Shape(_P, "UTF-16, as spreadsheets write “Unicode text”", "META.csv",
          _rows("Date\tClose", [line.replace(",", "\t") for line in _LINES]).encode("utf-16"), ONE),
    Shape(_P, "midnights after the dates: 04/13/2026 12:00:00 AM", "META.csv",
          "Date,Close\n04/08/2026 12:00:00 AM,1600.5\n04/09/2026 12:00:00 AM,628.39\n"
          "04/13/2026 12:00:00 AM,1234\n", ONE),
    Shape(_P, "dates like 08APR2026", "META.csv",
          "Date,Close\n08APR2026,1600.5\n09APR2026,628.39\n13APR2026,1234\n", ONE),
    Shape(_P, "weekends without prices", "META.csv",
          _rows("Date,Close", [*_LINES[:2], "2026-04-11,", _LINES[2]]), ONE),
    Shape(_P, "a comma at the end of every row", "META.csv",
          _rows("Date,Close", [f"{one}," for one in _LINES]), ONE),
    Shape(_P, "a long panel: date, ticker, close", "panel.csv", long().to_csv(index=False), TWO),
    Shape(_P, "a long list without a header: name, date, price", "panel.csv",
          "Adobe Systems;08.04.2026;1600,5\nAdobe Systems;09.04.2026;628,39\n"
          "Adobe Systems;13.04.2026;1234\n",
          {"Adobe Systems": META}),
    Shape(_P, "negative prices as marks of a bid-ask mean", "META.csv",
          "Date,Close\n2026-04-08,1600.5\n2026-04-09,628.39\n2026-04-13,-1234\n", ONE),
    Shape(_P, "a wide panel: dates, a column a ticker", "panel.csv", wide().to_csv(index=False),
          TWO),
    Shape(_P, "tickers NA and TRUE in a wide panel", "panel.csv",
          "Date,NA,TRUE\n2026-04-08,1600.5,10\n2026-04-09,628.39,11\n2026-04-13,1234,12.5\n",
          {"NA": META, "TRUE": AMD}),
    Shape(_P, "a folder that holds a wide panel", "", _folder, TWO),
    Shape(_P, "a wide Parquet panel with numbers for names: 10001.0", "panel.parquet", _numbers,
          {"10001": META, "10002": AMD}),
    Shape(_P, "a folder of Parquet parts: `ticker=META/part-0.parquet`", "",
          lambda folder, make: make.binary.write_parts(folder / "parts", long(), "ticker"), TWO),
    Shape(_P, "a table of SQLite: `sqlite:///prices.db?table=daily`", "",
          lambda folder, make: make.binary.write_sqlite(folder / "prices.db", long()), TWO),
    Shape(_P, "a table of DuckDB: `duckdb:///prices.db?table=daily`", "",
          lambda folder, make: make.binary.write_duckdb(folder / "prices.db", long()), TWO),
    Shape(_P, ".xlsx with a wide panel", "",
          lambda folder, make: make.sheets.write_xlsx(folder / "p.xlsx", sheet()), TWO),
    Shape(_P, ".xlsx with cells that are dates", "", _excel_dates, ONE),
    Shape(_P, ".xlsb with a wide panel", "",
          lambda folder, make: make.binary.write_xlsb(folder / "p.xlsb", sheet()), TWO),
    Shape(_P, ".ods with a wide panel", "",
          lambda folder, make: make.sheets.write_ods(folder / "p.ods", sheet()), TWO),
    Shape(_P, "Stata with a long panel", "",
          lambda folder, _: _stata(folder / "p.dta"), TWO),
    Shape(_P, "dates that can be read two ways: 03/04/2026", "META.csv",
          "Date,Close\n03/04/2026,1\n08/04/2026,2\n",
          refused="META.csv line 2: Date '03/04/2026' can be 2026-04-03 or 2026-03-04"),
    Shape(_P, "a negative price unlike those around it", "META.csv",
          "Date,Close\n2026-04-08,100\n2026-04-09,-5\n",
          refused="META.csv line 3: Close is -5.0; prices must be positive"),
    Shape(_P, "a list without a header and with more columns", "panel.csv",
          "META;x;2026-04-08;1;2\n",
          refused="panel.csv: has no header line, it begins with META, x, 2026-04-08, 1, 2; write "
                  "a first line"),
    Shape(_P, "a close twice", "META.csv", "Date,Close,Close\n2026-04-08,1,2\n",
          refused="META.csv: has more than one column for Close; keep one"),
    Shape(_P, "dates in no order", "META.csv",
          "Date,Close\n2026-04-09,1\n2026-04-13,1\n2026-04-08,2\n",
          refused="META.csv line 4: 2026-04-08 comes after 2026-04-13; sort the rows by date"),
    Shape(_P, "one field more than the header", "META.csv", "Date,Close\n2026-04-08,628,39\n",
          refused="META.csv line 2 has 1 field more than the header"),
    Shape(_P, "a cell that is no number", "META.csv", "Date,Close\n2026-04-08,abc\n",
          refused="META.csv line 2: Close is 'abc', which is not a number"),
    Shape(_P, "a table that a database lacks", "",
          lambda folder, make: (
              make.binary.write_sqlite(folder / "prices.db", long()).replace("daily", "dayly")
          ),
          refused="prices.db: has no table 'dayly'; it has daily"),
]  # fmt: skip

_CRSP = (
    "PERMNO,date,RET,PRC,DLRET,vwretd\n10001,20260408,C,10,,0.01\n"
    "10001,20260409,0.02,-10.2,,0.002\n10001,20260413,-0.01,10.1,-0.3,-0.01\n"
)
RETURNS = [
    Shape(_R, "CRSP daily: letter codes, negative prices, DLRET, vwretd", "crsp.csv", _CRSP,
          {"10001": [NAN, 0.02, 0.99 * 0.7 - 1], "vwretd": [0.01, 0.002, -0.01]}),
    Shape(_R, "CRSP daily without RET: returns of PRC", "crsp.csv",
          "PERMNO,date,PRC,CFACPR\n1,20260408,20,2\n1,20260409,-11,1\n1,20260413,12.1,1\n",
          {"1": [NAN, 0.1, 0.1]}),
    Shape(_R, "CRSP daily in the newer names: DlyCalDt, DlyRet", "crsp.csv",
          "PERMNO,DlyCalDt,DlyRet\n1,2026-04-08,0.01\n1,2026-04-09,0.02\n1,2026-04-13,0.03\n",
          {"1": [0.01, 0.02, 0.03]}),
    Shape(_R, "Compustat daily: prccd, ajexdi, trfd", "comp.csv",
          "gvkey,datadate,prccd,ajexdi,trfd\n001690,08/04/2026,100,2,1\n001690,09/04/2026,55,1,1\n"
          "001690,13/04/2026,55,1,1.1\n", {"001690": [NAN, 0.1, 0.1]}),
    Shape(_R, "a long panel: id, date, ret", "r.csv",
          "id,date,ret\na,2026-04-08,0.01\na,2026-04-09,0.02\na,2026-04-13,0\n",
          {"a": [0.01, 0.02, 0.0]}),
    Shape(_R, "a wide panel of fractions, NA missing", "r.csv",
          "date,A,B\n2026-04-08,0.01,NA\n2026-04-09,0.02,0.01\n2026-04-13,0,0\n",
          {"A": [0.01, 0.02, 0.0], "B": [NAN, 0.01, 0.0]}),
    Shape(_R, "a wide panel in percent", "r.csv",
          "date,A\n2026-04-08,1\n2026-04-09,2\n2026-04-13,-3\n",
          {"A": [0.01, 0.02, -0.03]}, said={"unit": "percent"}),
    Shape(_R, "percent signs in the cells", "r.csv",
          "date,A\n2026-04-08,1%\n2026-04-09,2%\n2026-04-13,-3%\n",
          {"A": [0.01, 0.02, -0.03]}),
    Shape(_R, "logarithms", "r.csv",
          "date,A\n2026-04-08,0.009950330853\n2026-04-09,0\n2026-04-13,-0.01005033585\n",
          {"A": [0.01, 0.0, -0.01]}, said={"unit": "log"}),
    Shape(_R, "semicolons and decimal commas", "r.csv",
          "date;A\n08.04.2026;0,010\n09.04.2026;0,020\n13.04.2026;-0,030\n",
          {"A": [0.01, 0.02, -0.03]}),
    Shape(_R, "CRSP daily in .xlsx: dates as cells, a letter code", "", _returns_xlsx,
          {"10001": [0.01, NAN, 0.03]}),
    Shape(_R, "Stata: permno, date, ret", "", _returns_binary("r.dta"),
          {"10001": [0.01, 0.02, 0.03]}),
    Shape(_R, "Parquet: permno, date, ret", "", _returns_binary("r.parquet"),
          {"10001": [0.01, 0.02, 0.03]}),
    Shape(_R, "percent that nobody declared", "r.csv", "date,A\n2026-04-08,1.1\n2026-04-09,-0.8\n",
          refused="r.csv: the median return is 0.95 in size, 95% a session if it is a fraction, so "
                  "it is percent"),
    Shape(_R, "fractions declared as percent", "r.csv",
          "date,A\n2026-04-08,0.011\n2026-04-09,-0.008\n",
          refused="which is no percent but a fraction", said={"unit": "percent"}),
    Shape(_R, "a security twice on one day", "r.csv",
          "id,date,ret\na,2026-04-08,0.01\na,2026-04-08,0.02\n",
          refused="r.csv line 3: id a has another row for 2026-04-08"),
    Shape(_R, "returns without a name for whose", "r.csv", "date,ret\n2026-04-08,0.01\n",
          refused="r.csv: has a column 'ret' but none that says whose returns they are"),
]  # fmt: skip


def _deals(folder: Path, make: Any) -> Path:
    rows = [["PERMNO", "Event Date"], [10001, "03/04/2023"], [84788.0, "19/10/2023"]]
    return Path(make.sheets.write_xlsx(folder / "deals.xlsx", rows))


def _deals_ods(folder: Path, make: Any) -> Path:
    rows = [
        ["Ticker", "date"],
        ["BRK.B", pd.Timestamp("2023-04-03").date()],
        ["0700", pd.Timestamp("2023-10-19").date()],
    ]
    return Path(make.sheets.write_ods(folder / "deals.ods", rows))


def _deals_stata(folder: Path, _: Any) -> Path:
    frame = pd.DataFrame(
        {"permno": [10001, 84788], "rdq": pd.to_datetime(["2023-04-03", "2023-10-19"])}
    )
    frame.to_stata(folder / "deals.dta", write_index=False)
    return folder / "deals.dta"


def _deals_parquet(folder: Path, _: Any) -> Path:
    frame = pd.DataFrame(
        {"PERMNO": [10001, 84788], "Event Date": pd.to_datetime(["2023-04-03", "2023-10-19"])}
    )
    frame.to_parquet(folder / "deals.parquet", index=False)
    return folder / "deals.parquet"


_TWO = [("A", "2023-04-03"), ("B", "2023-10-19")]
EVENTS = [
    Shape(_E, "a security and a date: ids are made", "e.csv",
          "ticker,date\nA,2023-04-03\nB,2023-10-19\n", _TWO),
    Shape(_E, "usual other names: `PERMNO`, `Event Date` in .xlsx, ids as numbers", "", _deals,
          [("10001", "2023-04-03"), ("84788", "2023-10-19")]),
    Shape(_E, ".ods with cells that are dates, tickers BRK.B and 0700", "", _deals_ods,
          [("BRK.B", "2023-04-03"), ("0700", "2023-10-19")]),
    Shape(_E, "Stata: permno and rdq", "", _deals_stata,
          [("10001", "2023-04-03"), ("84788", "2023-10-19")]),
    Shape(_E, "Parquet with dates", "", _deals_parquet,
          [("10001", "2023-04-03"), ("84788", "2023-10-19")]),
    Shape(_E, "day first, decided by the whole column", "e.csv",
          "ticker;date\nA;03.04.2023\nB;19.10.2023\n", _TWO),
    Shape(_E, "both orders fit, one is said", "e.csv", "ticker,date\nA,03/04/2023\nB,05/06/2023\n",
          [("A", "2023-04-03"), ("B", "2023-06-05")], said={"dayfirst": True}),
    Shape(_E, "both orders fit, none is said", "e.csv", "ticker,date\nA,03/04/2023\nB,05/06/2023\n",
          refused="'03/04/2023' and all others fit two orders; say --dayfirst"),
    Shape(_E, "midnights after every date", "e.csv",
          "ticker,date\nA,2023-04-03 00:00:00\nB,2023-10-19 00:00:00\n", _TWO),
    Shape(_E, "times with words of zones: ET, London time, JST, AM and PM", "e.csv",
          "ticker,date\nA,2023-04-03 4:05 PM ET\nB,2023-04-03 07:00 London time\n"
          "C,2023-04-04 15:30 JST\n",
          [("A", "2023-04-03T16:05:00-04:00"), ("B", "2023-04-03T07:00:00+01:00"),
           ("C", "2023-04-04T15:30:00+09:00")]),
    Shape(_E, "a zone that is two places: CST", "e.csv", "ticker,date\nA,2023-07-03 09:05 CST\n",
          refused="CST is Chicago (write CT) or Shanghai (write +08:00)"),
    Shape(_E, "UTF-16 and tabs", "e.csv",
          "ticker\tdate\nA\t2023-04-03\nB\t2023-10-19\n".encode("utf-16"), _TWO),
    Shape(_E, "months by name: 3 Apr 2023, 19OCT2023", "e.csv",
          "ticker,date\nA,3 Apr 2023\nB,19OCT2023\n", _TWO),
    Shape(_E, "tickers NA and TRUE", "e.csv", "ticker,date\nNA,2023-04-03\nTRUE,2023-10-19\n",
          [("NA", "2023-04-03"), ("TRUE", "2023-10-19")]),
    Shape(_E, "a list without a header: two columns", "e.csv", "META;13.04.2026\nAMD;14.04.2026\n",
          [("META", "2026-04-13"), ("AMD", "2026-04-14")]),
    Shape(_E, "a list without a header: more columns, none said", "e.csv",
          "75510;Adobe Systems;SP500;30.04.1997\n64390;Progressive;SP500;25.07.1997\n",
          refused="e.csv: has no header line; say which column is which by its number: --map "
                  "ticker='column N'"),
    Shape(_E, "no column of securities", "e.csv", "company,date\nA,2023-04-03\n",
          refused="ticker: this column is missing; is it 'company'?"),
    Shape(_E, "a column twice", "e.csv", "ticker,date,date\nA,2023-04-03,2023-04-03\n",
          refused="column 'date' is there 2 times; keep one, or rename them"),
]  # fmt: skip

SHAPES = [*PRICES, *RETURNS, *EVENTS]
