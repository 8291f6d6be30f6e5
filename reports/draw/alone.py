"""What a chart needs when no page stands around it.

Titles of its axes, whole names, a scale to read it by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from reports.draw.chart import Chart, Json
from reports.draw.parts import escape, shorten

_TAIL = 5  # percent of the edges of bands, beyond which one band may not set the scale of all
_FAR = 2.0  # times the rest, from which on it would
_NAME = 30  # letters of an event's name above a panel a third of a page wide
_CUT = "bands that reach beyond a panel are cut"


def across(chart: Chart, title: str) -> Chart:
    """The chart with a title below its one horizontal axis."""
    return replace(chart, layout={**chart.layout, "xaxis": _titled(chart.layout["xaxis"], title)})


def by_session(chart: Chart) -> Chart:
    """Small panels of paths.

    The lowest axes say what they count, and one wide band hides no other panel.
    """
    layout = dict(chart.layout)
    panels = [key for key in layout if key.startswith("yaxis")]
    floor = {layout[f"x{key[1:]}"]["domain"][0]: f"x{key[1:]}" for key in panels}  # the last wins
    for key in floor.values():
        layout[key] = _titled(layout[key], "sessions from day 0")
    scale = _readable(chart.traces)
    if scale is None:
        return replace(chart, layout=layout)
    for key in panels:
        layout[key] = {**layout[key], "range": scale}
    return replace(chart, layout=layout, note=f"{chart.note}; {_CUT}")


def named_panels(chart: Chart, names: Sequence[str]) -> Chart:
    """The panels' own titles, "TICKER event", in place of what a page has room for."""
    notes = list(chart.layout["annotations"])
    for at, name in enumerate(names):
        ticker, _, event = name.partition(" ")
        text = f"<b>{escape(ticker)}</b> {escape(shorten(event, _NAME - len(ticker)))}"
        notes[at] = {**notes[at], "text": text, "font": {**notes[at]["font"], "size": 10}}
    return replace(chart, layout={**chart.layout, "annotations": notes})


def _titled(axis: Mapping[str, Any], title: str) -> Json:
    return {**axis, "title": {**axis["title"], "text": title}}


def _readable(traces: Sequence[Json]) -> list[float] | None:
    """The scale of all lines and of all bands but the widest.

    Where these would flatten the rest.
    """
    lines = _values(one for one in traces if "fill" not in one)
    bands = _values(one for one in traces if "fill" in one)
    if not len(lines) or not len(bands):
        return None
    low, high = np.percentile(bands, [_TAIL / 2, 100 - _TAIL / 2])
    low, high = min(low, lines.min(), 0.0), max(high, lines.max(), 0.0)
    if max(bands.max(), high) - min(bands.min(), low) < _FAR * (high - low):
        return None
    air = 0.05 * (high - low)
    return [float(low - air), float(high + air)]


def _values(traces: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    every = [value for one in traces for value in one["y"]]
    found = np.array(every, dtype=np.float64)
    return found[np.isfinite(found)]
