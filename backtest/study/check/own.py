"""What the recommended test rejects on this very catalog: its size on the user's own residuals.

Every study drawn has the dates, securities, histories and weights of the real one. Its errors are
those of the securities, whole sessions at a time drawn with replacement, so that their skew, tails
and correlation are the real ones. Event sessions are as volatile as the SCARs say they were, and
events of one announcement or date share a shock as large as their SCARs say (delta). Nothing
happened in any of them; the share in which the test rejects at 5% is its size here.

What it leaves out: volatility that moves, since sessions are drawn one by one. `calibrate`, which
shifts the catalog through the prices, has it, and takes minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from backtest.errors import StudyError
from backtest.study.dependence.correlation import car_weights
from backtest.study.dependence.securities import Singles, security_residuals
from backtest.study.dependence.shared import Partners, sharing
from backtest.study.donors.measure import refuse_donors
from backtest.study.fitted import FittedStudy
from backtest.study.inference import HEADLINE_TEST, CrossSection, by_security
from backtest.study.inference.nonparametric.bmp_shift import shared_t
from backtest.study.inference.outcome import LEVEL
from backtest.study.inference.parametric.shared_shock import MeanTest, kp_bmp_shared_t, mean_test
from backtest.study.running_sums import Bools, Floats, Ints

REPLICATIONS, BY_DEFAULT = 4_000, 1_000  # where asked for, and beside every headline
CELLS_UNASKED = 200_000_000  # drawn errors: some eight seconds of them
_BATCH = 500
_COLUMNS = [
    "model", "benchmark", "window", "test", "n_events", "rejected", "mc_error", "n_replications",
    "skew", "excess_kurtosis", "variance_factor", "delta", "why_not",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Window:
    """One window of the real study: its test, and what its CARs are made of, both (N, T)."""

    name: str
    events: CrossSection
    test: MeanTest
    during: Floats
    before: Floats
    variance: float


def own_size(result: FittedStudy, replications: int = REPLICATIONS, seed: int = 1) -> pd.DataFrame:
    """Rejections at 5% of the recommended test on the catalog's own residuals, one row a window.

    Columns: model, benchmark, window, test, n_events, rejected and its Monte Carlo error, both as
    shares, n_replications, skew and excess_kurtosis of the residuals drawn, variance_factor and
    delta estimated from the SCARs, why_not. The same seed gives the same numbers. With 0
    replications nothing is drawn, and the table says so.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> own_size(result, 400)["rejected"].between(0.01, 0.12).all()
    np.True_
    """
    if replications < 0:
        raise StudyError(f"cannot draw {replications} replications; give a whole number from 0 on")
    refuse_donors(result.measured, "the size on the catalog's own residuals", "use calibrate")
    model = result.measured.model
    windows, refused = _windows(result)
    rows: dict[str, tuple[object, ...]] = {
        name: (n, np.nan, np.nan, 0, np.nan, np.nan, np.nan, np.nan, why_not)
        for name, (n, why_not) in refused.items()
    }
    if not replications:
        why = "not drawn: it would take over 10 seconds; ask with --calibrate, or own_size(result)"
        rows |= {w.name: (len(w.events), np.nan, np.nan, 0, *[np.nan] * 4, why) for w in windows}
    elif windows:
        rows |= _rejections(windows, *_standardised(result), (replications, seed))
    labels = (model.name, model.benchmark)
    ordered = [(*labels, name, HEADLINE_TEST, *rows[name]) for name in result.named_windows]
    return pd.DataFrame(ordered, columns=_COLUMNS)


def _rejections(
    windows: list[_Window], errors: Singles, there: Bools, how_many: tuple[int, int]
) -> dict[str, tuple[object, ...]]:
    """The row of each window from its number of events on."""
    if not there.any():
        why = "no security has residuals of this model to draw from"
        return {w.name: (len(w.events), np.nan, np.nan, 0, *[np.nan] * 4, why) for w in windows}
    values, replications = errors[there].astype(np.float64), how_many[0]
    shape = (float((values**3).mean()), float((values**4).mean() - 3.0))
    rows: dict[str, tuple[object, ...]] = {}
    for window, scars in zip(windows, _drawn(windows, errors, there, how_many), strict=True):
        rate = float((_pvalues(window, scars) <= LEVEL).mean())
        if 0 < rate < 1:
            about = rate
        else:
            about = LEVEL
        error = float(np.sqrt(about * (1 - about) / replications))
        known = (*shape, window.variance, window.test.delta, "")
        rows[window.name] = (len(window.events), rate, error, replications, *known)
    return rows


def is_quick(result: FittedStudy, replications: int = BY_DEFAULT) -> bool:
    """Whether `own_size` takes seconds: few enough sessions and securities to draw."""
    panel, n = result.measured.panel, len(result.events)
    if n > by_security.PAIRS_UP_TO:
        return False
    cells = replications * len(panel.sessions) * (panel.y.shape[1] + n // 10)
    return bool(cells <= CELLS_UNASKED)


def size_in_words(table: pd.DataFrame) -> str:
    """One sentence for beside the headline, of a table of `own_size`; empty where there is no rate.

    >>> names = ["window", "rejected", "mc_error", "n_replications"]
    >>> words = size_in_words(pd.DataFrame([("1-day", 0.0531, 0.0071, 1000)], columns=names))
    >>> words[:49]
    'On this catalog the test at 5% rejects 5.3% (1-da'
    >>> words[49:]
    'y) of 1,000 drawn studies in which nothing happened (error 0.7 points).'
    """
    known = table[np.isfinite(table["rejected"].to_numpy(dtype=np.float64))]
    if known.empty:
        return ""
    rates = ", ".join(
        f"{rate:.1%} ({window})"
        for window, rate in zip(known["window"], known["rejected"], strict=True)
    )
    n, error = int(known["n_replications"].iloc[0]), 100 * float(known["mc_error"].max())
    return (
        f"On this catalog the test at 5% rejects {rates} of {n:,} drawn studies in which nothing "
        f"happened (error {error:.1f} points)."
    )


def _windows(result: FittedStudy) -> tuple[list[_Window], dict[str, tuple[int, str]]]:
    """The windows that have a test, and why the others have none."""
    found, refused = [], {}
    for name in result.named_windows:
        events = result.cross_section(name)
        outcome = kp_bmp_shared_t(events)
        if not outcome.why_not and events.pair_sums != "by pair":
            refused[name] = (
                len(events),
                f"{len(events):,} events are too many to draw: use calibrate",
            )
            continue
        if outcome.why_not:
            test = None
        else:
            test = mean_test(events)
        if test is None:
            refused[name] = (len(events), outcome.why_not)
            continue
        found.append(_window(name, events, test))
    return found, refused


def _window(name: str, events: CrossSection, test: MeanTest) -> _Window:
    weights = car_weights(events.window)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    abnormal, inside = events.window.abnormal, np.zeros(weights.shape, dtype=bool)
    event, day = np.nonzero(events.window.inside)
    dates = abnormal.panel.day(abnormal.events.row[event] + abnormal.days[day])
    inside[event, dates] = True
    # The variance the test itself estimates, of SCARs that have 1 under the null.
    spread = float(events.scar @ test.form(events.scar))
    unit = float(test.weights @ events.correlation @ test.weights)
    unit += test.delta * Partners.of(events.window).form(test.weights)
    variance = 1.0
    if unit > 0:
        variance = spread / unit
    during, before = np.where(inside, weights, 0.0), np.where(inside, 0.0, weights)
    return _Window(name, events, test, during, before, variance)


def _standardised(result: FittedStudy) -> tuple[Singles, Bools]:
    """Residuals of every security with mean 0 and variance 1, and where they are, (T, K)."""
    residuals, there = security_residuals(result.measured.panel, result.measured.model)
    n = np.maximum(there.sum(axis=0), 1)
    mean = residuals.sum(axis=0) / n
    away = np.where(there, residuals - mean, 0.0)
    spread = np.sqrt((away**2).sum(axis=0) / n)
    return (away / np.where(spread > 0, spread, 1.0)).astype(np.float32), there


def _drawn(
    windows: list[_Window], errors: Singles, there: Bools, how_many: tuple[int, int]
) -> list[Floats]:
    """SCARs of every window in every replication, (N, R) each."""
    replications, seed = how_many
    rng = np.random.default_rng(seed)
    parts: list[list[Floats]] = [[] for _ in windows]
    for begin in range(0, replications, _BATCH):
        size = min(_BATCH, replications - begin)
        batch = _Batch(errors, there, size, rng)
        for window, found in zip(windows, parts, strict=True):
            found.append(batch.scars(window))
    return [np.hstack(found) for found in parts]


class _Batch:
    """Some replications.

    Which session's errors each session has, and each security's own errors.
    """

    def __init__(self, errors: Singles, there: Bools, size: int, rng: np.random.Generator) -> None:
        self.errors, self.there, self.size, self.rng = errors, there, size, rng
        self.sessions = rng.integers(0, len(errors), (len(errors), size))
        self._of: dict[int, Singles] = {}
        self._spreads: dict[tuple[int, bytes], Floats] = {}

    def of(self, column: int) -> Singles:
        """Errors of one security, (T, R).

        Where it had none on the session drawn, one of its others, or of all.
        """
        if column not in self._of:
            found = self.errors[self.sessions, column]
            missing = ~self.there[self.sessions, column]
            own = self.errors[self.there[:, column], column]
            own = own if len(own) else self.errors[self.there]  # never empty: own_size looks first
            found[missing] = self.rng.choice(own, int(missing.sum()))
            self._of[column] = found
        return self._of[column]

    def scars(self, window: _Window) -> Floats:
        """Standardised CARs, (N, R): by the spread that each history drawn happens to have."""
        column = window.events.window.abnormal.events.column
        out = np.empty((len(column), self.size))
        weights = (window.before + np.sqrt(window.variance) * window.during).astype(np.float32)
        for own, rows in _by_column(column):
            here = np.flatnonzero(weights[rows].any(axis=0))
            cars = weights[np.ix_(rows, here)] @ self.of(own)[here]
            out[rows] = cars / self._spread(own, window.before[rows] != 0)
        return self._shared(window, out)

    def _spread(self, column: int, used: Bools) -> Floats:
        """Standard deviation of the errors drawn for each event's history, (n, R).

        It is 1 without one.
        """
        key = (column, used.tobytes())
        if key not in self._spreads:
            here = np.flatnonzero(used.any(axis=0))
            mask = used[:, here].astype(np.float32)
            n = mask.sum(axis=1, keepdims=True)
            square = (mask @ self.of(column)[here] ** 2) / np.maximum(n, 1.0)
            self._spreads[key] = np.where(n > 0, np.sqrt(square), 1.0)
        return self._spreads[key]

    def _shared(self, window: _Window, scars: Floats) -> Floats:
        """With a shock of the announcement's or date's own, of the shape the residuals have."""
        delta = window.test.delta
        if not delta > 0:
            return scars
        group = sharing(window.events.window)
        pool = self.errors[self.there]
        shock = self.rng.choice(pool, (int(group.max()) + 1, self.size))[group]
        return np.asarray(np.sqrt(1 - delta) * scars + np.sqrt(delta * window.variance) * shock)


def _by_column(column: Ints) -> Iterator[tuple[int, Ints]]:
    for own in np.unique(column):
        yield int(own), np.flatnonzero(column == own)


def _pvalues(window: _Window, scars: Floats) -> Floats:
    """Two-sided p of the recommended test in every replication, delta estimated anew, (R,)."""
    events, test = window.events, window.test
    if np.ptp(test.weights) > 0:  # least squares for a single security
        square = (scars * test.form(scars)).sum(axis=0)
        t, df = (test.weights @ scars) / np.sqrt(square), np.full(scars.shape[1], test.df)
    else:
        t, df = shared_t(events)(np.ones(len(events), dtype=bool), scars)
    return np.asarray(2 * special.stdtr(df, -np.abs(t)))
