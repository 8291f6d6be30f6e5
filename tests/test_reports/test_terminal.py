"""What reaches the terminal.

Harmless whoever wrote it, and one clear line where it cannot be printed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from events.record.text import plain
from reports.cli import main
from reports.terminal import say, say_json, say_table, shown

ROOT = Path(__file__).parents[2]
UNSEEN = [
    "\x1b", "\x07", "\x9b", "\r", "\u202e", "\u2066", "\u2060", "\u00ad", "\u3164", "\U000e0041",
    "\u200b", "\u2028", "\ufeff", "\u115f", "\u2800",
]  # fmt: skip
START = "from reports.cli import main; main("


@pytest.mark.parametrize("letter", UNSEEN)
def test_what_nobody_sees_is_written_out_and_refused_in_a_catalog(letter: str) -> None:
    assert shown(f"a{letter}b") == f"a<U+{ord(letter):04X}>b"
    with pytest.raises(ValueError, match="invisible character"):
        plain(f"a{letter}b")


@pytest.mark.parametrize("text", ["שלום", "नमस्ते", "می\u200cخواهم", "👩\u200d💻 ❤\ufe0f", "−1.5%"])
def test_what_people_write_passes(text: str) -> None:
    assert shown(text) == plain(text) == text


def test_json_keeps_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"a\x1b": "".join(UNSEEN), "b": "שלום"}
    say_json(value)
    told = capsys.readouterr().out
    assert json.loads(told) == value
    assert "שלום" in told
    assert not re.search("[" + "".join(UNSEEN) + "]", told)


def test_a_table_in_a_terminal_has_no_markup(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    say_table("[red]t\x1b]0;x\x07", ("[b]a\u202e", "b"), [("[link=x]y" * 12, "1")], ("b",))
    told = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)  # bold, of the table's own
    assert "\x1b" not in told
    assert "[red]t<U+001B>" in told
    assert "[b]a<U+202E>" in told
    assert "[link=x]y" in told
    assert max(map(len, told.splitlines())) <= 60


def test_lines_and_tabs_stay(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\tb\nc\x1b")
    assert capsys.readouterr().out == "a\tb\nc<U+001B>\n"


def test_nothing_is_printed_by_another_door() -> None:
    doors = re.compile(r"click\.echo\(|(?<![\w.])print\(|sys\.std(out|err)\.write|click\.secho")
    for path in (*ROOT.glob("reports/**/*.py"), *ROOT.glob("events/**/*.py")):
        if path.name != "terminal.py":
            code = re.sub(r"^\s*(>>>|\.\.\.) .*", "", path.read_text(encoding="utf-8"), flags=re.M)
            assert not doors.search(code), path


ESC = "\x1b]0;owned\x07\x1b[2J\u202e\u2060\U000e0041"
QUOTED = json.dumps(ESC)  # the same escapes in TOML, but for the last
TOML = QUOTED.replace("\\udb40\\udc41", "\\U000e0041")


@pytest.mark.parametrize(
    "text",
    [
        f"{TOML} = 1",
        f"[study.windows]\n{TOML} = [0, 1]\nmodel = 3",
        f"[study]\n{TOML} = 1",
        f"[headline]\nannouncements = [{TOML}]",
        f"strategies = [{{name = {TOML}}}]",
        f"[study]\nmodels = [{TOML}]",
        f"[filter]\ntickers = [{TOML}]",
    ],
)
def test_an_experiment_writes_nothing_to_the_terminal(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(text, encoding="utf-8")
    given = ["--prices", "sample", "--experiment", str(plan), "--out", str(tmp_path / "out")]
    harmless(["backtest" if "strategies" in text else "study", *given], capsys)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", f"{TOML} = 1"),
        ("a.toml", f"id = {TOML}\nheadline = {TOML}"),
        ("a.csv", f"ticker,announced_at,{ESC}\nMETA,2026-04-09,x\n"),
        ("a.csv", f"ticker,announced_at,headline\n{ESC},{ESC},{ESC}\n"),
    ],
)
def test_a_catalog_writes_nothing_to_the_terminal(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    harmless(["events", "check", str(tmp_path / name)], capsys)
    harmless(["events", "list", "--catalog", str(tmp_path / name)], capsys)


def harmless(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(args)
    told = capsys.readouterr()
    assert ended.value.code in (1, 2)
    assert not re.search("[" + "".join(UNSEEN).replace("\r", "") + "]", told.out + told.err)
    assert "internal fault" not in told.err


def ran(args: list[str], **streams: object) -> subprocess.CompletedProcess[str]:
    code = f"{START}{args!r})"
    streams = {"stderr": subprocess.PIPE, **streams}
    return subprocess.run(
        [sys.executable, "-c", code], text=True, cwd=ROOT, **streams
    )  # which streams is the caller's


@pytest.mark.parametrize("args", [["events", "list"], ["--help"]])
def test_a_full_disk_is_one_line(args: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = ran(args, stdout=full)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "the answer cannot be printed: No space left" in done.stderr


def test_a_reader_that_has_gone_is_one_line() -> None:
    read, write = os.pipe()
    os.close(read)
    done = ran(["events", "list"], stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "the reader of the output has gone" in done.stderr


def test_a_closed_output_is_one_line() -> None:
    code = f"import sys; sys.stdout = None\n{START}['events', 'list'])"
    done = subprocess.run([sys.executable, "-c", code], text=True, cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "standard output is closed" in done.stderr


@pytest.mark.parametrize("option", ["--catalog", "--out", "--store", "--pin"])
@pytest.mark.parametrize("form", ["two", "one"])
def test_an_empty_path_is_not_the_current_folder(
    option: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["study", *([option, ""] if form == "two" else [f"{option}="])])
    assert ended.value.code == 2
    assert f"error: {option} '': is empty" in capsys.readouterr().err


@pytest.mark.parametrize("args", [[], ["events"], ["prices"]])
def test_a_bare_command_shows_its_help(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(args)
    told = capsys.readouterr()
    assert (ended.value.code, told.err) == (0, "")
    assert "Commands:" in told.out


@pytest.mark.parametrize("where", ["read", "asked"])
def test_a_strategy_that_ends_the_program_is_an_error(
    where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.py"
    body = "import sys\n" + ("sys.exit()\n" if where == "read" else "")
    path.write_text(
        body + "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Own:\n"
        "    name = 'own'\n    def orders(self, events, prices):\n        sys.exit(0)\n"
    )
    given = ["--prices", "sample", "--strategy", f"{path}:Own", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        main(["backtest", *given])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert error.startswith("error: ")
    assert "own" in error  # its name, or that a strategy's own code did it
    assert not (tmp_path / "out").exists()


def test_a_full_disk_of_a_file_is_not_said_of_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("events.catalog.Catalog.bundled", full)
    with pytest.raises(SystemExit) as ended:
        main(["events", "list"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("error: a file cannot be written: No space left on")


def test_a_stream_that_is_closed_meanwhile_is_noted_like_one_that_is_full() -> None:
    code = (
        "import sys\nfrom reports.streams import usable_streams, lost\n"
        "with usable_streams():\n    sys.__stdout__.close(); print('x'); gone = lost()\n"
        "print(gone, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.endswith("it was closed while the command ran\n")


def test_a_stream_without_every_letter_loses_no_sign() -> None:
    code = (
        "from reports.streams import usable_streams\nfrom reports.terminal import say, say_json\n"
        "with usable_streams(): say('\u22121.5%'); say_json({'\u2212': '\U0001f469é'})"
    )
    env = os.environ | {"PYTHONIOENCODING": "latin-1"}
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=ROOT,
        env=env,
    )
    assert told.stderr == b""
    line, data = told.stdout.split(b"\n", 1)
    assert line == b"\\u22121.5%"
    assert json.loads(data) == {"\u2212": "\U0001f469é"}
