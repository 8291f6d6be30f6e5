"""What the parties of one announcement share beyond their residual correlation.

The news itself is a shock to all of them: their CARs move together more than their estimation
residuals do. That excess is one number, delta, added to the exact correlation C of every pair of
events of one announcement, `C + delta B` with `B_ij = 1` for such pairs and 0 elsewhere. It is
estimated by moments. For deviations `e = M x` of the SCARs from their mean, with common variance v,

    E[e'e] = v tr(M (C + delta B)),   E[e'B e] = v tr(B M (C + delta B) M),

so the ratio of the two knows no v and is solved for delta; below 0 there is none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints


def announcements(window: EventWindow) -> Ints:
    """A number for the announcement of each event, (N,): the events of one `event_id` share it."""
    events = window.abnormal.events
    identity = events.source["event_id"].to_numpy()
    numbers = pd.factorize(identity if events.place is None else identity[events.place])[0]
    return np.asarray(numbers, dtype=np.int64)


def partners(announcement: Ints) -> Floats:
    """B: 1 for two events of one announcement, 0 elsewhere and on the diagonal, (N, N)."""
    same: Floats = (announcement[:, None] == announcement).astype(np.float64)
    np.fill_diagonal(same, 0.0)
    return same


def centred(matrix: Floats) -> Floats:
    """`M A M` for a symmetric A (N, N): rows and columns less their means."""
    rows = matrix.mean(axis=1)
    return np.asarray(matrix - rows[:, None] - rows + matrix.mean())


def shared_shock_of_sums(
    scar: Floats, announcement: Ints, of_all: tuple[float, float], of_partners: tuple[float, float]
) -> float:
    """The same delta from sums alone, for events too many for a matrix over their pairs.

    `of_all` are `1'C1` and `b'C1`, b_i the number of partners of event i; `of_partners` the sum of
    C over pairs of partners (either order) and the largest C among them.

    >>> pair = np.array([0, 0, 1, 1])
    >>> shared_shock_of_sums(np.array([1.0, 1.0, -1.0, -1.0]), pair, (4.0, 4.0), (0.0, 0.0))
    1.0
    """
    n, size = len(scar), np.bincount(announcement)
    b = size[announcement] - 1.0
    n_pairs = float(b.sum())
    if n_pairs == 0 or not np.ptp(scar) > 0:
        return 0.0
    away = scar - scar.mean()
    own = np.bincount(announcement, away)
    ratio = float((own**2).sum() - (away**2).sum()) / float(away @ away)
    trace = n - of_all[0] / n
    of_c = of_partners[0] - 2 * of_all[1] / n + n_pairs * of_all[0] / n**2
    of_b = n_pairs - 2 * float(b @ b) / n + n_pairs**2 / n**2
    scale = of_b + ratio * n_pairs / n
    if scale <= 1e-9:
        return 0.0
    return min(max((ratio * trace - of_c) / scale, 0.0), max(1.0 - of_partners[1], 0.0))


def shared_shock(scar: Floats, correlation: Floats, partner: Floats) -> float:
    """Excess correlation delta by moments, given SCARs (N,), C (N, N) and B (N, N).

    At least 0, and no more than leaves every correlation of partners at 1. 0 also where nobody has
    a partner, or all events are of one announcement, which leaves nothing to compare with.

    >>> pairs = partners(np.array([0, 0, 1, 1]))
    >>> shared_shock(np.array([1.0, 1.0, -1.0, -1.0]), np.eye(4), pairs)
    1.0
    >>> shared_shock(np.array([1.0, -1.0, 1.0, -1.0]), np.eye(4), pairs)
    0.0
    """
    if not partner.any() or not np.ptp(scar) > 0:
        return 0.0
    away = scar - scar.mean()
    ratio = float(away @ partner @ away) / float(away @ away)
    of_c, of_b = centred(correlation), centred(partner)
    excess = ratio * float(np.trace(of_c)) - float((partner * of_c).sum())
    scale = float((partner * of_b).sum()) - ratio * float(np.trace(of_b))
    room = 1.0 - float(correlation[partner > 0].max())
    if scale <= 1e-9:  # everybody is a partner: delta and the variance cannot be told apart
        return 0.0
    return min(max(excess / scale, 0.0), max(room, 0.0))
