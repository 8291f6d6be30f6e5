"""Time and peak memory of `reactions study`, from Parquet to tables.

On events and prices of any size. python -m benchmarks.large_command N_EVENTS N_FIRMS [N_SESSIONS]
(default 2,520): one model, three windows, all tests, in a folder of its own that is deleted
afterwards.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.study import market
from events.clock.sessions import Sessions

EXPERIMENT = """strategies = []
sweep = false
[study]
models = ["market"]
benchmarks = ["MKT"]
sensitivity = false
windows = {"1-day" = [0, 0], "5-day" = [0, 4], "1-month" = [0, 20]}
"""
START, END = "2005-01-03", "2025-12-31"


def write(folder: Path, n_events: int, n_firms: int, n_sessions: int) -> None:
    """Prices as one long Parquet file, on sessions of New York, events and an experiment."""
    returns, events = market(n_firms, n_sessions, n_events)
    sessions = Sessions.exchange("XNYS", START, END).dates[:n_sessions]
    day = pd.Series(sessions, index=returns.sessions)
    n_tickers = len(returns.tickers)
    code = np.repeat(np.arange(n_tickers, dtype=np.int32), n_sessions)
    prices = {
        "date": pa.array(np.tile(sessions.to_numpy("datetime64[D]"), n_tickers)),
        "ticker": pa.DictionaryArray.from_arrays(code, pa.array(returns.tickers)),
        "adj_close": (50 * np.cumprod(1 + returns.values, axis=0)).T.ravel(),
    }
    pq.write_table(pa.table(prices), folder / "prices.parquet")
    days = day[events["event_session"]].to_numpy()
    listed = {"id": events["event_id"].astype(str), "ticker": events["ticker"], "date": days}
    pd.DataFrame(listed).to_parquet(folder / "events.parquet", index=False)
    (folder / "experiment.toml").write_text(EXPERIMENT, encoding="utf-8")


def run(folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak gigabytes of the command."""
    begin = perf_counter()
    subprocess.run(  # noqa: S603 -- our own command
        [
            Path(sys.executable).with_name("reactions"), "study", "--catalog",
            folder / "events.parquet", "--prices", folder / "prices.parquet", "--experiment",
            folder / "experiment.toml", "--out", folder / "out",
        ],
        check=True,
    )  # fmt: skip
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = perf_counter() - begin
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20


def main() -> None:
    n_events, n_firms, *rest = (int(text) for text in sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, n_events, n_firms, rest[0] if rest else 2_520)
        wall, cpu, memory = run(folder)
        size = sum(file.stat().st_size for file in (folder / "out").rglob("*") if file.is_file())
    print(
        f"{n_events:,} events x {n_firms:,} firms: {wall:.1f} s ({cpu:.1f} s of CPU), "
        f"{memory:.2f} GB, {size / 1e6:.0f} MB written"
    )


if __name__ == "__main__":
    main()
