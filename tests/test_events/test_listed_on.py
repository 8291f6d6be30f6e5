"""Where a party trades: said by an option, by the catalog, by a column of a list, by the suffix."""

from __future__ import annotations

from pathlib import Path

import pytest

from events import CalendarError, Catalog, CatalogError
from events.files.check import examine
from events.files.writing.preview import preview
from reports.cli import main

GOLDEN_WEEK = """
id = "sale"
headline = "Two shares of one name"
announced_at = 2024-05-03
timing = "during_session"
kind = "acquisition"

[[parties]]
name = "Vodafone"
ticker = "VOD"
roles = ["subject"]
exchange = "XTKS"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sale.toml").write_text(GOLDEN_WEEK)
    return tmp_path


def run(*args: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, args)])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def test_the_preview_goes_by_what_the_catalog_says(folder: Path) -> None:
    catalog = Catalog.read(folder)
    assert preview(catalog["sale"])[0].startswith("VOD (XTKS): event session 2024-05-07")
    moved = catalog.on_exchanges({"VOD": "xlon"})
    assert preview(moved["sale"])[0].startswith("VOD (XLON): event session 2024-05-03")
    assert moved.exchanges == {"VOD": "XLON"}
    with pytest.raises(CatalogError, match="no party has the ticker 'VODA'; did you mean 'VOD'"):
        catalog.on_exchanges({"VODA": "XLON"})
    with pytest.raises(CalendarError, match="no exchange 'XLO'; did you mean 'XLON'"):
        catalog.on_exchanges({"VOD": "XLO"})


def test_a_day_without_a_session_is_one_of_the_partys_own_exchange(folder: Path) -> None:
    said = [str(one) for one in examine([folder]).problems]
    assert said == ["sale.toml: timing: during_session, but 2024-05-03 had no session (XTKS)"]
    assert examine([folder], exchanges={"VOD": "XLON"}).problems == []


def test_the_commands_take_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    on = ("--exchange", "VOD=XLON")
    assert run("events", "check", folder, capsys=capsys)[0] == 1
    assert run("events", "check", folder, *on, capsys=capsys) == (0, "no problem found\n")
    assert "VOD (XLON)" in run("events", "list", "--catalog", folder, *on, capsys=capsys)[1]
    shown = run("events", "show", "sale", "--catalog", folder, *on, capsys=capsys)[1]
    assert "VOD (XLON): event session 2024-05-03 (day 0)" in shown
    asked = ("--catalog", folder, "--since", "2024-05-01", "--as-of", "2024-05-31")
    assert "2024-05-03\t1-day\tVOD" in run("events", "due", *asked, *on, capsys=capsys)[1]
    assert "2024-05-07\t1-day\tVOD" in run("events", "due", *asked, capsys=capsys)[1]
    code, said = run("events", "list", "--catalog", folder, "--exchange", "VOD=X", capsys=capsys)
    assert (code, said.count("\n")) == (2, 1)
    assert "no exchange 'X'" in said


def test_add_writes_it_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news = ("--headline", "A unit is sold", "--at", "2024-05-03 12:00 BST", "--kind", "acquisition")
    who = ("--party", "VOD:subject", "--exchange", "VOD=XLON", "--to", tmp_path / "mine")
    code, said = run("events", "add", *news, *who, capsys=capsys)
    assert code == 0
    assert "VOD (XLON): event session 2024-05-03 (day 0), first tradable open 2024-05-07" in said
    assert Catalog.read(tmp_path / "mine").exchanges == {"VOD": "XLON"}


def test_a_column_of_a_list_says_it(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("ticker,date,Exchange\nVOD,2024-05-03,LSE\nMETA,2024-05-03,\n")
    catalog = Catalog.read(file)
    assert catalog.exchanges == {"VOD": "XLON"}
    assert catalog.events()["Exchange"].dropna().tolist() == ["LSE"]
    assert "'Exchange' says where each ticker trades" in catalog.understood[0]
    file.write_text("ticker,date,Exchange\nVOD,2024-05-03,LSE\nMETA,2024-05-03,XETRA\n")
    catalog = Catalog.read(file)
    assert catalog.exchanges == {}
    assert (
        "'Exchange' is an attribute alone, as there is no exchange 'XETRA'" in catalog.understood[0]
    )
    file.write_text("PERMNO,date,EXCHANGE\n10001,2024-05-03,3\n")
    catalog = Catalog.read(file)
    assert catalog.exchanges == {}
    assert catalog.events()["EXCHANGE"].tolist() == [3]
