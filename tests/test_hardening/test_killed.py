"""Every command that writes, killed: its output is whole or not there, and the next run goes on.

What a killed process leaves is what lies on the disk at that moment. So a command runs once with a
look at each change it makes to a file, and each look is kept as a folder of its own: all the
moments to be killed at for the price of one run. Signals of the real kind follow, at a few moments.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from events.files import held
from tests.processes import ends
from tests.test_hardening.test_output_gone import EXPERIMENT, GIVEN, ROOT, fake_yahoo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals"),
]
SAMPLE = ["--prices", "sample", "--experiment", "../small.toml"]
LEFT = re.compile(r"\.writing-|\.part$|\.ready-|reactions-[a-z]+-")
OWN = """
from dataclasses import dataclass
import time

@dataclass(frozen=True)
class Own:
    name = "own"
    def orders(self, events, prices):
        time.sleep(0.02)
        return []
"""


@dataclass(frozen=True)
class Command:
    """Its words, run in the folder `here`; what it makes; whether that is there from before."""

    words: list[str]
    made: str
    before: bool = False
    status: int = 0


ADD = GIVEN["events add"][0]
COMMANDS = {
    "report": Command(["report", *SAMPLE], "out"),
    "report over another": Command(["report", *SAMPLE], "out", before=True),
    "report by workers": Command(["report", *SAMPLE, "--workers", "2"], "out"),
    "study": Command(["study", *SAMPLE, "--format", "latex"], "out"),
    "backtest": Command(["backtest", *SAMPLE, "--strategy", "../own.py:Own"], "out"),
    "events add": Command(["events", "add", *ADD, "--to", "made"], "made"),
    "events add to others": Command(["events", "add", *ADD, "--to", "made"], "made", before=True),
    "events import": Command(["events", "import", "../events.csv", "--to", "made"], "made"),
    "events import to others": Command(
        ["events", "import", "../events.csv", "--to", "made"], "made", before=True
    ),
    "events discover": Command(
        ["events", "discover", "--feed", "../feed.xml", "--ticker", "CRWV", "--write", "made"],
        "made",
    ),
    "prices fetch": Command(["prices", "fetch", "META", "AMD", "--store", "made"], "made"),
    "prices factors": Command(["prices", "factors", "../factors.zip", "--store", "made"], "made"),
    "prices export": Command(["prices", "export", "made", *SAMPLE], "made"),
    "prices export into a folder": Command(
        ["prices", "export", "made", *SAMPLE], "made", before=True
    ),
    "table": Command(["table", "../run", "--to", "made.tex"], "made.tex"),
}  # fmt: skip
QUICK = [name for name in COMMANDS if name.split()[0] in ("events", "prices", "table")]
STORES = ("prices fetch", "prices factors")  # which keep what they have, ticker by ticker


def look(base: str, looks: str, most: int) -> Callable[..., None]:
    """An audit hook: `base` is copied into `looks` before each change there, `most` times."""
    changes = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "open", "shutil.rmtree"}
    state = {"busy": False, "n": 0}

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in changes or state["busy"] or (event == "open" and "r" in str(args[1])):
            return
        paths = [os.fsdecode(one) for one in args[:2] if isinstance(one, str | bytes | Path)]
        if not any(os.path.abspath(one).startswith(base) for one in paths):  # noqa: PTH100 -- a name
            return
        state["busy"] = True
        if state["n"] < most:
            with suppress(shutil.Error):  # a journal that another thread's store has just let go
                shutil.copytree(base, f"{looks}/{state['n']}", symlinks=True)
        state["n"] += 1
        state["busy"] = False

    return hook


def watched(base: str, looks: str, most: int, yahoo: str, words: list[str]) -> None:
    """Run a command and look at each change; in a process of its own."""
    from reports.cli import main

    if words[:2] == ["prices", "fetch"]:
        fake_yahoo().point_yfinance_at(yahoo)
    os.chdir(base)
    sys.addaudithook(look(base, looks, most))
    sys.argv[1:] = words
    main()


def started(
    base: Path, yahoo: str, words: list[str], looks: Path | None = None
) -> subprocess.Popen[str]:
    code = (
        "import sys; from tests.test_hardening.test_killed import watched\n"
        "if __name__ == '__main__': "
        "watched(*sys.argv[1:3], int(sys.argv[3]), sys.argv[4], sys.argv[5:])"
    )
    temporary = base.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    home = {"PYTHONPATH": str(ROOT), "REACTIONS_HOME": str(base / "home"), "TMPDIR": str(temporary)}
    most = "400" if looks else "0"
    given = [sys.executable, "-c", code, str(base), str(looks), most, yahoo, *words]
    return subprocess.Popen(
        given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | home, start_new_session=True,
    )  # fmt: skip


@pytest.fixture
def yahoo() -> Iterator[str]:
    fake = fake_yahoo()
    server = fake.FakeYahoo()
    server.stocks = {"META": fake.stock(1), "AMD": fake.stock(2)}
    server.delay = 0.1
    yield server.url
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture(scope="module")
def run_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run for the commands that read one."""
    base = tmp_path_factory.mktemp("run")
    (base / "small.toml").write_text(EXPERIMENT)
    (base / "here").mkdir()
    process = started(base / "here", "", ["study", *SAMPLE])
    assert process.communicate()[1] == ""
    return base / "here" / "out"


@pytest.fixture
def world(tmp_path: Path, library: Any, run_before: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the commands read, and a folder `here` to run them in."""
    monkeypatch.setattr(held, "_NEW", -1.0)  # who could be about to hold something is dead here
    (tmp_path / "small.toml").write_text(EXPERIMENT)
    rows = "".join(f"META,2026-04-{day:02}\n" for day in (6, 7, 8, 9))
    (tmp_path / "events.csv").write_text("ticker,date\n" + rows)
    (tmp_path / "own.py").write_text(OWN)
    items = "".join(
        f"<item><title>A deal of ${n} billion</title><link>https://example.org/{n}</link><pubDate>"
        f"Tue, 0{n} Jun 2026 12:00:05 GMT</pubDate></item>" for n in (2, 3, 4)
    )  # fmt: skip
    (tmp_path / "feed.xml").write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{items}</channel></rss>'
    )
    library.zipped(library.three).rename(tmp_path / "factors.zip")
    shutil.copytree(run_before, tmp_path / "run")
    (tmp_path / "here").mkdir()
    return tmp_path


def prepare(base: Path, command: Command) -> None:
    """What is there before: for a run an earlier one, for folders something of their owner's."""
    if not command.before:
        return
    if command.made == "out":
        shutil.copytree(base.parent / "run", base / "out")
    else:
        (base / "made").mkdir()
        if "export" not in command.words:
            (base / "made" / "notes.txt").write_text("mine")


def found(base: Path, command: Command) -> dict[str, str]:
    """The files made, by name and digest; what a reader of ours does first is done."""
    made = base / command.made
    settle(made)
    paths = [made] if made.is_file() else sorted(made.rglob("*"))
    return {
        re.sub(r"-\d{8}T\w+-\w+", "", path.relative_to(base).as_posix()): (
            "" if "--store" in command.words else sha256(path.read_bytes()).hexdigest()
        )
        for path in paths
        if path.is_file()
        and not LEFT.search(str(path.relative_to(base)))
        and ".unfinished-run" not in str(path)
    }


def settle(made: Path) -> None:
    from events.files.together import finish
    from reports.export.placing import settle

    if made.is_dir():
        finish(made)
        settle(made)


def left(base: Path) -> list[str]:
    """What a killed process left beside what it made."""
    places = [*base.rglob("*"), *(base.parent / "tmp").rglob("*")]
    return [one.name for one in places if LEFT.search(one.name) or one.name == ".unfinished-run"]


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_change_of_a_file(name: str, world: Path, yahoo: str) -> None:
    command, base, looks = COMMANDS[name], world / "here", world / "looks"
    looks.mkdir()
    prepare(base, command)
    old = found(base, command)
    process = started(base, yahoo, command.words, looks)
    said = process.communicate()
    assert process.returncode == command.status, said
    new = found(base, command)
    assert new != old
    moments = sorted(map(int, os.listdir(looks)))  # noqa: PTH208 -- names of numbers
    assert len(moments) > 2
    distinct: dict[str, Path] = {}
    for moment in moments:
        then = looks / str(moment)
        distinct.setdefault(repr(sorted(map(str, then.rglob("*")))).replace(str(then), ""), then)
        if name not in STORES:
            assert found(then, command) in (old, new), moment
    some = list(distinct.values())
    for then in some if name in QUICK and len(some) < 12 else some[:: max(1, len(some) // 2)]:
        shutil.rmtree(base)
        shutil.copytree(then, base, symlinks=True)
        goes_on(base, command, yahoo, new)


def goes_on(base: Path, command: Command, yahoo: str, new: dict[str, str]) -> None:
    """Run again, some time later, and find all made and nothing left."""
    for path in [*base.rglob("*"), *(base.parent / "tmp").rglob("*")]:
        os.utime(path, (1, 1), follow_symlinks=False)
    there = found(base, command) == new
    process = started(base, yahoo, command.words)
    said = process.communicate()
    done = there and ("already" in said[1] or "not empty" in said[1])
    assert process.returncode == (2 if done else command.status), said
    assert found(base, command) == new
    assert not left(base), said


# signal -> the status it ends with, and the parts of a command's time after which it is sent
SIGNALS = {
    "SIGKILL": (-9, (0.5, 0.9)),
    "SIGTERM": (143, (0.8,)),
    "SIGINT": (130, (0.6,)),
    "SIGHUP": (129, (0.95,)),
}


# a study is a report without its page; what lies there from before is nothing to a signal
SIGNALLED = [name for name, one in COMMANDS.items() if not one.before and name != "study"]


@pytest.mark.parametrize("name", SIGNALLED)
def test_ended_by_a_signal(name: str, world: Path, yahoo: str) -> None:
    command, base = COMMANDS[name], world / "here"
    prepare(base, command)
    old = found(base, command)
    begun = time.monotonic()
    process = started(base, yahoo, command.words)
    process.communicate()
    long = time.monotonic() - begun
    new, killed = found(base, command), set[str]()
    for kind, (status, parts) in SIGNALS.items():
        for part in parts:
            shutil.rmtree(base)
            base.mkdir()
            prepare(base, command)
            process = started(base, yahoo, command.words)
            time.sleep(long * part)
            process.send_signal(getattr(signal, kind))
            _, err = process.communicate(timeout=60)
            assert ends(process.pid), (kind, part)
            if process.returncode != command.status:
                unheard = -getattr(signal, kind)  # it came before the command listened
                assert process.returncode in (status, unheard), err
                words = "interrupted; nothing was left half-written\n"
                assert process.returncode == unheard or err.lstrip() == words, (kind, part)
            if name not in STORES:
                assert found(base, command) in (old, new), part
            if kind != "SIGKILL":
                assert not set(left(base)) - {".unfinished-run"} - killed, (kind, part)
            killed = set(left(base))
    goes_on(base, command, yahoo, new)
