"""`reactions report` on the sample from a cold start, against importing what it stands on.

Run: python benchmarks/report_cold_start.py. A first start is that of a fresh installation: Python
has compiled no module yet, nor numba any function, and both keep what they compile. Later starts
find it. Prints wall and CPU seconds, the best of three, and their ratios; the exit status is 1
where a first start takes more than the limit.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 1.5
RUNS = 3


def timed(command: list[str], cache: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command that keeps compiled code in a folder."""
    own = {"PYTHONPYCACHEPREFIX": str(cache / "python"), "NUMBA_CACHE_DIR": str(cache / "numba")}
    inherited = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, env=inherited | own)  # noqa: S603 -- ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (
        time.perf_counter() - start,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )


def best(command: list[str], cache: Path, *, first: bool) -> tuple[float, float]:
    """The best of several starts, each the first one where asked."""
    found = []
    for _ in range(RUNS):
        if first:
            shutil.rmtree(cache, ignore_errors=True)
        found.append(timed(command, cache))
    return min(found)


def main() -> int:
    """Measure, print, judge."""
    reactions = Path(sys.executable).with_name("reactions")
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        commands = {
            "imports": [sys.executable, "-W", "ignore", "-c", "import vectorbt, statsmodels.api"],
            "report": [
                str(reactions),
                "report",
                "--prices",
                "sample",
                "--out",
                str(Path(folder) / "out"),
            ],
        }
        ratio = compared("first start", commands, cache, first=True)
        compared("later starts", commands, cache, first=False)
    print(f"limit of a first start: {LIMIT}")
    return int(ratio > LIMIT)


def compared(start: str, commands: dict[str, list[str]], cache: Path, *, first: bool) -> float:
    """Print the times of the commands; how many times as long as the imports a report takes."""
    times = {name: best(command, cache, first=first) for name, command in commands.items()}
    for name, (wall, cpu) in times.items():
        print(f"{start:<13}{name:<8} {wall:6.1f} s wall {cpu:6.1f} s CPU")
    ratio = times["report"][0] / times["imports"][0]
    print(f"{start:<13}ratio    {ratio:6.2f} wall")
    return ratio


if __name__ == "__main__":
    sys.exit(main())
