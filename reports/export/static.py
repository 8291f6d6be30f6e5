"""The page's main charts as files for papers, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from textwrap import wrap
from typing import Any

from reports.draw.chart import Chart
from reports.draw.parts import seen
from reports.export.drawn import DASHES, colour, dates, put, written
from reports.page.built import built
from reports.page.sections.base import Context
from reports.run.findings import Findings

_WIDTH, _DPI = 7.0, 100  # inches; pixels of the page an inch
_LEFT, _ACROSS = 0.1, 0.88  # where panels are, in parts of the width
_BELOW, _ABOVE = 0.4, 0.1  # inches kept free under and over all panels
_LINE, _SMALL = 88, 150  # letters a line of the title and of the words below holds
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
            put(axes[trace.get("yaxis", "y")], trace)
        if chart.layout["showlegend"]:
            axes["y"].legend(frameon=False, fontsize=7)
        for ax in axes.values():
            if not ax.images:
                ax.grid(visible=True, color=colour("@grid"), linewidth=0.5)
            ax.set_axisbelow(True)
            ax.spines[["top", "right"]].set_visible(False)
        for shape in chart.layout.get("shapes", ()):
            _upright(axes, shape)
        for note in chart.layout["annotations"]:
            _note(figure, axes, note)
        _told(figure, chart)
        return figure


def _told(figure: Any, chart: Chart) -> None:
    """The title over everything, what is drawn and its source under everything."""
    tight, height = figure.get_tightbbox(), figure.get_figheight()  # labels reach beyond the axes
    left = tight.x0 / _WIDTH
    title = "\n".join(wrap(written(chart.title), _LINE))
    place = {"x": left, "y": tight.y1 / height + 0.06 / height, "ha": "left", "va": "bottom"}
    figure.suptitle(title, fontsize=9, fontweight="bold", **place)
    parts = [line for part in (chart.note, chart.source) for line in wrap(written(part), _SMALL)]
    look: dict[str, Any] = {"fontsize": 6.5, "color": colour("@muted"), "ha": "left", "va": "top"}
    figure.text(left, tight.y0 / height - 0.08 / height, "\n".join(parts), **look)


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
        ax.set_xticks(x["tickvals"], _labels(x))
    if "tickvals" in y:
        ax.set_yticks(y["tickvals"], _labels(y))
    if "range" in y:
        ax.set_ylim(*y["range"])
    for spec, zero in ((x, ax.axvline), (y, ax.axhline)):
        if spec["zeroline"]:
            zero(0, color=colour("@muted"), lw=0.7)
    return ax


def _labels(axis: Mapping[str, Any]) -> list[str]:
    return [written(seen(str(text))) for text in axis["ticktext"]]


def _percent(value: float) -> str:
    return f"{100 * value:+.3g}%".replace("-", "−").replace("+0%", "0%")


def _upright(axes: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
    """The thin lines at an event or a value; one on the paper crosses every panel below another."""
    if shape["x0"] != shape["x1"]:
        return
    own = list(axes.values())
    if shape["yref"] != "paper":
        own = [axes[f"y{shape['xref'][1:]}"]]
    line = shape["line"]
    dashes = DASHES[line.get("dash", "solid")]
    for ax in own:
        ax.axvline(
            *dates([shape["x0"]]),
            ls=dashes,
            color=colour(line["color"]),
            lw=0.6 * line["width"],
        )


def _note(figure: Any, axes: Mapping[str, Any], note: Mapping[str, Any]) -> None:
    """Words on the paper, or at a value of the panel that they belong to."""
    shift = note.get("xshift", 0)
    look: dict[str, Any] = {
        "color": colour(note["font"]["color"]),
        "fontsize": note["font"]["size"] * 0.7,
        "fontweight": "bold" if note["text"].endswith("</b>") else "normal",
        "rotation": -note.get("textangle", 0),
        "ha": note.get("xanchor", "center"),
        "va": {"middle": "center"}.get(note.get("yanchor", "middle"), note.get("yanchor")),
    }
    if note.get("xref") == "paper":
        x, y = _on_paper(figure, note["x"], note["y"])
        figure.text(x + shift / _DPI / _WIDTH, y, written(seen(note["text"])), **look)
        return
    on_top = note.get("yref") == "paper"
    own = axes["y"] if on_top else axes[note.get("yref", "y")]
    own.annotate(
        written(seen(note["text"])),
        (note["x"], note["y"]),
        (72 * shift / _DPI, 0),
        xycoords=("data", "axes fraction" if on_top else "data"),
        textcoords="offset points",
        **look,
    )
