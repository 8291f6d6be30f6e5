"""`reactions report` on the sample from a cold start, against importing what it stands on.

Run: python benchmarks/report_cold_start.py. Prints both times (wall and CPU, the best of three) and their ratio; the
exit status is 1 where the ratio of CPU times is above the limit.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time

LIMIT = 1.5
IMPORTS = "import vectorbt, statsmodels.api"
REPORT = "from reports.cli import main; main(['report', '--prices', 'sample', '--out', {out!r}])"


def timed(code: str) -> tuple[float, float]:
    """Wall and CPU seconds of a new interpreter that runs the code."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


def main() -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as out:
        found = {"imports": IMPORTS, "report": REPORT.format(out=out)}
        best = {
            name: tuple(map(min, zip(*(timed(code) for _ in range(3)), strict=True))) for name, code in found.items()
        }
    for name, (wall, cpu) in best.items():
        print(f"{name:<8} {wall:6.1f} s wall {cpu:6.1f} s CPU")
    ratio = best["report"][1] / best["imports"][1]
    print(f"ratio    {best['report'][0] / best['imports'][0]:6.2f} wall   {ratio:6.2f} CPU (limit {LIMIT})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
