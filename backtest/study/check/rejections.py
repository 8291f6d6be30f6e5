"""How often tests reject over many studies: sizes under the null, power under injected effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.study.dependence.correlation import car_correlation
from backtest.study.inference import TESTS, CrossSection, by_security
from backtest.study.measure.event_windows import EventWindow, event_window
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Floats, Ints

LEVELS = (0.01, 0.05, 0.10)
LEAST = 20  # replications with an answer, below which no rate is given


def pvalues(result: EventStudyResult, effects: Sequence[float], tests: Sequence[str]) -> Floats:
    """Two-sided p-values with each effect added, (effects, windows, tests).

    It is added to every abnormal return of day 0. NaN where a test has no answer.
    """
    measured = result.measured
    out = np.full((len(effects), len(result.named_windows), len(tests)), np.nan)
    for w, name in enumerate(result.named_windows):
        usable = np.flatnonzero(np.isfinite(result.window(name).scar))
        section = _sections(result, name)
        for e, effect in enumerate(effects):
            moved = replace(measured, effect=effect)
            seen = event_window(moved, name, result.named_windows[name])
            part = section(seen.take(usable), usable)
            out[e, w] = [TESTS[key](part).pvalue for key in tests]
    return out


def _sections(result: EventStudyResult, name: str) -> Callable[[EventWindow, Ints], CrossSection]:
    """Cross-sections of the events (N,) at some positions: how they move together is found once.

    No matrix over pairs of events is made where the result itself makes none.
    """
    if result.pair_sums == "by security":
        return lambda seen, _: by_security.cross_section(seen, result.securities)
    rho = result.residual_correlation
    correlation = car_correlation(result.window(name), rho)

    def by_pair(seen: EventWindow, usable: Ints) -> CrossSection:
        pairs = np.ix_(usable, usable)
        return CrossSection(seen, rho[pairs], correlation[pairs])

    return by_pair


def rejection_table(
    drawn: Iterable[Floats], effects: Sequence[float], windows: Sequence[str], tests: Sequence[str]
) -> pd.DataFrame:
    """One row an effect, window, test and level: how often p <= level.

    With the Monte Carlo error of that. `drawn` are the arrays of `pvalues`, one a replication.
    Columns: window, test, effect, level, rejected, mc_error, n_replications (with an answer),
    why_not.
    """
    stacked = np.stack(list(drawn))
    there = np.isfinite(stacked)
    counts = there.sum(axis=0)
    rows = []
    for e, effect in enumerate(effects):
        for w, window in enumerate(windows):
            for t, test in enumerate(tests):
                n = int(counts[e, w, t])
                values = stacked[there[:, e, w, t], e, w, t]
                rows += [
                    (window, test, effect, level, *_rate(values, level), n, _why_not(n))
                    for level in LEVELS
                ]
    head = [
        "window",
        "test",
        "effect",
        "level",
        "rejected",
        "mc_error",
        "n_replications",
        "why_not",
    ]
    return pd.DataFrame(rows, columns=head)


def _rate(values: Floats, level: float) -> tuple[float, float]:
    """Share at or below the level and its standard error.

    The error is that of the level itself where the share is 0 or 1.
    """
    n = len(values)
    if n < LEAST:
        return np.nan, np.nan
    share = float((values <= level * (1 + 1e-12)).mean())
    if 0 < share < 1:
        about = share
    else:
        about = level
    return share, float(np.sqrt(about * (1 - about) / n))


def _why_not(n: int) -> str:
    if n >= LEAST:
        return ""
    return f"only {n} replications gave an answer"
