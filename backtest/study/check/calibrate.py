"""The study's tests on its own prices, at dates on which nothing was announced.

They say what the tests really reject. Every burst of events (neighbours within five sessions) is
moved as a whole to a random stretch of the same prices, so that common dates, histories, volatility
and the securities themselves stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.check.moved import NEAR
from backtest.study.check.rejections import pvalues, rejection_table
from backtest.study.inference import TESTS
from backtest.study.inference.spread import way_of
from backtest.study.place.panel import around, count_between
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.study.study import EventStudy
from backtest.work import Kept, digest, run_chunks
from events import Catalog

EFFECTS = (0.0, 0.01, 0.02, 0.05)
CHUNK = 5  # replications that go to a worker together
_BURST = 5
_TRIES = 20  # random places tried for a burst that falls on real events


@dataclass(frozen=True, eq=False)
class _Shared:
    """What every replication starts from."""

    study: EventStudy
    actual: EventStudyResult
    returns: Returns
    effects: tuple[float, ...]
    tests: tuple[str, ...]
    seed: int


def calibrate(
    study: EventStudy,
    events: Catalog | pd.DataFrame,
    prices: Prices | Returns,
    effects: Sequence[float] = EFFECTS,
    replications: int = 200,
    tests: Sequence[str] = tuple(TESTS),
    seed: int = 1,
    progress: Callable[[int], None] = lambda _: None,
    *,
    executor: Executor | None = None,
    kept: str | Path | Kept | None = None,
) -> pd.DataFrame:
    """Rejection rates at 1, 5 and 10% of every test and window, for each effect.

    An effect is added to the day-0 return. An effect of 0 gives the size, others the power. A
    placebo event whose day 0 falls within [-1,+5] of a real event of its security is left out of
    its replication. One row a window, test, effect and level: model, benchmark, window, test,
    effect, level, rejected, mc_error, n_replications, why_not. `progress` hears how many
    replications are done.

    Every replication has a seed of its own, so that `executor` (any `concurrent.futures.Executor`,
    such as `backtest.work.Workers(4)`) changes the time taken and no number. Replications done are
    kept in the folder `kept` and taken from there by the same call made again.

    >>> from backtest import MarketModel, Prices
    >>> study = EventStudy(MarketModel("SPY"))
    >>> table = calibrate(study, Catalog.bundled(), Prices.sample(), (0.0,), 1, ("cross_t",))
    >>> table["why_not"].unique().tolist()
    ['only 1 replications gave an answer']
    """
    unknown = [key for key in tests if key not in TESTS]
    if unknown or replications < 1:
        raise StudyError(
            f"cannot calibrate {unknown or replications}: "
            "name tests of TESTS and at least 1 replication"
        )
    returns = study.returns_of(prices)
    if returns.blocks is not None:
        raise StudyError(
            f"calibrate moves events over the sessions of one exchange, and prices are of "
            f"{', '.join(returns.blocks.names)}; calibrate each exchange by itself"
        )
    actual = study.fit(events, returns)
    if not len(actual.events):
        raise StudyError("no event is left in this study to calibrate on")
    chunks = [
        tuple(range(first, min(first + CHUNK, replications)))
        for first in range(0, replications, CHUNK)
    ]
    way = way_of(
        executor,
        kept,
        lambda done, _: progress(min(done * CHUNK, replications)),
    )
    shared = _Shared(study, actual, returns, tuple(effects), tuple(tests), seed)
    key = ""
    if way.kept:
        key = _key(shared)
    parts = run_chunks(_replicate, shared, chunks, way, key)
    drawn = [one for part in parts for one in part]
    table = rejection_table(drawn, effects, list(actual.named_windows), tests)
    table.insert(0, "benchmark", actual.measured.model.benchmark)
    table.insert(0, "model", actual.measured.model.name)
    return table


def _key(shared: _Shared) -> str:
    returns = shared.returns
    content = (returns.values, returns.sessions, returns.tickers, shared.actual.events)
    return digest(*content, shared.study, shared.effects, shared.tests, shared.seed)


def _replicate(shared: _Shared, chunk: tuple[int, ...]) -> list[Floats]:
    """The p-values of some replications, each drawn from a seed of its own."""
    drawn = []
    for replication in chunk:
        rng = np.random.default_rng(np.random.SeedSequence(shared.seed, spawn_key=(replication,)))
        placebos = shared.study.fit(_placebo_events(shared.actual, rng), shared.returns)
        drawn.append(pvalues(placebos, shared.effects, shared.tests))
    return drawn


def _placebo_events(actual: EventStudyResult, rng: np.random.Generator) -> pd.DataFrame:
    """The events with every burst moved to a random place, without those too near a real event."""
    measured = actual.measured
    row, column, sessions = measured.events.row, measured.events.column, measured.panel.sessions
    near = around((row, column), NEAR, measured.panel.y.shape)
    moved, bursts = row.copy(), _bursts(actual)
    for burst in np.unique(bursts):
        members = np.flatnonzero(bursts == burst)
        moved[members] = _place(row[members], column[members], near, measured.estimation.start, rng)
    clear = (moved >= 0) & (count_between(near, moved, moved, column) == 0)
    frame: pd.DataFrame = actual.events.loc[clear].reset_index(drop=True)
    frame["event_session"] = sessions[moved[clear]]
    return frame


def _place(row: Ints, column: Ints, near: Bools, start: int, rng: np.random.Generator) -> Ints:
    """New rows of a burst: the place with fewest real events nearby among some random ones."""
    span = int(np.ptp(row))
    first, last = min(-start, len(near) - span - 2), len(near) - span - 1
    best, fewest = row, len(row) + 1
    for place in rng.integers(first, last, _TRIES):
        rows = row - row.min() + int(place)
        touched = int((count_between(near, rows, rows, column) > 0).sum())
        if touched < fewest:
            best, fewest = rows, touched
        if fewest == 0:
            break
    return best


def _bursts(actual: EventStudyResult) -> Ints:
    """The burst of each event: neighbours in time that are no farther apart than five sessions."""
    row = actual.measured.events.row
    order = np.argsort(row, kind="stable")
    burst = np.empty(len(row), dtype=np.int64)
    burst[order] = np.concatenate([[0], np.cumsum(np.diff(row[order]) > _BURST)])
    return burst
