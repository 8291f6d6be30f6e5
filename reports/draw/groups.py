"""Charts over many events: average paths, forest plots, the same number under other choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.draw.chart import Chart, Json
from reports.draw.palette import Style
from reports.draw.parts import (
    axis,
    band,
    escape,
    layout,
    line,
    nth,
    percent_axis,
    shorten,
    vertical,
    words,
    zero,
)
from reports.rows import apart, records
from reports.words import count, percent

_ENOUGH = 3  # events of a test
_ORDER = 8  # times the smallest panel, beyond which a common scale hides it
_ROW = 26  # pixels a row of a forest plot
_ACROSS = 2  # panels beside one another, so that a phone can show them
_PLAIN = Style("@c0", "solid")
_ABOVE, _BELOW = 0.15, 0.22  # of a panel: its title, its axis
_NOTE = "by session from the announcement; bands: 95% intervals of the headline test"
_BESIDE = (
    "; grey: the same measurement at dates without news, "
    "dotted at random ones, dashed at those with the same run-up"
)
_DASH = {"random dates": "dot", "same run-up": "dash"}


def average_chart(
    name: str,
    title: str,
    paths: pd.DataFrame,
    looks: Mapping[str, Style],
    *,
    simulated: bool,
    placebos: pd.DataFrame | None = None,
    across: int = _ACROSS,
    note: str = "",
) -> Chart:
    """One small panel a group: the average cumulative abnormal return and its 95% band.

    `paths` has group_value, day, n_events, and what is drawn: `weighted_mean` between `low` and
    `high`, the headline test's own. Panels share a scale unless their sizes differ by an order;
    `across` of them stand beside one another.
    `placebos` (of `MatchedPlacebos.average_paths`) are drawn beside it, a line a kind of dates.
    """
    paths = _drawn(paths)
    groups = [str(value) for value in paths["group_value"].unique()]
    columns = min(len(groups), across)
    tall = -(-len(groups) // columns) - _BELOW  # the last axes have the room below every picture
    traces: list[Json] = []
    axes: Json = {}
    marks, labels = [], []
    own = _differ(paths)
    for i, group in enumerate(groups):
        path = paths[paths["group_value"] == group].dropna(subset=["weighted_mean"])
        n = nth(i)
        column, row = i % columns, i // columns
        x0, y1 = column / columns, 1 - row / tall
        axes[f"xaxis{n}"] = axis(domain=[x0 + 0.01, x0 + 0.9 / columns], anchor=f"y{n}", dtick=10)
        axes[f"yaxis{n}"] = percent_axis(
            "", domain=[y1 - (1 - _BELOW) / tall, y1 - _ABOVE / tall], anchor=f"x{n}", nticks=4
        ) | ({"matches": "y", "showticklabels": column == 0} if i and not own else {})
        traces += _average(path, group, looks.get(group, _PLAIN), n)
        traces += _placebos(placebos, group, n)
        marks.append(vertical(-0.5, xref=f"x{n}", yref=f"y{n} domain"))
        events = f"{path['n_events'].max():,.0f}" if len(path) else "0"
        text = shorten("all events" if group == "all" else group, 20)
        labels.append(_panel_title(f"{text} (n = {events})", x0 + 0.01, y1))
    told = [note or _NOTE]
    if own:
        told += ["each panel has its own scale"]
    endless = paths["low"].isna() & paths["se"].gt(0) & paths["n_events"].ge(_ENOUGH)
    told += ["no band where more than ±100% cannot be ruled out"] if endless.any() else []
    return Chart(
        name=name,
        title=title,
        alt=_says_average(paths, groups),
        note="; ".join(told) + (_BESIDE if placebos is not None and len(placebos) else ""),
        traces=tuple(traces),
        layout=layout(
            52 + round(150 * tall), simulated=simulated, shapes=marks, annotations=labels, **axes
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
            paths[["group_value", "day", "weighted_mean", "low", "high", "n_events"]].itertuples(
                index=False, name=None
            )
        ),
    )


def _drawn(paths: pd.DataFrame) -> pd.DataFrame:
    """The paths with `low` and `high` as they are drawn.

    An interval wider than the price itself is none.
    """
    low, high = paths["low"], paths["high"]
    known = (low.abs() < 1) & (high.abs() < 1)
    return paths.assign(low=low.where(known), high=high.where(known))


def _differ(paths: pd.DataFrame) -> bool:
    """Whether the largest panel is an order larger than the smallest."""
    most = (
        paths[["weighted_mean", "low", "high"]]
        .abs()
        .max(axis=1)
        .groupby(paths["group_value"])
        .max()
    )
    most = most[most > 0]
    return len(most) > 1 and bool(most.max() > _ORDER * most.min())


def day_chart(days: pd.DataFrame, title: str, note: str, *, simulated: bool) -> Chart:
    """The average abnormal return of each session, with the 95% interval about it.

    `days` has day, mean, weighted_mean, low, high, n_events (fractions).
    """
    days = days.assign(mean=day_values(days))
    known = days.dropna(subset=["mean"])
    bars = {
        "type": "bar",
        "x": known["day"].tolist(),
        "y": known["mean"].tolist(),
        "marker": {"color": ["@c0/0.75" if sure else "@muted/0.45" for sure in apart(known)]},
        "customdata": [count(int(n), "event") for n in known["n_events"]],
        "hovertemplate": "session %{x}, %{customdata}: %{y:+.1%}<extra></extra>",
    }
    ends = [
        line([day, day], [low, high], "interval", Style("@ink", "solid"))
        for day, low, high in zip(known["day"], known["low"], known["high"], strict=True)
        if np.isfinite(low) and np.isfinite(high)
    ]
    for one in ends:
        one["line"]["width"] = 1
    n_apart = int(apart(known).sum())
    return Chart(
        name="average-days",
        title=title,
        note=note,
        alt="Average abnormal return by session: "
        f"{n_apart} of {len(known)} intervals leave out zero.",
        traces=(bars, *ends),
        layout=layout(
            230,
            simulated=simulated,
            xaxis=axis("sessions from the announcement", dtick=5),
            yaxis=percent_axis("", nticks=5),
        ),
        columns=("day", "average abnormal return", "95% low", "95% high", "events"),
        rows=tuple(
            days[["day", "mean", "low", "high", "n_events"]].itertuples(index=False, name=None)
        ),
    )


def day_values(days: pd.DataFrame) -> pd.Series:
    """What is drawn of each session.

    The mean that is tested, or the plain one where there is no test.
    """
    return days["weighted_mean"].fillna(days["mean"])


def forest_chart(
    name: str, title: str, rows: pd.DataFrame, looks: Mapping[str, Style], *, simulated: bool
) -> Chart:
    """Estimates with 95% intervals, one a line.

    `rows` has label, ticker, value, low, high and, on hover, detail.
    """
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
            "hovertemplate": "%{customdata}: %{x:+.1%}<extra></extra>",
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


def _average(path: pd.DataFrame, group: str, style: Style, n: str) -> list[Json]:
    day, where = path["day"].tolist(), {"xaxis": f"x{n}", "yaxis": f"y{n}"}
    solid, told = Style(style.colour, "solid"), f"{escape(group)}, day %{{x}}: %{{y:+.1%}}"
    known = path.dropna(subset=["low", "high"])
    edges = (known["day"].tolist(), known["low"].tolist(), known["high"].tolist())
    drawn = line(
        day,
        path["weighted_mean"].tolist(),
        group,
        solid,
        hovertemplate=f"{told}<extra></extra>",
        **where,
    )
    return [*([band(*edges, solid, **where)] if len(known) else []), drawn]


def _placebos(table: pd.DataFrame | None, group: str, n: str) -> list[Json]:
    """Grey lines: where the same securities go at dates without news.

    By the same method.
    """
    if table is None:
        return []
    own, where = table[table["group_value"] == group], {"xaxis": f"x{n}", "yaxis": f"y{n}"}
    drawn = []
    for kind, path in own.groupby("placebos", sort=False):
        known = path.dropna(subset=["weighted_mean"])
        if len(known):
            told = f"{escape(group)}, {kind}, day %{{x}}: %{{y:+.1%}}<extra></extra>"
            style = Style("@muted", _DASH.get(str(kind), "dot"))
            values = known["day"].tolist(), known["weighted_mean"].tolist()
            drawn.append(line(*values, str(kind), style, hovertemplate=told, **where))
    return drawn


def _panel_title(text: str, x: float, y: float) -> Json:
    return words(f"<b>{escape(text)}</b>", x, y, xref="paper", yref="paper") | {
        "xanchor": "left",
        "yanchor": "top",
    }


def _says_average(paths: pd.DataFrame, groups: Sequence[str]) -> str:
    last = {row["group_value"]: row for row in records(paths.dropna(subset=["weighted_mean"]))}
    told = [
        f"{group} {percent(last[group]['weighted_mean'])} by day {last[group]['day']}"
        for group in groups
        if group in last
    ]
    return "Average cumulative abnormal return: " + ("; ".join(told) or "no group has one") + "."


def _says_forest(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["value"])
    n_apart = int(apart(known).sum())
    many = count(len(known), "estimate")
    return f"{many} with 95% intervals; {n_apart} of the intervals leave out zero."
