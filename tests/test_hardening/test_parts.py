"""A folder of Parquet parts whose names and columns mean harm: each is told, or is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import reactions as rx
from backtest.errors import PriceError

META, SPY = "Ticker=META/part-0.parquet", "Ticker=SPY/part-0.parquet"
Table = pd.DataFrame


@pytest.fixture(scope="module")
def table() -> Table:
    sample = rx.Prices.sample()
    days = sample.sessions[:60]
    close = sample.close["META"].to_numpy()[:60]
    return Table(
        {"Date": days.strftime("%Y-%m-%d"), "Close": close, "Adj Close": close, "Volume": 1000}
    )


def written(folder: Path, parts: dict[str, Table]) -> Path:
    for name, part in parts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        part.to_parquet(folder / name, index=False)
    return folder


STRANGE = [
    "Ticker=..", "Ticker=META=X", "Ticker=\x1b[2JX", "Ticker=ME TA", "Ticker=\u202eATEM",
    "Ticker=1", "Ticker=META/.hidden",
]  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name_beside_is_another_ticker(name: str, tmp_path: Path, table: Table) -> None:
    double = table.assign(Close=table["Close"] * 2)
    path = written(tmp_path, {f"{name}/part-1.parquet": double, META: table, SPY: table})
    read = rx.Prices.read(path, ["META", "SPY"])
    assert read.close["META"].tolist() == pytest.approx(table["Close"].tolist())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ticker=__HIVE_DEFAULT_PARTITION__", "part-1.parquet row 1: the ticker is empty"),
        ("Ticker=", "Ticker=/part-1.parquet row 1: the ticker is empty"),
        ("Ticker=%4DETA", "comes after"),  # META again, as engines write letters
        ("Ticker=META/Year=2026", "comes after"),
        ("ticker=META", "more than one column for Ticker"),
        ("=META", "=META/part-1.parquet row 1: the ticker is empty"),
        ("Year=2026", "Year=2026/part-1.parquet row 1: the ticker is empty"),
        ("junk", "junk/part-1.parquet row 1: the ticker is empty"),
        ("Close=1", "has Close '"),
        ("Date=2026-04-09", "in the folder of '2026-04-09'; move it, or take the column out"),
    ],
)
def test_a_name_that_contradicts_is_told(
    name: str, said: str, tmp_path: Path, table: Table
) -> None:
    path = written(tmp_path, {f"{name}/part-1.parquet": table, META: table, SPY: table})
    with pytest.raises(PriceError) as told:
        rx.Prices.read(path, ["META", "SPY"])
    assert said in str(told.value)


Change = Callable[[Table], Table]
CHANGES: list[tuple[Change, str]] = [
    (lambda t: t.rename(columns={"Close": "close"}), "write all parts alike"),
    (lambda t: t.drop(columns="Adj Close"), "write all parts alike"),
    (lambda t: t.assign(Close=t["Close"].astype(str)), "columns of different kinds"),
    (lambda t: t.assign(Date=pd.to_datetime(t["Date"])), "columns of different kinds"),
    (lambda t: t.assign(Ticker="META"), "write all parts alike"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_a_part_of_other_columns_is_told(
    change: Change, said: str, tmp_path: Path, table: Table
) -> None:
    """Arrow takes the columns of the first part for all; what another lacks is missing there."""
    path = written(tmp_path, {META: table, SPY: change(table)})
    with pytest.raises(PriceError, match=said):
        rx.Prices.read(path, ["META", "SPY"])


def test_the_key_may_be_a_column_too_where_both_agree(tmp_path: Path, table: Table) -> None:
    parts = {META: table.assign(Ticker="META"), SPY: table.assign(Ticker="SPY")}
    assert rx.Prices.read(written(tmp_path / "a", parts), ["META"]).tickers == ("META",)
    parts[SPY] = table.assign(Ticker="META")
    with pytest.raises(PriceError, match="has Ticker 'META' in the folder of 'SPY'"):
        rx.Prices.read(written(tmp_path / "b", parts), ["META"])


def test_whole_and_broken_numbers_come_together(tmp_path: Path, table: Table) -> None:
    parts = {META: table, SPY: table.assign(Volume=table["Volume"] + 0.5)}
    read = rx.Prices.read(written(tmp_path, parts), ["META", "SPY"])
    assert read.volume.loc[read.sessions[0]].tolist() == [1000, 1000.5]


@pytest.mark.parametrize("typed", [False, True])
def test_keys_of_days_and_years(typed: bool, tmp_path: Path, table: Table) -> None:
    both = pd.concat([table.assign(Ticker="META"), table.assign(Ticker="SPY")])
    if typed:
        both["Day"] = pd.to_datetime(both["Date"])
        both = both.drop(columns="Date").rename(columns={"Day": "Date"})
    years = {f"Year={n}/part-{n}.parquet": part for n, part in both.groupby(both["Close"] > 0)}
    read = rx.Prices.read(written(tmp_path / "a", years), ["META"])
    assert read.close["META"].tolist() == pytest.approx(table["Close"].tolist())
    if not typed:
        days = {
            f"Date={day}/part-0.parquet": part.drop(columns="Date")
            for day, part in both.groupby("Date")
        }
        read = rx.Prices.read(written(tmp_path / "b", days), ["META"])
        assert read.close["META"].tolist() == pytest.approx(table["Close"].tolist())
