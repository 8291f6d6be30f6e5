"""Every event in one table, to sort and to filter."""

from __future__ import annotations

import math
from dataclasses import replace

from events.flag import words_in
from reports.draw.tabular import Cell, Table, number_cell, p_cell, percent_cell, percent_free
from reports.page.sections.base import Context, Section
from reports.rows import Row, records
from reports.words import NONE, day, plain, short

_SHORT = 80


def build(context: Context) -> Section:
    """The event table, or nothing where no event was studied."""
    title = "All events"
    if context.windows.empty:
        return Section("events", title, None)
    windows = [
        name for name, (start, _) in context.findings.experiment.study.windows.items() if start >= 0
    ]
    rows = {
        (row["event_id"], row["ticker"], row["window"]): row for row in records(context.windows)
    }
    fits = {
        (row["event_id"], row["ticker"]): row
        for row in records(context.findings.of_primary("estimates"))
    }
    lines: list[list[Cell | str]] = []
    for place, event in enumerate(records(context.findings.primary.events)):
        if place not in context.seen:
            continue
        found = [rows[event["event_id"], event["ticker"], name] for name in windows]
        headline = str(context.findings.catalog[event["event_id"]].headline)
        text = short(headline, _SHORT)
        lines.append([
            Cell(day(event["event_session"]), whole=True),
            Cell(text, anchor=f"event-{event['event_id']}"),
            str(event["ticker"]),
            _called(event),
            percent_cell(found[0]["raw_return"]),
            *(percent_cell(row["car"], strong=bool(row["pvalue"] < 0.05)) for row in found),
            p_cell(found[0]["pvalue"]),
            *fit_cells(fits.get((event["event_id"], event["ticker"]))),
            Cell(", ".join(map(plain, words_in(found[0]["flags"])))),
        ])  # fmt: skip
    head = (
        "session",
        "announcement",
        "ticker",
        "role, kind",
        "return",
        *windows,
        "p",
        "alpha",
        "beta",
        "sigma",
        "R²",
        "n",
        "flags",
    )
    table = Table.of(
        "events-table",
        f"Return over {windows[0]}, then abnormal returns, "
        f"{context.findings.experiment.study.primary}",
        head,
        lines,
        sortable=True,
        notes="alpha, beta, sigma, R², n: of the fit to the ordinary days before, a session. "
        f"p: that of {windows[0]}. Bold: p below 0.05 for that event and window taken alone.",
    )
    keys = tuple(map(str, sorted(context.seen)))
    return Section("events", title, replace(table, keys=keys))


def _called(event: Row) -> str:
    """Role and kind of an event, as far as the catalog knows them."""
    known = [str(event[name]) for name in ("role", "kind") if event[name] != "other"]
    return ", ".join(map(plain, known)) or "other"


def fit_cells(row: Row | None) -> list[Cell]:
    """What the model was fitted to be before the event."""
    if row is None:
        return [Cell(NONE, math.nan, numeric=True)] * 5
    return [
        percent_cell(row["alpha"], 2),
        number_cell(row["beta"]),
        percent_free(row["sigma"]),
        number_cell(row["r2"]),
        number_cell(row["n_obs"], 0),
    ]
