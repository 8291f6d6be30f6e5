"""How much memory a study is said to take, and what the system says is free."""

from __future__ import annotations

from pathlib import Path

import pytest

from backtest.errors import StudyError
from backtest.study.place import memory
from backtest.study.place.memory import (
    available,
    estimate,
    estimate_run,
    refuse_what_does_not_fit,
)

GB = 2**30


def test_each_part_of_an_estimate_adds_up() -> None:
    """Events times sessions; securities times sessions; pairs of securities."""
    assert estimate(1_000, 0, 0, 31) == 1_000 * 31 * 40
    assert estimate(0, 30, 2_520, 31) == 30 * 2_520 * 90 + 30 * 30 * 10
    assert estimate(1_000, 30, 2_520, 31) == estimate(1_000, 0, 0, 31) + estimate(0, 30, 2_520, 31)
    assert estimate_run(1_000, 31, 3, 2) == 2 * 1_000 * (31 * 20 + 3 * 1_200)


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"meminfo": "MemTotal: 9 kB\nMemAvailable:    4 kB\n", "max": "max"}, 4_096),
        ({"meminfo": "MemAvailable: 4 kB", "max": "5000", "current": "2000"}, 3_000),
        ({"meminfo": "MemAvailable: 4 kB", "max": "9000", "current": "2000"}, 4_096),
        ({"meminfo": "MemAvailable: 4 kB"}, 4_096),  # no limit of a container is told
        ({"meminfo": "MemTotal: 9 kB", "max": "9000", "current": "2000"}, 7_000),
        ({"meminfo": "MemAvailable: many kB"}, None),
        ({"meminfo": "MemAvailable:"}, None),
        ({}, None),
    ],
)
def test_the_least_of_what_the_system_and_a_container_leave(
    files: dict[str, str], free: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {
        "meminfo": "proc/meminfo", "max": "sys/fs/cgroup/memory.max",
        "current": "sys/fs/cgroup/memory.current",
    }  # fmt: skip
    for name, text in files.items():
        path = tmp_path / names[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii")
    monkeypatch.setattr(memory, "Path", lambda name: tmp_path / name.removeprefix("/"))
    assert available() == free


@pytest.mark.parametrize(
    ("needed", "free", "fits"),
    [(9 * GB, 10 * GB, True), (9 * GB + 1, 10 * GB, False), (99 * GB, None, True), (0, 0, True)],
)
def test_nine_tenths_of_what_is_free_may_be_taken(
    needed: int, free: int | None, fits: bool
) -> None:
    if fits:
        refuse_what_does_not_fit(needed, 1_000, free)
    else:
        with pytest.raises(StudyError, match=r"1,000 events need about 9\.0 GB .* 10\.0 GB are"):
            refuse_what_does_not_fit(needed, 1_000, free)
