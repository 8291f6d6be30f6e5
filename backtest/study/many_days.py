"""Tests over a million events that need every day of every event, in chunks of bounded memory.

Each chunk of events is gathered, ranked and added to the sums of its days; nothing of the size of
events x days is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from backtest.study.inference.grank import over_days
from backtest.study.inference.outcome import Outcome, against_normal, against_student
from backtest.study.inference.rank import finite_population_t, summed_z, total_score
from backtest.study.inference.ranks import centred_ranks
from backtest.study.many_events import ManyEvents
from backtest.study.measure.running_sums import Floats, Ints

CHUNK = 20_000


def daily_tests(events: ManyEvents) -> Mapping[str, Outcome]:
    """Rank tests, and the parametric ones that read single days, of many events through one window.

    Keys as in TESTS: corrado_rank_z, cumrank_fpc_t, corrado_zivney_z, cz_cumrank_fpc_t, grank_t,
    grank_z, grank_exact_z, grank_exact_t, crude_dep_t, patell_csar_z, gsign_z.
    """
    n, length = len(events), int(events.last[0] - events.first[0]) + 1
    spread = _spread_of_days(events)
    raw, standardised, general, before, inside = (_DaySums() for _ in range(5))
    own, variance, csar, gains, scale = 0.0, 0.0, 0.0, 0.0, events.scar.std(ddof=1)
    for part, residuals, abnormal, errors in _chunks(events):
        sigma = events.fit.sigma[part, None]
        raw.add(centred_ranks(np.hstack([residuals, abnormal])))
        standardised.add(centred_ranks(np.hstack([residuals / sigma, abnormal / errors / spread])))
        scores = centred_ranks(np.hstack([residuals / sigma, events.scar[part, None] / scale]))
        general.add(scores)
        size = np.isfinite(scores).sum(axis=1)
        before.add(residuals)
        inside.add(abnormal)
        csar += float((np.nansum(abnormal / errors, axis=1) / np.sqrt(events.days[part])).sum())
        gains += float(((residuals > 0).sum(axis=1) / np.isfinite(residuals).sum(axis=1)).sum())
        own, variance = own + scores[:, -1].sum(), variance + ((size - 1) / (12 * (size + 1))).sum()
    z = float(own / np.sqrt(variance))
    plain, adjusted = (total_score(day.sums, day.counts, length) for day in (raw, standardised))
    exact = z / float(np.sqrt(events.inflation))
    return {
        "corrado_rank_z": summed_z(plain, n),
        "cumrank_fpc_t": finite_population_t(plain, n),
        "corrado_zivney_z": summed_z(adjusted, n),
        "cz_cumrank_fpc_t": finite_population_t(adjusted, n),
        "grank_t": over_days(general.sums, general.counts, n),
        "grank_z": against_normal(z, n),
        "grank_exact_z": against_normal(exact, n, events.n_eff),
        "grank_exact_t": against_student(exact, n - 1, n, events.n_eff),
        "crude_dep_t": _crude(before, inside, n),
        "patell_csar_z": against_normal(csar / float(np.sqrt(events.q.sum())), n),
        "gsign_z": against_normal(
            float(((events.car > 0).sum() - gains) / np.sqrt(gains * (1 - gains / n))), n
        ),
    }


def _crude(before: _DaySums, inside: _DaySums, n_events: int) -> Outcome:
    """Brown and Warner's crude dependence adjustment from the sums of each day."""
    averages = before.sums[before.counts > 0] / before.counts[before.counts > 0]
    window = inside.sums[inside.counts > 0] / inside.counts[inside.counts > 0]
    statistic = window.sum() / (np.sqrt(len(window)) * averages.std(ddof=1))
    return against_student(float(statistic), len(averages) - 1, n_events)


def calendar_time(events: ManyEvents) -> Outcome:
    """`calendar_time_z` of many events, its daily variances from the correlation of securities."""
    panel, fit = events.between.panel, events.fit
    count, *lines = (
        events.line(weights, events.first, events.last)
        for weights in (np.ones(len(events)), fit.intercept, *fit.slopes.T)
    )
    abnormal = count * panel.y - lines[0]
    for r, line in enumerate(lines[1:]):
        abnormal -= line * panel.x[..., r]
    totals = np.where(panel.valid, abnormal, 0.0).sum(axis=1)
    spread = events.line(fit.sigma, events.first, events.last) * panel.valid
    variance = events.between.of_days(spread)
    active = (count * panel.valid).sum(axis=1) > 0
    z = (totals[active] / np.sqrt(variance[active])).sum() / np.sqrt(active.sum())
    return against_normal(float(z), len(events))


class _DaySums:
    """Sums and counts of scores day by day."""

    def __init__(self) -> None:
        self.sums: Floats = np.zeros(0)
        self.counts: Ints = np.zeros(0, dtype=np.int64)

    def add(self, scores: Floats) -> None:
        there = np.isfinite(scores)
        sums, counts = np.where(there, scores, 0.0).sum(axis=0), there.sum(axis=0)
        self.sums, self.counts = (
            (self.sums + sums, self.counts + counts) if len(self.sums) else (sums, counts)
        )


def _chunks(events: ManyEvents) -> Iterator[tuple[Ints, Floats, Floats, Floats]]:
    """Positions, residuals (C, E), abnormal returns (C, L) and their standard errors (C, L), security by security."""
    take = _gatherer(events)
    order = np.lexsort((events.first, events.column))
    start, end = events.estimation
    days = np.arange(int(end[0] - start[0]) + 1)
    inside = np.arange(int(events.last[0] - events.first[0]) + 1)
    for first in range(0, len(order), CHUNK):
        part = order[first : first + CHUNK]
        residuals = take(part, start[part, None] + days, True)[0]
        abnormal, x = take(part, events.first[part, None] + inside, False)
        yield part, residuals, abnormal, _errors(events, part, x)


def _gatherer(events: ManyEvents) -> Callable[[Ints, Ints, bool], tuple[Floats, Floats]]:
    """A function that gives abnormal returns (C, D) and regressors (C, D, r) of events on rows (C, D); NaN if none."""
    panel, fit = events.between.panel, events.fit
    y, x = np.ascontiguousarray(panel.y.T).ravel(), np.ascontiguousarray(panel.x.transpose(1, 0, 2))
    n_rows = len(panel.sessions)
    x = x.reshape(-1, x.shape[2])
    masks = [np.ascontiguousarray(mask.T).ravel() for mask in (panel.valid, panel.estimable)]

    def take(part: Ints, rows: Ints, estimating: bool) -> tuple[Floats, Floats]:
        there = (rows >= 0) & (rows < n_rows)
        cell = events.column[part, None] * n_rows + rows.clip(0, n_rows - 1)
        values = x[cell]
        normal = fit.intercept[part, None] + np.einsum("nlr,nr->nl", values, fit.slopes[part])
        return np.where(there & masks[int(estimating)][cell], y[cell] - normal, np.nan), values

    return take


def _errors(events: ManyEvents, part: Ints, x: Floats) -> Floats:
    """Forecast standard error of each abnormal return, (C, L)."""
    fit = type(events.fit)(**{name: value[part] for name, value in vars(events.fit).items()})
    with np.errstate(invalid="ignore"):
        return np.sqrt(fit.forecast_variance(np.ones(x.shape[:2]), x))


def _spread_of_days(events: ManyEvents) -> Floats:
    """Standard deviation over the events of each event day's standardised abnormal return, (L,)."""
    take, inside = _gatherer(events), np.arange(int(events.last[0] - events.first[0]) + 1)
    order = np.lexsort((events.first, events.column))
    count, total, squares = np.zeros(len(inside)), np.zeros(len(inside)), np.zeros(len(inside))
    for first in range(0, len(order), CHUNK):
        part = order[first : first + CHUNK]
        abnormal, x = take(part, events.first[part, None] + inside, False)
        sar = abnormal / _errors(events, part, x)
        count, total = count + np.isfinite(sar).sum(axis=0), total + np.nansum(sar, axis=0)
        squares = squares + np.nansum(sar**2, axis=0)
    return np.asarray(np.sqrt((squares - total**2 / count) / (count - 1)))
