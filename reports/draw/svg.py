"""A chart as SVG, drawn here: readable without a script, coloured by the page's own style."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.draw.chart import Chart, Json
from reports.draw.marks import DASHES, binned, diamonds, f, fill, marks, stroke, waterfall_ends
from reports.draw.parts import seen
from reports.draw.scales import Scale, as_number, kind_of, spanned, ticks, wide

_ELEMENT = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(r'="([\w.#-]+)"(?=[ >])')  # a value that HTML reads without its quotes
_KEY, _LEGEND = 34, 16  # pixels beside a name of the legend, and of one of its rows
_ANCHORS = {"left": "", "center": "m ", "right": "e "}


@dataclass(frozen=True)
class _Panel:
    """One pair of axes and what is drawn on them."""

    x: Scale
    y: Scale
    axes: tuple[Json, Json]
    labels: bool


def svg(chart: Chart, width: int = 520) -> str:
    """The drawing as one svg element, `width` pixels wide by its own coordinates.

    Colours are classes (`f-c0` fills, `s-c0` draws), so that light and dark need no second drawing;
    so are the sizes of words (`t12`): the style sheets of page and saved picture know each.
    """
    height = int(chart.layout["height"])
    panels = _panels(chart, width, height)
    parts = [part for panel in panels.values() for part in _frame(panel)]
    parts += _shapes(chart.layout, panels)
    drawn = [(trace, panels[trace.get("yaxis", "y")]) for trace in chart.traces]
    for trace, panel in drawn:
        parts += marks(trace, panel.x, panel.y)
    parts += diamonds((trace, panel.x, panel.y) for trace, panel in drawn)
    first = next(iter(panels.values()))
    box = (
        first.x.start,
        max(p.x.end for p in panels.values()),
        _top(chart, width),
        height - _bottom(chart),
    )
    parts += [_words(note, panels, box) for note in chart.layout["annotations"] if note["text"]]
    parts += _legend(chart, first.x.start, width)
    drawing = _ELEMENT.sub(lambda one: _QUOTED.sub(r"=\1", one[0]), "".join(parts))
    return f'<svg viewBox="0 0 {width} {height}">{drawing}</svg>'


def _top(chart: Chart, width: int) -> int:
    if chart.layout["showlegend"]:
        return 10 + _LEGEND * len(_legend_rows(chart, width))
    return int(chart.layout["margin"]["t"])


def _bottom(chart: Chart) -> int:
    if any(_title(one) for key, one in chart.layout.items() if key.startswith("xaxis")):
        return 38
    return 24


def _title(axis: Json) -> str:
    return str(axis.get("title", {}).get("text", ""))


def _panels(chart: Chart, width: int, height: int) -> dict[str, _Panel]:
    """The pairs of axes of a chart, by the name of the upright one."""
    layout = chart.layout
    keys = dict.fromkeys(["y", *(str(trace.get("yaxis", "y")) for trace in chart.traces)])
    of: dict[str, list[Json]] = {
        key: [t for t in chart.traces if t.get("yaxis", "y") == key] for key in keys
    }
    joined = [key for key in keys if "matches" in layout[f"yaxis{key[1:]}"]]
    top, bottom = _top(chart, width), height - _bottom(chart)
    ys = {}
    for key, traces in of.items():
        upright: Json = layout[f"yaxis{key[1:]}"]
        seen = traces
        if key == "y" or key in joined:
            seen = [t for k in ("y", *joined) for t in of[k]]
        y0, y1 = upright.get("domain", (0, 1))
        room = bottom - top
        ys[key] = _scale(upright, seen, "y", bottom - y0 * room, bottom - y1 * room)
    left = max(
        (_gutter(layout[f"yaxis{key[1:]}"], scale) for key, scale in ys.items()), default=8.0
    )
    columns = len(
        {
            tuple((layout.get(f"xaxis{key[1:]}") or layout["xaxis"]).get("domain", (0, 1)))
            for key in keys
        }
    )
    found = {}
    for key, traces in of.items():
        name = f"xaxis{key[1:]}"
        axis: Json = layout.get(name) or layout["xaxis"]
        seen = traces if name in layout else list(chart.traces)
        x0, x1 = axis.get("domain", (0, 1))
        right = width - max(layout["margin"]["r"], 12)
        if columns > 1 and "matches" not in layout[f"yaxis{key[1:]}"] and key != "y":
            gap = left
        else:
            gap = 0.0
        start, end = left + x0 * (right - left) + gap * (x0 > 0.1), left + x1 * (right - left)
        below = name in layout and axis.get("anchor", key) in (key, f"y{key[1:]}")
        labels = below or ("anchor" in axis and axis["anchor"] == key) or len(keys) == 1
        scale = _scale(axis, seen, "x", start, end)
        found[key] = _Panel(scale, ys[key], (axis, layout[f"yaxis{key[1:]}"]), labels)
    return found


def _scale(
    axis: Json, traces: Sequence[Mapping[str, Any]], way: str, start: float, end: float
) -> Scale:
    raw = [value for trace in traces for value in _raw(trace, way)]
    kind = kind_of(axis, raw)
    if kind == "category":
        names = tuple(dict.fromkeys(str(value) for value in raw))
    else:
        names = ()
    values = [as_number(value, kind, names) for value in raw]
    if kind == "category":
        low, high = -0.5, len(names) - 0.5
        low, high = (high, low) if axis.get("autorange") == "reversed" else (low, high)
        return Scale(low, high, start, end, kind, names)
    upright = [t["type"] in ("bar", "histogram") for t in traces]
    zero = any(upright) and way == "y"
    lines = bool(traces) and all(t["type"] == "scatter" and t["mode"] == "lines" for t in traces)
    if way == "x" and any(t["type"] == "bar" for t in traces):
        values = [value + by for value in values for by in (-0.5, 0.5)]  # half a bar each way
    low, high = spanned(axis, values, zero=zero, tight=way == "x" and (lines or any(upright)))
    return Scale(low, high, start, end, kind, names)


def _raw(trace: Mapping[str, Any], way: str) -> list[Any]:
    """The values of a trace that its axis must show."""
    if trace["type"] == "histogram":
        middles, counts = binned(trace)
        return middles if way == "x" else counts
    if trace["type"] == "waterfall" and way == "x":
        ends = waterfall_ends(trace)
        return [*ends, max(ends) + 0.18 * (max(ends) - min(ends))]  # room for the values
    values = list(trace[way])
    if way == "x" and "error_x" in trace:
        error = trace["error_x"]
        values += [a + b for a, b in zip(trace["x"], error["array"], strict=True)]
        values += [a - b for a, b in zip(trace["x"], error["arrayminus"], strict=True)]
    return values


def _gutter(axis: Json, scale: Scale) -> float:
    labels = [text for _, text in ticks(axis, scale, _upright_most(axis, scale))]
    return 8 + wide([seen(text) for text in labels]) + (16 if _title(axis) else 0)


def _upright_most(axis: Json, scale: Scale) -> int:
    return max(1, min(int(axis.get("nticks", 7)), int(abs(scale.end - scale.start) / 24)))


def _frame(panel: _Panel) -> Iterator[str]:
    """Grid, zero lines, labels and titles of a panel."""
    (x_axis, y_axis), x, y = panel.axes, panel.x, panel.y
    low, high = sorted((y.start, y.end))
    grid: list[str] = []
    zeros: list[str] = []
    side: list[str] = []
    for value, text in ticks(y_axis, y, _upright_most(y_axis, y)):
        at = y.at(value)
        if y_axis.get("showgrid", True):
            is_zero = value == 0 and y_axis.get("zeroline")
            place = f(at) if is_zero else f(at, 0)  # the grid on whole pixels
            (zeros if is_zero else grid).append(f"M{f(x.start, 0)} {place}H{f(x.end, 0)}")
        if y_axis.get("showticklabels", True):
            side.append(f'<text y="{f(at, 0)}">{_safe(text)}</text>')
    if side:
        yield f'<g class="e" transform="translate({f(x.start - 5, 0)} 4)">{"".join(side)}</g>'
    below: list[str] = []
    for value, text in ticks(x_axis, x, max(2, int(abs(x.end - x.start) / 64))):
        at = x.at(value)
        if x_axis.get("showgrid", True):
            is_zero = value == 0 and x_axis.get("zeroline")
            (zeros if is_zero else grid).append(f"M{f(at, 0)} {f(low, 0)}V{f(high, 0)}")
        if panel.labels:
            half = wide([seen(text)]) / 2
            inside = max(min(at, x.end + 10 - half), half)
            below.append(f'<text x="{f(inside, 0)}">{_safe(text)}</text>')
    if below:
        yield f'<g class="m" transform="translate(0 {f(high + 14, 0)})">{"".join(below)}</g>'
    yield from (
        f'<path class="{name}" d="{"".join(told)}"/>'
        for name, told in (("g", grid), ("z", zeros))
        if told
    )
    if panel.labels and _title(x_axis):
        middle = f((x.start + x.end) / 2)
        yield f'<text class="m" x="{middle}" y="{f(high + 31)}">{_safe(_title(x_axis))}</text>'
    if _title(y_axis):
        turn = f"translate(10 {f((low + high) / 2)}) rotate(-90)"
        yield f'<text class="m" transform="{turn}">{_safe(_title(y_axis))}</text>'


def _shapes(layout: Json, panels: Mapping[str, _Panel]) -> Iterator[str]:
    """The thin lines at an event, a value or zero."""
    for shape in layout.get("shapes", ()):
        name = "y" + str(shape["xref"]).split()[0][1:]
        own = (
            [panels[name]] if shape["yref"] != "paper" and name in panels else list(panels.values())
        )
        told = []
        for panel in own:
            x, y = panel.x, panel.y
            if "domain" in str(shape["xref"]):
                told.append(f"M{f(x.start)} {f(y.at(shape['y0']))}H{f(x.end)}")
            else:
                told.append(f"M{f(x.at(shape['x0']))} {f(y.start, 0)}V{f(y.end, 0)}")
        look = shape["line"]
        if look.get("dash") == "dot" and look["color"] == "@muted":  # most of them
            yield f'<path class="v" d="{"".join(told)}"/>'
        else:
            name, more = stroke(look["color"])
            yield f'<path class="i {name}"{more} d="{"".join(told)}"/>'


def _words(note: Json, panels: Mapping[str, _Panel], box: tuple[float, float, float, float]) -> str:
    left, right, top, bottom = box
    first = next(iter(panels.values()))
    panel = panels.get("y" + str(note.get("yref", "y")).split()[0][1:], first)
    px = left + note["x"] * (right - left) if note.get("xref") == "paper" else panel.x.at(note["x"])
    if note.get("yref") == "paper":
        py = bottom - note["y"] * (bottom - top)
    else:
        py = panel.y.at(note["y"])
    if not (math.isfinite(px) and math.isfinite(py)):
        return ""
    size = note["font"]["size"]
    py += {"top": size, "middle": size / 3, "bottom": -3}.get(
        note.get("yanchor", "middle"), size / 3
    )
    px += note.get("xshift", 0)
    turn = ""
    if "textangle" in note:
        turn = f' transform="rotate({note["textangle"]} {f(px)} {f(py)})"'
    bold = ' font-weight="600"' if "<b>" in note["text"] else ""
    classes = f'class="{_ANCHORS[note.get("xanchor", "center")]}t{size} '
    look = fill(note["font"]["color"]).replace('class="', classes)
    return f'<text{look}{bold}{turn} x="{f(px, 0)}" y="{f(py, 0)}">{_safe(note["text"])}</text>'


def _named_lines(chart: Chart) -> list[Json]:
    return [
        t for t in chart.traces if t["type"] == "scatter" and t["mode"] == "lines" and "name" in t
    ]


def _legend_rows(chart: Chart, width: int) -> list[list[Json]]:
    """The named lines, as many in a row above the drawing as fit."""
    rows: list[list[Json]] = [[]]
    at = 0.0
    for trace in _named_lines(chart) if chart.layout["showlegend"] else ():
        room = _KEY + wide([str(trace["name"])])
        if rows[-1] and at + room > width - 60:
            rows.append([])
            at = 0.0
        rows[-1].append(trace)
        at += room
    return rows


def _legend(chart: Chart, left: float, width: int) -> Iterator[str]:
    for i, row in enumerate(_legend_rows(chart, width)):
        at, y = left, 10 + _LEGEND * i
        for trace in row:
            look = trace["line"]
            dash = DASHES[look["dash"]]
            more = f' stroke-dasharray="{dash}"' if dash else ""
            yield f'<path class="l {stroke(look["color"])[0]}"{more} d="M{f(at)} {y}h18"/>'
            yield f'<text x="{f(at + 22)}" y="{y + 4}">{_safe(trace["name"])}</text>'
            at += _KEY + wide([str(trace["name"])])


def _safe(text: str) -> str:
    """Text of a label: its own small markup taken out, everything else made harmless."""
    return html.escape(seen(str(text)), quote=False)
