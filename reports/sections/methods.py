"""How it was measured, in plain words with formulas and papers; the text is in the template."""

from __future__ import annotations

from reports.sections.base import Context, Section


def build(context: Context) -> Section:
    """The template needs the study's design and nothing else."""
    return Section("methods", "How it was measured", context.findings.experiment.study)
