"""How long the usual work takes, commit after commit.

`history.csv`, so that a slower commit is seen. Run: python -m benchmarks.history (on a commit,
nothing changed). Every workload is a process of its own; its CPU seconds are divided by those of a
fixed piece of numpy run before and after it, so that lines of a busy machine and of another one can
be compared. A line a workload is added to the history; exit status 1 where one is a quarter slower
than the best of its last three.
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HISTORY = Path(__file__).with_suffix(".csv")
FIELDS = ("day", "commit", "machine", "workload", "cpu_seconds", "reference_seconds", "ratio")
SLOWER = 1.25
LAST = 3

_REFERENCE = """
import numpy as np
rng = np.random.default_rng(0)
for _ in range(30):
    a = rng.normal(size=(400, 400))
    np.linalg.solve(a, a @ a.T)
    np.sort(rng.normal(size=1_000_000)).cumsum()
"""
_STUDY = """
import numpy as np, pandas as pd, reactions as rx
rng = np.random.default_rng(1)
days = pd.bdate_range("2015-01-01", periods=1500)
names = [f"F{i}" for i in range(500)]
panel = pd.DataFrame(rng.normal(0, 0.02, (1500, 501)), days, ["SPY", *names])
events = pd.DataFrame({"event_id": [f"e{i}" for i in range(5000)],
                       "ticker": rng.choice(names, 5000),
                       "event_session": rng.choice(days[300:1450], 5000)})
rx.EventStudy(rx.MarketModel("SPY")).fit(events, rx.Returns.from_frame(panel)).tests()
"""


def workloads(out: Path) -> dict[str, list[str]]:
    """What is measured: name -> command."""
    python, reactions = sys.executable, str(Path(sys.executable).with_name("reactions"))
    return {
        "help": [reactions, "--help"],
        "report of the sample": [reactions, "report", "--prices", "sample", "--out", str(out)],
        "calibration, 20 replications":
            [reactions, "study", "--prices", "sample", "--calibrate", "20", "--out", str(out)],
        "5,000 events, 500 shares, all tests": [python, "-W", "ignore", "-c", _STUDY],
    }  # fmt: skip


def cpu_seconds(command: list[str]) -> float:
    """Processor time of a command and what it starts, on one thread of linear algebra."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, env=one_thread)  # noqa: S603 -- ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(command: list[str]) -> tuple[float, float]:
    """CPU seconds of a command, the second time it runs, and of the reference around it."""
    cpu_seconds(command)  # compiles
    reference = [sys.executable, "-c", _REFERENCE]
    first, taken, last = cpu_seconds(reference), cpu_seconds(command), cpu_seconds(reference)
    return taken, (first + last) / 2


def earlier(workload: str) -> list[float]:
    """Ratios of a workload so far, the oldest first."""
    if not HISTORY.exists():
        return []
    with HISTORY.open(newline="", encoding="utf-8") as file:
        return [float(row["ratio"]) for row in csv.DictReader(file) if row["workload"] == workload]


def commit() -> str:
    """The commit that is measured."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 -- whichever git
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return found.stdout.strip()


def main() -> int:
    """Measure, add to the history, judge."""
    about = (
        datetime.now(UTC).date().isoformat(),
        commit(),
        f"{platform.machine()}, {os.cpu_count()} cores",
    )
    slower, rows = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for name, command in workloads(Path(folder) / "out").items():
            taken, reference = measured(command)
            ratio, before = taken / reference, earlier(name)[-LAST:]
            verdict = (
                f", {ratio / min(before):.2f} of the best of the last {len(before)}"
                if before
                else ""
            )
            print(
                f"{name}: {taken:.1f} s of CPU, {ratio:.2f} of the reference{verdict}", flush=True
            )
            slower += bool(before) and ratio > SLOWER * min(before)
            rows.append((*about, name, f"{taken:.2f}", f"{reference:.2f}", f"{ratio:.2f}"))
    new = not HISTORY.exists()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([FIELDS, *rows] if new else rows)
    return int(slower > 0)


if __name__ == "__main__":
    sys.exit(main())
