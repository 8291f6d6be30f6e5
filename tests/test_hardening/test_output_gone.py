"""Every command where what it prints can go nowhere.

A full disk, a reader that left, a closed stream. One line says what happened, the exit status is
still that of the findings, and what goes into files is written as ever. A command that is new is
asked for its row in `GIVEN`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from reports.cli import COMMANDS, main
from reports.cli import group as whole

ROOT = Path(__file__).parents[2]
SMALL = ["--prices", "sample", "--experiment", "../small.toml"]
EXPERIMENT = """
strategies = [{name = 'drift'}]
sweep = false
[filter]
since = '2026-05-01'
until = '2026-05-20'
[study]
models = ['market']
benchmarks = ['SPY']
sensitivity = false
"""
# command -> words after it, the status as ever; each runs in a folder of its own
GIVEN: dict[str, tuple[list[str], int]] = {
    "": ([], 0),
    "report": (SMALL, 0),
    "study": (SMALL, 0),
    "backtest": (SMALL, 0),
    "claims": (["--prices", "sample", "--json"], 0),
    "table": (["../before", "--to", "table.tex"], 0),
    "compare": (["../before", "../before"], 0),
    "verify": (["../before"], 0),
    "mcp": (["--prices", "sample"], 0),
    "events": ([], 0),
    "events list": (["--ticker", "META"], 0),
    "events show": (["2025-01-21-stargate"], 0),
    "events check": (["../wrong.csv"], 1),
    "events discover": (["--feed", "../feed.xml", "--ticker", "CRWV", "--write", "drafts"], 0),
    "events due": (["--since", "2026-05-20", "--as-of", "2026-05-21", "--exit-code"], 1),
    "events add": (
        ["--headline", "A deal", "--at", "2026-05-20", "--party", "META:customer",
         "--source", "https://example.org/a"], 0,
    ),
    "events import": (["../events.csv"], 0),
    "events schema": ([], 0),
    "events ledger": ([], 0),
    "prices": ([], 0),
    "prices fetch": (["META", "NONE", "--store", "store"], 1),
    "prices factors": (["../factors.zip", "--store", "store"], 0),
    "prices status": (["--store", "store"], 0),
    "prices check": (["--prices", "../prices", "--catalog", "../events.csv"], 1),
    "prices export": (["made", *SMALL], 0),
}  # fmt: skip
QUICK = {
    "", "mcp", "events", "events list", "events check", "events add", "prices", "prices status",
}  # fmt: skip
WAYS = (
    "as ever", "full", "gone", "closed out", "closed err", "closed in", "full err", "all closed",
)  # fmt: skip
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-03-26", "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    },
}  # fmt: skip


def enter(way: str) -> None:
    """In a new process: what the streams of a command are."""
    os.mkdir(way)  # noqa: PTH102 -- a name
    os.chdir(way)
    closed = {"closed out": [1], "closed err": [2], "closed in": [0], "all closed": [0, 1, 2]}
    new = os.O_WRONLY | os.O_CREAT
    places = {
        0: os.open("../in", os.O_RDONLY),
        1: os.open("told.1", new),
        2: os.open("told.2", new),
    }
    if way == "gone":
        read, places[1] = os.pipe()
        os.close(read)
    if way.startswith("full"):
        places[2 if way == "full err" else 1] = os.open("/dev/full", os.O_WRONLY)
    for number, place in places.items():
        if number in closed.get(way, ()):
            os.close(number)
            setattr(sys, ("stdin", "stdout", "stderr")[number], None)  # as Python begins there
        else:
            os.dup2(place, number)
        os.close(place)


def walk(words: list[str], yahoo: str) -> None:
    """Run a command once in each way, forked from a process that has it loaded.

    Print each status.
    """
    importlib.import_module("backtest")
    if words:
        whole.get_command(click.Context(whole), words[0])
    if words[:2] == ["prices", "fetch"]:
        fake_yahoo().point_yfinance_at(yahoo)
    done = {}
    for way in WAYS:
        child = os.fork()
        if not child:
            enter(way)
            sys.argv[1:] = words
            main()
        done[way] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.stdout.write(json.dumps(done))


def fake_yahoo() -> ModuleType:
    path = ROOT / "tests" / "test_backtest" / "prices" / "fake_yahoo.py"
    spec = importlib.util.spec_from_file_location("fake_yahoo", path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["fake_yahoo"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def yahoo() -> Iterator[str]:
    fake = fake_yahoo()
    server = fake.FakeYahoo()
    server.stocks = {"META": fake.stock(1)}
    yield server.url
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the commands read."""
    (tmp_path / "small.toml").write_text(EXPERIMENT)
    (tmp_path / "events.csv").write_text("ticker,date\nMETA,2026-04-09\n")
    (tmp_path / "wrong.csv").write_text("ticker,date\nMETA,2026-13-09\n")
    (tmp_path / "prices").mkdir()
    rows = [f"2026-04-{day:02},{10 if day - 9 else 90}" for day in (*range(6, 11), *range(13, 18))]
    for ticker in ("META", "SPY", "QQQ", "SMH"):
        (tmp_path / "prices" / f"{ticker}.csv").write_text("\n".join(["Date,Close", *rows]))
    (tmp_path / "feed.xml").write_text(
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
        "<item><title>A deal of "
        "$3 billion</title><link>https://example.org/1</link><pubDate>Tue, 02 Jun 2026 12:00:05 GMT"
        "</pubDate></item></channel></rss>"
    )
    (tmp_path / "in").write_text(json.dumps(HELLO) + "\n")
    return tmp_path


def commands(node: click.Command, path: str = "") -> Iterator[str]:
    yield path
    if isinstance(node, click.Group):
        for name in node.list_commands(click.Context(node)):
            one = node.get_command(click.Context(node), name)
            assert one is not None
            yield from commands(one, f"{path} {name}".strip())


def test_every_command_is_walked() -> None:
    assert set(commands(whole)) == set(GIVEN)
    assert {name.split()[0] for name in GIVEN if name} == set(COMMANDS)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize(
    "command",
    [pytest.param(one, marks=[pytest.mark.slow] if one not in QUICK else []) for one in GIVEN],
)
def test_it_is_told_in_one_line_and_the_status_is_that_of_the_findings(
    command: str, folder: Path, yahoo: str, library: object
) -> None:
    prepare(command, folder, library)
    words, status = GIVEN[command]
    code = (
        "import sys; from tests.test_hardening.test_output_gone import walk; "
        "walk(sys.argv[2:], sys.argv[1])"
    )
    home = {"PYTHONPATH": str(ROOT), "REACTIONS_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code, yahoo, *command.split(), *words],
        capture_output=True, text=True, cwd=folder, env=os.environ | home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lost, unread = 2, {"full", "gone"}
    wanted = dict.fromkeys(WAYS, status) | dict.fromkeys(("full", "closed out", "all closed"), lost)
    assert json.loads(done.stdout) == wanted
    ever = folder / "as ever"
    assert (ever / "told.2").read_text() == ""
    assert (ever / "told.1").read_text()
    for way in WAYS[1:]:
        said = (folder / way / "told.2").read_text() if way != "all closed" else ""
        assert "Traceback" not in said
        assert "internal fault" not in said
        assert said.count("\n") == (way in unread | {"closed out"}), (way, said)
        assert not ("cannot be printed" in said) ^ (way == "full")
        if way in ("closed err", "closed in", "full err") and command != "mcp":
            assert (folder / way / "told.1").read_text() == (ever / "told.1").read_text(), way
        if way in unread | {"closed err", "closed in", "full err"}:
            assert files(folder / way) == files(ever), way


def prepare(command: str, folder: Path, library: object) -> None:
    """What only some commands read."""
    if command in ("table", "compare", "verify"):
        given = ["study", "--prices", "sample", "--experiment", "small.toml"]
        run = [sys.executable, "-c", "from reports.cli import main; main()", *given]
        subprocess.run([*run, "--out", "before"], cwd=folder, check=True, capture_output=True)
    if command == "prices factors":
        library.zipped(library.three).rename(folder / "factors.zip")  # type: ignore[attr-defined]


def files(folder: Path) -> set[str]:
    """What a command wrote beside what it printed.

    A snapshot's name holds the time and the process.
    """
    return {
        re.sub(r"-\d{8}T.*", "", str(one.relative_to(folder)))
        for one in folder.rglob("*")
        if one.is_file() and one.name not in ("told.1", "told.2")
    }
