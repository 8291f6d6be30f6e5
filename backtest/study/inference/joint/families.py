"""Joint p-values of the primary study: one family over all events, and one a grouping."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtest.study.fitted import Grouping
from backtest.study.inference.joint.max_t import max_t
from backtest.study.result import EventStudyResult


def joint_families(
    alike: Sequence[EventStudyResult], result: EventStudyResult, by: Sequence[Grouping]
) -> list[pd.DataFrame]:
    """`max_t` of all results alike, then of one result by each grouping.

    A column with one value groups all events again: its family is that of all of them, judged once.
    """
    families = [max_t(alike)]
    of_all = None
    if len(alike) == 1:
        of_all = families[0]
    for grouping in by:
        value = _only_value(result, grouping)
        if value is not None and of_all is not None:
            families.append(of_all.assign(group=grouping, group_value=value))
            continue
        families.append(max_t([result], grouping))
        if value is not None:
            of_all = families[-1]
    return families


def _only_value(result: EventStudyResult, grouping: Grouping) -> str | None:
    """The value that every event has in a column; None where they differ."""
    groups = list(result.groups(grouping))
    everyone = len(groups) == 1 and len(groups[0][1]) == len(result.events)
    if everyone:
        return groups[0][0]
    return None
