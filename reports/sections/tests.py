"""The tests: what each says, in plain words when it holds, and how much they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from reports.rows import records
from reports.sections.base import Context, Section
from reports.tabular import Cell, Table, number_cell, p_cell

# What a researcher must know to choose among them; the order is that of trust for few, clustered events.
HOLDS: Mapping[str, tuple[str, str]] = {
    "kp_bmp_exact_t": (
        "Boehmer–Musumeci–Poulsen, exact correlation",
        "under event-induced variance, shared dates and overlapping windows: the one to read",
    ),
    "grank_exact_z": ("Generalised rank, exact correlation", "as the first, and unmoved by outliers: its companion"),
    "patell_exact_z": ("Patell, exact correlation", "under overlap, unless the event itself raises volatility"),
    "caar_exact_z": ("Average CAR, exact correlation", "as Patell’s; the noisiest securities weigh most"),
    "calendar_time_z": ("Calendar time (Jaffe, Mandelker)", "under shared dates, not in a volatile regime"),
    "placebo_shift": ("Shifted catalog", "under any clustering; takes the volatility from before the event"),
    "wild_cluster": ("Wild bootstrap by cluster", "with many clusters; cannot reach 5% with five or fewer"),
    "wild_event": ("Wild bootstrap by event", "for independent events"),
    "kp_bmp_overlap_t": ("Kolari–Pynnönen with overlap", "approximates the first; cautious for long windows"),
    "kp_bmp_t": ("Kolari–Pynnönen", "for events that all share one date"),
    "crude_dep_t": ("Crude dependence (Brown–Warner)", "for one common date"),
    "corrado_rank_z": ("Corrado’s rank", "for one common date; robust to outliers"),
    "bmp_t": ("Boehmer–Musumeci–Poulsen", "for independent events; rejects too often when dates cluster"),
    "patell_z": ("Patell", "for independent events of unchanged variance; rejects too often here"),
    "cross_t": ("Cross-sectional t", "for independent events; rejects too often when dates cluster"),
    "gsign_z": ("Generalised sign (Cowan)", "counts gains and losses; for independent events"),
    "wilcoxon": ("Wilcoxon signed ranks", "for independent, symmetric effects"),
}


@dataclass(frozen=True)
class Tests:
    """The main tests, and all of them."""

    main: Table
    rest: Table


def build(context: Context) -> Section:
    """Every test over all events."""
    rows = context.tests[context.tests["group"] == "all"]
    title = "The tests, and when each holds"
    if rows["statistic"].notna().sum() == 0:
        return Section("tests", title, None)
    known = rows[rows["test"].isin(list(HOLDS))]
    others = rows[~rows["test"].isin(list(HOLDS))]
    main = _table(context, known, "tests-main", "Do abnormal returns average zero? All events, window by window")
    rest = _table(context, others, "tests-rest", "Further tests, for comparison with other studies")
    return Section("tests", title, Tests(main, rest))


def _table(context: Context, rows: pd.DataFrame, name: str, caption: str) -> Table:
    windows = list(context.findings.experiment.study.windows)
    lines: list[list[Cell | str]] = []
    for test in sorted(rows["test"].unique(), key=_rank):
        label, holds = HOLDS.get(test, (test, ""))
        found = {row["window"]: row for row in records(rows[rows["test"] == test])}
        line: list[Cell | str] = [Cell(label, title=test)]
        for window in windows:
            row = found[window]
            line += [
                number_cell(row["statistic"]),
                Cell("–", title=row["why_not"]) if row["why_not"] else p_cell(row["pvalue"]),
            ]
        lines.append([*line, holds] if holds else line)
    head = ["test"]
    for window in windows:
        head += [window, "p"]
    return Table.of(name, caption, [*head, "when it holds"] if rows["test"].isin(list(HOLDS)).any() else head, lines)


def _rank(test: str) -> int:
    return list(HOLDS).index(test) if test in HOLDS else len(HOLDS)
