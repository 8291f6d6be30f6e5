"""The test of Boehmer, Musumeci and Poulsen (1991)."""

from __future__ import annotations

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.parametric.cross_t import mean_over_spread


def bmp_t(events: CrossSection) -> Outcome:
    """The t-test of the mean SCAR, N - 1 degrees of freedom.

    Allows for event-induced variance; takes the events as independent.
    """
    return mean_over_spread(events.scar)
