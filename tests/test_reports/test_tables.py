from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from backtest.study.inference import tables as study_tables
from backtest.work.parted import PartedTable, Tables
from reports.errors import OutputError
from reports.export import tables
from reports.export.tables import check_writable, csv_bytes, table_files, write_run
from reports.run.findings import Findings
from tests.test_reports.contents import as_bytes

CONTRACT = {
    "abnormal": "event_id,ticker,model,benchmark,day,session,return,normal,abnormal,se",
    "windows": "event_id,ticker,role,kind,event_session,model,benchmark,window,start,end,"
    "n_valid,raw_return,car,car_se,scar,t,df,pvalue,bhar,mde80,flags",
    "estimates": "event_id,ticker,model,benchmark,alpha,beta,sigma,r2,n_obs,"
    "first_session,last_session,flags",
    "tests": "group,group_value,model,benchmark,window,test,statistic,df,pvalue,"
    "pvalue_adjusted,n_events,n_eff,why_not",
    "dropped": "event_id,ticker,why",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_tables_begin_with_the_columns_others_rely_on(findings: Findings, name: str) -> None:
    head = as_bytes(table_files(findings)[f"tables/{name}.csv"]).decode().splitlines()[0]
    assert head.startswith(CONTRACT[name])


def test_numbers_survive_the_file(findings: Findings, tmp_path: Path) -> None:
    path = tmp_path / "windows.csv"
    path.write_bytes(csv_bytes(findings.tables["windows"]))
    back = pd.read_csv(path, float_precision="round_trip")
    assert (back["car"].to_numpy() == findings.tables["windows"]["car"].to_numpy()).all()
    assert (
        back["event_session"].iloc[0]
        == str(findings.tables["windows"]["event_session"].iloc[0])[:10]
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    made = csv_bytes(pd.DataFrame({"why": [f"{start}cmd()"], "x": [-1.5]})).decode()
    assert f"'{start}cmd()" in made
    assert ",-1.5" in made


def test_a_run_lists_its_files_with_their_digests(findings: Findings, tmp_path: Path) -> None:
    write_run(tmp_path, findings, {"report.html": b"page"})
    listed = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert set(listed) == {"report.html", *table_files(findings)}
    for name, digest in listed.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


def test_same_findings_same_bytes(findings: Findings, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / name, findings, {})
    made = [
        {p.name: p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("a", "b")
    ]
    assert made[0] == made[1]


def test_a_later_run_removes_what_it_does_not_make_and_nothing_else(
    findings: Findings, tmp_path: Path
) -> None:
    write_run(tmp_path, findings, {"report.html": b"page"})
    own = tmp_path / "tables" / "mine.txt"
    own.write_text("keep")
    write_run(tmp_path, findings, {})
    assert not (tmp_path / "report.html").exists()
    assert own.read_text() == "keep"


def test_a_manifest_that_lists_other_files_removes_nothing(
    findings: Findings, tmp_path: Path
) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious.txt"
    out.mkdir()
    precious.write_text("keep")
    (out / "manifest.json").write_text(
        json.dumps({"files": {"../precious.txt": "", "tables/../../precious.txt": ""}})
    )
    write_run(out, findings, {})
    assert precious.read_text() == "keep"


def test_failing_to_write_leaves_the_earlier_run(findings: Findings, tmp_path: Path) -> None:
    write_run(tmp_path, findings, {"report.html": b"first"})
    with pytest.raises(OutputError):
        write_run(tmp_path, findings, {"report.html": b"second", "report.html/impossible": b""})
    assert (tmp_path / "report.html").read_bytes() == b"first"
    assert not list(tmp_path.glob(".writing-*"))


def test_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        check_writable(path)


def test_out_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        check_writable(tmp_path / "file" / "out")


def test_trying_a_folder_makes_nothing(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "deeper")
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_very_many_rows_is_parquet(
    findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import BytesIO

    from pyarrow.parquet import ParquetFile

    from reports.commands.terminal.summary import large_lines

    assert not list(large_lines(findings))
    rows = len(findings.tables["abnormal"])
    monkeypatch.setattr(tables, "PARQUET_BEYOND", rows - 1)
    files = tables.table_files(findings)
    assert "tables/abnormal.csv" not in files
    assert "tables/tests.csv" in files
    assert len(pd.read_parquet(BytesIO(as_bytes(files["tables/abnormal.parquet"])))) == rows
    monkeypatch.setattr(study_tables, "_EVENTS_AT_ONCE", 2)
    back = pd.read_parquet(BytesIO(as_bytes(files["tables/abnormal.parquet"])))
    whole = findings.tables["abnormal"]
    pd.testing.assert_frame_equal(back, whole.astype(back.dtypes.to_dict()), check_exact=True)
    group = ParquetFile(BytesIO(as_bytes(files["tables/abnormal.parquet"]))).metadata.row_group(0)
    columns = [group.column(at) for at in range(group.num_columns)]
    listed = {one.path_in_schema for one in columns if "RLE_DICTIONARY" in one.encodings}
    assert listed == {"event_id", "ticker", "model", "benchmark", "day", "session"}
    assert list(large_lines(findings)) == [
        f"tables/abnormal.parquet: {rows:,} rows, too many for CSV"
    ]
    monkeypatch.setattr("reports.run.known._AT_ONCE", 7)
    for name in ("windows", "estimates", "events"):
        monkeypatch.setattr(tables, "PARQUET_BEYOND", len(findings.tables[name]) - 1)
        content = tables.table_files(findings)[f"tables/{name}.parquet"]
        back, whole = pd.read_parquet(BytesIO(as_bytes(content))), findings.tables[name]
        pd.testing.assert_frame_equal(back, whole.astype(back.dtypes.to_dict()), check_exact=True)


def test_a_long_table_is_written_without_being_held(
    findings: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> pd.DataFrame:
        raise AssertionError("the whole table was made")

    daily = findings.tables.long["abnormal"]
    long = {"abnormal": PartedTable(daily.rows, daily.parts, refuse)}
    kept = {"dropped": findings.tables["dropped"], "tests": findings.tables["tests"]}
    of_it = replace(findings, tables=Tables(kept, long))
    monkeypatch.setattr(tables, "PARQUET_BEYOND", daily.rows - 1)
    write_run(tmp_path, of_it, {})
    written = tmp_path / "tables" / "abnormal.parquet"
    listed = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert listed["tables/abnormal.parquet"] == hashlib.sha256(written.read_bytes()).hexdigest()
    assert len(pd.read_parquet(written)) == daily.rows
