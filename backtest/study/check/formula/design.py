"""From a formula and events to numbers.

The columns of a regression, and what became of rows and levels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.check.attributes import LOG_AMOUNT, RUN_UP, attribute_values
from backtest.study.check.formula.allowed import OUTCOMES, Formula, check_columns
from backtest.study.fitted import FittedStudy
from backtest.study.running_sums import Floats, Ints
from events.words import count

CONSTANT = "constant"
_NAMED = 5
_FITTED = 1 - 1e-8  # leverage: the column stands on this one event


@dataclass(frozen=True, eq=False)
class DesignMatrix:
    """Outcomes y (n,), design x (n, k) of `terms`, at `rows` of the study; `notes` in words."""

    y: Floats
    x: Floats
    terms: tuple[str, ...]
    rows: Ints
    notes: list[str] = field(default_factory=list)


def design(
    result: FittedStudy, window: str, formula: Formula, clusters: Sequence[str] = ()
) -> DesignMatrix:
    """Evaluate a formula on the events of one window that have everything it names.

    Left out, and said: events with a missing value or a logarithm of nothing, events that a column
    of their own would fit exactly, columns that others already say. Raises `StudyError` for a
    column the events lack.
    """
    known = [*map(str, result.events.columns), LOG_AMOUNT, RUN_UP]
    check_columns(formula, known)
    notes: list[str] = []
    data = _data(result, formula)
    y = _outcome(result, window, formula.outcome)
    whole = pd.Series(np.isfinite(y) & np.isfinite(result.window(window).scar))
    lacking = data.isna().any(axis=1) | _blank(data)
    if clusters:
        lacking |= _blank(result.events[list(clusters)])
    _left_out(notes, result, whole & lacking, "a value is missing in", _where(data, lacking))
    kept = np.flatnonzero(whole & ~lacking)
    matrix = _matrix(formula, data.iloc[kept].reset_index(drop=True))
    finite = np.isfinite(matrix.to_numpy()).all(axis=1)
    odd = pd.Series(False, index=data.index)
    odd.iloc[kept[~finite]] = True
    _left_out(notes, result, odd, "no finite number, as the logarithm of nothing is none, in", "")
    if not finite.all():
        kept = kept[finite]
        matrix = _matrix(formula, data.iloc[kept].reset_index(drop=True))
    x, rows = matrix.to_numpy(dtype=np.float64), kept
    terms = [CONSTANT if name == "Intercept" else formula.written(str(name)) for name in matrix]
    x, rows = _without_fitted(result, x, rows, notes)
    keep = _independent(x)
    gone = [term for at, term in enumerate(terms) if at not in keep]
    if gone and len(rows):
        notes.append(f"columns left out, as others already say them: {', '.join(gone)}")
    notes += _levels(formula, data.iloc[rows])
    return DesignMatrix(y[rows], x[:, keep], tuple(terms[at] for at in keep), rows, notes)


def _data(result: FittedStudy, formula: Formula) -> pd.DataFrame:
    found = {}
    for name, column in formula.columns.items():
        values = attribute_values(result, column).reset_index(drop=True)
        if values.dtype == object:
            values = values.infer_objects()
        if pd.api.types.is_numeric_dtype(values):
            found[name] = values
        else:
            found[name] = values.astype(object)
    return pd.DataFrame(found, index=range(len(result.events)))


def _outcome(result: FittedStudy, window: str, name: str) -> Floats:
    if name not in OUTCOMES:
        raise StudyError(f"no outcome {name!r}; there are {', '.join(OUTCOMES)}")
    return np.asarray(getattr(result.window(window), name), dtype=np.float64)


def _blank(frame: pd.DataFrame) -> pd.Series:
    """Rows with a missing or empty cell."""
    empty = frame.isna() | (frame.astype(object) == "")
    return pd.Series(empty.any(axis=1).to_numpy(), dtype=bool)


def _where(data: pd.DataFrame, rows: pd.Series) -> str:
    holes = []
    for name in data:
        empty = data[name].isna() | (data[name] == "")
        if empty[rows].any():
            holes.append(str(name))
    if holes:
        return f" ({', '.join(holes)})"
    return ""


def _left_out(notes: list[str], result: FittedStudy, rows: pd.Series, why: str, where: str) -> None:
    ids = result.events.loc[rows.to_numpy(), "event_id"].astype(str).tolist()
    if ids:
        more = ""
        if len(ids) > _NAMED:
            more = f" and {len(ids) - _NAMED} more"
        notes.append(
            f"{count(len(ids), 'event')} left out: {why} {', '.join(ids[:_NAMED])}{more}{where}"
        )


def _matrix(formula: Formula, data: pd.DataFrame) -> pd.DataFrame:
    from formulaic import Formula as Read
    from formulaic.errors import FormulaicError

    try:
        with np.errstate(all="ignore"):
            found = Read(formula.right).get_model_matrix(data, context={}, na_action="ignore")
    except (FormulaicError, ValueError, TypeError, KeyError, np.linalg.LinAlgError) as error:
        why = " ".join(str(error).split())[:120]
        raise StudyError(f"formula {formula.text[:80]!r}: cannot be computed: {why}") from None
    return pd.DataFrame(found).astype(np.float64)


def _without_fitted(
    result: FittedStudy, x: Floats, rows: Ints, notes: list[str]
) -> tuple[Floats, Ints]:
    """Leave out events that a column of their own fits exactly, until there is none."""
    alone: list[str] = []
    while len(x):
        q = np.linalg.qr(x[:, _independent(x)])[0]
        fitted = (q**2).sum(axis=1) > _FITTED
        if not fitted.any() or fitted.all():
            break
        alone += result.events["event_id"].iloc[rows[fitted]].astype(str).tolist()
        x, rows = x[~fitted], rows[~fitted]
    if alone:
        told = ", ".join(alone[:_NAMED]) + (f" and {len(alone) - _NAMED} more" * (len(alone) > 5))
        notes.append(
            f"{count(len(alone), 'event')} left out, each the only one of its level: {told}"
        )
    return x, rows


def _independent(x: Floats) -> list[int]:
    """The columns that earlier ones do not already say."""
    kept: list[int] = []
    basis = np.empty((len(x), 0))
    for at in range(x.shape[1]):
        column = x[:, at]
        size = float(np.linalg.norm(column))
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        if size > 0 and np.linalg.norm(rest) > 1e-9 * size:
            basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
            kept.append(at)
    return kept


def _levels(formula: Formula, data: pd.DataFrame) -> list[str]:
    """What the words are: how many events each level has; the first stands for the comparison."""
    told = []
    for name, column in formula.columns.items():
        values = data[name]
        in_c = re.search(rf"\bC\({name}\b", formula.right) is not None
        if in_c or not pd.api.types.is_numeric_dtype(values):
            counts = values.value_counts().sort_index()
            listed = ", ".join(f"{level} ({n})" for level, n in counts.head(20).items())
            more = ""
            if len(counts) > 20:
                more = f" and {len(counts) - 20} more"
            told.append(f"levels of {column}: {listed}{more}")
    return told
