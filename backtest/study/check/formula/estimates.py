"""The estimates of a formula: robust and clustered errors, the wild bootstrap, placebo days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.check.formula.allowed import parsed
from backtest.study.check.formula.design import DesignMatrix, design
from backtest.study.check.placebo import PlaceboDays
from backtest.study.check.regression import (
    LEAST_CLUSTERS,
    robust,
    wild,
    with_past,
)
from backtest.study.fitted import FittedStudy
from backtest.study.running_sums import Floats, Ints
from backtest.work.threads import one_thread
from events.files.lists.naming import suggest_column
from events.words import count

_SPARE = 10  # observations beyond the coefficients
_ROUNDING = 1e-6  # of the error without clusters
_OF_CLUSTERS = ("se_cluster", "t_cluster", "pvalue_cluster", "pvalue_wild")
COLUMNS = (
    "formula", "window", "term", "coefficient", "se", "t", "df", "pvalue", "se_cluster",
    "t_cluster", "df_cluster", "pvalue_cluster", "pvalue_wild", "pvalue_placebo", "se_placebo",
    "coefficient_gls", "se_gls", "pvalue_gls", "n_components", "n_events", "n_clusters", "clusters",
    "n_placebo", "r_squared", "why_not", "note",
)  # fmt: skip
OVERLAP = "overlapping windows"


@dataclass(frozen=True, eq=False, repr=False)
class Regression:
    """One row a window and coefficient in `table`.

    `notes` say what was left out, merged and compared.
    """

    formula: str
    clusters: tuple[str, ...]
    table: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        shown = self.table[
            ["window", "term", "coefficient", "se_cluster", "pvalue_cluster", "n_events"]
        ]
        by = " and ".join(self.clusters) or OVERLAP
        return f"<Regression {self.formula}, clustered by {by}>\n{shown.to_string(index=False)}"


@one_thread()
def regression(
    result: FittedStudy,
    formula: str,
    cluster: str | Iterable[str] | None = None,
    windows: Iterable[str] | None = None,
    placebos: PlaceboDays | None = None,
) -> Regression:
    """Regress an outcome (car, scar, bhar, raw_return) of each window on columns of the events.

    `formula` may use what `FUNCTIONS` lists, interactions (`a:b`, `a*b`), `C(method, base='cash')`
    and columns in backquotes. `cluster` names one or two columns ("sic", "sic,year"); without it
    errors are clustered by overlapping windows. Units: fractions for one unit of a column. `se` is
    HC3. `pvalue_wild` is by the cluster column with fewer clusters. `placebos` (of the same result)
    give the share of placebo days whose slope is as many errors from zero, an error as wide as
    those slopes are, and both for the slope by generalised least squares on principal components,
    for `car` only. What cannot be given is NaN, with the reason in `why_not`. Raises `StudyError`.
    """
    read = parsed(formula)
    named = _named(result, cluster)
    tables, notes = [], dict[str, None]()
    for window in windows if windows is not None else result.named_windows:
        made = design(result, window, read, named)
        if read.outcome == "car":
            placed = placebos
        else:
            placed = None
        table = _table(result, window, made, named, placed)
        tables.append(table.assign(formula=read.text, window=window))
        notes |= dict.fromkeys(f"{window}: {note}" for note in made.notes)
    whole = pd.concat(tables, ignore_index=True)[list(COLUMNS)]
    return Regression(read.text, named, whole, _together(list(notes), len(tables)))


def _named(result: FittedStudy, cluster: str | Iterable[str] | None) -> tuple[str, ...]:
    if isinstance(cluster, str):
        given = cluster.split(",")
    else:
        given = list(cluster or ())
    named = tuple(dict.fromkeys(one.strip() for one in given if one.strip()))
    if len(named) > 2:
        raise StudyError(f"cluster: {len(named)} columns; errors are clustered by one or two")
    known = list(map(str, result.events.columns))
    for one in named:
        if one not in known:
            raise StudyError(
                f"cluster: the events have no column {one!r}{suggest_column(one, known)}; "
                f"they have {', '.join(known)}"
            )
    return named


def _together(notes: list[str], n_windows: int) -> tuple[str, ...]:
    """A note that is true of every window is said once."""
    bodies = [note.partition(": ")[2] for note in notes]
    return tuple(
        dict.fromkeys(
            body if bodies.count(body) == n_windows else note
            for note, body in zip(notes, bodies, strict=True)
        )
    )


def _table(
    result: FittedStudy,
    window: str,
    made: DesignMatrix,
    named: tuple[str, ...],
    placebos: PlaceboDays | None,
) -> pd.DataFrame:
    n, k = made.x.shape
    groups = _groups(result, window, made.rows, named)
    counts = [len(np.unique(one)) for one in groups]
    told = ", ".join(f"{name} ({g})" for name, g in zip(named or (OVERLAP,), counts, strict=True))
    least = min(counts, default=0)
    table = pd.DataFrame({"term": list(made.terms)}).reindex(columns=list(COLUMNS))
    table = table.assign(n_events=n, n_clusters=least, clusters=told, n_placebo=0, why_not="")
    table["note"] = ["; ".join(made.notes)] + [""] * (k - 1)
    if n < k + _SPARE:
        return table.assign(why_not=f"needs at least {k + _SPARE} events, got {n}")
    table = table.assign(**robust(made.y, made.x), r_squared=_r_squared(made))
    if least < LEAST_CLUSTERS:
        why = f"clustered: needs at least {LEAST_CLUSTERS} clusters, got {least}"
        table = table.assign(why_not=why)
    else:
        table = table.assign(**_clustered(made, groups))
        fewest = groups[int(np.argmin(counts))]
        table["pvalue_wild"] = wild(made.y, made.x, fewest)
        table = _without_rounding(table, len(groups))
    if placebos is not None:
        table = with_past(table, placebos.cars(window, made.rows), made.y, made.x)
    return table


def _without_rounding(table: pd.DataFrame, n_columns: int) -> pd.DataFrame:
    """Say nothing of coefficients whose clustered variance is none, or what rounding leaves."""
    error, own = (table[name].astype(float) for name in ("se_cluster", "se"))
    lost = ~(error > _ROUNDING * own)
    if not lost.any():
        return table
    table.loc[lost, list(_OF_CLUSTERS)] = np.nan
    if n_columns > 1:
        why = "clustered: the two-way variance of a coefficient is not positive"
    else:
        told = count(int(lost.sum()), "coefficient")
        why = f"clustered: {told} without spread between clusters, as of a level all in one cluster"
    return table.assign(why_not=why)


def _groups(result: FittedStudy, window: str, rows: Ints, named: tuple[str, ...]) -> list[Ints]:
    """The cluster of each row, by each column."""
    if named:
        return [pd.factorize(result.events[one].iloc[rows])[0].astype(np.int64) for one in named]
    section = result.cross_section(window)
    whole = np.full(len(result.events), -1, dtype=np.int64)
    if len(section):
        whole[np.flatnonzero(np.isfinite(result.window(window).scar))] = section.clusters
    return [whole[rows]]


def _clustered(made: DesignMatrix, groups: list[Ints]) -> dict[str, Floats | float]:
    from statsmodels.regression.linear_model import OLS

    if len(groups) == 1:
        by = groups[0]
    else:
        by = np.column_stack(groups)
    with np.errstate(invalid="ignore"):
        fit = OLS(made.y, made.x).fit(cov_type="cluster", cov_kwds={"groups": by}, use_t=True)
        return {
            "se_cluster": fit.bse,
            "t_cluster": fit.tvalues,
            "df_cluster": float(getattr(fit, "df_resid_inference", fit.df_resid)),
            "pvalue_cluster": fit.pvalues,
        }


def _r_squared(made: DesignMatrix) -> float:
    residual = made.y - made.x @ np.linalg.lstsq(made.x, made.y, rcond=None)[0]
    spread = made.y - made.y.mean()
    return float(1 - (residual @ residual) / (spread @ spread))
