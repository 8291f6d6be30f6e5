"""Stale prices: where a test does not answer.

Because residuals of neighbouring sessions move together.
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.measure.conditions import STALE_LENGTH, STALE_SHARE


def stale_overlap(events: CrossSection) -> str:
    """Why overlapping windows of stale prices are not tested; empty where they are.

    A price that does not move today takes today's news tomorrow, so that what two events share is
    more than the sessions they have in common say. With 30% of returns at zero the tests reject
    11 to 13% in overlapping 21-day windows, with 60% 16 to 23%.
    """
    abnormal = events.window.abnormal
    length = int(events.window.n_sessions.max(initial=0))
    if length <= STALE_LENGTH:
        return ""
    share = float(abnormal.zero_share.mean())
    if not share > STALE_SHARE or len(np.unique(events.clusters)) == len(events):
        return ""
    return (
        f"{share:.0%} of the estimation returns are exactly zero: stale prices, and windows of "
        f"{length} sessions that overlap; use a window of at most {STALE_LENGTH}"
    )
