"""Small multiples: every event's path in a cell of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan

from reports.draw.chart import Chart, Json
from reports.draw.palette import Style
from reports.draw.parts import axis, escape, layout, line, shorten, words
from reports.words import percent

_ACROSS, _CELL = 3, 40  # cells beside one another, pixels of one from top to bottom
_TOP, _FOOT, _WIDE = 0.38, 0.94, 0.92  # where in its cell a path lies: below its label


_Place = Callable[[float], float]


@dataclass(frozen=True)
class Path:
    """One event's cumulative abnormal return.

    Sessions from the event, fractions, half the band at its end, and the sessions on which the
    ticker had other news.
    """

    event_id: str
    ticker: str
    session: str
    days: Sequence[int]
    car: Sequence[float]
    reach: float
    rivals: Sequence[int] = ()

    @property
    def end(self) -> float:
        """Where the path ends (fraction), NaN where it has no value."""
        return next((one for one in reversed(self.car) if isfinite(one)), nan)


def multiples_chart(
    name: str, title: str, note: str, paths: Sequence[Path], looks: Mapping[str, Style], *,
    simulated: bool,
) -> Chart:  # fmt: skip
    """A grid of paths, each on its own scale about its own zero.

    A bold label: the end lies outside its band. Other news is marked.
    """
    down = -(-len(paths) // _ACROSS)
    traces: list[Json] = []
    labels: list[Json] = []
    zeros: tuple[list[float], list[float]] = ([], [])
    news: tuple[list[float], list[float]] = ([], [])
    for i, path in enumerate(paths):
        column, row = i % _ACROSS, i // _ACROSS
        across, up, zero = _placed(path, column, row)
        zeros[0].extend([column, column + _WIDE, nan, across(0), across(0), nan])
        zeros[1].extend([zero, zero, nan, row + _TOP, row + _FOOT, nan])
        style = looks.get(path.ticker, Style("@c0", "solid"))
        solid = Style(style.colour, "solid")
        traces.append(
            line(
                [across(day) for day in path.days],
                [up(one) for one in path.car],
                path.ticker,
                solid,
            )
        )
        traces[-1]["line"]["width"] = 1
        reached = dict(zip(path.days, path.car, strict=True))
        marked = [day for day in path.rivals if isfinite(reached.get(day, nan))]
        news[0].extend(map(across, marked))
        news[1].extend(up(reached[day]) for day in marked)
        text = f"{shorten(path.ticker, 9)} {path.session[2:]} {_whole(path.end)}"
        sure = isfinite(path.reach) and abs(path.end) > path.reach
        text = f"<b>{escape(text)}</b>" if sure else escape(text)
        colour = "@ink" if sure else "@muted"
        labels.append(
            words(text, column, row + 0.2, size=10, colour=colour, xref="x", yref="y")
            | {"xanchor": "left", "yanchor": "middle"}
        )
    under = line(*zeros, "zero", Style("@grid", "solid"))
    if news[0]:
        traces.append({
            "type": "scatter", "mode": "markers", "x": news[0], "y": news[1],
            "marker": {"color": "@ink", "size": 3, "symbol": "diamond"},
        })  # fmt: skip
    return Chart(
        name=name,
        title=title,
        note=note + ("; ◆ other announcements" if news[0] else ""),
        alt=f"{len(paths)} paths: "
        + "; ".join(f"{one.ticker} {one.session} {percent(one.end)}" for one in paths[:12]),
        traces=(under, *traces),
        layout=layout(
            32 + _CELL * down,
            simulated=simulated,
            annotations=labels,
            xaxis=axis(range=[0, _ACROSS], showgrid=False, tickvals=[], ticktext=[]),
            yaxis=axis(range=[down, 0], showgrid=False, tickvals=[], ticktext=[]),
        )
        | {"margin": {"l": 0, "r": 4, "t": 4, "b": 0}},
        columns=(
            "event",
            "ticker",
            "session",
            "abnormal return at the end",
            "95% band, plus or minus",
        ),
        rows=tuple((p.event_id, p.ticker, p.session, p.end, p.reach) for p in paths),
    )


def _placed(path: Path, column: int, row: int) -> tuple[_Place, _Place, float]:
    """How days and returns become places in the grid, and where zero lies."""
    first, last = min(path.days, default=0), max(path.days, default=1)
    known = [one for one in path.car if isfinite(one)]
    low, high = min([0.0, *known]), max([0.0, *known])
    span, length = (high - low) or 1.0, (last - first) or 1

    def across(day: float) -> float:
        return column + _WIDE * (day - first) / length

    def up(value: float) -> float:
        return row + _TOP + (_FOOT - _TOP) * (high - value) / span

    return across, up, up(0.0)


def _whole(value: float) -> str:
    return percent(value, 0) if isfinite(value) else "–"
