"""Which donors an event may not have.

Parties of its announcement, and those with news of their own around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backtest.study.running_sums import Bools, Ints, RunningMoments
from backtest.study.windows import NEAR_NEWS, Window

PARTY, NEWS = "a party of the announcement", "news of its own in the horizon"


@dataclass(frozen=True, eq=False)
class DonorNews:
    """`days` are the days of each of J donors' events in order.

    `parties` are the donors in each announcement.
    """

    days: tuple[Ints, ...]
    parties: Mapping[str, Ints]
    near: Window

    @classmethod
    def of(
        cls,
        donors: Sequence[str],
        tickers: Sequence[str],
        days: Ints,
        announcements: Sequence[str],
        near: Window | None,
    ) -> DonorNews:
        """From the ticker, day and announcement of every known event, (N,) each."""
        place = {name: j for j, name in enumerate(donors)}
        own: list[list[int]] = [[] for _ in donors]
        parties: dict[str, list[int]] = {}
        for ticker, day, name in zip(tickers, days.tolist(), announcements, strict=True):
            if ticker in place:
                own[place[ticker]].append(day)
                parties.setdefault(name, []).append(place[ticker])
        return cls(
            tuple(np.array(sorted(one), dtype=np.int64) for one in own),
            {name: np.array(one, dtype=np.int64) for name, one in parties.items()},
            NEAR_NEWS if near is None else near,
        )

    def party(self, announcements: Sequence[str]) -> Bools:
        """Which donors are parties of each announcement, (N, J)."""
        out = np.zeros((len(announcements), len(self.days)), dtype=bool)
        for i, name in enumerate(announcements):
            out[i, self.parties.get(name, [])] = True
        return out

    def busy(self, day: Ints, horizon: Window) -> Bools:
        """Which donors have news of their own in the horizon of events, (N, J).

        The events are on these days (N,).
        """
        first, last = day + horizon.start - self.near.end, day + horizon.end - self.near.start
        columns = [
            np.searchsorted(one, last, "right") > np.searchsorted(one, first, "left")
            for one in self.days
        ]
        if columns:
            return np.stack(columns, axis=1)
        return np.zeros((len(day), 0), dtype=bool)

    def barred(self, announcements: Sequence[str], day: Ints, horizon: Window) -> Bools:
        """Donors that may not stand in for each event, (N, J)."""
        return self.party(announcements) | self.busy(day, horizon)


def without(moments: RunningMoments, barred: Bools) -> RunningMoments:
    """The moments with barred regressors (N, r) set to zero, as a security is for itself."""
    mean_x, sxy, sxx = moments.mean_x.copy(), moments.sxy.copy(), moments.sxx.copy()
    mean_x[barred] = 0.0
    sxy[barred] = 0.0
    sxx[barred] = 0.0
    sxx.swapaxes(1, 2)[barred] = 0.0
    return replace(moments, mean_x=mean_x, sxy=sxy, sxx=sxx)
