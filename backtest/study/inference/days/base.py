"""What tests of single days need of a window's events, however it was come by."""

from __future__ import annotations

from typing import Protocol

from backtest.study.running_sums import Floats, Ints

Sums = tuple[Floats, Ints]
"""Of each day the sum of the events' finite scores, and how many there are."""


class DayScores(Protocol):
    """Scores of N events with E estimation days and L days of a window, added up day by day."""

    @property
    def ranks(self) -> Sums:
        """Centred ranks among the days of an event, (E + L,), the estimation window first."""

    @property
    def standardised_ranks(self) -> Sums:
        """The same of days in standard errors: Corrado and Zivney (1992).

        Each day of the window is divided by its spread across events.
        """

    @property
    def signs(self) -> Sums:
        """Signs about each event's own median, (E + L,)."""

    @property
    def general_ranks(self) -> Sums:
        """Ranks of estimation days and of the whole window as one more, (E + 1,)."""

    @property
    def place(self) -> Floats:
        """The centred rank of each event's window among its estimation days, (N,)."""

    @property
    def history(self) -> Ints:
        """Residuals of each event's estimation window, (N,)."""

    @property
    def positive(self) -> Ints:
        """Those of them above 0, (N,)."""

    @property
    def residuals(self) -> Sums:
        """The residuals themselves, (E,)."""

    @property
    def returns(self) -> Sums:
        """Abnormal returns of the days of the horizon that are in the window, (H,)."""
