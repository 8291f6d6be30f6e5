"""A researcher's own event list, as CSV and as Parquet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from events import Catalog, CatalogError, Timing
from events.files.reading import read_path

GOOD = """event_id,ticker,announced_at,timing,kind,role,amount_usd,surprise,sector
e1,META,2026-04-09T08:00:00-04:00,,earnings,reporter,,0.12,tech
e1,CRWV,2026-04-09T08:00:00-04:00,,earnings,read_through,,-0.5,cloud
e2,NVDA,2026-04-10,after_close,buyback,,5000000000,,chips
"""


def write(tmp_path: Path, text: str, name: str = "mine.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_csv_becomes_announcements(tmp_path: Path) -> None:
    catalog = Catalog.read(write(tmp_path, GOOD))
    assert [item.id for item in catalog] == ["e1", "e2"]
    assert catalog["e1"].tickers == ("META", "CRWV")
    assert catalog["e2"].timing is Timing.AFTER_CLOSE
    assert catalog["e2"].announced_at == date(2026, 4, 10)
    events = catalog.events()
    assert events["kind"].tolist() == ["earnings", "earnings", "buyback"]
    assert events["role"].tolist() == ["reporter", "read_through", "other"]
    assert events["surprise"].tolist()[:2] == [0.12, -0.5]
    assert events["sector"].tolist() == ["tech", "cloud", "chips"]
    assert events["amount_usd"].tolist()[2] == 5e9


def test_identifiers_keep_their_zeros_and_numbers_are_numbers(tmp_path: Path) -> None:
    text = "event_id,ticker,announced_at,cusip,hash,n,f,mixed\n"
    text += (
        "e1,META,2026-04-09,00036110,12345E10,1,-.5,1\n"
        "e2,META,2026-04-10,59491810,594918AB,,1e-3,x\n"
    )
    events = Catalog.read(write(tmp_path, text)).events()
    assert events["cusip"].tolist() == ["00036110", "59491810"]
    assert events["hash"].tolist() == ["12345E10", "594918AB"]
    assert events["n"].tolist()[0] == 1
    assert events["f"].tolist() == [-0.5, 0.001]
    assert events["mixed"].tolist() == ["1", "x"]


def test_columns_of_every_type_of_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"event_id": ["a", "b"], "ticker": ["META", "CRWV"], "announced_at": ["2026-04-09"] * 2}
    )
    frame["stamp"] = pd.to_datetime(["2026-01-01", None])
    frame["flag"] = [True, False]
    frame["count"] = pd.array([1, None], dtype="Int64")
    frame["share"] = [0.5, float("nan")]
    frame["group"] = pd.Categorical(["u", "v"])
    frame.to_parquet(tmp_path / "mine.parquet")
    first, second = Catalog.read(tmp_path / "mine.parquet")
    said = {"stamp": "2026-01-01 00:00:00", "flag": True, "count": 1, "share": 0.5, "group": "u"}
    assert first.parties[0].attributes == said
    assert second.parties[0].attributes == {"flag": False, "group": "v"}


def test_semicolons_and_thousands(tmp_path: Path) -> None:
    text = "event_id;ticker;announced_at;amount_usd\ne1;META;2026-04-09;1,500,000.5\n"
    assert Catalog.read(write(tmp_path, text)).events()["amount_usd"].tolist() == [1500000.5]


def test_parquet_gives_what_csv_gives(tmp_path: Path) -> None:
    frame = pd.read_csv(write(tmp_path, GOOD))
    frame.to_parquet(tmp_path / "mine.parquet")
    assert (
        Catalog.read(tmp_path / "mine.parquet").digest == Catalog.read(tmp_path / "mine.csv").digest
    )


def test_parquet_of_stamps_and_dates(tmp_path: Path) -> None:
    stamps = pd.to_datetime(["2026-04-09T12:00:00Z", "2026-04-10T12:00:00Z"])
    frame = pd.DataFrame({"event_id": [1, 2], "ticker": ["META", "META"], "announced_at": stamps})
    frame.to_parquet(tmp_path / "stamps.parquet")
    assert Catalog.read(tmp_path / "stamps.parquet")["1"].announced_at == datetime(
        2026, 4, 9, 8, tzinfo=ZoneInfo("America/New_York")
    )
    frame.assign(announced_at=pd.to_datetime(["2026-04-09", "2026-04-10"])).to_parquet(
        tmp_path / "days.parquet"
    )
    assert Catalog.read(tmp_path / "days.parquet")["2"].announced_at == date(2026, 4, 10)


def test_own_words_survive_writing(tmp_path: Path) -> None:
    catalog = Catalog.read(write(tmp_path, GOOD))
    catalog.write(tmp_path / "folder")
    again = Catalog.read(tmp_path / "folder")
    pd.testing.assert_frame_equal(again.events(), catalog.events())
    assert again.digest == catalog.digest


BAD = {
    "GOOG,2026-13-40": r"announced_at: '2026-13-40' is no ISO date or instant .*\(row 3\)",
    "GOOG,2026-04-09T08:00": r"announced_at: no UTC offset "
    r"\(write 2026-04-09T08:00:00-04:00\) \(row 3\)",
    "GOOG,": r"announced_at: empty \(row 3\)",
    ",2026-04-09": r"ticker: empty \(row 3\)",
    "../../etc/passwd,2026-04-09": r"ticker: '../../etc/passwd' is no ticker .*\(row 3\)",
    '"=HYPERLINK(""x"")",2026-04-09': r"ticker: .* is no ticker .*\(row 3\)",
}


@pytest.mark.parametrize("cells", list(BAD))
def test_a_bad_row_is_told_by_number(tmp_path: Path, cells: str) -> None:
    path = write(tmp_path, f"event_id,ticker,announced_at\ne1,META,2026-04-09\ne2,{cells}\n")
    with pytest.raises(CatalogError, match=BAD[cells]):
        Catalog.read(path)


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    rows = [
        "e1,META,2026-04-09,befor_open,1",
        "e2,META,never,,x1",
        "../e3,META,2026-04-09,,2",
        "e4,META,never,,-5",
    ]
    path = write(
        tmp_path,
        "\n".join(
            ["event_id,ticker,announced_at,timing,amount_usd", *rows, "e1,META,2026-04-09,,1"]
        ),
    )
    found = [str(problem) for problem in read_path(path).problems]
    assert [(problem.split(": ")[1], problem[problem.rindex("(") :]) for problem in found] == [
        ("event_id", "(row 4)"),
        ("announced_at", "(rows 3, 5)"),
        ("timing", "(row 2)"),
        ("amount_usd", "(row 3)"),
        ("amount_usd", "(row 5)"),
    ]
    assert "'befor_open' is none of" in found[2]
    assert "did you mean 'before_open'" in found[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be read as a table"),
        ("event_id,ticker,announced_at\n", "an empty catalog: a header and no row"),
        ("event_id,ticker\ne1,META\n", "mine.csv: announced_at: this column is missing"),
        (
            "event_id,tickr,announced_at\ne1,META,2026-04-09\n",
            "ticker: this column is missing; did you mean 'tickr'",
        ),
        ("name,day\nMETA,2026-04-09\n", r"ticker: this column is missing.* \(and 1 more"),
        (
            "event_id,name,announced_at\na,META,2026-04-09\n",
            r"ticker: this column is missing; is it 'name'\?; name it ticker, or say --map",
        ),
        ("event_id,ticker,announced_at,amount_usd\na,META,2026-04-09,1,5\n", "mine.csv: cannot"),
        (
            'event_id,ticker,announced_at,amount_usd\na,META,2026-04-09,"1,5"\n',
            "'1,5' is no sum of dollars",
        ),
        (
            "event_id,ticker,announced_at\ne1,META,2026-04-09,x,y\n",
            "mine.csv: cannot be read as a table",
        ),
        (
            'event_id,ticker,announced_at\ne1,"META,2026-04-09\n',
            "mine.csv: cannot be read as a table",
        ),
        (
            "event_id,ticker,announced_at\ne1,META,2026-04-09\ne1,META,2026-04-09\n",
            r"'e1' has META already \(row 3\)",
        ),
        (
            "event_id,ticker,announced_at\ne1,META,2026-04-09\ne1,CRWV,2026-04-10\n",
            r"differs within the event 'e1' \(row 3\)",
        ),
        (
            "event_id,ticker,announced_at,x\ne1,META,2026-04-09,1e999\n",
            r"x: 1e999 is no finite number \(row 2\)",
        ),
        (
            "event_id,ticker,announced_at,x\ne1,META,2026-04-09,a\x07b\n",
            r"x: invisible character U\+0007",
        ),
        (
            "event_id,ticker,announced_at,x\ne1,META,2026-04-09,\u202eevil\n",
            r"x: invisible character U\+202E",
        ),
        (
            "event_id,ticker,announced_at,x\ne1,META,2026-04-09," + "y" * 9999 + "\n",
            "a cell of 9999 characters",
        ),
        (
            "event_id,ticker,announced_at,kind\ne1,META,2026-04-09,earnigns\n",
            "did you mean 'earnings'",
        ),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CatalogError, match=says):
        Catalog.read(write(tmp_path, text))


def test_bytes_that_are_no_table(tmp_path: Path) -> None:
    for name in ("mine.csv", "mine.parquet"):
        (tmp_path / name).write_bytes(b"\x00\xff\xfe" * 100)
        with pytest.raises(CatalogError, match=f"{name}: cannot be read as a table"):
            Catalog.read(tmp_path / name)


def test_a_hundred_thousand_rows_are_read(tmp_path: Path) -> None:
    n = 100_000
    rng = np.random.default_rng(7)
    days = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 4000, n), "D")
    frame = pd.DataFrame(
        {"event_id": [f"e{i}" for i in range(n)], "ticker": rng.choice(["META", "CRWV", "NVDA"], n)}
    )
    frame["announced_at"] = days.strftime("%Y-%m-%dT08:00:00-05:00")
    frame["surprise"] = rng.normal(size=n).round(4)
    frame.to_csv(tmp_path / "big.csv", index=False)
    catalog = Catalog.read(tmp_path / "big.csv")
    assert len(catalog) == n


HEADER = "event_id,ticker,announced_at,x\n"
HOSTILE = {
    "one huge cell": HEADER + "e1,META,2026-04-09," + "y" * 10_000_000 + "\n",
    "one line": "a" * 10_000_000,
    "a million columns": ",".join(f"c{i}" for i in range(1_000_000)) + "\n",
    "quotes": HEADER + '"' * 10_000_000,
    "null bytes": HEADER + "\x00" * 10_000_000,
    "every row bad": HEADER + "../x,=cmd,never,1e999\n" * 300_000,
    "every row bad in its own way": HEADER
    + "".join(f"../{i},=c{i},n{i},1e999\n" for i in range(100_000)),
    "a huge number": HEADER + "e1,META,2026-04-09," + "9" * 1900 + "\n",
    "a huge sum": HEADER.replace("x", "amount_usd") + "e1,META,2026-04-09," + "9" * 5000 + "\n",
    "a long id": HEADER + "e" * 100_000 + ",META,2026-04-09,1\n",
    "a formula as column": HEADER.replace("x", "=cmd|x") + "e1,META,2026-04-09,1\n",
    "a hidden column": HEADER.replace("x", "a\u202eb") + "e1,META,2026-04-09,1\n",
    "a computed column": HEADER.replace("x", "event_session") + "e1,META,2026-04-09,2026-01-02\n",
    "blank lines": "\n" * 10_000_000,
    "a contradiction": HEADER.replace("x", "timing")
    + "e1,META,2026-04-09T12:00:00-04:00,after_close\n",
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_tables_are_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    with pytest.raises(CatalogError) as refused:
        Catalog.read(write(tmp_path, HOSTILE[kind]))
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500


def test_a_contradiction_names_its_row(tmp_path: Path) -> None:
    with pytest.raises(
        CatalogError,
        match=r"timing 'after_close' contradicts announced_at, 12:00 in New York \(row 2\)",
    ):
        Catalog.read(write(tmp_path, HOSTILE["a contradiction"]))


def test_markup_and_formulas_in_cells_stay_text(tmp_path: Path) -> None:
    cell = "<img src=x onerror=alert(1)>"
    events = Catalog.read(
        write(tmp_path, f"{HEADER}e1,META,2026-04-09,{cell}\ne2,META,2026-04-09,=1+1\n")
    ).events()
    assert events["x"].tolist() == [cell, "=1+1"]


def test_a_column_of_lists_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"event_id": ["a"], "ticker": ["META"], "announced_at": ["2026-04-09"], "x": [[1, 2]]}
    )
    frame.to_parquet(tmp_path / "lists.parquet")
    with pytest.raises(
        CatalogError, match=r"lists.parquet: x: holds lists or tables; one value a cell is wanted"
    ):
        Catalog.read(tmp_path / "lists.parquet")


def test_rows_of_a_list_without_a_header_are_counted_from_its_first(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("META;2026-04-09\nAM/D;2026-04-10\n")
    with pytest.raises(CatalogError, match=r"'AM/D' is no ticker .* \(row 2\)"):
        Catalog.read(tmp_path / "list.csv")
    (tmp_path / "list.csv").write_text("1;META ;2026-04-09\n")
    catalog = Catalog.read(tmp_path / "list.csv", columns={"ticker": "column 2"})
    assert catalog.events()["ticker"].tolist() == ["META"]
    assert "without a header" in catalog.understood[0]


def test_ids_that_are_written_otherwise_are_checked_among_plain_ones(tmp_path: Path) -> None:
    path = tmp_path / "mine.parquet"
    table = pd.DataFrame({"event_id": ["e1", "10001.0", "10001"], "ticker": ["A", "B", "C"]})
    table.assign(announced_at="2026-04-09").to_parquet(path)
    catalog = Catalog.read(path)
    assert [(news.id, news.tickers) for news in catalog] == [("10001", ("B", "C")), ("e1", ("A",))]
    table.assign(announced_at="2026-04-09", event_id=["e1", "e..2", "e3"]).to_parquet(path)
    with pytest.raises(CatalogError, match=r"'e\.\.2' is no id.*row 3"):
        Catalog.read(path)
