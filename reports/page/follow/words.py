"""The first screen in words under every setting.

Over the headline, and over each group that a filter leaves.
"""

from __future__ import annotations

from reports.experiment.plan import Spec
from reports.page.follow.averages import groups_of
from reports.page.follow.texts import CELL, Texts
from reports.page.opening import Words
from reports.page.opening_average import Average
from reports.page.sections.answer import opening
from reports.page.sections.base import Context


def words_under(context: Context, spec: Spec, texts: Texts) -> dict[str, list[str]]:
    """Headline and sentences under one model, window by window.

    `lead` of the first screen, and group by group.
    """
    windows = list(context.findings.experiment.study.windows)
    lead = opening(context, spec)
    made = {"lead": [texts.add(_joined(lead.words(window))) for window in windows]}
    average = Average.of(context.findings, spec)
    for by, value in groups_of(context):
        if by != "all":
            of = average.group(by, value)
            made[f"{by}={value}"] = [texts.add(_joined(of.words(window))) for window in windows]
    return made


def _joined(words: Words) -> str:
    return CELL.join((words.headline, *(part for pair in words.sentences for part in pair)))
