"""Time and peak memory of `EventStudy.fit(...).tests()` from Parquet: every test of every window.

python -m benchmarks.study_tests N_EVENTS [N_SECURITIES] (default 3,000) x 2,520 sessions. Prices
and events are written by a process of their own; reading them is in the time.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import pandas as pd

from backtest.prices import Prices
from backtest.study import EventStudy, MarketModel
from benchmarks.large_command import write
from benchmarks.study import WINDOWS


def measure(folder: Path) -> None:
    begin, spent = perf_counter(), process_time()
    prices = Prices.read(folder / "prices.parquet")
    events = pd.read_parquet(folder / "events.parquet")
    events = events.rename(columns={"id": "event_id", "date": "event_session"})
    result = EventStudy(MarketModel("MKT"), windows=WINDOWS).fit(events, prices)
    fitted = process_time() - spent
    table = result.tests()
    wall, cpu = perf_counter() - begin, process_time() - spent
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(events):,} events {result.pair_sums}: read and fit {fitted:.1f} s of CPU, with "
        f"{len(table)} tests {wall:.1f} s ({cpu:.1f} s of CPU), {memory:.2f} GB"
    )


def main() -> None:
    if sys.argv[1] == "of":
        measure(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as name:
        n_securities = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
        write(Path(name), int(sys.argv[1]), n_securities, 2_520)
        command = [sys.executable, "-m", "benchmarks.study_tests", "of", name]
        subprocess.run(command, check=True)  # noqa: S603 -- our own module


if __name__ == "__main__":
    main()
