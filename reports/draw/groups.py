"""Charts over many events: average paths, forest plots, the same number under other choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.draw.chart import Chart, Json
from reports.draw.palette import Style
from reports.draw.parts import (
    axis,
    band,
    escape,
    layout,
    line,
    percent_axis,
    shorten,
    vertical,
    words,
    zero,
)
from reports.rows import Row, records

_Z = 1.96
_ROW = 26  # pixels a row of a forest plot
_PLAIN = Style("@c0", "solid")


def average_chart(
    name: str, title: str, paths: pd.DataFrame, looks: Mapping[str, Style], *, simulated: bool
) -> Chart:
    """One small panel a group on a common scale: the average cumulative abnormal return and its 95% band."""
    groups = [str(value) for value in paths["group_value"].unique()]
    columns = 3 if len(groups) > 2 else len(groups)
    rows = -(-len(groups) // columns)
    traces: list[Json] = []
    axes: Json = {}
    marks, labels = [], []
    for i, group in enumerate(groups):
        path = paths[paths["group_value"] == group].dropna(subset=["caar"])
        n = "" if i == 0 else str(i + 1)
        across, down = i % columns, i // columns
        x0, y1 = across / columns, 1 - down / rows
        axes[f"xaxis{n}"] = axis(domain=[x0 + 0.01, x0 + 0.9 / columns], anchor=f"y{n}", dtick=10)
        axes[f"yaxis{n}"] = percent_axis(
            "", domain=[y1 - 0.76 / rows, y1 - 0.06 / rows], anchor=f"x{n}", nticks=5
        ) | ({"matches": "y", "showticklabels": across == 0} if i else {})
        traces += _average(path, group, looks.get(group, _PLAIN), n)
        marks.append(vertical(-0.5, xref=f"x{n}", yref=f"y{n} domain"))
        events = f"{path['n_events'].max():.0f}" if len(path) else "0"
        labels.append(
            _panel_title(
                f"{shorten('all events' if group == 'all' else group, 22)} (n = {events})",
                x0 + 0.01,
                y1,
            )
        )
    return Chart(
        name=name,
        title=title,
        alt=_says_average(paths, groups),
        note="by session from the announcement; bands: 95% intervals",
        traces=tuple(traces),
        layout=layout(
            60 + 150 * rows, simulated=simulated, shapes=marks, annotations=labels, **axes
        ),
        columns=(
            "group",
            "day",
            "average cumulative abnormal return",
            "95% low",
            "95% high",
            "events",
        ),
        rows=tuple(
            (row["group_value"], row["day"], row["caar"], *_edges(row), row["n_events"])
            for row in records(paths)
        ),
    )


def forest_chart(
    name: str, title: str, rows: pd.DataFrame, looks: Mapping[str, Style], *, simulated: bool
) -> Chart:
    """Estimates with 95% intervals, one a line; `rows` has label, ticker, value, low, high and, on hover, detail."""
    shown = rows.reset_index(drop=True)
    height = 70 + _ROW * len(shown)
    place = list(range(len(shown)))
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": shown["value"].tolist(),
            "y": place,
            "marker": {
                "color": [looks.get(str(t), _PLAIN).colour for t in shown["ticker"]],
                "size": 8,
            },
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": (shown["high"] - shown["value"]).tolist(),
                "arrayminus": (shown["value"] - shown["low"]).tolist(),
                "color": "@muted",
                "thickness": 1.4,
                "width": 3,
            },
            "customdata": [escape(str(text)) for text in shown["detail"]],
            "hovertemplate": "%{customdata}: %{x:+.2%}<extra></extra>",
        }
    ]
    ticks: Json = {
        "tickvals": place,
        "ticktext": [escape(shorten(str(text), 34)) for text in shown["label"]],
    }
    y = axis(**ticks, range=[len(shown) - 0.4, -0.6], showgrid=False)
    return Chart(
        name=name,
        title=title,
        alt=_says_forest(shown),
        traces=tuple(traces),
        layout=layout(
            height,
            simulated=simulated,
            xaxis=percent_axis("", side="bottom"),
            yaxis=y,
            shapes=[zero(upright=True)],
        ),
        columns=("", "estimate", "95% low", "95% high", "detail"),
        rows=tuple(
            shown[["label", "value", "low", "high", "detail"]].itertuples(index=False, name=None)
        ),
    )


def _edges(row: Row) -> tuple[float, float]:
    return row["caar"] - _Z * row["se"], row["caar"] + _Z * row["se"]


def _average(path: pd.DataFrame, group: str, style: Style, n: str) -> list[Json]:
    day, mean, reach = path["day"].tolist(), path["caar"], _Z * path["se"]
    where = {"xaxis": f"x{n}", "yaxis": f"y{n}"}
    solid = Style(style.colour, "solid")
    told = f"{escape(group)}, day %{{x}}: %{{y:+.2%}}<extra></extra>"
    return [
        band(day, (mean - reach).tolist(), (mean + reach).tolist(), solid, **where),
        line(day, mean.tolist(), group, solid, hovertemplate=told, **where),
    ]


def _panel_title(text: str, x: float, y: float) -> Json:
    return words(f"<b>{escape(text)}</b>", x, y, xref="paper", yref="paper") | {
        "xanchor": "left",
        "yanchor": "top",
    }


def _says_average(paths: pd.DataFrame, groups: Sequence[str]) -> str:
    last = {row["group_value"]: row for row in records(paths.dropna(subset=["caar"]))}
    told = [
        f"{group} {last[group]['caar']:+.1%} by day {last[group]['day']}"
        for group in groups
        if group in last
    ]
    return "Average cumulative abnormal return: " + ("; ".join(told) or "no group has one") + "."


def _says_forest(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["value"])
    apart = known[(known["low"] > 0) | (known["high"] < 0)]
    return (
        f"{len(known)} estimates with 95% intervals; {len(apart)} of the intervals leave out zero."
    )
