"""What `reactions report` prints when it is done, and what it says where nothing changed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from reports.cli import main
from reports.commands.running import UnchangedError
from reports.commands.terminal.summary import report_lines, report_summary
from reports.run.findings import Findings
from reports.run.sentences import READ
from reports.words import SIMULATED
from tests.test_reports.test_said_on_terminal import ALL, event, run


def opens(monkeypatch: pytest.MonkeyPatch, lead: str | None) -> None:
    """The page's answer: of announcements, an average, or none."""
    words = SimpleNamespace(sentences=(("On average", "+1.5%."), ("How sure", "Not very.")))
    content = None
    if lead:
        content = SimpleNamespace(verdict="The verdict.", lead=lead, words=words)
    monkeypatch.setattr("reports.page.built.built", lambda _: [SimpleNamespace(content=content)])


FOOT = ["1 event studied, 0 left out", "times of the announcements: 1 by the date alone"]


def test_a_report_says_its_verdict_then_each_share_then_what_was_studied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opens(monkeypatch, "announcements")
    lines = list(report_lines(run(event("a"), simulated=True, notes=("a note",))))
    assert lines[:4] == [
        SIMULATED, "The verdict.", "a: The news a",
        f"  META 1-day [0, 0]: {ALL.replace('120', '100')}",
    ]  # fmt: skip
    assert lines[4].startswith("Each p is the larger of two tests’")
    assert lines[5:] == ["note: a note", *FOOT]


def test_a_report_of_an_average_says_its_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    opens(monkeypatch, "average")
    lines = list(report_lines(run(event("a"), event("b"))))
    assert lines == [
        "The verdict.", "+1.5%.", "Not very.", "2 events studied, 0 left out",
        "times of the announcements: 2 by the date alone",
    ]  # fmt: skip


def test_a_report_of_nothing_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    opens(monkeypatch, None)
    assert list(report_lines(run(dropped=1))) == [
        "no event could be studied:", "  x, T0: reason 0", "0 events studied, 1 left out",
        "times of the announcements: 1 by the date alone",
    ]  # fmt: skip


def sized(findings: Findings, words: str) -> Findings:
    findings.own_size_words = words  # type: ignore[misc]  # made by hand
    return findings


@pytest.mark.parametrize(("mean", "drifts"), [(-0.011, True), (0.002, False)])
def test_what_the_test_rejects_and_a_drift_stand_below_the_answer(
    mean: float, drifts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, "average")
    drift = pd.DataFrame({
        "model": ["market"], "benchmark": "SPY", "placebos": "random dates", "window": "5-day",
        "mean_car": mean, "se": 0.004, "n_securities": 40, "pvalue": 0.04, "drifts": drifts,
    })  # fmt: skip
    lines = list(report_lines(sized(run(event("a"), event("b"), placebo_drift=drift), "Size.")))
    told = [
        "Where nothing was announced the market model on SPY drifts over 5-day by −1.1% at random "
        f"dates (error 0.4 points), more than 0.3 points: {READ}."
    ]
    assert lines[3:-2] == ["Size.", *(told if drifts else [])]


def test_a_report_for_machines_has_study_and_strategies() -> None:
    told = report_summary(run(event("a"), simulated=True))
    assert {"windows", "headline", "events", "strategies", "searched", "notes"} <= set(told)
    assert (told["simulated_prices"], told["strategies"]) == (True, [])


# where nothing changed, and how the command ends


def ran(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    with pytest.raises(SystemExit) as ended:
        main(["report", "--prices", "sample", *options])
    return int(ended.value.code or 0), capsys.readouterr().out.splitlines()


def test_a_run_that_would_be_the_same_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def unchanged(*_: Any, **__: Any) -> None:
        raise UnchangedError

    monkeypatch.setattr("reports.commands.running.run_asked", unchanged)
    out = str(tmp_path)
    assert ran(capsys, "--out", out, "--if-changed") == (
        0,
        [
            f"nothing changed since the run in {out}: "
            "catalog, prices, factors, experiment and versions are the same"
        ],
    )
    status, lines = ran(capsys, "--out", out, "--if-changed", "--json")
    assert (status, json.loads("\n".join(lines))) == (0, {"changed": False})


@pytest.mark.parametrize(("n", "status"), [(1, 0), (0, 1)])
def test_a_report_names_its_page_and_tables_and_ends_with_one_where_nothing_was_studied(
    n: int, status: int,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    opens(monkeypatch, "announcements" if n else None)
    found = run(*[event("a")] * n)
    monkeypatch.setattr("reports.commands.running.run_asked", lambda *_, **__: found)
    monkeypatch.setattr("reports.export.tables.large_tables", lambda _: {"abnormal": 250_000})
    ended, lines = ran(capsys, "--out", str(tmp_path))
    assert ended == status
    assert lines[-3:] == [
        "tables/abnormal.parquet: 250,000 rows, too many for CSV",
        f"page:   {tmp_path / 'report.html'}",
        f"tables: {tmp_path / 'tables'}",
    ]
    ended, lines = ran(capsys, "--out", str(tmp_path), "--json")
    told = json.loads("\n".join(lines))
    assert (ended, told["changed"], told["events"]) == (status, True, n)
    assert told["page"] == str(tmp_path / "report.html")
    assert told["tables"] == str(tmp_path / "tables")


# a study, and strategies alone


def test_a_study_and_a_backtest_name_their_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = run(event("a"), event("b"), notes=("a note",))
    monkeypatch.setattr("reports.commands.running.run_asked", lambda *_, **__: found)
    monkeypatch.setattr("reports.export.tables.large_tables", lambda _: {})
    for command, first in (("study", "note: a note"), ("backtest", "note: a note")):
        with pytest.raises(SystemExit) as ended:
            main([command, "--prices", "sample", "--out", str(tmp_path)])
        lines = capsys.readouterr().out.splitlines()
        assert (ended.value.code or 0, lines[0]) == (0, first)
        assert lines[-1] == f"tables: {tmp_path / 'tables'}"
