"""Which attributes of announcements go with larger abnormal returns."""

from __future__ import annotations

from dataclasses import dataclass

from reports.draw.tabular import Table, p_cell, percent_cell, percent_free
from reports.page.compared import compared_tables
from reports.page.own_regressions import regression_tables
from reports.page.own_tables import group_tables
from reports.page.sections.base import Context, Section
from reports.rows import records
from reports.words import count, plain


@dataclass(frozen=True)
class RegressionSection:
    """One table, or why there is none."""

    words: str
    table: Table | None
    asked: tuple[Table, ...] = ()


def build(context: Context) -> Section:
    """The regression of the first window's CARs on the attributes."""
    title = "What goes with larger reactions"
    asked = (
        *group_tables(context.findings),
        *compared_tables(context.findings),
        *regression_tables(context.findings),
    )
    rows = records(context.findings.tables["regression"])
    if not rows or rows[0]["coefficient"] != rows[0]["coefficient"]:
        why = "no event"
        if rows:
            why = str(rows[0]["why_not"])
        return Section(
            "regression", title, RegressionSection(f"No regression: {why}.", None, asked), asked
        )
    words = (
        f"Abnormal returns over {context.first_window} "
        f"of {count(int(rows[0]['n_events']), 'event')} "
        f"in {count(int(rows[0]['n_clusters']), 'cluster')} of overlapping windows, "
        "regressed on what was known of the announcements. "
        "Each word is compared with the most frequent one of its kind."
    )
    lines = [
        (
            plain(str(row["term"]).replace("=", ": ")),
            percent_cell(row["coefficient"], 2),
            percent_free(row["se_cluster"], 2),
            p_cell(row["pvalue"]),
            p_cell(row["pvalue_cluster"]),
            p_cell(row["pvalue_wild"]),
            p_cell(row["pvalue_placebo"]),
            percent_cell(row["coefficient_gls"], 2),
            p_cell(row["pvalue_gls"]),
        )
        for row in rows
    ]
    head = (
        "attribute",
        "coefficient",
        "clustered error",
        "p, robust",
        "p, clustered",
        "p, wild bootstrap",
        "p, placebo days",
        "coefficient, GLS",
        "p, GLS",
    )
    caption = (
        f"Regression of abnormal returns over {context.first_window}, "
        f"{context.findings.experiment.study.primary}"
    )
    note = (
        "Coefficients are what one unit of the attribute adds to the abnormal return, or a word "
        "in place of the most frequent one; log amount is in log dollars, run up a return, one "
        "percent of which adds a hundredth of its coefficient. GLS weighs events by the principal "
        "components of their placebo days. Read GLS and its p first where they are given: they "
        "allow for what the events share and for events more volatile than the days before them."
    )
    levels = dict.fromkeys(str(row["note"]) for row in rows if row["note"])
    note += "".join(f" {text[0].upper()}{plain(text[1:])}." for text in levels)
    return Section(
        "regression",
        title,
        RegressionSection(
            words, Table.of("regression-table", caption, head, lines, notes=note), asked
        ),
        asked,
    )
