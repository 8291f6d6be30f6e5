"""What events of one announcement, or of one date, share beyond their residual correlation.

The news itself is a shock to all parties of an announcement, and the news of a day one to all who
have any: their CARs move together more than their estimation residuals do. That excess is one
number, delta, added to the exact correlation C of every pair of such events of two securities,
`C + delta B` with `B_ij = 1` for such pairs and 0 elsewhere. It is estimated by moments. For
deviations `e = M x` of the SCARs from their mean, with common variance v,

    E[e'e] = v tr(M (C + delta B)),   E[e'B e] = v tr(B M (C + delta B) M),

so the ratio of the two knows no v and is solved for delta; below 0 there is none. Pairs that share
nothing after all cost little: they lower delta, and what counts is its sum over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from backtest.study.dependence.by_session import among
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints
from backtest.work.cached import cached_property


def sharing(window: EventWindow) -> Ints:
    """A number for those each event shares a shock with, (N,): its announcement, and its date."""
    events = window.abnormal.events
    return joined(events.announcement, window.abnormal.panel.day(events.row))


def joined(announcement: np.ndarray, date: np.ndarray) -> Ints:
    """The number of the group of each event, (N,), that an announcement or a date joins.

    Directly or through others.

    >>> joined(np.array(["a", "a", "b", "c"]), np.array([1, 2, 2, 7])).tolist()
    [0, 0, 0, 1]
    """
    one, other = pd.factorize(announcement)[0], pd.factorize(date)[0]
    size = int(one.max(initial=-1)) + 1
    day = np.zeros(size, dtype=np.int64)
    day[one] = other
    if (day[one] == other).all():  # every announcement has one date
        return np.asarray(other, dtype=np.int64)
    whole = size + int(other.max(initial=-1)) + 1
    # Announcements and dates are the nodes of one graph, events its edges.
    graph = csr_array((np.ones(len(one)), (one, size + other)), shape=(whole, whole))
    group = connected_components(graph, directed=False)[1][one]
    return np.asarray(pd.factorize(group)[0], dtype=np.int64)


def partners(group: Ints, column: Ints) -> Floats:
    """B: 1 for two events of one group and of two securities, 0 elsewhere, (N, N).

    Two events of one security on one date are one observation, which C says already.
    """
    one_group = group[:, None] == group
    two_securities = column[:, None] != column
    return np.asarray(one_group & two_securities, dtype=np.float64)


def partners_in(window: EventWindow) -> Floats:
    """B of the events of a window, (N, N)."""
    return partners(sharing(window), window.abnormal.events.column)


def own_pairs(group: Ints, column: Ints) -> Ints:
    """A number for events of one group and one security, (N,): those B leaves out."""
    one = group.astype(np.int64) * (int(column.max(initial=0)) + 1) + column
    return np.asarray(pd.factorize(one)[0], dtype=np.int64)


def centred(matrix: Floats) -> Floats:
    """`M A M` for a symmetric A (N, N): rows and columns less their means."""
    rows = matrix.mean(axis=1)
    return np.asarray(matrix - rows[:, None] - rows + matrix.mean())


@dataclass(frozen=True, eq=False)
class Partners:
    """B by groups, for events too many for a matrix over their pairs.

    `group` (N,) shares a shock, `own` (N,) is one security's part of a group.
    """

    group: Ints
    own: Ints

    @classmethod
    def of(cls, window: EventWindow) -> Partners:
        """Those of the events of a window."""
        group = sharing(window)
        return cls(group, own_pairs(group, window.abnormal.events.column))

    @cached_property
    def counts(self) -> Floats:
        """How many partners each event has, `B1`, (N,)."""
        of_group = np.bincount(self.group)[self.group]
        of_itself = np.bincount(self.own)[self.own]
        return np.asarray(of_group - of_itself, dtype=np.float64)

    def form(self, values: Floats) -> float:
        """`x'Bx` of values (N,).

        >>> of_two = Partners(np.array([0, 0, 1, 1]), np.arange(4))
        >>> of_two.form(np.array([1.0, 2.0, 3.0, -1.0]))
        -2.0
        """
        both = np.bincount(self.group, values)
        own = np.bincount(self.own, values)
        return float((both**2).sum() - (own**2).sum())

    def correlate(self, column: Ints, rho: np.ndarray) -> tuple[float, float]:
        """Sum and largest of the correlations of partners, by that of their securities (K, K).

        `column` (N,) is the security of each; two events of one security are no partners.

        >>> of_two = Partners(np.array([0, 0, 1, 1]), np.arange(4))
        >>> rho = np.array([[1.0, 0.25, 0.5], [0.25, 1.0, 0.75], [0.5, 0.75, 1.0]], np.float32)
        >>> of_two.correlate(np.array([0, 1, 1, 2]), rho)
        (2.0, 0.75)
        """
        times = np.bincount(self.own)
        one = np.empty(len(times), dtype=np.int64)
        one[self.own] = np.arange(len(self.own))  # an event of each security in each group
        order = one[np.argsort(self.group[one], kind="stable")]
        ends = np.flatnonzero(np.diff(self.group[order], prepend=-1, append=-1))
        total, largest = among(ends, column[order], times[self.own[order]], rho)
        return 2 * total, largest


def shared_shock_of_sums(
    scar: Floats, partner: Partners, of_all: tuple[float, float], of_partners: tuple[float, float]
) -> float:
    """The same delta from sums alone.

    `of_all` are `1'C1` and `b'C1`, b_i the number of partners of event i; `of_partners` the sum of
    C over pairs of partners (either order) and the largest C among them.

    >>> of_two = Partners(np.array([0, 0, 1, 1]), np.arange(4))
    >>> shared_shock_of_sums(np.array([1.0, 1.0, -1.0, -1.0]), of_two, (4.0, 4.0), (0.0, 0.0))
    1.0
    """
    n, b = len(scar), partner.counts
    n_pairs = float(b.sum())
    if n_pairs == 0 or not np.ptp(scar) > 0:
        return 0.0
    away = scar - scar.mean()
    ratio = partner.form(away) / float(away @ away)
    all_c, b_c = of_all
    partners_c, largest_c = of_partners
    # tr(M C), tr(B M C M) and tr(B M B M), each with its means taken out
    trace = n - all_c / n
    of_c = partners_c - 2 * b_c / n + n_pairs * all_c / n**2
    of_b = n_pairs - 2 * float(b @ b) / n + n_pairs**2 / n**2
    scale = of_b + ratio * n_pairs / n
    if scale <= 1e-9:
        return 0.0
    delta = (ratio * trace - of_c) / scale
    return min(max(delta, 0.0), max(1.0 - largest_c, 0.0))


def shared_shock(scar: Floats, correlation: Floats, partner: Floats) -> float:
    """Excess correlation delta by moments, given SCARs (N,), C (N, N) and B (N, N).

    At least 0, and no more than leaves every correlation of partners at 1. 0 also where nobody has
    a partner, or all events share one shock, which leaves nothing to compare with.

    >>> pairs = partners(np.array([0, 0, 1, 1]), np.arange(4))
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
