"""Tables for papers: the page's main tables as LaTeX and Markdown, every table as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from backtest.study.show.markup import (
    latex_label,
    latex_line,
    latex_text,
    markdown_line,
    markdown_text,
)
from events.files.together import Content
from reports.draw.tabular import Table
from reports.export.tables import parquet, written
from reports.page.built import built
from reports.run.findings import Findings

FORMATS = ("latex", "markdown", "parquet", "svg", "png", "pdf")


def paper_files(findings: Findings, formats: tuple[str, ...]) -> dict[str, Content]:
    """The files of the formats asked for, by their path in the output folder."""
    files: dict[str, Content] = {}
    if "parquet" in formats:
        parts = findings.tables.parts
        files |= {
            f"tables/{name}.parquet": parquet(partial(parts, name)) for name in written(findings)
        }
    writers: dict[str, tuple[str, Callable[[Table], str]]] = {
        "latex": ("tex", latex),
        "markdown": ("md", markdown),
    }
    for form, (suffix, write) in writers.items():
        if form in formats and findings.studies:
            files |= {
                f"papers/{one.name}.{suffix}": write(one).encode() for one in _main_tables(findings)
            }
    drawn = tuple(form for form in ("svg", "png", "pdf") if form in formats)
    if drawn and findings.studies:
        from reports.export.static import figure_files

        files |= figure_files(findings, drawn)
    return files


def formats_of(names: Iterable[str]) -> tuple[str, ...]:
    """The formats that a run with these files was asked for."""
    found = {name.rpartition(".")[2] for name in names}
    return tuple(
        form for form in FORMATS if {"latex": "tex", "markdown": "md"}.get(form, form) in found
    )


def latex(table: Table) -> str:
    r"""A table for booktabs.

    >>> print(latex(Table.of("t", "A & B", ("x",), [["50%"]])).splitlines()[2])
    \caption{A \& B}
    """
    columns = "".join(
        "r" if table.rows and table.numeric(i) else "l" for i in range(len(table.head))
    )
    rows = [latex_line(latex_text(cell.text) for cell in row) for row in table.rows]
    head = latex_line(map(latex_text, table.head))
    notes = table.notes.strip()
    lines = [
        r"\begin{table}", r"\centering", rf"\caption{{{latex_text(table.caption)}}}",
        rf"\label{{tab:{latex_label(table.name)}}}", rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}",
        *([rf"\par\smallskip{{\footnotesize {latex_text(notes)}}}"] if notes else []),
        r"\end{table}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def markdown(table: Table) -> str:
    r"""A table for Markdown, its caption above.

    Text stays text: no markup, picture or link comes of it.

    >>> print(markdown(Table.of("t", "A", ("x",), [["a|b"]])).splitlines()[-1])
    | a\|b |
    """
    right = [bool(table.rows) and table.numeric(i) for i in range(len(table.head))]
    rule = " | ".join("---:" if one else "---" for one in right)
    lines = [
        f"**{markdown_text(table.caption)}**",
        "",
        markdown_line(table.head),
        f"| {rule} |",
        *(markdown_line(cell.text for cell in row) for row in table.rows),
    ]
    notes = table.notes.strip()
    if notes:
        lines += ["", markdown_text(notes)]
    return "\n".join(lines) + "\n"


def _main_tables(findings: Findings) -> Iterator[Table]:
    if findings.prices.simulated:
        made = " (SIMULATED prices)"
    else:
        made = ""
    for section in built(findings):
        for table in section.tables:
            yield replace(table, caption=table.caption + made)
