"""How it was measured, in plain words with formulas and papers; the text is in the template."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.study.inference.about import INTERVALS
from reports.page.sections.base import Context, Section
from reports.run.prices.factors import factor_lines


@dataclass(frozen=True)
class Methods:
    """Lines on the factors used, on the headline test in this very catalog, and on intervals."""

    factors: tuple[str, ...]
    told: tuple[str, ...]
    intervals: str


def build(context: Context) -> Section:
    """The template needs to know which factors the models use, and what shared shocks change."""
    found = context.findings
    factors = factor_lines(found.experiment.study, found.factors)
    told = tuple(text for text in (found.delta_words, found.own_size_words) if text)
    return Section("methods", "How it was measured", Methods(tuple(factors), told, INTERVALS))
