"""Every event under every model and window, as the cells that tables show."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise
from typing import Any

import pandas as pd

from events.flag import words_in
from reports.draw.chart import Json
from reports.draw.tabular import (
    Cell,
    number_cell,
    p_cell,
    percent_cell,
)
from reports.experiment.plan import Spec
from reports.page.follow.texts import CELL
from reports.page.sections.base import Context
from reports.page.sections.events import fit_cells
from reports.page.sections.windows_table import detectable, placebos
from reports.rows import Row, records
from reports.words import NONE, percent, plain

Make = Callable[[Row], Cell]


def event_facts(context: Context) -> Json:
    """What filters go by, in the order of the study.

    The announcement, ticker, role and kind of every event.
    """
    events = context.findings.primary.events
    return {
        name: events[name].astype(str).tolist() for name in ("event_id", "ticker", "role", "kind")
    }


def event_cells(context: Context) -> Json:
    """The cells of every event: column -> model -> window -> one text, cells apart by `CELL`.

    Abnormal returns and their intervals are integers, tenths of a percent as shown: `v` the value,
    `a` from the lower end to it, `k` what the upper end is off by; null where there is none. They
    stand column by column because what is alike packs best beside one another. Of an event
    not shown one by one there are `v`, `p` and the main model's interval; other cells are empty.
    """
    every = [_rows(context, spec) for spec in context.specs]
    rows = [[_seen(context, window) for window in spec] for spec in every]
    out: Json = {
        name: _once(
            [
                [_joined(_cell(make, row) for row in window) for window in spec]
                for spec in (every if name == "p" else rows)
            ]
        )
        for name, make in _CELLS.items()
    }
    between = [
        [
            [_between(row, whole=not k or at in context.seen) for at, row in enumerate(window)]
            for window in spec
        ]
        for k, spec in enumerate(every)
    ]
    for place, name in enumerate("vak"):
        out[name] = [[[one[place] for one in window] for window in spec] for spec in between]
    out["o"] = [
        _joined(_cell(lambda row: placebos(context, row), row) for row in w) for w in rows[0]
    ]
    out["fit"] = [_fits(context, spec) for spec in context.specs]
    return out


def _once(columns: list[list[str]]) -> list[list[str]]:
    """The same columns, empty in a further model where they are those of the first."""
    first = columns[0]
    return [
        first,
        *(["" if a == b else b for a, b in zip(first, one, strict=True)] for one in columns[1:]),
    ]


_CELLS: dict[str, Make] = {
    "r": lambda row: percent_cell(row["raw_return"]),
    "t": lambda row: number_cell(row["t"]),
    "p": lambda row: p_cell(row["pvalue"]),
    "q": lambda row: p_cell(row["conformal_p"]),
    "m": detectable,
    "f": lambda row: Cell(", ".join(map(plain, words_in(row["flags"])))),
}


def _rows(context: Context, spec: Spec) -> list[list[Row | None]]:
    """Window by window the row of every event of the primary study.

    None where this model has none.
    """
    found = {
        (row["event_id"], row["ticker"], row["window"]): row
        for row in records(context.findings.of("windows", spec))
    }
    windows = context.findings.experiment.study.windows
    return [[found.get((*key, name)) for key in context.places] for name in windows]


def _seen(context: Context, window: list[Row | None]) -> list[Row | None]:
    """The rows of the events shown one by one; of others empty ones."""
    return [row if at in context.seen else {} for at, row in enumerate(window)]


def _cell(make: Make, row: Row | None) -> Cell:
    if row is None:
        return Cell(NONE)
    if row:
        return make(row)
    return Cell("")


def _between(row: Row | None, *, whole: bool) -> tuple[int | None, int | None, int | None]:
    if row is None:
        return None, None, None
    value, low, high = (tenths(row[name]) for name in ("car", "car_low", "car_high"))
    if value is None or low is None or high is None or not whole:
        return value, None, None
    return value, value - low, high - value - (value - low)


def tenths(value: float) -> int | None:
    """A fraction in tenths of a percent, as `percent` rounds it; None where there is none.

    >>> tenths(0.0349), tenths(-0.0004), tenths(-12.5), tenths(float("nan"))
    (35, 0, -12500, None)
    """
    told = percent(value)
    if told == NONE:
        return None
    return int(re.sub(r"[.,%]", "", told).replace("−", "-"))


def _fits(context: Context, spec: Spec) -> list[str]:
    estimates = records(context.findings.of("estimates", spec))
    fits = {(row["event_id"], row["ticker"]): row for row in estimates}
    unseen = [Cell("")] * len(fit_cells(None))
    fitted = [
        fit_cells(fits.get(key)) if at in context.seen else unseen
        for key, at in context.places.items()
    ]
    return [_joined(column) for column in zip(*fitted, strict=True)]


def _joined(cells: Iterable[Cell]) -> str:
    """Cells as one text; a star after those that stand out."""
    return CELL.join(f"{cell.text}{'*' if cell.strong else ''}" for cell in cells)


def paths_of(context: Context) -> list[list[list[Any]]]:
    """The cumulative path of every event, model by model.

    Its first day, its steps, those of its band. Steps of the first model are basis points. Those of
    a further one are tenths of a percent, and without a day what it adds to the first one's, where
    both cover the same days.
    """
    whole = [
        _paths(context, spec, 1_000 if place else 10_000)
        for place, spec in enumerate(context.specs)
    ]
    first = [[*one[:1], *map(_coarse, one[1:])] for one in whole[0]]
    return [
        whole[0],
        *([_beside(a, b) for a, b in zip(first, one, strict=True)] for one in whole[1:]),
    ]


def _coarse(found: list[int]) -> list[int]:
    """Steps in basis points as steps in tenths of a percent.

    >>> _coarse([14, 2, -30])
    [1, 1, -3]
    """
    whole = [(one + 5) // 10 for one in accumulate(found)]
    return [b - a for a, b in pairwise([0, *whole])]


def _beside(first: list[Any], other: list[Any]) -> list[Any]:
    if not first or not other or first[0] != other[0] or len(first[1]) != len(other[1]):
        return other
    return [
        [b - a for a, b in zip(mine, its, strict=True)]
        for mine, its in zip(first[1:], other[1:], strict=True)
    ]


def _paths(context: Context, spec: Spec, units: int) -> list[list[Any]]:
    table = context.findings.of("paths", spec)
    table = table[table["car"].notna()]
    found = dict(tuple(table.groupby(["event_id", "ticker"], sort=False)))
    return [
        _path(found.get(key) if at in context.seen else None, units)
        for key, at in context.places.items()
    ]


def _path(path: pd.DataFrame | None, units: int) -> list[Any]:
    if path is None:
        return []
    half = (path["high"] - path["car"]).fillna(0.0)
    first = int(path["day"].iloc[0])
    return [first, steps(path["car"].tolist(), units), steps(half.tolist(), units)]


def steps(values: list[float], units: int = 10_000) -> list[int]:
    """Values (fractions) in basis points or other units, each less the one before.

    >>> steps([0.01, 0.012, 0.009])
    [100, 20, -30]
    """
    before, out = 0, []
    for value in values:
        # a band without an end is not drawn
        now = 0
        if math.isfinite(value):
            now = round(units * value)
        out.append(now - before)
        before = now
    return out


def rival_days(context: Context) -> dict[str, list[list[Any]]]:
    """The sessions of other news of the share, by the place of the event: day and what it was."""
    found: dict[str, list[list[Any]]] = {}
    for row in records(context.findings.tables["conflicts"]):
        place = context.places.get((row["event_id"], row["ticker"]))
        if place in context.seen and row["with_event"] and math.isfinite(row["day"]):
            found.setdefault(str(place), []).append([int(row["day"]), str(row["note"])])
    return found
