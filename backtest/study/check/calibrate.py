"""The study's tests on its own prices, at dates on which nothing was announced: what they really reject.

Every burst of events (neighbours within five sessions) is moved as a whole to a random stretch of
the same prices, so that common dates, histories, volatility and the securities themselves stay what
they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.check.placebo import NEAR
from backtest.study.check.rejections import pvalues, rejection_table
from backtest.study.inference import TESTS
from backtest.study.measure.running_sums import Bools, Ints
from backtest.study.place.panel import around, count_between
from backtest.study.result import EventStudyResult
from backtest.study.study import EventStudy
from events import Catalog

EFFECTS = (0.0, 0.01, 0.02, 0.05)
_BURST = 5
_TRIES = 20  # random places tried for a burst that falls on real events


def calibrate(
    study: EventStudy,
    events: Catalog | pd.DataFrame,
    prices: Prices | Returns,
    effects: Sequence[float] = EFFECTS,
    replications: int = 200,
    tests: Sequence[str] = tuple(TESTS),
    seed: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> pd.DataFrame:
    """Rejection rates at 1, 5 and 10% of every test and window, for each effect added to the day-0 return.

    An effect of 0 gives the size, others the power. A placebo event whose day 0 falls within
    [-1,+5] of a real event of its security is left out of its replication. One row a window, test,
    effect and level: model, benchmark, window, test, effect, level, rejected, mc_error,
    n_replications, why_not. `progress` is called after each replication.

    >>> from backtest import MarketModel, Prices
    >>> table = calibrate(EventStudy(MarketModel("SPY")), Catalog.bundled(), Prices.sample(), (0.0,), 1, ("cross_t",))
    >>> table["why_not"].unique().tolist()
    ['only 1 replications gave an answer']
    """
    unknown = [key for key in tests if key not in TESTS]
    if unknown or replications < 1:
        raise StudyError(
            f"cannot calibrate {unknown or replications}: name tests of TESTS and at least 1 replication"
        )
    returns = prices.returns() if isinstance(prices, Prices) else prices
    actual = study.fit(events, returns)
    if not len(actual.events):
        raise StudyError("no event is left in this study to calibrate on")
    rng = np.random.default_rng(seed)
    drawn = []
    for replication in range(replications):
        drawn.append(pvalues(study.fit(_placebo_events(actual, rng), returns), effects, tests))
        progress(replication + 1)
    table = rejection_table(drawn, effects, list(actual.named_windows), tests)
    table.insert(0, "benchmark", actual.measured.model.benchmark)
    table.insert(0, "model", actual.measured.model.name)
    return table


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
