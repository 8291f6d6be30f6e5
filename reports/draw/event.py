"""Charts of one announcement.

Prices around it, and what was left after the market was taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

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
)
from reports.rows import Columns, by_ticker
from reports.words import listed, percent

Rivals = Mapping[str, Mapping[pd.Timestamp, str]]  # ticker -> session -> what else was announced
_OTHERS = "; ◆ other announcements"
_BEFORE, _AFTER = 30, 25  # sessions of the price chart
_LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 12}}


def price_chart(
    name: str,
    close: pd.DataFrame,
    session: pd.Timestamp,
    looks: Mapping[str, Style],
    *,
    simulated: bool,
    rivals: Rivals = MappingProxyType({}),
    money: Mapping[str, str] = MappingProxyType({}),
) -> Chart:
    """Closes of an announcement's tickers, indexed to 100 at the last close before it.

    Other news is marked. `money` says in which currency the closes of a ticker are.
    """
    row = int(close.index.searchsorted(session))
    shown = close.iloc[max(row - _BEFORE, 0) : row + _AFTER + 1]
    # the day before may be a holiday of the exchange of one of them
    base = close.iloc[: max(row, 1)].ffill().iloc[-1]
    dates = [day.strftime("%Y-%m-%d") for day in shown.index]
    tickers = [str(ticker) for ticker in close]
    traces = [
        _indexed(dates, shown[ticker], float(base[ticker]), ticker, looks[ticker], money)
        for ticker in tickers
    ]
    for ticker in tickers:
        index = dict(zip(dates, (100 * shown[ticker] / float(base[ticker])).tolist(), strict=True))
        traces += _marked(
            index, {f"{at:%Y-%m-%d}": told for at, told in rivals.get(ticker, {}).items()}
        )
    marked = len(traces) > len(tickers)
    day = session.strftime("%Y-%m-%d")
    moved = {str(t): float(close[t].iloc[row] / close[t].iloc[row - 1] - 1) for t in close if row}
    told = (
        f"{_largest(moved)} on {day}" if np.isfinite([*moved.values()]).any() else "Closing prices"
    )
    moves = "; ".join(_moved(ticker, close[ticker], row) for ticker in tickers)
    return Chart(
        name=f"price-{name}",
        title=told,
        note="closes, the last before the announcement (dotted) = 100"
        + (_OTHERS if marked else ""),
        alt=f"Lines of the closing prices from {dates[0]} to {dates[-1]}. On {day}: {moves}.",
        traces=tuple(traces),
        layout=layout(
            300, simulated=simulated,
            xaxis=axis(type="date", hoverformat="%Y-%m-%d"), yaxis=axis("index"),
            shapes=[vertical(day)], showlegend=len(tickers) > 1, legend=_LEGEND,
        ),
        columns=("session", *(f"close {ticker}{_in(ticker, money)}" for ticker in tickers)),
        rows=tuple((dates[i], *values) for i, values in enumerate(shown.itertuples(index=False))),
    )  # fmt: skip


def car_chart(
    name: str,
    paths: pd.DataFrame,
    ar: pd.DataFrame,
    looks: Mapping[str, Style],
    *,
    simulated: bool,
    rivals: Rivals = MappingProxyType({}),
    model: str = "",
) -> Chart:
    """One panel a ticker: daily abnormal returns as bars, their sum as a line with its band.

    `rivals` are sessions of other news by ticker, marked on its line. Panels share a scale unless
    their sizes differ by an order.
    """
    lines, bars = _paths(paths), by_ticker(ar, "day", "abnormal")
    tickers = list(lines)
    traces: list[Json] = []
    axes: Json = {
        "xaxis": axis(
            "sessions from the announcement, and their dates",
            domain=[0, 1],
            **_dated(ar),
            anchor=f"y{nth(len(tickers) - 1)}",
        )
    }
    shapes, labels, marked = [], [], False
    share = 1 / len(tickers)
    most = [_reach(path) for path in lines.values()]
    own = max(most) > _ORDER * min(most)
    for i, ticker in enumerate(tickers):
        style = looks[ticker]
        traces += _panel(lines[ticker], bars[ticker], ticker, style, f"y{nth(i)}")
        own_marks = _marked(_at(lines[ticker]), _by_day(ar, ticker, rivals), f"y{nth(i)}")
        traces += own_marks
        marked = marked or bool(own_marks)
        top = 1 - i * share
        axes[f"yaxis{nth(i)}"] = percent_axis(
            "", domain=[top - share * 0.84, top - share * 0.12], nticks=5
        ) | ({"matches": "y"} if i and not own else {})
        title = words(f"<b>{escape(ticker)}</b>", 0, top, xref="paper", yref="paper")
        labels.append(title | _TOP_LEFT)
    shapes.append(vertical(-0.5))
    return Chart(
        name=f"car-{name}",
        title=_concluded(lines),
        note=(f"{model}: " if model else "")
        + "abnormal returns, daily (bars) and cumulated (line, 95% band of ordinary volatility)"
        + (_OTHERS if marked else "")
        + ("; each ticker has its own scale" if own else ""),
        alt=_says(paths),
        traces=tuple(traces),
        layout=layout(
            70 + 120 * len(tickers),
            simulated=simulated,
            shapes=shapes,
            annotations=labels,
            barmode="overlay",
            **axes,
        ),
        columns=_PATH_COLUMNS,
        rows=_path_rows(paths),
    )


_PATH_COLUMNS = ("ticker", "day", "cumulative abnormal return", "95% low", "95% high")
_ORDER = 8  # times the smallest size, beyond which a common scale hides the smallest
_DATED = (-10, 0, 10, 20)
_TOP_LEFT = {"xanchor": "left", "yanchor": "top", "xshift": 4}


def _paths(paths: pd.DataFrame) -> dict[str, Columns]:
    """The days of each ticker's path that have a value: day, car and the edges of its band."""
    found = {}
    for ticker, path in by_ticker(paths, "day", "car", "low", "high").items():
        known = np.isfinite(path["car"])
        found[ticker] = {name: values[known] for name, values in path.items()}
    return found


def _panel(path: Columns, ar: Columns, ticker: str, style: Style, y: str) -> list[Json]:
    day = path["day"].tolist()
    bars = {
        "type": "bar",
        "x": ar["day"].tolist(),
        "y": ar["abnormal"].tolist(),
        "marker": {"color": style.fill(0.45)},
        "hovertemplate": f"{escape(ticker)}, day %{{x}}: "
        "abnormal return %{y:+.1%}<extra></extra>",
        "yaxis": y,
    }
    solid = Style(style.colour, "solid")
    return [
        band(day, path["low"].tolist(), path["high"].tolist(), solid, yaxis=y),
        bars,
        line(day, path["car"].tolist(), ticker, solid, yaxis=y, hovertemplate=_hover(ticker)),
    ]


def _marked(at: Mapping[Any, float], rivals: Mapping[Any, str], y: str = "y") -> list[Json]:
    """Diamonds on a line at the sessions of other news, each with whose news it was.

    None where there is none.
    """
    there = [day for day in sorted(rivals) if np.isfinite(at.get(day, np.nan))]
    if not there:
        return []
    return [
        {
            "type": "scatter", "mode": "markers", "x": there, "y": [at[day] for day in there],
            "yaxis": y, "marker": {"color": "@ink", "size": 7, "symbol": "diamond"},
            "customdata": [escape(shorten(rivals[day], 32)) for day in there],
            "hovertemplate": "%{x}: %{customdata}<extra></extra>",
        }
    ]  # fmt: skip


def _at(path: Columns) -> dict[int, float]:
    return dict(zip(path["day"].tolist(), path["car"].tolist(), strict=True))


def _by_day(ar: pd.DataFrame, ticker: str, rivals: Rivals) -> dict[int, str]:
    """Other news of a ticker by the session counted from the event."""
    there = rivals.get(ticker)
    if not there:
        return {}
    own = ar[ar["ticker"] == ticker]
    days = zip(own["session"], own["day"].tolist(), strict=True)
    return {int(day): there[session] for session, day in days if session in there}


def _dated(ar: pd.DataFrame) -> Json:
    """Ticks at every tenth session with the date beside the number."""
    dates = dict(zip(ar["day"].tolist(), ar["session"], strict=True))
    days = [day for day in _DATED if day in dates]
    if not days:
        return {"dtick": 5}
    signed = [f"{day:+d}".replace("-", "−") if day else "0" for day in days]
    text = [
        f"{sign}, {pd.Timestamp(dates[day]):%m-%d}" for sign, day in zip(signed, days, strict=True)
    ]
    return {"tickvals": days, "ticktext": text}


def _reach(path: Columns) -> float:
    edges = np.abs(np.concatenate([path["low"], path["high"]]))
    return float(np.max(edges, initial=1e-9))


def _concluded(lines: Mapping[str, Columns]) -> str:
    """Where the largest paths end, as a title."""
    there = {ticker: path for ticker, path in lines.items() if len(path["day"])}
    if not there:
        return "Abnormal returns"
    last = max(int(path["day"][-1]) for path in there.values())
    ends = {t: float(path["car"][-1]) for t, path in there.items() if path["day"][-1] == last}
    told = _largest(ends)
    return f"Abnormal returns by session {last:+d}: {told}".replace("-", "−")


def _largest(moves: Mapping[str, float]) -> str:
    """The three largest of some moves in words."""
    known = [(ticker, move) for ticker, move in moves.items() if np.isfinite(move)]
    known.sort(key=lambda one: -abs(one[1]))
    return listed([f"{ticker} {percent(move)}" for ticker, move in known[:3]])


def _hover(ticker: str) -> str:
    return f"{escape(ticker)}, day %{{x}}: %{{y:+.1%}}<extra></extra>"


def _in(ticker: str, money: Mapping[str, str]) -> str:
    return f" ({money[ticker]})" if money.get(ticker) else ""


def _indexed(
    dates: list[str], close: pd.Series, base: float, ticker: str, style: Style,
    money: Mapping[str, str],
) -> Json:  # fmt: skip
    unit = f" {escape(money[ticker])}" if money.get(ticker) else ""
    told = f"{escape(ticker)} %{{x}}: %{{customdata:.2f}}{unit} (index %{{y:.1f}})<extra></extra>"
    index = (100 * close / base).tolist()
    return line(dates, index, ticker, style, customdata=close.tolist(), hovertemplate=told)


def _moved(ticker: str, close: pd.Series, row: int) -> str:
    if row == 0 or pd.isna(close.iloc[row]) or pd.isna(close.iloc[row - 1]):
        return f"{ticker} has no move that day"
    return f"{ticker} {percent(close.iloc[row] / close.iloc[row - 1] - 1)} to {close.iloc[row]:.2f}"


def _path_rows(paths: pd.DataFrame) -> tuple[tuple[object, ...], ...]:
    columns = (paths[name] for name in ("ticker", "day", "car", "low", "high"))
    return tuple(zip(*(column.tolist() for column in columns), strict=True))


def _says(paths: pd.DataFrame) -> str:
    told = []
    for ticker, path in _paths(paths).items():
        at = dict(zip(path["day"].tolist(), path["car"].tolist(), strict=True))
        told.append(
            f"{ticker} "
            + ", ".join(f"{percent(at[day])} by day {day}" for day in (0, 4, 20) if day in at)
        )
    return (
        "Cumulative abnormal return from the close before the announcement: "
        + "; ".join(told)
        + "."
    )
