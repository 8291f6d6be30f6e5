"""`reactions table`: the table of a paper from a run, and what is told where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backtest import EventStudy, MarketModel, Prices
from events import Catalog
from reports.cli import main


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study on the sample, of one model."""
    folder = tmp_path_factory.mktemp("run")
    words = ["--prices", "sample", "--models", "market", "--benchmark", "SPY", "--out", str(folder)]
    assert run("study", *words) == 0
    return folder


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


def test_it_is_the_table_that_python_makes(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    words = ["--group", "all,role", "--only", "all,supplier,customer", "--windows", "5-day,1-day"]
    assert run("table", str(out), *words, "--stars") == 0
    told = capsys.readouterr().out
    result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    made = result.paper_table(
        ["all", "role"],
        only=["all", "supplier", "customer"],
        windows=["5-day", "1-day"],
        stars=True,
    )
    assert told == made.as_latex()
    assert run("table", str(out), *words, "--stars", "--format", "markdown") == 0
    assert capsys.readouterr().out == made.as_markdown()


def test_events_one_by_one(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    only = "2026-04-09-meta-coreweave-21bn,2025-09-30-meta-coreweave-14p2bn,META"
    assert run("table", str(out), "--group", "event", "--only", only, "--windows", "1-day") == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("META")]
    assert [row.split(" &")[0] for row in rows] == ["META, 2026-04-09", "META, 2025-09-30"]


def test_it_is_written_whole_to_a_file(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    file = tmp_path / "car.tex"
    words = ["--caption", "Ours", "--label", "ours", "--to", str(file)]
    assert run("table", str(out), *words) == 0
    assert capsys.readouterr().out == f"table: {file}\n"
    assert r"\caption{Ours (SIMULATED prices)}" in file.read_text(encoding="utf-8")
    assert r"\label{tab:ours}" in file.read_text(encoding="utf-8")


def test_the_numbers_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("table", str(out), "--group", "role", "--only", "partner", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["label"] == "car-role"
    assert {row["group_value"] for row in told["estimates"]} == {"partner"}
    assert told["estimates"][0]["se"] is None
    assert told["estimates"][0]["why_not"] == "needs at least 3 events, got 1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--group rle",
         "has no groups by 'rle'; did you mean 'role'?; there are all, ticker, role, kind, event"),
        ("--group role --only suplier", "role: no group 'suplier'; did you mean 'supplier'?"),
        ("--windows 5day", "no window '5day' in this study; did you mean '5-day'?"),
        ("--group event", "groups is none of a paper, 100 are the most: name some of them"),
        ("--to .", "--to .: is a folder; name a file in it"),
        ("--to no_such/car.tex",
         "--to no_such/car.tex: cannot be written: No such file or directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_one_line(
    out: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run("table", str(out), *words.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert said in told.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "", "averages.csv: cannot be read"),
        (lambda text: text.replace("statistic", "stat", 1),
         "has no column statistic; another version wrote it"),
        (lambda text: text.splitlines()[0] + "\n",
         "has no table of averages; name the folder of a study"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_ours_is_told(
    out: Path, tmp_path: Path, change: object, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tables").mkdir()
    for name in (
        "manifest.json",
        *(f"tables/{one}.csv" for one in ("averages", "windows", "estimates")),
    ):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    file = tmp_path / "tables" / "averages.csv"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    capsys.readouterr()
    assert run("table", str(tmp_path)) == 2
    assert said in capsys.readouterr().err


def test_names_that_look_like_numbers_or_nothing_stay_names(tmp_path: Path) -> None:
    from reports.earlier.reading import read_table

    (tmp_path / "tables").mkdir()
    text = "group_value,ticker,pvalue\nNA,TRUE,0.5\n2023,007,\n"
    (tmp_path / "tables" / "averages.csv").write_text(text, encoding="utf-8")
    found = read_table(tmp_path, "averages")
    assert found is not None
    assert found["group_value"].tolist() == ["NA", "2023"]
    assert found["ticker"].tolist() == ["TRUE", "007"]
    assert found["pvalue"].isna().tolist() == [False, True]
