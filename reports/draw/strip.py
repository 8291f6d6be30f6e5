"""Every event's move in one row.

Which lie beyond the noise of their share, beside how many would by chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reports.draw.chart import Chart
from reports.draw.parts import axis, escape, layout, percent_axis, words, zero
from reports.words import by_chance, count, percent

_ROWS = 9  # dots above one another before they share a height
_COLUMNS = 100  # parts of the span; dots of one part stand above one another


def strip_chart(
    name: str, rows: pd.DataFrame, window: str, *, simulated: bool, model: str = ""
) -> Chart:
    """One dot an event of a window; filled where its own two-sided p is below 0.05.

    More events than there is room for share dots: each then stands for up to so many of them.
    `rows` are those of windows.csv of one window, of the `model` that the note names; events
    without a move or a p are left out and counted in the note.
    """
    known = rows[np.isfinite(rows["car"]) & np.isfinite(rows["pvalue"])]
    cars = known["car"].to_numpy(dtype=np.float64)
    sure = (known["pvalue"] < 0.05).to_numpy()
    names = [f"{e}, {t}" for e, t in zip(known["event_id"], known["ticker"], strict=True)]
    if len(cars) <= _ROWS * _COLUMNS:
        shared, x, y, filled, names = _alone(cars, sure, names)
    else:
        shared, x, y, filled, names = _piled(cars, sure)
    dots = {
        "type": "scatter", "mode": "markers", "x": x, "y": y,
        "marker": {"color": ["@c0" if one else "@muted/0.45" for one in filled], "size": 7},
        "customdata": [escape(one) for one in names],
        "hovertemplate": "%{customdata}: %{x:+.1%}<extra></extra>",
    }  # fmt: skip
    lost = len(rows) - len(known)
    told = "no event can be judged"
    if len(cars):
        told = f"median {percent(float(np.median(cars)))}, {float((cars > 0).mean()):.0%} positive"
    return Chart(
        name=name,
        title=f"{window}: {int(sure.sum()):,} of {count(len(known), 'move')} beyond noise, "
        f"{by_chance(len(known))} would be by chance",
        alt=f"{count(len(known), 'abnormal return')} over {window}: {told}; "
        f"{int(sure.sum()):,} with p below 0.05.",
        note=f"{f'abnormal returns, {model}: ' if model else ''}"
        f"{'a dot an event' if shared == 1 else f'a dot up to {shared:,} events'}, "
        f"filled: p below 0.05; {told}, n = {len(known):,}"
        + (f"; {lost:,} cannot be judged" if lost else ""),
        traces=(dots,),
        layout=layout(
            200,
            simulated=simulated,
            xaxis=percent_axis("abnormal return", range=_reach(cars)),
            yaxis=axis(
                showticklabels=False,
                showgrid=False,
                tickvals=[],
                ticktext=[],
                range=[-1, _ROWS + 1],
            ),
            shapes=[zero(upright=True)],
            annotations=[words("", 0, 0)],
        ),
        columns=("event", "ticker", "abnormal return", "p"),
        rows=tuple(
            known[["event_id", "ticker", "car", "pvalue"]].itertuples(index=False, name=None)
        ),
    )


def _reach(values: _Values) -> list[float]:
    """What the axis shows: every move and zero, with a little air."""
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    if not high > low:
        low, high = -0.005, 0.005
    air = 0.06 * (high - low)
    return [low - air, high + air]


_Values = np.ndarray[tuple[int], np.dtype[np.float64]]
_Dots = tuple[int, list[float], list[int], list[bool], list[str]]
"""Events a dot at most, where the dots stand and how high, which are filled, and their words."""


def _alone(cars: _Values, sure: np.ndarray[Any, Any], names: list[str]) -> _Dots:
    return 1, cars.tolist(), _heights(cars), sure.tolist(), names


def _piled(cars: _Values, sure: np.ndarray[Any, Any]) -> _Dots:
    """Columns of as few events a dot as lets the tallest stand within the rows."""
    column, width = _columns(cars)
    every = np.bincount(column)
    found = np.bincount(column, weights=sure).astype(np.int64)
    rest, shared = every - found, 1
    while (-(-found // shared) - (-rest // shared)).max() > _ROWS:
        shared += 1
    x, y, filled, names = list[float](), list[int](), list[bool](), list[str]()
    for at in np.flatnonzero(every).tolist():
        dark = -(-int(found[at]) // shared)
        n = dark - (-int(rest[at]) // shared)
        x += [float(cars.min() + (at + 0.5) * width)] * n
        y += range(n)
        filled += [i < dark for i in range(n)]
        names += [f"{count(int(every[at]), 'event')}, {int(found[at]):,} with p below 0.05"] * n
    return shared, x, y, filled, names


def _columns(values: _Values) -> tuple[np.ndarray[Any, np.dtype[np.int64]], float]:
    """In which part of the span each value lies, and how wide a part is."""
    width = max(float(np.ptp(values)) / _COLUMNS, 1e-9)
    return np.floor((values - values.min()) / width).astype(np.int64), width


def _heights(values: _Values) -> list[int]:
    """How many dots lie below each within a hundredth of the span, so that none hides another."""
    if not len(values):
        return []
    cell, _ = _columns(values)
    seen: dict[int, int] = {}
    out = []
    for one in cell.tolist():
        seen[one] = seen.get(one, -1) + 1
        out.append(seen[one] % _ROWS)
    return out
