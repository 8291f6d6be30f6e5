"""The recommended pair in every design, its intervals and its joint test.

    python -m benchmarks.calibration_headline [N]

writes docs/calibration_headline.csv (sizes and power), calibration_intervals.csv (coverage) and
calibration_joint.csv (familywise errors), with N studies a design (1,500), and at most 600 for
power. Rows already there are kept, each with the number of studies it rests on; delete a file to
begin anew.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads get in each other's way

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.study import EventStudy, EventStudyResult, MarketAdjusted, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, SIMULATED, SimulatedMarket
from backtest.study.check.rejections import pvalues, rejection_table
from backtest.study.dependence.correlation import car_correlation
from backtest.study.inference import CrossSection
from backtest.study.inference.effects.averages import interval
from backtest.study.inference.joint.max_t import max_t
from backtest.study.inference.joint.multiple import holm
from backtest.study.inference.joint.romano_wolf import romano_wolf
from backtest.study.inference.parametric.shared_shock import kp_bmp_shared_t, mean_test
from backtest.study.measure.event_windows import event_window
from backtest.study.place.alignment import AlignedEvents
from backtest.study.running_sums import Floats

DOCS = Path(__file__).parents[1] / "docs"
SIZES, INTERVALS, JOINT = (
    DOCS / f"calibration_{name}.csv" for name in ("headline", "intervals", "joint")
)
WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
OURS = (
    "kp_bmp_shared_t",
    "bmp_shift",
    "cr2_date_t",
    "kp_bmp_exact_t",
    "grank_exact_t",
    "caar_exact_z",
)
PEERS = (*OURS, "wild_cluster", "kp_bmp_t", "grank_t", "bmp_t", "patell_z", "cross_t")
SEED, REPLICATIONS, OF_POWER = 77, 1500, 600
EFFECTS, ALL_EFFECTS = (0.01, 0.02), (0.005, 0.01, 0.02)
MEAN, SPREAD = 0.02, 0.03  # of the effects that intervals are to cover

DESIGNS = (
    ("shared", 30), ("shared_strongly", 30), ("dense_ticker", 12), ("dense_ticker", 4),
    ("skewed", 10), ("stale", 20), ("stale_heavily", 20), ("opposed", 6), ("independent", 3),
    ("independent", 5), ("independent", 8), ("catalog", 24), ("overlap", 20),
    ("event_variance", 20), ("same_day", 20), ("independent", 20), ("same_day_industry", 20),
    ("same_day_industry", 5), ("event_variance", 5), ("independent", 50), ("same_day", 50),
    ("same_day_industry", 50), ("event_variance", 50), ("overlap", 50), ("catalog_regime", 24),
    ("short_history", 50), ("shared_date", 24), ("shared_date", 60), ("three_dates", 60),
    ("three_dates", 15), ("two_tickers", 6), ("two_tickers", 20), ("few_tickers", 20),
    ("few_tickers", 60), ("leak", 20), ("after_run_up", 20), ("volatile_times", 30),
    ("season", 40), ("times_unknown", 20),
)  # fmt: skip
OF_BOTH = (("shared", 30), ("catalog", 24), ("independent", 20), ("same_day_industry", 20))
OF_POWERS = (("independent", 50), ("same_day_industry", 50), ("catalog", 24))
OF_FAMILIES = (
    ("catalog", 24),
    ("overlap", 20),
    ("dense_ticker", 12),
    ("shared", 30),
    ("same_day_industry", 20),
)


def simulated(design: str, n_events: int, replication: int) -> SimulatedMarket:
    number = list(SIMULATED).index(design)
    rng = np.random.default_rng([SEED, n_events, number, replication])
    return SIMULATED[design](rng, n_events)


def fitted(market: SimulatedMarket) -> EventStudyResult:
    """The market model's study; `align` would check each time what a design cannot get wrong."""
    events, returns = market.events, market.returns
    row = returns.sessions.get_indexer(pd.DatetimeIndex(events["event_session"]))
    column = pd.Index(returns.tickers).get_indexer(pd.Index(events["ticker"]))
    blank = np.full(len(events), "", dtype=object)
    source = pd.DataFrame(
        {
            **{name: events[name].to_numpy() for name in ("event_id", "ticker", "event_session")},
            "first_day_end": events.get("first_day_end", np.zeros(len(events), dtype=np.int64)),
            **dict.fromkeys(("role", "kind", "timing_flags"), blank),
        }
    )
    aligned = AlignedEvents(source, row.astype(np.int64), column.astype(np.int64))
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    return study.fit_aligned(aligned, source.iloc[:0, :2], returns)


def size(design: str, n_events: int, replications: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rejections at 5% without an effect, and how often intervals cover effects.

    Effects of mean 2%, spread 3%.
    """
    drawn, covered = [], []
    for replication in range(replications):
        result = fitted(simulated(design, n_events, replication))
        drawn.append(pvalues(result, (0.0,), OURS))
        rng = np.random.default_rng([SEED, 1, replication])
        covered.append(covers(result, rng))
    seen = np.array(covered)  # (replications, windows)
    rows = [
        (window, np.nanmean(column), int(np.isfinite(column).sum()))
        for window, column in zip(WINDOWS, seen.T, strict=True)
        if np.isfinite(column).any()
    ]
    coverage = pd.DataFrame(rows, columns=["window", "covered", "n"])
    return rates(drawn, (0.0,), OURS), coverage


def covers(result: EventStudyResult, rng: np.random.Generator) -> list[float]:
    """Whether each window's interval holds the mean of effects that differ, 1 or 0.

    NaN without one. An effect that is the same for all is covered as often as a null of none is not
    rejected.
    """
    measured = result.measured
    effect = MEAN + SPREAD * rng.standard_normal(len(result.events))
    moved = replace(measured, returns=measured.returns + effect[:, None] * (measured.days == 0))
    found = []
    for name, window in result.named_windows.items():
        seen = event_window(moved, name, window)
        rho = result.residual_correlation
        section = CrossSection(seen, rho, car_correlation(result.window(name), rho))
        section = section.take(np.flatnonzero(np.isfinite(seen.scar)))
        test = None if kp_bmp_shared_t(section).why_not else mean_test(section)
        if test is None:
            found.append(np.nan)
            continue
        low, high = interval(test, section.scar, 1.0 / section.car_se)
        found.append(float(low <= MEAN <= high))
    return found


def power(
    design: str,
    n_events: int,
    replications: int,
    effects: tuple[float, ...],
    tests: tuple[str, ...],
) -> pd.DataFrame:
    """Rejections at 5% with effects on day 0."""
    drawn = [
        pvalues(fitted(simulated(design, n_events, r)), effects, tests) for r in range(replications)
    ]
    return rates(drawn, effects, tests)


def rates(drawn: list[Floats], effects: tuple[float, ...], tests: tuple[str, ...]) -> pd.DataFrame:
    table = rejection_table(drawn, effects, list(WINDOWS), tests)
    kept = table[table["level"] == 0.05].rename(columns={"n_replications": "n"})
    return kept[["test", "window", "effect", "rejected", "mc_error", "n"]]


def families(design: str, n_events: int, replications: int) -> pd.DataFrame:
    """How often something is rejected at 5%, though nothing is there.

    Of three windows under two models.
    """
    names = ("max_t", "holm", "romano_wolf", "unadjusted")
    least = np.full((replications, len(names)), np.nan)
    for replication in range(replications):
        market = simulated(design, n_events, replication)
        results = [
            EventStudy(model(BENCHMARK), market.estimation, WINDOWS).fit(
                market.events, market.returns
            )
            for model in (MarketModel, MarketAdjusted)
        ]
        ours, flips = max_t(results), romano_wolf(results)
        p = ours["pvalue"].to_numpy(dtype=np.float64)
        least[replication] = (
            ours["pvalue_adjusted"].min(),
            np.nanmin(holm(p, np.zeros(len(p), dtype=np.int64))),
            flips["pvalue_adjusted"].min(),
            np.nanmin(p),
        )
    rows = [
        (name, (column <= 0.05).sum() / np.isfinite(column).sum(), int(np.isfinite(column).sum()))
        for name, column in zip(names, least.T, strict=True)
        if np.isfinite(column).any()
    ]
    return pd.DataFrame(rows, columns=["method", "rejected", "n"])


def add(path: Path, table: pd.DataFrame, design: str, n_events: int) -> None:
    """Append the rows of a design to a file."""
    labelled = table.assign(design=design, n_events=n_events)
    first = ["design", "n_events"]
    whole = labelled[first + [name for name in labelled if name not in first]]
    if path.exists():
        whole = pd.concat([pd.read_csv(path), whole], ignore_index=True)
    whole.to_csv(path, index=False, float_format="%.4f")


def known(path: Path, *, effect: float | None = None) -> set[tuple[str, int]]:
    """The designs already in a file; with `effect`, those with a row of that one."""
    if not path.exists():
        return set()
    table = pd.read_csv(path)
    if effect is not None:
        table = table[table["effect"] == effect]
    return set(zip(table["design"], table["n_events"], strict=True))


def sizes(design: str, n_events: int, replications: int) -> None:
    found, coverage = size(design, n_events, replications)
    add(SIZES, found, design, n_events)
    add(INTERVALS, coverage, design, n_events)


def powers(design: str, n_events: int, replications: int) -> None:
    add(SIZES, power(design, n_events, replications, (0.0, *EFFECTS), PEERS), design, n_events)


def powers_of_ours(design: str, n_events: int, replications: int) -> None:
    add(SIZES, power(design, n_events, replications, ALL_EFFECTS, OURS), design, n_events)


def joint(design: str, n_events: int, replications: int) -> None:
    add(JOINT, families(design, n_events, replications), design, n_events)


def main() -> None:
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS
    fewer = min(replications, OF_POWER)
    plan = (
        (sizes, DESIGNS[:15], known(INTERVALS), replications),
        (powers, OF_BOTH, known(SIZES, effect=EFFECTS[0]), fewer),
        (sizes, DESIGNS[15:], known(INTERVALS), replications),
        (powers_of_ours, OF_POWERS, known(SIZES, effect=ALL_EFFECTS[0]), fewer),
        (joint, OF_FAMILIES, known(JOINT), replications),
    )
    for make, designs, done, n in plan:
        for key in designs:
            if key in done:
                continue
            begin = time.perf_counter()
            make(*key, n)
            print(f"{make.__name__} {key}: {time.perf_counter() - begin:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
