"""Which announcements move prices more.

A cross-sectional regression of CARs on what is known of the announcements. Events near each other
move together, so the usual standard errors are too small. Four answers stand side by side:
heteroskedasticity-robust (HC3), clustered by overlapping windows, the wild cluster bootstrap
(Cameron, Gelbach and Miller 2008), and the slope's place among the slopes on placebo days (Cohn,
Johnson, Liu and Wardlaw).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.study.check.attributes import attribute_columns
from backtest.study.check.placebo import PlaceboDays
from backtest.study.check.prologue import LEAST, against_shifts, fitted, placebo_ts, prologue
from backtest.study.fitted import FittedStudy
from backtest.study.inference.parametric.clustered import ALL_FLIPS_UP_TO, flips_in_parts
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.work.threads import one_thread

CONSTANT = "constant"
ATTRIBUTES = ("role", "kind", "log_amount", "timing", "run_up")
DRAWS = 999
LEAST_CLUSTERS = 6
_SPARE = 10  # observations beyond the coefficients
_COLUMNS = [
    "term", "coefficient", "se", "t", "df", "pvalue", "se_cluster", "pvalue_cluster", "pvalue_wild",
    "pvalue_placebo", "se_placebo", "coefficient_gls", "se_gls", "pvalue_gls", "n_components",
    "n_events", "n_clusters", "n_placebo", "why_not", "note",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Sample:
    """CARs y (n,), design x (n, k), clusters (n,) of the events with everything known.

    They stand at `rows` of the study.
    """

    y: Floats
    x: Floats
    cluster: Ints
    rows: Ints


@one_thread()
def regress(
    result: FittedStudy,
    window: str,
    on: Sequence[str] = ATTRIBUTES,
    placebos: PlaceboDays | None = None,
) -> pd.DataFrame:
    """One row a coefficient; what cannot be given is NaN, with the reason in `why_not`.

    `on` names attributes as in `attribute_columns`; events that lack one drop out. Under 6 clusters
    neither clustered nor bootstrapped answers are given. `placebos` (of the same result) add the
    share of placebo catalogs whose slope is as many errors from zero, an error as wide as those
    slopes are (`se_placebo`), and the slope by generalised least squares on principal components
    with both (`coefficient_gls`, `se_gls`, `pvalue_gls`; see `check.prologue`). Units: CAR (a
    fraction) for one unit of the attribute. `note` says what became of the levels of words: the one
    the others are compared with, and those too rare to stand alone.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> regress(result, "1-day", ["log_amount"])["term"].tolist()
    ['constant', 'log_amount']
    """
    columns, covered, notes = attribute_columns(result, on, np.isfinite(result.window(window).scar))
    terms = [CONSTANT, *columns.columns]
    sample = _sample(result, window, columns, covered)
    n_clusters = len(np.unique(sample.cluster))
    why_not = _why_not(sample, terms)
    table = pd.DataFrame({"term": terms}).reindex(columns=_COLUMNS)
    table = table.assign(
        n_events=len(sample.y), n_clusters=n_clusters, n_placebo=0, why_not=why_not
    )
    said = pd.Series([_note(term, notes) for term in terms])
    table["note"] = said.mask(said.duplicated(), "")  # once, at the first of its levels
    if why_not:
        return table
    table = table.assign(**robust(sample.y, sample.x))
    if n_clusters < LEAST_CLUSTERS:
        table["why_not"] = (
            "clustered and bootstrapped: "
            f"needs at least {LEAST_CLUSTERS} clusters, got {n_clusters}"
        )
    else:
        table = table.assign(
            **_clustered(sample), pvalue_wild=wild(sample.y, sample.x, sample.cluster)
        )
    if placebos is not None:
        table = with_past(table, placebos.cars(window, sample.rows), sample.y, sample.x)
    return table


def with_past(table: pd.DataFrame, cars: Floats, y: Floats, x: Floats) -> pd.DataFrame:
    """The table of slopes of y (n,) on x (n, k) held against those of the placebo CARs (n, S) too.

    What there is to be said of generalised least squares is added to the first row's note.
    """
    then = placebo_ts(cars, x)
    table = table.assign(n_placebo=len(then))
    if len(then) >= LEAST:
        error, share = against_shifts(*fitted(y, x), then)
        table = table.assign(se_placebo=error, pvalue_placebo=share)
    found = prologue(y, x, cars)
    if isinstance(found, str):
        note = found
    else:
        note = found.note
    if not isinstance(found, str):
        table = table.assign(**found.columns)
    notes = table["note"].astype(str).tolist()
    notes[0] = "; ".join(filter(None, [notes[0], note]))
    return table.assign(note=notes)


def _note(term: str, notes: Mapping[str, str]) -> str:
    """What is to be known of a term; at the constant, which attributes gave no column."""
    if term == CONSTANT:
        return "; ".join(note for note in notes.values() if ": left out" in note)
    return notes.get(term.split("=", 1)[0], "")


def _sample(result: FittedStudy, window: str, columns: pd.DataFrame, covered: Bools) -> _Sample:
    x = np.column_stack([np.ones(len(columns)), columns.to_numpy(dtype=np.float64)])
    seen, rows = result.window(window), np.flatnonzero(covered)
    section = result.cross_section(window)
    inside = covered[np.isfinite(seen.scar)]
    return _Sample(seen.car[rows], x, section.clusters[inside] if len(section) else rows, rows)


def _why_not(sample: _Sample, terms: Sequence[str]) -> str:
    n, k = len(sample.y), len(terms)
    if n < k + _SPARE:
        return f"needs at least {k + _SPARE} events for {k} coefficients, got {n}"
    constant = [
        term
        for term, column in zip(terms[1:], sample.x[:, 1:].T, strict=True)
        if np.ptp(column) == 0
    ]
    if constant:
        return f"{constant[0]} is the same for every event"
    if np.linalg.matrix_rank(sample.x) < k:
        return "the attributes are collinear; leave one out"
    return ""


def robust(y: Floats, x: Floats) -> dict[str, Floats | float]:
    """Least squares with HC3 errors: coefficient, se, t, df and pvalue."""
    from statsmodels.regression.linear_model import OLS

    fit = OLS(y, x).fit(cov_type="HC3", use_t=True)
    return {
        "coefficient": fit.params,
        "se": fit.bse,
        "t": fit.tvalues,
        "df": fit.df_resid,
        "pvalue": fit.pvalues,
    }


def _clustered(sample: _Sample) -> dict[str, Floats]:
    from statsmodels.regression.linear_model import OLS

    groups = {"groups": sample.cluster}
    fit = OLS(sample.y, sample.x).fit(cov_type="cluster", cov_kwds=groups, use_t=True)
    return {"se_cluster": fit.bse, "pvalue_cluster": fit.pvalues}


def wild(y: Floats, x: Floats, cluster: Ints) -> Floats:
    """Wild cluster bootstrap p-values with the null imposed, coefficient by coefficient."""
    clusters = Clusters(x, cluster)
    n, exact = clusters.n, clusters.n <= ALL_FLIPS_UP_TO
    out = np.empty(x.shape[1])
    for j in range(len(out)):
        others = np.delete(x, j, axis=1)
        fitted = others @ np.linalg.lstsq(others, y, rcond=None)[0]
        outcome = fitted, y - fitted
        actual = clusters.flipped_ts(*outcome, np.ones((1, n)), j)
        drawn = np.concatenate(
            [clusters.flipped_ts(*outcome, flips, j) for flips in flips_in_parts(n, DRAWS)]
        )
        reached = (np.abs(drawn) >= np.abs(actual) * (1 - 1e-12)).sum()
        if exact:
            out[j] = reached / len(drawn)
        else:
            out[j] = (1 + reached) / (len(drawn) + 1)
    return out


class Clusters:
    """Terms x (n, k) added up cluster by cluster.

    All that the t of an outcome needs whose residuals change their signs with their cluster: no
    table of draws by events is made.
    """

    def __init__(self, x: Floats, cluster: Ints) -> None:
        names, self._position = np.unique(cluster, return_inverse=True)
        self._x, self.n = x, len(names)
        self._bread = np.linalg.inv(x.T @ x)
        self._squares = np.stack([self._sums(column[:, None] * x) for column in x.T], axis=1)

    def flipped_ts(self, fitted: Floats, left: Floats, flips: Floats, term: int) -> Floats:
        """A coefficient of `fitted + f left` (n,) over its cluster-robust error, (B,).

        f has the signs of a row of flips (B, G), cluster by cluster.
        """
        kept, turned = self._sums(fitted[:, None] * self._x), self._sums(left[:, None] * self._x)
        coefficients = (kept.sum(axis=0) + flips @ turned) @ self._bread
        own = self._bread[:, term]
        scores = kept @ own + flips * (turned @ own) - coefficients @ (self._squares @ own).T
        n, k = self._x.shape
        scale = self.n / (self.n - 1) * (n - 1) / (n - k)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(coefficients[:, term] / np.sqrt(scale * (scores**2).sum(axis=1)))

    def _sums(self, values: Floats) -> Floats:
        """Sums of values (n, m) by cluster, (G, m)."""
        sums = [np.bincount(self._position, column, self.n) for column in values.T]
        return np.stack(sums, axis=1)
