"""The store keeps what it was given.

Through damage, full disks, crashes at any moment, and other processes.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtest.errors import PriceError
from backtest.prices.sources.network.fetch import fetch
from backtest.prices.store import Change, Store, compare
from backtest.prices.store.pins import read_pin
from backtest.prices.store.place import put, store_folder
from backtest.prices.store.reading import pinned, stored
from backtest.prices.store.snapshot import from_bytes
from backtest.prices.store.status import changes, status
from backtest.prices.store.store import Request

ASKED = Request("META", "2026-01-02", "2026-01-15", "Yahoo")


def bars(n_sessions: int = 9, first: float = 10.0) -> pd.DataFrame:
    days = pd.bdate_range("2026-01-02", periods=n_sessions).as_unit("us")
    close = first + np.arange(n_sessions, dtype=float)
    names = ("Open", "High", "Low", "Close", "Adj Close", "Volume", "Dividends", "Stock Splits")
    return pd.DataFrame(dict.fromkeys(names, close), index=days)


def only_file(store: Store) -> Path:
    (file,) = store.folder.glob("*.parquet")
    return file


def test_what_goes_in_comes_out(store: Store) -> None:
    table = bars()
    table.iloc[3, 2] = np.nan
    snapshot = store.add(ASKED, table)
    pd.testing.assert_frame_equal(store.read(snapshot.id), table, check_freq=False)
    assert (
        from_bytes(only_file(store).read_bytes(), "x")[0] == snapshot
    )  # the file describes itself
    assert store.problems() == ()


def test_where_the_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REACTIONS_HOME", str(tmp_path / "home"))
    assert store_folder() == tmp_path / "home" / "prices"
    assert store_folder(tmp_path) == tmp_path
    monkeypatch.delenv("REACTIONS_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert str(store_folder()).endswith("market-reactions/prices")


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "gone", "other"])
def test_damage_is_seen_on_reading(store: Store, damage: str) -> None:
    snapshot = store.add(ASKED, bars())
    file, data = only_file(store), bytearray(only_file(store).read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"flip": data, "cut": data[:-9], "empty": b"", "other": b"PAR1"}[damage])
    with pytest.raises(PriceError, match=snapshot.id):
        store.read(snapshot.id)
    assert len(store.problems()) == 1
    assert status(store)["problem"][0].startswith("snapshot META-")


@pytest.mark.parametrize("damage", ["gone", "garbage", "zeros in it", "empty"])
def test_a_lost_manifest_is_built_anew(store: Store, damage: str) -> None:
    kept = [store.add(ASKED, bars(first=first)) for first in (10.0, 20.0)]
    path = store.root / "manifest.sqlite"
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = data[:100] + bytes(len(data) - 100)
        path.write_bytes(
            {"garbage": b"no database" * 99, "zeros in it": middle, "empty": b""}[damage]
        )
    again = Store.open(store.root)
    assert list(again.snapshots("META")) == kept
    assert again.problems() == ()
    assert [pinned(again, [s.id]).close.iloc[0, 0] for s in kept] == [10.0, 20.0]


def test_a_crash_before_listing_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("backtest.prices.store.manifest.SnapshotList.add", crash)
    with pytest.raises(KeyboardInterrupt):
        store.add(ASKED, bars())
    monkeypatch.undo()
    assert store.snapshots() == ()
    assert len(Store.open(store.root).snapshots()) == 1


def test_half_written_files_are_never_seen_and_go_in_time(store: Store) -> None:
    part = store.folder / ".abc.part"
    part.write_bytes(b"half")
    assert Store.open(store.root).problems() == ()
    assert part.exists()  # perhaps of a process at work
    os.utime(part, (0, 0))
    Store.open(store.root)
    assert not part.exists()


def test_a_stranger_in_the_folder_is_reported_not_removed(store: Store) -> None:
    (store.folder / "notes.parquet").write_bytes(b"mine")
    assert Store.open(store.root).problems() == (
        "notes.parquet: not a snapshot of this store, or damaged",
    )
    assert (store.folder / "notes.parquet").exists()


def test_a_full_disk_is_one_clear_error(store: Store) -> None:
    """A real limit of the system, in a process of its own, in the middle of writing a snapshot."""
    before = store.add(ASKED, bars())
    script = (
        "import resource, signal, sys\n"
        "from test_store import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store = Store.open(sys.argv[1]); table = bars(20000)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try: store.add(ASKED, table)\n"
        "except PriceError as error: print(error)\n"
    )
    said = run(script, str(store.root))
    assert "cannot be written: File too large; what was stored before is kept" in said
    assert [path.stem for path in store.folder.iterdir()] == [before.id]
    assert Store.open(store.root).snapshots() == (before,)


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PriceError, match="cannot be written: Not a directory"):
        Store.open(tmp_path / "file" / "store")


def test_a_newer_store_is_left_alone(store: Store) -> None:
    store.add(ASKED, bars())
    with sqlite3.connect(store.root / "manifest.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(PriceError, match="newer version of this tool"):
        Store.open(store.root)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        put(tmp_path / "x", b"data")
    assert list(tmp_path.iterdir()) == []


def test_pins_name_what_is_missing(store: Store) -> None:
    snapshot = store.add(ASKED, bars())
    with pytest.raises(
        PriceError, match=r"has not the snapshot '../../etc/passwd' \(1 of 2 are missing\)"
    ):
        pinned(store, [snapshot.id, "../../etc/passwd"])
    with pytest.raises(PriceError, match=r"has no snapshot '\.\./x'"):
        store.read("../x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no manifest of a study"),
        ("[]", "is no manifest of a study"),
        (
            '{"prices": {"snapshots": [], "first_session": '
            '"a", "last_session": "b", "digest": "c"}}',
            "used no stored",
        ),
    ],
)
def test_a_manifest_that_pins_nothing(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(PriceError, match=said):
        read_pin(tmp_path)
    with pytest.raises(PriceError, match="cannot be read: No such file"):
        read_pin(tmp_path / "nowhere.json")


def test_status_tells_changes(store: Store) -> None:
    store.add(ASKED, bars())
    store.add(ASKED, bars(), change=Change.REVISED, detail="Close of 2026-01-02 was 1, is 2")
    (row,) = status(store, ["META"]).to_dict("records")
    assert (row["snapshots"], row["changes"], row["problem"]) == (2, 1, "")
    assert changes(store)["detail"].tolist() == ["Close of 2026-01-02 was 1, is 2"]
    assert status(store, ["CRWV"])["problem"].tolist() == ["never fetched"]


@settings(deadline=None)
@given(
    st.floats(0.05, 20).filter(lambda ratio: abs(ratio - 1) > 1e-3),
    st.sampled_from(["Close", "Adj Close"]),
)
def test_a_constant_ratio_is_a_re_adjustment(ratio: float, name: str) -> None:
    table = bars()
    assert compare(table, table.assign(**{name: table[name] * ratio}))[0] is Change.READJUSTED


@settings(deadline=None)
@given(st.floats(-9e-6, 9e-6))
def test_noise_of_single_precision_is_no_change(noise: float) -> None:
    table = bars()
    assert compare(table, table * (1 + noise))[0] is Change.SAME


@settings(deadline=None)
@given(st.integers(0, 8), st.floats(1.001, 3))
def test_one_other_price_is_a_revision(row: int, ratio: float) -> None:
    table, other = bars(), bars()
    other.iloc[row, 3] = float(other.iloc[row, 3]) * ratio
    kind, text = compare(table, other)
    assert kind is Change.REVISED
    assert str(table.index[row].date()) in text


def test_days_that_come_and_go_are_revisions() -> None:
    table = bars()
    assert compare(table, table.drop(table.index[4]))[1].startswith("2026-01-08 is gone")
    assert compare(table.drop(table.index[4]), table)[1].startswith("2026-01-08 is new")
    later = table.set_axis(table.index + pd.Timedelta(days=28))
    assert compare(table, later, "2026-01-08")[1].startswith("2026-01-08 is gone (5 such days)")
    assert compare(table, table.iloc[:-1])[1].startswith("2026-01-14 is gone")
    hole = table.copy()
    hole.iloc[2, 3] = np.nan
    assert compare(table, hole)[0] is compare(hole, table)[0] is Change.REVISED


def run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.stderr == ""
    return done.stdout


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parent)}


FETCH = (
    "import sys, fake_yahoo; fake_yahoo.point_yfinance_at(sys.argv[1])\n"
    "from backtest.prices.sources.network.fetch import fetch\n"
    "from backtest.prices.sources.network.limits import FetchLimits\nfrom backtest.prices.store "
    "import Store\nnames, told = [f'T{i}' for i in range(int(sys.argv[3]))], []\n"
    "tell = lambda outcome: told or (told.append(outcome), print('begun', flush=True))\n"
    "limits = FetchLimits(workers=2)\ndone = fetch(Store.open(sys.argv[2]), names, '2026-01-02', "
    "'2026-03-20', limits=limits, tell=tell)\nprint([str(o) for o in done if not o.good])\n"
)


def begin(yahoo: Any, root: Path, n_tickers: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", FETCH, yahoo.url, str(root), str(n_tickers)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )


def listed(yahoo: Any, fake: ModuleType, n_tickers: int) -> list[str]:
    names = [f"T{i}" for i in range(n_tickers)]
    for seed, name in enumerate(names):
        yahoo.stocks[name] = fake.stock(seed)
    return names


def kill_and_look(yahoo: Any, root: Path, n_tickers: int, kills: int) -> None:
    """Kill a fetch at random moments.

    Each time all that is listed reads, and nothing that was there is gone.
    """
    chance = random.Random(kills)  # noqa: S311  # moments, not secrets
    kept: set[str] = set()
    for _ in range(kills):
        process = begin(yahoo, root, n_tickers)
        assert process.stdout is not None
        process.stdout.readline()  # the first ticker is there
        time.sleep(chance.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        store = Store.open(root)
        now = {snapshot.id for snapshot in store.snapshots()}
        assert kept <= now
        assert store.problems() == ()
        kept = now


def complete(yahoo: Any, root: Path, names: list[str]) -> None:
    assert all(
        outcome.good for outcome in fetch(Store.open(root), names, "2026-01-02", "2026-03-20")
    )
    prices = stored(Store.open(root), names, vendor="Yahoo")
    assert prices.tickers == tuple(sorted(names))
    for name in names:
        assert prices.close[name].tolist() == yahoo.stocks[name].closes[: len(prices.sessions)]


def test_killing_a_fetch_harms_nothing(yahoo: Any, fake: ModuleType, tmp_path: Path) -> None:
    names = listed(yahoo, fake, 20)
    yahoo.delay = 0.05
    kill_and_look(yahoo, tmp_path / "s", 20, kills=2)
    complete(yahoo, tmp_path / "s", names)


@pytest.mark.slow
def test_killing_a_fetch_of_200_tickers_at_50_moments(
    yahoo: Any, fake: ModuleType, tmp_path: Path
) -> None:
    names = listed(yahoo, fake, 200)
    yahoo.delay = 0.2  # so that the fetch lasts longer than all the moments together
    kill_and_look(yahoo, tmp_path / "s", 200, kills=50)
    assert 0 < len(Store.open(tmp_path / "s").snapshots()) < 200
    yahoo.delay = 0.0
    complete(yahoo, tmp_path / "s", names)


def test_two_processes_fetching_at_once(yahoo: Any, fake: ModuleType, tmp_path: Path) -> None:
    names = listed(yahoo, fake, 12)
    both = [begin(yahoo, tmp_path / "s", 12) for _ in range(2)]
    assert [process.communicate() for process in both] == [("begun\n[]\n", "")] * 2
    assert Store.open(tmp_path / "s").problems() == ()
    complete(yahoo, tmp_path / "s", names)
