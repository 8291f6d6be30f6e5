"""Charts over many choices at once: the specification curve and the heat map of a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reports.draw.chart import Chart, Json
from reports.draw.parts import axis, escape, layout, nth, percent_axis, words
from reports.rows import records
from reports.words import count, percent

_PANEL, _CHOICE = 120, 15  # pixels a window and a row of the panel of choices


def curve_chart(table: pd.DataFrame, windows: Sequence[str], *, simulated: bool) -> Chart:
    """Average abnormal returns of every specification, with the choices each stands for below.

    All panels share an order: from the smallest to the largest average of the first window. Filled
    where p is below 0.05.
    """
    keys = ["model", "benchmark", "day_zero", "estimation_length"]
    first = table[table["window"] == windows[0]].sort_values("caar", kind="stable")
    order = {tuple(row): i + 1 for i, row in enumerate(first[keys].itertuples(index=False))}
    choices = _choices(first)
    below, gap = _CHOICE * len(choices), 16
    total = _PANEL * len(windows) + below + gap
    n = len(windows)
    traces: list[Json] = []
    across = axis(
        "specifications, in the order of the first window",
        anchor=f"y{nth(n)}", showgrid=False, range=[0, len(order) + 1],
    )  # fmt: skip
    axes: Json = {"xaxis": across}
    labels: list[Json] = []
    for i, window in enumerate(windows):
        rows = [
            row for row in records(table[table["window"] == window]) if _key(row, keys) in order
        ]
        top = 1 - i * _PANEL / total
        axes[f"yaxis{nth(i)}"] = percent_axis(
            "", domain=[top - 0.86 * _PANEL / total, top - 0.1 * _PANEL / total], nticks=5
        )
        mark = words(f"<b>{escape(window)}</b>", 0, top, xref="paper", yref="paper")
        labels.append(mark | {"xanchor": "left", "yanchor": "top"})
        sure = [row["pvalue"] < 0.05 for row in rows]
        traces.append({
            "type": "scatter", "mode": "markers", "x": [order[_key(row, keys)] for row in rows],
            "y": [row["caar"] for row in rows], "yaxis": f"y{nth(i)}",
            "marker": {"color": ["@c0" if one else "@muted/0.45" for one in sure], "size": 6},
            "customdata": [_named(row) for row in rows],
            "hovertemplate": "%{customdata}: %{y:+.1%}<extra></extra>",
        })  # fmt: skip
    axes[f"yaxis{nth(n)}"] = axis(
        domain=[0, below / total], range=[len(choices) - 0.5, -0.5], showgrid=False,
        tickvals=list(range(len(choices))), ticktext=[escape(name) for name, _ in choices],
    )  # fmt: skip
    traces.append({
        "type": "scatter", "mode": "markers", "yaxis": f"y{nth(n)}",
        "marker": {"color": "@ink", "size": 4},
        "x": [order[key] for _, keys_ in choices for key in keys_],
        "y": [i for i, (_, keys_) in enumerate(choices) for _ in keys_],
    })  # fmt: skip
    apart, tested = int((table["pvalue"] < 0.05).sum()), int(table["pvalue"].notna().sum())
    judged = f"blue: p below 0.05 ({apart} of {tested})" if tested else "too few events for a test"
    low, high = float(first["caar"].min()), float(first["caar"].max())
    return Chart(
        name="curve",
        title=f"{windows[0]} plain mean from {percent(low)} "
        f"to {percent(high)} over {count(len(order), 'specification')}",
        note="plain means of abnormal returns under every model, benchmark, day 0 and length of "
        "history; "
        f"{judged}; "
        "the dots below say which choices each stands for",
        alt=f"{len(table)} averages; the p-value is below 0.05 in {apart} of {tested}.",
        traces=tuple(traces),
        layout=layout(total + 60, simulated=simulated, annotations=labels, **axes),
        columns=("window", "specification", "average abnormal return", "p", "events"),
        rows=tuple(
            (row["window"], _named(row), row["caar"], row["pvalue"], row["n_events"])
            for row in records(table)
        ),
    )


def _key(row: dict[str, Any], keys: Sequence[str]) -> tuple[object, ...]:
    return tuple(row[key] for key in keys)


def _choices(first: pd.DataFrame) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Every value of every choice that varies, and the specifications that have it."""
    keys = ["model", "benchmark", "day_zero", "estimation_length"]
    told = {
        "model": lambda v: str(v).replace("_", "-"),
        "benchmark": lambda v: str(v) or "no benchmark",
        "day_zero": lambda v: f"day 0 {v}",
        "estimation_length": lambda v: f"{v} sessions",
    }
    out = []
    for at, key in enumerate(keys):
        values = list(dict.fromkeys(first[key]))
        for value in values if len(values) > 1 else ():
            there = [tuple(r) for r in first[keys].itertuples(index=False) if r[at] == value]
            out.append((told[key](value), there))
    return out


def heat_chart(heat: pd.DataFrame, title: str, *, simulated: bool) -> Chart:
    """Mean excess return of a trade by two settings of a strategy.

    The value stands in each cell.
    """
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
        note="mean excess return of a trade over the benchmark, by events traded and sessions held",
        alt=f"{len(rows)} by {len(columns)} averages between {percent(heat.min().min(), 2)} and "
        f"{percent(heat.max().max(), 2)}.",
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
