"""Charts over many choices at once: the specification curve and the heat map of a sweep."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.draw.chart import Chart, Json
from reports.draw.parts import axis, escape, layout, percent_axis, words
from reports.rows import records

_PANEL = 130  # pixels


def curve_chart(table: pd.DataFrame, windows: Sequence[str], *, simulated: bool) -> Chart:
    """Average abnormal returns of every specification, smallest to largest; filled where p is below 0.05."""
    share = 1 / len(windows)
    traces: list[Json] = []
    axes: Json = {
        "xaxis": axis(
            "specifications, from the smallest to the largest", anchor=f"y{_n(len(windows) - 1)}"
        )
    }
    labels: list[Json] = []
    for i, window in enumerate(windows):
        rows = records(table[table["window"] == window])
        top = 1 - i * share
        axes[f"yaxis{_n(i)}"] = percent_axis(
            "", domain=[top - share * 0.84, top - share * 0.08], nticks=5
        )
        mark = words(f"<b>{escape(window)}</b>", 0, top, xref="paper", yref="paper")
        labels.append(mark | {"xanchor": "left", "yanchor": "top"})
        sure = [row["pvalue"] < 0.05 for row in rows]
        traces.append({
            "type": "scatter", "mode": "markers", "x": list(range(1, len(rows) + 1)),
            "y": [row["caar"] for row in rows], "yaxis": f"y{_n(i)}",
            "marker": {"color": ["@c0" if one else "@c7/0.45" for one in sure], "size": 6},
            "customdata": [_named(row) for row in rows],
            "hovertemplate": "%{customdata}: %{y:+.2%}<extra></extra>",
        })  # fmt: skip
    below = int((table["pvalue"] < 0.05).sum())
    return Chart(
        name="curve",
        title="Average abnormal return under every choice of model, benchmark, day 0 and length of history",
        note="blue: p below 0.05",
        alt=f"{len(table)} averages; the p-value is below 0.05 in {below} of them.",
        traces=tuple(traces),
        layout=layout(60 + _PANEL * len(windows), simulated=simulated, annotations=labels, **axes),
        columns=("window", "specification", "average abnormal return", "p", "events"),
        rows=tuple(
            (row["window"], _named(row), row["caar"], row["pvalue"], row["n_events"])
            for row in records(table)
        ),
    )


def heat_chart(heat: pd.DataFrame, title: str, *, simulated: bool) -> Chart:
    """Mean excess return of a trade by two settings of a strategy; the value stands in each cell."""
    rows, columns = [str(one) for one in heat.index], [str(one) for one in heat.columns]
    values = heat.to_numpy(dtype=float).tolist()
    cells = {
        "type": "heatmap",
        "x": columns,
        "y": rows,
        "z": values,
        "zmid": 0,
        "colorscale": [[0, "@c1"], [0.5, "@paper"], [1, "@c0"]],
        "showscale": False,
        "texttemplate": "%{z:+.1%}",
        "hovertemplate": "%{y}, %{x}: %{z:+.2%}<extra></extra>",
        "xgap": 2,
        "ygap": 2,
    }
    category = {"type": "category", "showgrid": False}
    return Chart(
        name="sweep",
        title=title,
        alt=f"{len(rows)} by {len(columns)} averages between {heat.min().min():+.2%} and {heat.max().max():+.2%}.",
        traces=(cells,),
        layout=layout(
            70 + 34 * len(rows),
            simulated=simulated,
            xaxis=axis(str(heat.columns.name), **category),
            yaxis=axis(str(heat.index.name), autorange="reversed", **category),
        ),
        columns=(f"{heat.index.name} / {heat.columns.name}", *columns),
        rows=tuple((name, *line) for name, line in zip(rows, values, strict=True)),
    )


def _named(row: dict[str, object]) -> str:
    model = str(row["model"]).replace("_", "-") + (
        f" on {row['benchmark']}" if row["benchmark"] else ""
    )
    return escape(f"{model}, day 0 {row['day_zero']}, {row['estimation_length']} sessions")


def _n(i: int) -> str:
    return str(i + 1) if i else ""
