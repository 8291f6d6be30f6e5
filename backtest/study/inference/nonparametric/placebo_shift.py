"""Placebo: the whole catalog shifted together through its estimation windows."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.days import day_sums
from backtest.study.inference.outcome import Outcome, cannot_say
from backtest.study.measure.event_windows import EventWindow
from backtest.study.measure.passing import once
from backtest.study.running_sums import Bools, Floats, Ints


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
    sums, counts, _ = shift_sums(events)
    enough = counts >= max(len(events) / 2, 1)
    return np.asarray(sums[enough] / counts[enough])


def shift_sums(events: CrossSection) -> tuple[Floats, Ints, Floats]:
    """Sum of the standardised residual sums at each shift, (S,).

    Beside it their number, and the sum of their squares, (S,) each. Some events at a time, and once
    for all tests that ask.
    """
    return once(events, "_shift_sums", lambda one: _shift_sums(one.window))


def _shift_sums(window: EventWindow) -> tuple[Floats, Ints, Floats]:
    place, length = np.arange(len(window.start)), int(window.n_sessions.max())

    def both(part: slice) -> Floats:
        values = standardised_sums(window.take(place[part]), length)
        return np.hstack([values, values**2])

    sums, counts = day_sums(both, len(place))
    n = len(sums) // 2
    return sums[:n], counts[:n], sums[n:]


def standardised_sums(window: EventWindow, length: int | None = None) -> Floats:
    """`u_is` for every event and shift, (N, E - L + 1); NaN where a session is missing.

    L is `length`, by default that of the longest of these windows.
    """
    abnormal, fit = window.abnormal, window.abnormal.fit
    length = int(window.n_sessions.max()) if length is None else length
    residuals = abnormal.residuals
    rows = np.maximum(abnormal.estimation_rows, 0)
    x = abnormal.panel.x[rows, abnormal.events.column[:, None]]
    there = np.isfinite(residuals)
    days = _rolling(there.astype(np.float64), length)
    total = _rolling(np.where(there, residuals, 0.0), length)
    x_sum = (
        np.stack(
            [_rolling(np.where(there, x[..., r], 0.0), length) for r in range(x.shape[2])], axis=2
        )
        if x.shape[2]
        else np.zeros((*days.shape, 0))
    )
    unit = fit.forecast_variance(days, x_sum) / fit.sigma[:, None] ** 2
    leverage = unit - days  # the estimation part of the forecast variance
    with np.errstate(divide="ignore", invalid="ignore"):
        out = total / (fit.sigma[:, None] * np.sqrt(days - leverage))
    return np.where(days == length, out, np.nan)


def _rolling(values: Floats, length: int) -> Floats:
    """Sums over `length` neighbouring columns."""
    running = np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1)])
    return running[:, length:] - running[:, :-length]
