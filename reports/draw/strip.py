"""Every event's move in one row.

Which lie beyond the noise of their share, beside how many would by chance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.draw.chart import Chart
from reports.draw.parts import axis, escape, layout, percent_axis, words, zero
from reports.words import count, percent

_ROWS = 9  # dots above one another before they share a height


def strip_chart(name: str, rows: pd.DataFrame, window: str, *, simulated: bool) -> Chart:
    """One dot an event of a window; filled where its own two-sided p is below 0.05.

    `rows` are those of windows.csv of one window; events without a move or a p are left out and
    counted in the note.
    """
    known = rows[np.isfinite(rows["car"]) & np.isfinite(rows["pvalue"])]
    cars = known["car"].to_numpy(dtype=np.float64)
    sure = (known["pvalue"] < 0.05).to_numpy()
    by_chance = 0.05 * len(known)
    dots = {
        "type": "scatter", "mode": "markers", "x": cars.tolist(), "y": _heights(cars),
        "marker": {"color": ["@c0" if one else "@c7/0.45" for one in sure], "size": 7},
        "customdata": [
            escape(f"{event}, {ticker}")
            for event, ticker in zip(known["event_id"], known["ticker"], strict=True)
        ],
        "hovertemplate": "%{customdata}: %{x:+.1%}<extra></extra>",
    }  # fmt: skip
    lost = len(rows) - len(known)
    told = (
        f"median {percent(float(np.median(cars)))}, {float((cars > 0).mean()):.0%} positive"
        if len(cars)
        else "no event can be judged"
    )
    return Chart(
        name=name,
        title=f"{window}: {int(sure.sum()):,} of {count(len(known), 'move')} beyond noise, "
        f"about {by_chance:,.0f} would be by chance",
        alt=f"{count(len(known), 'abnormal return')} over {window}: {told}; "
        f"{int(sure.sum()):,} with p below 0.05.",
        note=f"a dot an event, filled: p below 0.05; {told}, n = {len(known):,}"
        + (f"; {lost:,} cannot be judged" if lost else ""),
        traces=(dots,),
        layout=layout(
            200,
            simulated=simulated,
            xaxis=percent_axis("abnormal return", range=_reach(cars)),
            yaxis=axis(
                showticklabels=False,
                showgrid=False,
                tickvals=[],
                ticktext=[],
                range=[-1, _ROWS + 1],
            ),
            shapes=[zero(upright=True)],
            annotations=[words("", 0, 0)],
        ),
        columns=("event", "ticker", "abnormal return", "p"),
        rows=tuple(
            known[["event_id", "ticker", "car", "pvalue"]].itertuples(index=False, name=None)
        ),
    )


def _reach(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    """What the axis shows: every move and zero, with a little air."""
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    low, high = (low, high) if high > low else (-0.005, 0.005)
    air = 0.06 * (high - low)
    return [low - air, high + air]


def _heights(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """How many dots lie below each within a hundredth of the span, so that none hides another."""
    if not len(values):
        return []
    width = max(float(np.ptp(values)) / 100, 1e-9)
    cell = np.floor((values - values.min()) / width).astype(np.int64)
    seen: dict[int, int] = {}
    out = []
    for one in cell.tolist():
        seen[one] = seen.get(one, -1) + 1
        out.append(seen[one] % _ROWS)
    return out
