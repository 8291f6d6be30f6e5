"""The regressions by formula that an experiment asks for."""

from __future__ import annotations

import pandas as pd

from backtest import EventStudyResult
from backtest.errors import StudyError
from backtest.study.check.attributes import LOG_AMOUNT, RUN_UP
from backtest.study.check.formula import regression
from backtest.study.check.formula.allowed import check_columns, parsed
from backtest.study.check.groups import compare_groups
from backtest.study.check.placebo import PlaceboDays
from events import Catalog
from events.errors import suggest
from events.files.lists.naming import suggest_column
from events.record.columns import PLACED_COLUMNS
from reports.experiment.compared import parts
from reports.experiment.plan import Study


def check_asked(plan: Study, catalog: Catalog) -> None:
    """Raise `StudyError` for a formula, a cluster or a `by` that cannot be.

    Before the hours of work.
    """
    if not (plan.regress or plan.cluster or plan.by or plan.compare):
        return
    known = [*map(str, catalog.events().columns), *PLACED_COLUMNS, LOG_AMOUNT, RUN_UP]
    for formula in plan.regress:
        check_columns(parsed(formula), known)
    if plan.cluster and not plan.regress:
        raise StudyError("--cluster is for --regress FORMULA; leave it out, or name a formula")
    if len(plan.cluster) > 2:
        raise StudyError(
            f"cluster: {len(plan.cluster)} columns; errors are clustered by one or two"
        )
    for what, columns in (("cluster", plan.cluster), ("by", plan.by)):
        for one in columns:
            if one not in known and one != "all":
                raise StudyError(
                    f"{what}: the events have no column {one!r}{suggest_column(one, known)}; "
                    f"they have {', '.join(known)}"
                )
    for written in plan.compare:
        _check_compared(written, catalog.events(), known)


def _check_compared(written: str, events: pd.DataFrame, known: list[str]) -> None:
    column, *levels = parts(written)
    if column not in known:
        raise StudyError(
            f"compare: the events have no column {column!r}{suggest_column(column, known)}"
        )
    if column not in events.columns:
        return
    there = {str(value) for value in events[column].dropna()}
    for level in levels:
        if level not in there:
            raise StudyError(
                f"compare: {column} has no level {level!r}{suggest(level, there)}; it has "
                f"{', '.join(sorted(there)[:12])}"
            )


def comparisons(plan: Study, result: EventStudyResult) -> pd.DataFrame:
    """The chosen pairs of groups, as rows of the table `differences`.

    None whose events were all left out.
    """
    made = []
    for column, one, other in map(parts, plan.compare):
        there = {value for value, _ in result.groups(column)}
        if {one, other} <= there:
            made.append(compare_groups(result, column, one, other))
    if made:
        return pd.concat(made, ignore_index=True)
    return pd.DataFrame()


def regressions(
    plan: Study, result: EventStudyResult, placebos: PlaceboDays | None
) -> dict[str, pd.DataFrame]:
    """The table `regressions`, if the plan asks for one."""
    if not plan.regress or not len(result.events):
        return {}
    made = [
        regression(result, formula, plan.cluster, None, placebos).table for formula in plan.regress
    ]
    return {"regressions": pd.concat(made, ignore_index=True)}
