"""The pieces every chart is made of: axes, zero lines, bands, event markers, the SIMULATED mark."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from reports.draw.chart import Json
from reports.draw.palette import Style

_BOLD = re.compile(r"</?b>")
PERCENT = ".1~%"
_EXACT = "+.1%"


def axis(title: str = "", **more: Any) -> Json:
    """A quiet axis: light grid, no box; `more` are plotly's own words."""
    return {
        "title": {"text": title, "standoff": 8},
        "gridcolor": "@grid",
        "linecolor": "@grid",
        "zeroline": False,
        "automargin": True,
        **more,
    }


def percent_axis(title: str, **more: Any) -> Json:
    """An axis of fractions shown as percent, with a marked zero."""
    return axis(title, tickformat=PERCENT, **more) | {
        "zeroline": True,
        "zerolinecolor": "@muted",
        "zerolinewidth": 1,
    }


def nth(i: int) -> str:
    """What follows "x" or "y" in the name of axis i, counted from 0: the first has no number."""
    if i:
        return str(i + 1)
    return ""


def layout(height: int, *, simulated: bool, **more: Any) -> Json:
    """The layout all charts share; `more` adds axes, shapes and annotations."""
    annotations = [*more.pop("annotations", ())]
    if simulated:
        annotations.append(simulated_mark())
    return {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 28, "b": 8},
        "showlegend": False,
        "hovermode": "closest",
        "annotations": annotations,
        **more,
    }


def simulated_mark() -> Json:
    """The word across a chart that no one may mistake for a market."""
    mark = words("SIMULATED", 0.5, 0.5, size=34, colour="@muted/0.28", xref="paper", yref="paper")
    return mark | {"textangle": -14, "xanchor": "center", "yanchor": "middle"}


def words(
    text: str, x: object, y: object, *, size: int = 12, colour: str = "@ink", **more: Any
) -> Json:
    """Text at a place, without an arrow."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "font": {"size": size, "color": colour},
        **more,
    }


def line(x: Sequence[object], y: Sequence[object], name: str, style: Style, **more: Any) -> Json:
    """A line with exact values on hover."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "name": name,
        "line": {"color": style.colour, "dash": style.dash, "width": 2, "simplify": False},
        "hovertemplate": f"{escape(name)} %{{x}}: %{{y:{_EXACT}}}<extra></extra>",
        **more,
    }


def band(
    x: Sequence[object], low: Sequence[object], high: Sequence[object], style: Style, **more: Any
) -> Json:
    """A filled band between two edges; it has no hover of its own."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *reversed(x)],
        "y": [*high, *reversed(low)],
        "fill": "toself",
        "fillcolor": style.fill(0.14),
        "line": {"width": 0, "color": style.fill(0), "simplify": False},
        "hoverinfo": "skip",
        **more,
    }


def vertical(x: object, *, yref: str = "paper", xref: str = "x") -> Json:
    """A thin upright line: the event."""
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "xref": xref,
        "yref": yref,
        "line": {"color": "@muted", "width": 1, "dash": "dot"},
    }


def zero(*, upright: bool = False, ref: str = "") -> Json:
    """A solid zero line across one panel."""
    across = {"x0": 0, "x1": 0, "y0": 0, "y1": 1, "xref": f"x{ref}", "yref": f"y{ref} domain"}
    along = {"x0": 0, "x1": 1, "y0": 0, "y1": 0, "xref": f"x{ref} domain", "yref": f"y{ref}"}
    return {"type": "line", "line": {"color": "@muted", "width": 1}, "layer": "below"} | (
        across if upright else along
    )


def escape(text: str) -> str:
    """Text for a label.

    plotly reads a little HTML in labels and %{...} in hover templates; data must not use it.
    """
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("%{", "% {").replace("$", "&#36;")


def seen(text: str) -> str:
    """A label as it is read: without the bold marks and escapes of a page."""
    return html.unescape(_BOLD.sub("", text))


def shorten(text: str, length: int = 40) -> str:
    """Text that fits a label."""
    if len(text) <= length:
        return text
    return text[: length - 1].rstrip() + "…"
