"""Placebos matched to the method.

The same securities and the same model at dates on which nothing was announced. Two kinds of dates:
any, and those before which the security had run up as it had before its event. A method that is
right drifts nowhere at either; one that takes a run-up for the rule, or leaves out what a hot
sector has in common, drifts at the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from backtest.errors import StudyError
from backtest.study.donors import FromDonors
from backtest.study.donors.measure import DonorReturns, donor_returns
from backtest.study.fitted import FittedStudy, Grouping
from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS, AbnormalReturns, abnormal_returns
from backtest.study.normal import GarchMarketModel, MarketModel
from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import around, count_between
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import NEAR_NEWS, Window
from events.arguments import one_of, whole

RANDOM, RUN_UP = "random dates", "same run-up"
KINDS = (RANDOM, RUN_UP)
DRIFT = 0.003  # of a mean CAR; more is said
LEAST_SECURITIES = 3  # under which a mean of theirs is not told from what each of them does
PER_EVENT = 8  # dates of each kind
_RUN_UP = 20  # sessions
_COLUMNS = [
    "model", "benchmark", "placebos", "window", "n_events", "n_placebos", "mean_car", "se",
    "n_securities", "pvalue", "drifts",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class MatchedPlacebos:
    """Mean placebo paths of every event, by kind: `paths` (N, H), NaN without dates; `counts` (N,).

    `cars` and `clear` (N,), by kind and window, are the mean CAR and how many dates have a window
    without news.

    `days` (H,) are event days, a path the sum from day 0 on, and minus what is to come before it.
    """

    result: FittedStudy
    days: Ints
    paths: dict[str, Floats]
    cars: dict[str, dict[str, Floats]]
    counts: dict[str, Ints]
    clear: dict[str, dict[str, Ints]]

    @property
    def table(self) -> pd.DataFrame:
        """One row a kind and window: the mean placebo CAR, and its error by security.

        Events are weighed by precision. Columns: model, benchmark, placebos, window, n_events,
        n_placebos, mean_car, se, n_securities, pvalue (of the mean by its error, NaN under
        `LEAST_SECURITIES`), drifts (whether the mean is over 0.3 points from zero).
        """
        model, tickers = self.result.measured.model, self.result.events["ticker"].to_numpy()
        rows: list[tuple[object, ...]] = []
        for kind, windows in self.cars.items():
            for name, cars in windows.items():
                known = np.isfinite(cars)
                weights = self._weights(np.flatnonzero(known))
                mean = float(weights @ cars[known]) if known.any() else np.nan
                se = clustered_error(cars[known], tickers[known], weights)
                n_placebos = int(self.clear[kind][name][known].sum())
                n_securities = len(set(tickers[known]))
                p = np.nan
                if se > 0 and n_securities >= LEAST_SECURITIES:
                    p = float(2 * special.stdtr(n_securities - 1, -abs(mean / se)))
                measured = (int(known.sum()), n_placebos, mean, se, n_securities, p)
                drifts = abs(mean) > DRIFT
                rows.append((model.name, model.benchmark, kind, name, *measured, drifts))
        return pd.DataFrame(rows, columns=_COLUMNS)

    def _weights(self, events: Ints) -> Floats:
        """One over the error of each event's own session, adding to 1.

        As the headline's mean weighs them.
        """
        precision = 1.0 / self.result.measured.fit.sigma[events]
        return np.asarray(precision / precision.sum())

    def average_paths(self, *by: Grouping) -> pd.DataFrame:
        """One row a group, kind of dates and day: the mean of the events' placebo paths.

        Weighed as in `table`. Columns: group, group_value, model, benchmark, placebos, day,
        weighted_mean, n_events.
        """
        model, parts = self.result.measured.model, []
        for grouping in by or ("all",):
            for value, group in self.result.groups(grouping):
                for kind, paths in self.paths.items():
                    known = group[np.isfinite(paths[group]).all(axis=1)]
                    mean = np.full(len(self.days), np.nan)
                    if len(known):
                        mean = self._weights(known) @ paths[known]
                    parts.append(pd.DataFrame({
                        "group": grouping, "group_value": value, "model": model.name,
                        "benchmark": model.benchmark, "placebos": kind, "day": self.days,
                        "weighted_mean": mean, "n_events": len(known),
                    }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def matched_placebos(
    result: FittedStudy, per_event: int = PER_EVENT, seed: int = 1
) -> MatchedPlacebos:
    """Measure every event's security again at up to `per_event` dates of each kind.

    A date counts if no session from -1 to the end of the longest window is within [-1,+5] of a
    known event of the security, every return from day 0 on is there, and the estimation window has
    at least 80% as many sessions as the event's own. Run-up is the return of the 20 sessions
    before. A window that begins earlier leaves out the dates on which it meets such sessions. GARCH
    is estimated as least squares. Raises `StudyError` without events.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> matched_placebos(result, 2).table["placebos"].unique().tolist()
    ['random dates', 'same run-up']
    """
    one_of("result", result, (FittedStudy,), "EventStudy(model).fit(events, prices)")
    whole("per_event", per_event, 1)
    whole("seed", seed, 0)
    measured = result.measured
    n = len(measured.events)
    if not n:
        raise StudyError("no event is left in this study to make placebos of")
    windows = result.named_windows
    last = max(window.end for window in windows.values())
    near = around((measured.events.row, measured.events.column), NEAR_NEWS, measured.panel.y.shape)
    rng = np.random.default_rng(seed)
    dates: dict[str, list[Ints]] = {kind: [] for kind in KINDS}
    for i in range(n):
        rows, run_up, own = _candidates(measured, i, last, near)
        size = min(per_event, len(rows))
        dates[RANDOM].append(np.sort(rng.choice(rows, size, replace=False)))
        alike = np.argsort(np.abs(run_up - own), kind="stable")[:size]
        dates[RUN_UP].append(rows[alike] if np.isfinite(own) else rows[:0])
    paths, counts = {}, {}
    cars, clear = dict[str, dict[str, Floats]](), dict[str, dict[str, Ints]]()
    for kind, found in dates.items():
        event = np.repeat(np.arange(n), [len(rows) for rows in found])
        row = np.concatenate([*found, np.array([], dtype=np.int64)]).astype(np.int64)
        frame = measured.events.frame.iloc[event].reset_index(drop=True)
        placed = AlignedEvents(frame, row, measured.events.column[event])
        abnormal = _measured_at(measured, placed)
        values = np.where(abnormal.valid, abnormal.abnormal, 0.0)
        sound = np.isfinite(abnormal.fit.sigma) & np.isfinite(measured.fit.sigma)[event]
        event, values, at = event[sound], values[sound], placed.take(np.flatnonzero(sound))
        counts[kind] = np.bincount(event, minlength=n)
        paths[kind] = _by_event(_from_eve(values, measured.days), event, n)
        cars[kind], clear[kind] = {}, {}
        for name, window in windows.items():  # one that begins before day -1 may meet earlier news
            ends = at.row + window.start, at.row + window.end
            quiet = count_between(near, *ends, at.column) == 0
            summed = _sum(values[quiet], measured.days, window)
            cars[kind][name] = _by_event(summed, event[quiet], n)
            clear[kind][name] = np.bincount(event[quiet], minlength=n)
    return MatchedPlacebos(result, measured.days, paths, cars, counts, clear)


def _candidates(
    measured: AbnormalReturns, event: int, last: int, near: np.ndarray
) -> tuple[Ints, Floats, float]:
    """Rows at which the event's security could stand as a placebo, and their run-ups.

    And the run-up of the event itself.
    """
    panel, estimation = measured.panel, measured.estimation
    column = measured.events.column[event]
    rows = np.arange(len(panel.sessions))
    same = np.full(len(rows), column)
    earliest = rows + min(estimation.start, -_RUN_UP)
    inside = panel.within(rows, np.stack([earliest, rows + last], axis=1)).all(axis=1)
    there = count_between(panel.valid, rows, rows + last, same) == last + 1
    need = max(int(0.8 * measured.fit.n_obs[event]), MINIMUM_OBSERVATIONS)
    known = count_between(panel.estimable, rows + estimation.start, rows + estimation.end, same)
    quiet = count_between(near, rows - 1, rows + last, same) == 0
    # the run-up up to the eve: growth[row] is that of all sessions before the row
    log_returns = np.log1p(np.nan_to_num(panel.y[:, column]))
    growth = np.concatenate([[0.0], np.cumsum(log_returns)])
    run_up = growth[rows] - growth[np.maximum(rows - _RUN_UP, 0)]
    found = rows[inside & there & quiet & (known >= need)]
    return found, run_up[found], float(run_up[measured.events.row[event]])


def _measured_at(measured: AbnormalReturns, placed: AlignedEvents) -> AbnormalReturns:
    """The model of the study at other rows, the real events still cut out of estimation windows."""
    model, at = measured.model, (measured.estimation, measured.horizon)
    if isinstance(measured, DonorReturns) and isinstance(model, FromDonors):
        return donor_returns(placed, model, measured.panel, measured.pool, *at)
    if isinstance(model, GarchMarketModel):
        model = MarketModel(model.benchmark, peers=model.peers)
    return abnormal_returns(placed, model, measured.panel, *at)


def _sum(values: Floats, days: Ints, window: Window) -> Floats:
    return np.asarray(values[:, (days >= window.start) & (days <= window.end)].sum(axis=1))


def _from_eve(values: Floats, days: Ints) -> Floats:
    running = np.cumsum(values, axis=1)
    eve = int(np.searchsorted(days, -1))
    return running - running[:, eve : eve + 1]


def _by_event(values: Floats, event: Ints, n: int) -> Floats:
    """Means over the placebos of each event, (N, ...); NaN without one."""
    total = np.zeros((n, *values.shape[1:]))
    np.add.at(total, event, values)
    count = np.bincount(event, minlength=n).reshape(-1, *[1] * (values.ndim - 1))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def clustered_error(
    values: Floats, groups: Sequence[object] | np.ndarray, weights: Floats | None = None
) -> float:
    """Standard error of a weighted mean whose values move together within groups.

    NaN under two groups. `weights` add to 1; none weighs all the same.

    >>> round(clustered_error(np.array([1.0, 1.0, -1.0, -1.0]), ["a", "a", "b", "b"]), 6)
    1.0
    """
    if weights is None:
        weights = np.full(len(values), 1 / max(len(values), 1))
    codes, names = pd.factorize(np.asarray(groups, dtype=object))
    n_groups = len(names)
    if n_groups < 2:
        return float("nan")
    away = values - weights @ values
    sums = np.bincount(codes, weights * away)
    return float(np.sqrt(n_groups / (n_groups - 1) * (sums**2).sum()))
