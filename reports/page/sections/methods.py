"""How it was measured, in plain words with formulas and papers; the text is in the template."""

from __future__ import annotations

from reports.page.sections.base import Context, Section
from reports.run.factors import factor_lines


def build(context: Context) -> Section:
    """The template needs to know which factors the models use, and nothing else."""
    found = context.findings
    return Section(
        "methods", "How it was measured", factor_lines(found.experiment.study, found.factors)
    )
