"""Kolari and Pynnonen (2010): Patell and BMP for events that move together.

Three mean correlations are offered: `r_bar` of the residuals, right when all events share one date;
`r_overlap`, which weighs each pair by the sessions its windows share (in the spirit of Kolari, Pape
and Pynnonen 2018); and the exact `r*` of the CARs themselves, which also knows shared estimation
windows and is the one recommended here.
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, against_student, cannot_say
from backtest.study.inference.parametric.cross_t import bmp_t
from backtest.study.inference.parametric.forecast_error import patell_z


def kp_patell_z(events: CrossSection) -> Outcome:
    """`patell_z / sqrt(1 + (N - 1) r_bar)`: for events on one common date."""
    return _scaled_patell(events, events.r_bar)


def kp_patell_overlap_z(events: CrossSection) -> Outcome:
    """`patell_z / sqrt(1 + (N - 1) r_overlap)`: for windows that partly overlap."""
    return _scaled_patell(events, events.r_overlap)


def kp_bmp_t(events: CrossSection) -> Outcome:
    """`bmp_t sqrt((1 - r_bar) / (1 + (N - 1) r_bar))`: for events on one common date."""
    return _scaled_bmp(events, events.r_bar)


def kp_bmp_overlap_t(events: CrossSection) -> Outcome:
    """`bmp_t sqrt((1 - r_overlap) / (1 + (N - 1) r_overlap))`: for windows that partly overlap."""
    return _scaled_bmp(events, events.r_overlap)


def kp_bmp_overlap_neff_t(events: CrossSection) -> Outcome:
    """`kp_bmp_overlap_t` with the effective number of events' degrees of freedom.

    A diagnostic.
    """
    return _on_effective_events(kp_bmp_overlap_t(events), events)


def kp_bmp_exact_t(events: CrossSection) -> Outcome:
    """`bmp_t sqrt((1 - r*) / (1 + (N - 1) r*))`: the recommended test.

    Holds for event-induced variance, common dates, overlapping windows and shared estimation
    windows alike.
    """
    return _scaled_bmp(events, events.r_star, events.inflation)


def kp_bmp_exact_neff_t(events: CrossSection) -> Outcome:
    """`kp_bmp_exact_t` with the effective number of events' degrees of freedom.

    A diagnostic, too strict.
    """
    return _on_effective_events(kp_bmp_exact_t(events), events)


def _scaled_patell(events: CrossSection, r: float) -> Outcome:
    plain, n = patell_z(events), len(events)
    if plain.why_not:
        return plain
    inflation = 1.0 + (n - 1) * r
    return against_normal(plain.statistic / np.sqrt(inflation), n, n / inflation)


def _scaled_bmp(events: CrossSection, r: float, inflation: float | None = None) -> Outcome:
    n = len(events)
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    plain = bmp_t(events)
    if plain.why_not:
        return plain
    if r >= 1.0:
        return cannot_say("all events are the same observation", n)
    if inflation is None:
        inflation = 1.0 + (n - 1) * r
    return against_student(
        plain.statistic * float(np.sqrt((1.0 - r) / inflation)), n - 1, n, n / inflation
    )


def _on_effective_events(outcome: Outcome, events: CrossSection) -> Outcome:
    if outcome.why_not:
        return outcome
    df = min(len(events) - 1, max(outcome.n_eff - 1.0, 1.0))
    return against_student(outcome.statistic, df, outcome.n_events, outcome.n_eff)
