"""The marks of a chart on axes of matplotlib: points, lines, bars, bands and cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from reports.draw.palette import TOKENS
from reports.words import percent

DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-.", "longdash": (0, (8, 3))}


def put(ax: Any, trace: Mapping[str, Any]) -> None:
    """Draw one trace of a chart."""
    if trace["type"] == "histogram":
        ax.hist(trace["x"], bins=trace["nbinsx"], color=colour(trace["marker"]["color"]))
    elif trace["type"] == "bar":
        ax.bar(trace["x"], trace["y"], color=_colours(trace["marker"]["color"]))
    elif trace["type"] == "waterfall":
        _waterfall(ax, trace)
    elif trace["type"] == "heatmap":
        _heat(ax, trace)
    elif trace.get("fill") == "toself":
        ax.fill(dates(trace["x"]), trace["y"], color=colour(trace["fillcolor"]), lw=0)
    elif trace["mode"] == "markers":
        if "error_x" in trace:
            reach = [trace["error_x"]["arrayminus"], trace["error_x"]["array"]]
            ax.errorbar(
                trace["x"],
                trace["y"],
                xerr=reach,
                fmt="none",
                ecolor=colour(trace["error_x"].get("color", "@muted")),
                lw=0.9,
                capsize=2,
            )
        size = min(trace["marker"].get("size", 4), 4) ** 2
        look = {"color": _colours(trace["marker"]["color"]), "s": size, "zorder": 3}
        shape = "D" if trace["marker"].get("symbol") == "diamond" else "o"
        ax.scatter(trace["x"], trace["y"], marker=shape, **look)
    else:
        look = trace["line"]
        line = {
            "color": colour(look["color"]),
            "ls": DASHES[look["dash"]],
            "lw": 1.3,
            "label": written(trace["name"]),
        }
        ax.plot(dates(trace["x"]), trace["y"], **line)


def _waterfall(ax: Any, trace: Mapping[str, Any]) -> None:
    """Horizontal bars, the first on top.

    Totals from zero, steps from where the one before ended.
    """
    end = 0.0
    for label, value, measure in zip(trace["y"], trace["x"], trace["measure"], strict=True):
        start = 0.0 if measure == "absolute" else end
        look = trace[
            "totals" if measure == "absolute" else "increasing" if value > 0 else "decreasing"
        ]
        ax.barh(label, value, left=start, color=colour(look["marker"]["color"]))
        end = start + value
        ax.annotate(percent(value, 2), (max(start, end), label), (3, 0), va="center", fontsize=7,
                    textcoords="offset points")  # fmt: skip
    ax.use_sticky_edges = False  # the longest bar ends before the frame does
    ax.invert_yaxis()
    ax.axvline(0, color=colour("@muted"), lw=0.7)


def _heat(ax: Any, trace: Mapping[str, Any]) -> None:
    """Cells in two hues about zero, each with its value."""
    from matplotlib.colors import LinearSegmentedColormap

    values = np.array(trace["z"], dtype=np.float64)
    most = max(float(np.nanmax(np.abs(values), initial=0.0)), 1e-9)
    hues = LinearSegmentedColormap.from_list(
        "", [colour(token) for _, token in trace["colorscale"]]
    )
    ax.imshow(values, cmap=hues, vmin=-most, vmax=most, aspect="auto")
    ax.set_xticks(range(len(trace["x"])), [written(name) for name in trace["x"]])
    ax.set_yticks(range(len(trace["y"])), [written(name) for name in trace["y"]])
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = "white" if abs(value) > 0.6 * most else "black"
            ax.text(
                column,
                row,
                percent(value, 2),
                ha="center",
                va="center",
                fontsize=7,
                color=ink,
            )


def written(text: str) -> str:
    """Text of data, none of which is mathematics to matplotlib."""
    return text.replace("$", r"\$")


def dates(values: list[Any]) -> list[Any]:
    """Places along an axis, days as dates."""
    return [date.fromisoformat(value) for value in values] if isinstance(values[0], str) else values


def _colours(value: Any) -> Any:
    return [colour(one) for one in value] if isinstance(value, list) else colour(value)


def colour(token: str) -> tuple[float, float, float, float]:
    """A colour of the page's light style, by its name and opacity."""
    name, _, opacity = token[1:].partition("/")
    written = TOKENS[name][0]  # #rrggbb
    red, green, blue = int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
    return red / 255, green / 255, blue / 255, float(opacity or 1)
