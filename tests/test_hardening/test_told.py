"""Wrong files and wrong words, one at a time: the exit status and the line that says what to do.

`told.csv` holds what each case of `catalog_cases` and `table_cases` must be told. After a
deliberate change of words, `python tests/test_hardening/test_told.py` writes it anew: read the
difference.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import catalog_cases  # type: ignore[import-not-found]  # noqa: E402 -- beside this file
import table_cases  # type: ignore[import-not-found]  # noqa: E402

from reports.cli import main  # noqa: E402

TOLD = HERE / "told.csv"
SESSIONS = ("01", "02", "06", "07", "08", "09", "10", "13", "14", "15")
STUDY = ("study", "--prices", "sample", "--experiment", "experiment.toml", "--out", "made")


def _cases() -> Iterator[tuple[str, str, str | list[str]]]:
    for name, (line, instead) in catalog_cases.CHANGED.items():
        assert line in catalog_cases.SOUND, name
        yield "announcement", name, catalog_cases.SOUND.replace(line, instead)
    for group in ("EVENTS", "PRICES", "EXPERIMENTS", "TRADING", "FACTORS", "MANIFESTS", "OPTIONS"):
        for name, text in getattr(table_cases, group).items():
            yield group.lower(), name, text


def _write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text.encode("utf-8"))


def _prepared(group: str, text: str | list[str]) -> list[str]:
    """Write the files of a case into the current folder; the words after `reactions`."""
    if isinstance(text, list):
        return text
    if group == "announcement":
        _write("catalog/2026-05-20-deal.toml", text)
        earlier = catalog_cases.SOUND.replace("2026-05-20-deal", "2026-04-01-earlier")
        _write("catalog/2026-04-01-earlier.toml", earlier[: earlier.index("[[links]]")])
        return ["events", "check", "catalog"]
    if group == "events":
        _write("events.csv", text)
        return ["events", "check", "events.csv"]
    if group == "prices":
        rows = "".join(f"2026-04-{day},10,11,9,10.{day},10.{day},1000\n" for day in SESSIONS)
        _write("prices/META.csv", text)
        _write("prices/SPY.csv", table_cases.HEAD + rows)
        return ["prices", "check", "--prices", "prices"]
    if group in ("experiments", "trading"):
        _write("experiment.toml", text)
        return [*STUDY] if group == "experiments" else ["backtest", *STUDY[1:]]
    if group == "factors":
        _write("factors.csv", text)
        return ["prices", "factors", "factors.csv", "--store", "store"]
    if group == "manifests":
        _write("out/manifest.json", text)
        return ["verify", "out"]
    _write("events.csv", "ticker,date\nMETA,2026-04-09\n")
    _write("notes.docx", "x")
    words = text.split(" ")
    runs = words[0] in ("study", "backtest", "report") and "--out" not in text
    return [*words, "--out", "made"] if runs else words


def _run(words: list[str]) -> tuple[int, list[str]]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
    return status, (err.getvalue() + out.getvalue()).strip().splitlines()


def _told() -> dict[tuple[str, str], tuple[int, str]]:
    with TOLD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["group"], row["case"]): (int(row["status"]), row["line"]) for row in rows}


CASES = list(_cases())


@pytest.mark.parametrize(
    ("group", "name", "text"), CASES, ids=[f"{group}-{name}" for group, name, _ in CASES]
)
def test_it_is_told_in_one_line(
    group: str, name: str, text: str | list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = _prepared(group, text)
    status, lines = _run(words)
    wanted, line = _told()[group, name]
    assert status == wanted, lines
    assert lines
    assert lines[0] == line
    said = "\n".join(lines)
    assert "Traceback" not in said
    assert "internal fault" not in said
    assert not any(ord(mark) < 32 and mark not in "\n\t" for mark in said), "raw control characters"
    assert not Path("made").exists() or status == 0, "something was half-written"


def test_every_case_is_there_once_and_there_are_enough() -> None:
    keys = [(group, name) for group, name, _ in CASES]
    assert len(set(keys)) == len(keys)
    assert set(keys) == set(_told())
    assert len(keys) >= 300


def test_a_sound_announcement_has_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(_prepared("announcement", catalog_cases.SOUND)) == (0, ["no problem found"])


def _write_anew() -> None:
    """All cases, or those that are new with `--new`."""
    known = _told() if "--new" in sys.argv else {}
    rows = []
    home = Path.cwd()
    for group, name, text in CASES:
        if (group, name) in known:
            rows.append((group, name, *known[group, name]))
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            status, lines = _run(_prepared(group, text))
            rows.append((group, name, status, lines[0] if lines else ""))
            os.chdir(home)
    with TOLD.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("group", "case", "status", "line"))
        writer.writerows(rows)


if __name__ == "__main__":
    _write_anew()
