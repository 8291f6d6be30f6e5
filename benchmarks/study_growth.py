"""CPU time and peak memory of fit and all tests at growing numbers of events.

A CSV and a figure of them. python -m benchmarks.study_growth 1000 10000 100000 1000000: runs
`benchmarks.study_tests` once each, in a process of its own, and writes study_growth.csv and
study_growth.svg beside this file. Without numbers the figure is drawn from the CSV.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TABLE, FIGURE = HERE / "study_growth.csv", HERE / "study_growth.svg"
COLUMNS = ("events", "pair_sums", "cpu_s", "peak_gb")
_LINE = re.compile(r"([\d,]+) events (by \w+): .*\(([\d.]+) s of CPU\), ([\d.]+) GB")


def measure(n_events: str) -> tuple[str, ...]:
    told = subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "benchmarks.study_tests", n_events],
        check=True, capture_output=True, text=True, cwd=HERE.parent,
    ).stdout  # fmt: skip
    print(told, end="")
    found = _LINE.search(told)
    assert found is not None, told
    return (found[1].replace(",", ""), *found.groups()[1:])


def draw() -> None:
    from matplotlib.figure import Figure

    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    events = [int(row["events"]) for row in rows]
    more = events[-1] - events[-2]
    for axes, column, label, slope in (
        (left, "cpu_s", "CPU seconds", lambda rise: f"{rise / more * 1e6:.0f} us an event"),
        (
            right,
            "peak_gb",
            "peak memory, GB",
            lambda rise: f"{rise / more * 2**20:.1f} KB an event",
        ),
    ):
        values = [float(row[column]) for row in rows]
        axes.loglog(events, values, "o-")
        axes.loglog(
            events, [values[-1] * n / events[-1] for n in events], ":", label="in proportion"
        )
        axes.set(xlabel="events", ylabel=label)
        axes.set_title(f"{slope(values[-1] - values[-2])} beyond {events[-2]:,}", fontsize=9)
        axes.legend()
    figure.savefig(FIGURE, metadata={"Date": None})


def main() -> None:
    if len(sys.argv) > 1:
        rows = [measure(n) for n in sys.argv[1:]]
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    draw()


if __name__ == "__main__":
    main()
