"""Time and peak memory of `EventStudy.fit(...).tests()`.

Every test of every window, in one process. python -m benchmarks.study_tests N_EVENTS [N_SECURITIES]
(default 3,000) x 2,520 sessions.
"""

from __future__ import annotations

import resource
import sys
from time import perf_counter, process_time

from benchmarks.study import STUDY, market


def main() -> None:
    n_events = int(sys.argv[1])
    returns, events = market(int(sys.argv[2]) if len(sys.argv) > 2 else 3_000, 2_520, n_events)
    begin, spent = perf_counter(), process_time()
    result = STUDY.fit(events, returns)
    fitted = perf_counter() - begin
    table = result.tests()
    wall, cpu = perf_counter() - begin, process_time() - spent
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{n_events:,} events {result.pair_sums}: fit {fitted:.1f} s, with {len(table)} tests "
        f"{wall:.1f} s ({cpu:.1f} s of CPU), {memory:.1f} GB"
    )


if __name__ == "__main__":
    main()
