"""The page's main charts as files for papers, drawn by matplotlib (the only importer of it)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from textwrap import wrap
from typing import Any

import numpy as np

from reports.draw.chart import Chart
from reports.draw.palette import TOKENS
from reports.page.built import built
from reports.page.sections.base import Context
from reports.run.findings import Findings

_WIDTH, _DPI = 7.0, 100  # inches; pixels of the page an inch
_LEFT, _ACROSS = 0.1, 0.88  # where panels are, in parts of the width
_BELOW, _ABOVE = 0.4, 0.1  # inches kept free under and over all panels
_LINE, _SMALL = 88, 150  # letters a line of the title and of the words below holds
_DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-.", "longdash": (0, (8, 3))}
_QUIET: Any = {
    "svg.hashsalt": "reactions",
    "svg.fonttype": "none",
    "font.size": 8,
    "axes.linewidth": 0.5,
}


def figure_files(findings: Findings, forms: tuple[str, ...]) -> dict[str, bytes]:
    """Each main chart in each form (svg, png, pdf), by its path in the output folder."""
    charts = list(_main_charts(findings))
    return {f"figures/{chart.name}.{form}": draw(chart, form) for chart in charts for form in forms}


def draw(chart: Chart, form: str) -> bytes:
    """One chart as the bytes of a file; the same chart gives the same bytes."""
    import matplotlib as mpl

    with mpl.rc_context(_QUIET):
        figure, sink = picture(chart), BytesIO()
        stamp = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}[
            form
        ]
        figure.savefig(sink, format=form, metadata=stamp, bbox_inches="tight", dpi=2 * _DPI)
        return sink.getvalue()


def picture(chart: Chart) -> Any:
    """One chart as a matplotlib Figure, which notebooks show.

    Title, what is drawn, and its source.
    """
    import matplotlib as mpl

    from reports.export.shown import Picture

    with mpl.rc_context(_QUIET):
        figure = Picture(figsize=(_WIDTH, chart.layout["height"] / _DPI + 0.3), layout=None)
        axes = {key: _axes(figure, chart.layout, key) for key in _panels(chart)}
        for key, ax in axes.items():
            if "matches" in chart.layout[f"yaxis{key[1:]}"]:
                ax.sharey(axes["y"])
                ax.tick_params(
                    labelleft=chart.layout[f"yaxis{key[1:]}"].get("showticklabels", True)
                )
        for trace in chart.traces:
            _trace(axes[trace.get("yaxis", "y")], trace)
        if chart.layout["showlegend"]:
            axes["y"].legend(frameon=False, fontsize=7)
        for ax in axes.values():
            if not ax.images:
                ax.grid(visible=True, color=_colour("@grid"), linewidth=0.5)
            ax.set_axisbelow(True)
            ax.spines[["top", "right"]].set_visible(False)
        for shape in chart.layout.get("shapes", ()):
            _upright(axes, shape)
        for note in chart.layout["annotations"]:
            _note(figure, axes["y"], note)
        _told(figure, chart)
        return figure


def _told(figure: Any, chart: Chart) -> None:
    """The title over everything, what is drawn and its source under everything."""
    tight, height = figure.get_tightbbox(), figure.get_figheight()  # labels reach beyond the axes
    left = tight.x0 / _WIDTH
    title = "\n".join(wrap(_plain(chart.title), _LINE))
    place = {"x": left, "y": tight.y1 / height + 0.06 / height, "ha": "left", "va": "bottom"}
    figure.suptitle(title, fontsize=9, fontweight="bold", **place)
    parts = [line for part in (chart.note, chart.source) for line in wrap(_plain(part), _SMALL)]
    look: dict[str, Any] = {"fontsize": 6.5, "color": _colour("@muted"), "ha": "left", "va": "top"}
    figure.text(left, tight.y0 / height - 0.08 / height, "\n".join(parts), **look)


def _plain(text: str) -> str:
    """Text of data, none of which is mathematics to matplotlib."""
    return text.replace("$", r"\$")


def _main_charts(findings: Findings) -> Iterator[Chart]:
    """The charts of every section, each with the source that it takes along."""
    source = Context(findings).source
    for section in built(findings):
        for chart in section.charts:
            yield replace(chart, source=source)


def _panels(chart: Chart) -> list[str]:
    return list(dict.fromkeys(["y", *(trace.get("yaxis", "y") for trace in chart.traces)]))


def _on_paper(figure: Any, x: float, y: float) -> tuple[float, float]:
    """A place among all panels, each coordinate from 0 to 1, as parts of the figure."""
    height = figure.get_figheight()
    return _LEFT + _ACROSS * x, (_BELOW + y * (height - _BELOW - _ABOVE)) / height


def _axes(figure: Any, layout: Mapping[str, Any], key: str) -> Any:
    y = layout[f"yaxis{key[1:]}"]
    x = layout.get(f"xaxis{key[1:]}", layout["xaxis"])
    (x0, x1), (y0, y1) = x.get("domain", (0, 1)), y.get("domain", (0, 1))
    (left, low), (right, high) = _on_paper(figure, x0, y0), _on_paper(figure, x1, y1)
    ax = figure.add_axes((left, low, right - left, high - low))
    shared = x.get("anchor", key) != key
    ax.set_xlabel("" if shared else x["title"]["text"])  # the lowest of panels above one another
    ax.tick_params(labelbottom=not shared)
    ax.set_ylabel(y["title"]["text"])
    if "range" in x and not isinstance(x["range"][0], str):
        ax.set_xlim(*x["range"])
    for spec, axis in ((x, ax.xaxis), (y, ax.yaxis)):
        if "%" in spec.get("tickformat", ""):
            axis.set_major_formatter(lambda value, _: _percent(value))
    if "tickvals" in x:
        ax.set_xticks(x["tickvals"], x["ticktext"])
    if "tickvals" in y:
        ax.set_yticks(y["tickvals"], y["ticktext"])
    if "range" in y:
        ax.set_ylim(*y["range"])
    for spec, zero in ((x, ax.axvline), (y, ax.axhline)):
        if spec["zeroline"]:
            zero(0, color=_colour("@muted"), lw=0.7)
    return ax


def _percent(value: float) -> str:
    return f"{100 * value:.3g}%".replace("-", "−")


def _trace(ax: Any, trace: Mapping[str, Any]) -> None:
    if trace["type"] == "histogram":
        ax.hist(trace["x"], bins=trace["nbinsx"], color=_colour(trace["marker"]["color"]))
    elif trace["type"] == "bar":
        ax.bar(trace["x"], trace["y"], color=_colours(trace["marker"]["color"]))
    elif trace["type"] == "waterfall":
        _waterfall(ax, trace)
    elif trace["type"] == "heatmap":
        _heat(ax, trace)
    elif trace.get("fill") == "toself":
        ax.fill(_dates(trace["x"]), trace["y"], color=_colour(trace["fillcolor"]), lw=0)
    elif trace["mode"] == "markers":
        if "error_x" in trace:
            reach = [trace["error_x"]["arrayminus"], trace["error_x"]["array"]]
            ax.errorbar(
                trace["x"],
                trace["y"],
                xerr=reach,
                fmt="none",
                ecolor=_colour("@muted"),
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
            "color": _colour(look["color"]),
            "ls": _DASHES[look["dash"]],
            "lw": 1.3,
            "label": trace["name"],
        }
        ax.plot(_dates(trace["x"]), trace["y"], **line)


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
        ax.barh(label, value, left=start, color=_colour(look["marker"]["color"]))
        end = start + value
    ax.use_sticky_edges = False  # the longest bar ends before the frame does
    ax.invert_yaxis()
    ax.axvline(0, color=_colour("@muted"), lw=0.7)


def _heat(ax: Any, trace: Mapping[str, Any]) -> None:
    """Cells in two hues about zero, each with its value."""
    from matplotlib.colors import LinearSegmentedColormap

    values = np.array(trace["z"], dtype=np.float64)
    most = max(float(np.nanmax(np.abs(values), initial=0.0)), 1e-9)
    hues = LinearSegmentedColormap.from_list(
        "", [_colour(token) for _, token in trace["colorscale"]]
    )
    ax.imshow(values, cmap=hues, vmin=-most, vmax=most, aspect="auto")
    ax.set_xticks(range(len(trace["x"])), trace["x"])
    ax.set_yticks(range(len(trace["y"])), trace["y"])
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = "white" if abs(value) > 0.6 * most else "black"
            ax.text(
                column,
                row,
                f"{value:+.1%}".replace("-", "−"),
                ha="center",
                va="center",
                fontsize=7,
                color=ink,
            )


def _upright(axes: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
    """The thin lines at an event or a value; one on the paper crosses every panel below another."""
    if shape["x0"] != shape["x1"]:
        return
    own = list(axes.values())
    if shape["yref"] != "paper":
        own = [axes[f"y{shape['xref'][1:]}"]]
    line = shape["line"]
    dashes = _DASHES[line.get("dash", "solid")]
    for ax in own:
        ax.axvline(
            *_dates([shape["x0"]]),
            ls=dashes,
            color=_colour(line["color"]),
            lw=0.6 * line["width"],
        )


def _note(figure: Any, ax: Any, note: Mapping[str, Any]) -> None:
    text = note["text"].replace("<b>", "").replace("</b>", "").replace("$", r"\$")
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    colour, size = _colour(note["font"]["color"]), note["font"]["size"] * 0.7
    look = {"color": colour, "fontsize": size, "rotation": -note.get("textangle", 0)}
    if note.get("xref") == "paper":
        x, y = _on_paper(figure, note["x"], note["y"])
        where = (x + note.get("xshift", 0) / _DPI / _WIDTH, y)
        figure.text(
            *where,
            text,
            ha=note.get("xanchor", "center"),
            va="top" if note["y"] != 0.5 else "center",
            **look,
        )
    else:
        ax.annotate(
            text,
            (note["x"], note["y"]),
            xycoords=("data", "axes fraction" if note.get("yref") else "data"),
            **look,
        )


def _dates(values: list[Any]) -> list[Any]:
    from datetime import date

    return [date.fromisoformat(value) for value in values] if isinstance(values[0], str) else values


def _colours(value: Any) -> Any:
    return [_colour(one) for one in value] if isinstance(value, list) else _colour(value)


def _colour(token: str) -> tuple[float, float, float, float]:
    name, _, opacity = token[1:].partition("/")
    written = TOKENS[name][0]  # #rrggbb
    red, green, blue = int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
    return red / 255, green / 255, blue / 255, float(opacity or 1)
