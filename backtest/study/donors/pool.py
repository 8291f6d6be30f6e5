"""Which donors an event may have, and their returns around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backtest.prices.panels.returns import Returns
from backtest.study.place.panel import around
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.study.windows import NEAR_NEWS, Window
from backtest.work.cached import cached_property

LEAST = 2
SHORT = "fewer than 30 sessions to learn a counterfactual from donors on"
FEW_DONORS = (
    "fewer than 2 donors have every return of its windows, no part in its announcement and no news "
    "of their own in its horizon"
)


class Block(NamedTuple):
    """Donor returns of one event, and their columns.

    `x` (M, J) is on the estimation rows, `ahead` (H', J) on `later` rows.
    """

    x: Floats
    ahead: Floats
    donors: Ints


@dataclass(frozen=True, eq=False)
class Pool:
    """The donors of a study.

    `columns` (J,) are of the returns, `news` (T, J) the sessions around their own events. `parties`
    holds, for every announcement, the columns of its parties.
    """

    returns: Returns
    columns: Ints
    news: Bools
    parties: dict[str, Ints]

    @classmethod
    def of(
        cls,
        returns: Returns,
        donors: tuple[str, ...],
        events: tuple[Ints, Ints],
        announcements: list[str],
        exclude: Window | None,
    ) -> Pool:
        """Donors by ticker, none for all.

        `events` are rows and columns of every known event, in their order.
        """
        if donors:
            columns = np.array([returns.position(one) for one in donors], dtype=np.int64)
        else:
            columns = np.arange(len(returns.tickers), dtype=np.int64)
        rows, own = events
        place = np.full(len(returns.tickers), -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        known = place[own] >= 0
        if exclude is None:
            near = NEAR_NEWS
        else:
            near = exclude
        shape = (len(returns.values), len(columns))
        news = around((rows[known], place[own[known]]), near, shape)
        parties: dict[str, list[int]] = {}
        for name, column in zip(announcements, own.tolist(), strict=True):
            parties.setdefault(name, []).append(column)
        return cls(returns, columns, news, {k: np.array(v) for k, v in parties.items()})

    @cached_property
    def _own(self) -> Floats:
        """Returns of the donors alone, (T, J): events take their sessions of whole rows."""
        values = self.returns.values
        every = np.array_equal(self.columns, np.arange(values.shape[1]))
        if every:
            return values
        return np.ascontiguousarray(values[:, self.columns])

    def allowed(self, announcement: str, column: int, later: Ints) -> Ints:
        """Donors, as positions in `columns`, that an event of the security in `column` may have.

        `later` are the rows of its horizon; those before the event count among them.
        """
        own = np.append(self.parties.get(announcement, np.array([], dtype=np.int64)), column)
        return np.flatnonzero(~np.isin(self.columns, own) & ~self.news[later].any(axis=0))

    def block(self, donors: Ints, estimation: Ints, later: Ints) -> Block | None:
        """Returns of `allowed` donors; nothing where too few of them have every return.

        `estimation` and `later` are rows of the panel. What a donor did around its own news in the
        estimation window is replaced by what its regression on the mean of the donors says.
        """
        found = self._own.take(np.concatenate([estimation, later]), axis=0)
        if len(donors) < len(self.columns):
            found = found.take(donors, axis=1)
        whole = np.isfinite(found).all(axis=0)
        if not whole.all():
            donors, found = donors[whole], found[:, whole]
        if len(donors) < LEAST:
            return None
        m = len(estimation)
        news = self.news.take(estimation, axis=0)
        if news.any():
            x = _without_news(found[:m], news.take(donors, axis=1))
        else:
            x = found[:m]
        return Block(x, found[m:], self.columns[donors])


def _without_news(x: Floats, news: Bools) -> Floats:
    """Returns (M, J) with cells of news replaced.

    By `a_j + b_j` times the mean of the others' that session.
    """
    busy = np.flatnonzero(news.any(axis=0))
    if not len(busy):
        return x
    quiet = ~news
    count = quiet.sum(axis=1)
    mean = np.where(quiet, x, 0.0).sum(axis=1) / np.maximum(count, 1)
    mean = np.where(count > 0, mean, x.mean(axis=1))
    out = x.copy()
    for j in busy:
        there = quiet[:, j]
        if there.sum() < 3 or np.ptp(mean[there]) == 0:
            out[~there, j] = mean[~there]
            continue
        away = mean[there] - mean[there].mean()
        slope = float(away @ x[there, j] / (away @ away))
        level = float(x[there, j].mean() - slope * mean[there].mean())
        out[~there, j] = level + slope * mean[~there]
    return out
