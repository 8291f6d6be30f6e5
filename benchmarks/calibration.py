"""Size and power of every test in simulated markets.

Writes docs/calibration.csv and docs/calibration.md. Run by hand, about a quarter of an hour on one
core:  python -m benchmarks.calibration Results already in the CSV are kept; delete it to begin
anew.
"""

from __future__ import annotations

import os

os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # small matrices: threads only get in each other's way

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study import EventStudy, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, SIMULATED, one_by_one
from backtest.study.check.rejections import pvalues, rejection_table
from backtest.study.inference import TESTS

CSV = Path(__file__).parents[1] / "docs" / "calibration.csv"
SINGLE_CSV = CSV.with_name("calibration_single.csv")
WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
NULL, POWER = (0.0,), (0.005, 0.01, 0.02)
SEED = 20250328

# design, number of events, effects, replications
PLAN = (
    ("catalog", 24, NULL, 1000),
    *(
        (design, 50, NULL, 600)
        for design in ("independent", "same_day", "same_day_industry", "overlap")
    ),
    ("event_variance", 50, NULL, 600),
    ("catalog_regime", 24, NULL, 600),
    ("short_history", 50, NULL, 400),
    *((design, 5, NULL, 600) for design in ("independent", "same_day_industry", "event_variance")),
    *(
        (design, 20, NULL, 400)
        for design in ("independent", "same_day_industry", "event_variance", "overlap")
    ),
    *((design, 30, NULL, 600) for design in ("shared", "shared_strongly")),
    ("dense_ticker", 12, NULL, 600),
    ("skewed", 10, NULL, 600),
    *(("independent", n, NULL, 600) for n in (3, 8)),
    ("independent", 50, POWER, 150),
    ("same_day_industry", 50, POWER, 150),
    ("catalog", 24, POWER, 200),
)


def run(design: str, n_events: int, effects: tuple[float, ...], replications: int) -> pd.DataFrame:
    drawn = []
    for replication in range(replications):
        rng = np.random.default_rng([SEED, n_events, list(SIMULATED).index(design), replication])
        market = SIMULATED[design](rng, n_events)
        study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
        drawn.append(pvalues(study.fit(market.events, market.returns), effects, list(TESTS)))
    table = rejection_table(drawn, effects, list(WINDOWS), list(TESTS))
    table.insert(0, "n_events", n_events)
    table.insert(0, "design", design)
    return table


def run_single(history: int, volatile: bool, effect: float) -> pd.DataFrame:
    """Rejections at 5% of the tests of one event, by window and test."""
    market = one_by_one(
        np.random.default_rng([SEED, history, volatile]),
        2000,
        Window(-history - 10, -11),
        volatile=volatile,
    )
    values = market.returns.values.copy()
    values[-market.estimation.start, :-1] += effect
    returns = Returns(values, market.returns.sessions, market.returns.tickers)
    table = (
        EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
        .fit(market.events, returns)
        .single_tests()
    )
    rates = table[table["test"] != "garch_z"].groupby(["window", "test"], sort=False)["pvalue"]
    found = rates.agg(
        rejected=lambda p: (p.dropna() <= 0.05).mean(), n_events="count"
    ).reset_index()
    return found.assign(history=history, errors="volatile" if volatile else "fat", effect=effect)


def single() -> None:
    parts = [
        run_single(m, volatile, effect)
        for m in (30, 60, 120, 250)
        for volatile in (False, True)
        for effect in (0.0, 0.06)
    ]
    pd.concat(parts, ignore_index=True).to_csv(SINGLE_CSV, index=False, float_format="%.4f")


def main() -> None:
    if not SINGLE_CSV.exists():
        single()
    done = (
        pd.read_csv(CSV) if CSV.exists() else pd.DataFrame(columns=["design", "n_events", "effect"])
    )
    for design, n_events, effects, replications in PLAN:
        same = (
            (done["design"] == design)
            & (done["n_events"] == n_events)
            & done["effect"].isin(effects)
        )
        if same.any():
            continue
        begin = time.perf_counter()
        done = pd.concat([done, run(design, n_events, effects, replications)], ignore_index=True)
        done.to_csv(CSV, index=False, float_format="%.4f")
        print(
            f"{design} {n_events} {effects}: {time.perf_counter() - begin:.0f} s", file=sys.stderr
        )


if __name__ == "__main__":
    main()
