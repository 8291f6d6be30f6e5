"""Names that differ by case alone, or by how an accent is coded: each is told, or is right."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pandas as pd
import pytest

import reactions as rx
from backtest.errors import PriceError, StudyError
from backtest.prices.store.export import export
from backtest.study.windows import Window, named
from events import Catalog, CatalogError
from events.files.check import check
from events.files.lists.where import where
from events.record.text import composed
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment

ONE, TWO = "Méthode", unicodedata.normalize("NFD", "Méthode")
LIST = "ticker,date,{}\nMETA,2026-04-09,{}\nMETA,2026-04-15,{}\n"


def table(folder: Path, text: str) -> Path:
    (folder / "events.csv").write_text(text, encoding="utf-8")
    return folder / "events.csv"


def test_they_are_two_texts() -> None:
    assert ONE != TWO
    assert composed(TWO) == ONE


def test_a_column_coded_twice_is_told(tmp_path: Path) -> None:
    path = table(tmp_path, f"ticker,date,{ONE},{TWO}\nMETA,2026-04-09,a,b\n")
    with pytest.raises(CatalogError, match=f"column '{ONE}' is there 2 times"):
        Catalog.read(path)


@pytest.mark.parametrize("asked", [ONE, TWO])
@pytest.mark.parametrize("there", [ONE, TWO])
def test_columns_and_values_are_found_however_coded(asked: str, there: str, tmp_path: Path) -> None:
    catalog = Catalog.read(table(tmp_path, LIST.format(there, ONE, TWO)))
    events = catalog.events()
    assert events[ONE].tolist() == [ONE, ONE]  # one group
    assert len(where(events, f"{asked} == '{asked}'")) == 2
    dated = table(tmp_path, f"ticker,{there}\nMETA,2026-04-09\n")
    assert len(Catalog.read(dated, columns={"announced_at": asked})) == 1


def test_values_that_differ_by_case_are_two_groups_and_said(tmp_path: Path) -> None:
    catalog = Catalog.read(table(tmp_path, LIST.format("Method", "Cash", "cash")))
    assert catalog.events()["Method"].tolist() == ["Cash", "cash"]
    assert "'Method' has 'Cash' and 'cash', two groups" in catalog.understood[0]


def test_tickers_that_differ_by_case_are_told(tmp_path: Path) -> None:
    path = table(tmp_path, "ticker,date\nmeta,2026-04-09\nMETA,2026-04-15\n")
    with pytest.raises(CatalogError, match="'META' and 'meta' differ by case alone; write one"):
        Catalog.read(path)
    assert "'meta' is 'META' but for case" in str(check([path])[0])


def test_ids_whose_files_would_be_one_are_not_written(tmp_path: Path) -> None:
    path = table(tmp_path, "id,ticker,date\ndeal,META,2026-04-09\nDeal,META,2026-04-15\n")
    catalog = Catalog.read(path)  # to study them is no harm
    with pytest.raises(CatalogError, match="ids 'Deal' and 'deal' differ by case alone"):
        catalog.write(tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_an_id_that_is_there_in_other_letters_is_not_added(tmp_path: Path) -> None:
    from events.files.writing.adding import write_new

    news = Catalog.bundled()["2025-01-21-stargate"]
    (tmp_path / "2025-01-21-STARGATE.toml").write_text("")
    for replace in (False, True):
        with pytest.raises(CatalogError, match=r"2025-01-21-STARGATE\.toml is there already"):
            write_new(news, tmp_path, replace)


@pytest.mark.parametrize(("first", "second"), [("Day", "day"), (ONE, TWO)])
def test_windows_that_read_alike_are_told(first: str, second: str) -> None:
    with pytest.raises(ExperimentError, match="read alike; give one another name"):
        Experiment.parse(f"[study.windows]\n'{first}' = [0, 1]\n'{second}' = [0, 2]", "plan.toml")
    if first.isascii():
        with pytest.raises(StudyError, match="read alike; give one another name"):
            named({first: Window(0, 1), second: Window(0, 2)})


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    panel = rx.Prices.sample()
    days = panel.sessions[:40]
    return pd.DataFrame(
        {"Date": days.strftime("%Y-%m-%d"), "Close": panel.close["META"].to_numpy()[:40]}
    )


def folder_of(folder: Path, prices: pd.DataFrame, *names: str) -> Path:
    for number, name in enumerate(names):
        prices.assign(Close=prices["Close"] * (number + 1)).to_csv(
            folder / f"{name}.csv", index=False
        )
    return folder


def test_a_file_in_small_letters_is_found_and_said(tmp_path: Path, prices: pd.DataFrame) -> None:
    read = rx.Prices.read(folder_of(tmp_path, prices, "meta"), ["META"])
    assert read.tickers == ("META",)
    assert "META: read from meta.csv" in read.notes


def test_of_two_files_the_one_written_so_is_taken(tmp_path: Path, prices: pd.DataFrame) -> None:
    folder = folder_of(tmp_path, prices, "META", "meta")
    if len(list(folder.iterdir())) < 2:
        pytest.skip("a disk that takes them for one")
    for name, times in (("META", 1), ("meta", 2)):
        read = rx.Prices.read(folder, [name])
        assert read.close[name].iloc[0] == pytest.approx(prices["Close"][0] * times)
    with pytest.raises(PriceError, match="Meta may be META or meta, which differ by case alone"):
        rx.Prices.read(folder, ["Meta"])
    both = rx.Prices.read(folder, ["META", "meta"])
    with pytest.raises(PriceError, match="'META' and 'meta' differ by case alone"):
        export(both, tmp_path / "made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("shape", ["wide", "long", "hive"])
def test_many_tickers_in_one_place(shape: str, tmp_path: Path, prices: pd.DataFrame) -> None:
    parts = {
        name: prices.assign(Close=prices["Close"] * n) for n, name in ((1, "META"), (2, "meta"))
    }
    path = tmp_path / "panel.csv"
    if shape == "wide":
        closes = {name: part["Close"] for name, part in parts.items()}
        pd.DataFrame({"Date": prices["Date"]} | closes).to_csv(path, index=False)
    elif shape == "long":
        pd.concat([part.assign(Ticker=name) for name, part in parts.items()]).to_csv(
            path, index=False
        )
    else:
        path = tmp_path / "hive"
        for name, part in parts.items():
            (path / f"Ticker={name}").mkdir(parents=True, exist_ok=True)
            part.to_parquet(path / f"Ticker={name}" / "part-0.parquet")
    for name, times in (("META", 1), ("meta", 2)):
        read = rx.Prices.read(path, [name])
        assert read.close[name].iloc[0] == pytest.approx(prices["Close"][0] * times)
    with pytest.raises(PriceError, match="Meta may be META or meta"):
        rx.Prices.read(path, ["Meta"])


def test_fields_that_differ_by_case_are_told(tmp_path: Path, prices: pd.DataFrame) -> None:
    prices.assign(close=1.0).to_csv(tmp_path / "META.csv", index=False)
    with pytest.raises(PriceError, match="more than one column for Close"):
        rx.Prices.read(tmp_path, ["META"])
