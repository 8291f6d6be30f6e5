"""The sections of the page, built once.

The page shows them, exports take their tables and charts.
"""

from __future__ import annotations

from functools import lru_cache

from reports.page.sections import announcements, answer, events, ledger, press, strategies
from reports.page.sections.about import left_out, methods, provenance, quality, studied
from reports.page.sections.base import Context, Section
from reports.page.sections.overall import (
    averages,
    choices,
    compare,
    counterfactuals,
    regression,
    tests,
)
from reports.run.findings import Findings

_SECTIONS = (
    answer,
    studied,
    averages,
    compare,
    tests,
    choices,
    counterfactuals,
    regression,
    strategies,
    press,
    ledger,
    events,
    announcements,
    quality,
    left_out,
    methods,
    provenance,
)


@lru_cache(maxsize=1)
def built(findings: Findings) -> tuple[Section, ...]:
    """Every section of a run, in the order of the page."""
    context = Context(findings)
    return tuple(section.build(context) for section in _SECTIONS)
