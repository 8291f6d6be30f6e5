"""The picture of the first screen.

Every headline move over every window, against ordinary moves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.draw.chart import Chart, Json
from reports.draw.palette import Style
from reports.draw.parts import axis, escape, layout, nth, percent_axis, words
from reports.words import NONE, equal, fine, percent

_ROW, _GAP, _TITLE, _AXIS = 17, 0.5, 20, 30  # pixels a row, rows between windows, pixels around
_HALF = 0.42  # of a row that a band fills


@dataclass(frozen=True)
class Move:
    """One row of the picture: an estimate, its interval, what is ordinary, and what else happened.

    Numbers are fractions, NaN where a move cannot be judged; `ordinary` is the half-width of the
    band within which 95% of moves of ordinary days lie.
    """

    panel: str
    window: str
    label: str
    value: float
    low: float
    high: float
    ordinary: float
    pvalue: float
    rivals: str = ""


def answer_chart(
    moves: Sequence[Move], title: str, note: str, looks: Mapping[str, Style], *, simulated: bool
) -> Chart:
    """A panel a ticker with its own scale; in it a row an announcement, window by window."""
    panels = list(dict.fromkeys(move.panel for move in moves))
    rows = {name: [move for move in moves if move.panel == name] for name in panels}
    heights = [_TITLE + _AXIS + int(_ROW * (_places(rows[name])[-1] + 1)) for name in panels]
    total, top = sum(heights) - _AXIS, 0.0  # the last axis has the room below every picture
    traces: list[Json] = []
    axes: Json = {}
    labels: list[Json] = []
    for i, (name, height) in enumerate(zip(panels, heights, strict=True)):
        n = nth(i)
        y1, y0 = 1 - (top + _TITLE) / total, 1 - (top + height - _AXIS) / total
        own, style = rows[name], looks.get(name, Style("@c0", "solid"))
        places, edge = _places(own), _edge(own)
        axes[f"xaxis{n}"] = percent_axis(
            "", domain=[0, 1], anchor=f"y{n}", range=[-edge, edge * 1.16]
        )
        axes[f"yaxis{n}"] = axis(
            domain=[y0, y1], anchor=f"x{n}", showgrid=False, range=[places[-1] + 0.6, -0.6],
            tickvals=places, ticktext=[escape(text) for text in _labels(own)],
        )  # fmt: skip
        traces += _drawn(own, places, edge, style, n)
        name_of = words(f"<b>{escape(name)}</b>", 0, y1, size=13, xref="paper", yref="paper")
        labels.append(name_of | {"xanchor": "left", "yanchor": "bottom"})
        labels += [_value(move, place, edge, n) for move, place in zip(own, places, strict=True)]
        top += height
    return Chart(
        name="headline",
        title=title,
        alt=_says(moves),
        note=note,
        traces=tuple(traces),
        layout=layout(total + 26, simulated=simulated, annotations=labels, **axes)
        | {"margin": {"l": 8, "r": 62, "t": 2, "b": 0}},
        columns=("ticker", "window", "announcement", "abnormal return", "95% low", "95% high",
                 "ordinary moves within", "p", "inside the window"),
        rows=tuple(
            (m.panel, m.window, m.label, m.value, m.low, m.high, m.ordinary, m.pvalue, m.rivals)
            for m in moves
        ),
    )  # fmt: skip


def _places(moves: Sequence[Move]) -> list[float]:
    """Where each row stands, with air between windows."""
    windows = list(dict.fromkeys(move.window for move in moves))
    return [i + _GAP * windows.index(move.window) for i, move in enumerate(moves)]


def _labels(moves: Sequence[Move]) -> list[str]:
    """The window's name before its first row, the announcement's before each."""
    told, last = [], ""
    for move in moves:
        told.append(f"{move.window if move.window != last else ''} {move.label}".strip())
        last = move.window
    return told


def _edge(moves: Sequence[Move]) -> float:
    """How far the picture reaches to either side."""
    known = [
        abs(value)
        for move in moves
        for value in (move.value, move.low, move.high, move.ordinary)
        if math.isfinite(value)
    ]
    return 1.04 * max(known, default=0.01)


def _drawn(
    moves: Sequence[Move], places: Sequence[float], edge: float, style: Style, n: str
) -> list[Json]:
    where = {"xaxis": f"x{n}", "yaxis": f"y{n}"}
    bands = [
        {
            "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": "@muted/0.2",
            "x": [-move.ordinary, move.ordinary, move.ordinary, -move.ordinary],
            "y": [place - _HALF, place - _HALF, place + _HALF, place + _HALF],
            "line": {"width": 0, "color": "@muted/0"}, **where,
        }
        for move, place in zip(moves, places, strict=True)
        if math.isfinite(move.ordinary)
    ]  # fmt: skip
    known = [(m, p) for m, p in zip(moves, places, strict=True) if math.isfinite(m.value)]
    dots = {
        "type": "scatter", "mode": "markers",
        "x": [move.value for move, _ in known], "y": [place for _, place in known],
        "marker": {"color": style.colour, "size": 9},
        "error_x": {
            "type": "data", "symmetric": False, "color": style.colour, "thickness": 1.6, "width": 3,
            "array": [move.high - move.value for move, _ in known],
            "arrayminus": [move.value - move.low for move, _ in known],
        },
        "customdata": [escape(f"{m.panel}, {m.window}, {m.label}") for m, _ in known],
        "hovertemplate": "%{customdata}: %{x:+.1%}<extra></extra>", **where,
    }  # fmt: skip
    others = [(m, p) for m, p in zip(moves, places, strict=True) if m.rivals]
    marks = {
        "type": "scatter", "mode": "markers",
        "x": [edge * 1.09] * len(others), "y": [place for _, place in others],
        "marker": {"color": "@ink", "size": 8, "symbol": "diamond"},
        "customdata": [escape(move.rivals) for move, _ in others],
        "hovertemplate": "%{customdata}<extra></extra>", **where,
    }  # fmt: skip
    return [*bands, dots, *([marks] if others else [])]


def _value(move: Move, place: float, edge: float, n: str) -> Json:
    told = percent(move.value, fine(move.low, move.high)) if math.isfinite(move.value) else NONE
    sure = move.pvalue < 0.05
    text = f"<b>{told}</b>" if sure else told
    where = {"xref": f"x{n}", "yref": f"y{n}", "xanchor": "left", "yanchor": "middle", "xshift": 4}
    return words(text, edge * 1.16, place) | where


def _says(moves: Sequence[Move]) -> str:
    return "; ".join(
        f"{m.panel} {m.window} {m.label}: {percent(m.value)}"
        + (
            f", 95% interval {percent(m.low)} to {percent(m.high)}, p {equal(m.pvalue)}"
            if math.isfinite(m.low)
            else ""
        )
        for m in moves
    )
