"""`--regress FORMULA` and `--cluster COL[,COL2]`, and what they say on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reports.rows import records
from reports.terminal import say, say_table
from reports.words import number, pvalue

if TYPE_CHECKING:
    import pandas as pd

    from reports.run.findings import Findings

_Command = TypeVar("_Command", bound=Callable[..., Any])


def regress_options(command: _Command) -> _Command:
    """--regress and --compare, which may be repeated, and --cluster."""
    compare = click.option(
        "--compare",
        multiple=True,
        metavar="COLUMN=ONE,OTHER",
        help="Test two groups against each other: "
        "Method=cash,stock (of the one --by: cash,stock); may be repeated.",
    )
    formula = click.option(
        "--regress",
        multiple=True,
        metavar="FORMULA",
        help="Regress abnormal returns on columns of the events: "
        '"car ~ log(DealValue) + C(Method)"; may be repeated.',
    )
    cluster = click.option(
        "--cluster",
        metavar="COL[,COL2]",
        help="Cluster the errors of --regress by one or two columns of the events.",
    )
    return formula(cluster(compare(command)))


def asked_regressions(narrowed: Mapping[str, Any], by: Sequence[str] = ()) -> dict[str, Any]:
    """The keys of an experiment that the options stand for; None where nothing was said."""
    cluster = narrowed.get("cluster")
    named = None
    if cluster:
        named = tuple(one.strip() for one in cluster.split(",") if one.strip())
    compared = tuple(_compared(one, by) for one in narrowed.get("compare") or ())
    return {
        "regress": narrowed.get("regress") or None,
        "cluster": named,
        "compare": compared or None,
    }


def _compared(written: str, by: Sequence[str]) -> str:
    """What --compare says, the column of the one --by before it where it names none."""
    from reports.errors import ExperimentError
    from reports.experiment.compared import two_levels

    whole = written
    if "=" not in written and len(by) == 1:
        whole = f"{by[0]}={written}"
    try:
        return two_levels(whole)
    except ValueError as error:
        raise ExperimentError(f"--compare: {error}") from None


def show_asked(findings: Findings) -> None:
    """Say the groups and regressions that were asked for."""
    from reports.page.compared import compared_tables
    from reports.page.own_tables import group_tables

    shown = [(one, "average [p] (events)") for one in group_tables(findings)]
    shown += [(one, "average (events)") for one in compared_tables(findings)]
    for table, what in shown:
        rows = [tuple(cell.text for cell in row) for row in table.rows]
        say_table(f"{table.caption}: {what}", table.head, rows, (table.head[0],))
    found = findings.tables.get("regressions")
    if found is None:
        return
    head = (
        "window",
        "term",
        "coefficient",
        "error",
        "p",
        "p wild",
        "p placebo",
        "GLS",
        "p GLS",
        "events",
    )
    for formula, part in found.groupby("formula", sort=False):
        rows = []
        for row in records(part):
            clustered = row["se_cluster"] == row["se_cluster"]
            if clustered:
                error, p = (row["se_cluster"], row["pvalue_cluster"])
            else:
                error, p = (row["se"], row["pvalue"])
            rows.append(
                (
                    str(row["window"]),
                    str(row["term"]),
                    number(row["coefficient"], 4),
                    number(error, 4),
                    pvalue(p),
                    pvalue(row["pvalue_wild"]),
                    pvalue(row["pvalue_placebo"]),
                    number(row["coefficient_gls"], 4),
                    pvalue(row["pvalue_gls"]),
                    str(row["n_events"]),
                )
            )
        by = part["clusters"].iloc[0]
        say_table(f"{formula}, errors clustered by {by}", head, rows, ("window", "term"))
        for note, windows in _notes(part).items():
            every = len(windows) == part["window"].nunique()
            say(f"note: {note}" if every else f"note: {', '.join(windows)}: {note}")


def _notes(part: pd.DataFrame) -> dict[str, list[str]]:
    """What is to be known of a formula's rows, and of which windows it is."""
    found: dict[str, list[str]] = {}
    for row in records(part):
        for note in (row["why_not"], *str(row["note"]).split("; ")):
            windows = found.setdefault(note, [])
            if row["window"] not in windows:
                windows.append(str(row["window"]))
    found.pop("", None)
    return found
