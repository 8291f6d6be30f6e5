"""Variances that move: what a GARCH model says of the sessions around each event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.running_sums import Bools, Floats, Ints


@dataclass(frozen=True)
class Volatility:
    """Conditional variances of N events over the H sessions of the horizon.

    `filtered` (N, H) is the variance of a session given everything before it; `persistence` and
    `long_run` (N,) say how it goes on from there: `h -> long_run + persistence (h - long_run)` a
    session. Only events with `given` (N,) have them; the others keep the constant variance of least
    squares.
    """

    filtered: Floats
    persistence: Floats
    long_run: Floats
    given: Bools

    def of_sum(self, inside: Bools) -> Floats:
        """Variance of the sum of the abnormal returns on the sessions `inside` (N, H).

        Seen from before the first. The abnormal returns of the window never feed their own
        variance.
        """
        first = inside.argmax(axis=1)
        start = self.filtered[np.arange(len(first)), first]
        ahead = np.maximum(np.arange(inside.shape[1]) - first[:, None], 0)
        path = (
            self.long_run[:, None]
            + self.persistence[:, None] ** ahead * (start - self.long_run)[:, None]
        )
        return np.asarray(np.where(inside, path, 0.0).sum(axis=1))

    def of_days(self, days: Ints) -> Floats:
        """Variance of each session of event days `days` (H,), (N, H).

        From day 0 on, seen from the eve of the event.
        """
        eve = int(np.searchsorted(days, 0))
        ahead = np.maximum(days, 0)
        start = (self.filtered[:, eve] - self.long_run)[:, None]
        after = self.long_run[:, None] + self.persistence[:, None] ** ahead * start
        return np.where(days < 0, self.filtered, after)

    def take(self, keep: Ints) -> Volatility:
        """The same for the events at these positions."""
        return Volatility(*(value[keep] for value in vars(self).values()))
