"""Placebo: the whole catalog shifted together through its estimation windows."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, cannot_say
from backtest.study.running_sums import Bools, Floats


def placebo_shift(events: CrossSection) -> Outcome:
    """The mean SCAR among the means at every common shift inside the estimation windows.

    `u_is` is the sum of L residuals from day s over `sigma sqrt(L - x' (X'X)^-1 x)`. Keeps
    clustering and overlap as they are; assumes that the time of the event is as volatile as the
    time before it.
    """
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    placebo = shifted_means(events)
    if len(placebo) < 19:
        return cannot_say(f"needs at least 19 shifts, got {len(placebo)}", n)
    statistic = float(events.scar.mean())
    return among(statistic, placebo, n)


def among(statistic: float, drawn: Floats, n_events: int) -> Outcome:
    """Where a statistic stands among those of `drawn` placebos, itself counted as one of them."""

    def share(reached: Bools) -> float:
        return float((1 + reached.sum()) / (len(drawn) + 1))

    return Outcome(
        statistic,
        share(np.abs(drawn) >= abs(statistic)),
        n_events=n_events,
        pvalue_upper=share(drawn >= statistic),
        pvalue_lower=share(drawn <= statistic),
    )


def shifted_means(events: CrossSection) -> Floats:
    """Mean over the events of their standardised residual sums, for each shift.

    Shifts that at least half of them have.
    """
    sums, counts, _ = events.shifts
    enough = counts >= max(len(events) / 2, 1)
    return np.asarray(sums[enough] / counts[enough])
