"""The mean SCAR with a variance robust to any dependence within a date.

Bell and McCaffrey (2002).
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_student, cannot_say
from backtest.study.inference.parametric.wild import cluster_sums


def cr2_date_t(events: CrossSection) -> Outcome:
    """Mean SCAR over its CR2 standard error by date of day 0, against t with G - 1.

    For a mean the correction `(I - H_g)^(-1/2)` divides the sum of a cluster's residuals by
    `sqrt(1 - n_g/N)`. It asks nothing of the correlation within a date and knows none between
    dates, so overlapping windows of different dates are not for it.
    """
    abnormal, n = events.window.abnormal, len(events)
    row = abnormal.panel.day(abnormal.events.row)
    n_dates = len(np.unique(row))
    if n_dates < 3:
        return cannot_say(f"needs at least 3 dates, got {n_dates}", n)
    away = cluster_sums(events.scar - events.scar.mean(), row)
    share = cluster_sums(np.ones(n), row) / n
    variance = float((away**2 / (1 - share)).sum()) / n**2
    if not variance > 0:
        return cannot_say("the SCARs do not vary", n)
    t = float(events.scar.mean()) / np.sqrt(variance)
    return against_student(float(t), n_dates - 1, n, float(n_dates))
