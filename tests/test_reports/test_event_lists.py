"""From a researcher's own spreadsheet to a study, by the commands alone."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from events import Sessions
from reports.cli import main

IDS = ["10001", "84788", "10107"]


def _sheets() -> ModuleType:
    path = Path(__file__).parents[1] / "test_events" / "sheets.py"
    spec = importlib.util.spec_from_file_location("sheets", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    days = Sessions.exchange("XNYS", "2022-01-03", "2024-03-28").dates
    steps = np.random.default_rng(1).normal(0, 0.01, (len(days), 4))
    closes = pd.DataFrame(100 * np.exp(steps.cumsum(axis=0)), columns=[*IDS, "SPY"])
    closes.insert(0, "date", days.strftime("%Y-%m-%d"))
    closes.to_csv(tmp_path / "panel.csv", index=False)
    rows = [
        ["PERMNO", "Event Date", "Method", "DealValue"],
        [10001, "03/04/2023", "cash", 1.5e9],
        [84788.0, "19/10/2023", "stock", 2e8],
        ["10107", "07/06/2023", "cash", 3e9],
    ]
    _sheets().write_xlsx(tmp_path / "deals.xlsx", rows)
    return tmp_path


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, arguments)))
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_spreadsheet_is_checked_and_studied(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deals, out = folder / "deals.xlsx", folder / "out"
    status, said, _ = ran(capsys, "events", "check", deals)
    assert status == 0
    assert "ticker = 'PERMNO'; announced_at = 'Event Date'; dates day first" in said
    assert "kept as attributes: 'Method', 'DealValue'" in said
    prices = folder / "panel.csv"
    arguments = ("study", "--catalog", deals, "--prices", prices, "--by", "Method", "--out", out)
    status, said, _ = ran(capsys, *arguments)
    assert status == 0
    assert "3 events, 0 left out" in said
    windows = pd.read_csv(out / "tables" / "windows.csv", dtype={"ticker": str})
    found = set(zip(windows["ticker"], windows["event_session"], strict=True))
    assert found == {("10001", "2023-04-03"), ("84788", "2023-10-19"), ("10107", "2023-06-07")}
    groups = pd.read_csv(out / "tables" / "differences.csv")
    assert {"cash"} <= set(groups.loc[groups["group"] == "Method", "group_value"])
    status, said, _ = ran(capsys, "table", out, "--group", "Method")  # as the error advises
    assert status == 0
    assert "cash" in said
    notes = json.loads((out / "manifest.json").read_text())["notes"]
    assert "dates day first" in notes[0]


def test_what_is_said_of_the_columns_is_heard(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = folder / "mine.csv"
    table.write_text("Firm id,Signed,CUSIP,Isin\n10001,03/04/2023,1,2\n")
    status, said, _ = ran(capsys, "events", "check", table)
    assert status == 1
    assert "ticker may be 'Firm id' and 'CUSIP'" in said
    mapped = ("--map", "ticker=Firm id", "--map", "announced_at=Signed")
    status, said, _ = ran(capsys, "events", "check", table, *mapped)
    assert status == 1
    assert "say --dayfirst" in said
    listed = ("events", "list", "--catalog", table, *mapped)
    assert "\n2023-04-03\t" in ran(capsys, *listed, "--dayfirst")[1]
    assert "\n2023-03-04\t" in ran(capsys, *listed, "--monthfirst")[1]
    assert "write NAME=COLUMN" in ran(capsys, "events", "check", table, "--map", "x")[2]
    assert "no catalog is a table" in ran(capsys, "events", "list", "--dayfirst")[2]
