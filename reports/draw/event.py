"""Charts of one announcement: prices around it, and what was left after the market was taken out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reports.draw.chart import Chart, Json
from reports.draw.palette import Style
from reports.draw.parts import axis, band, escape, layout, line, percent_axis, vertical, words
from reports.rows import Columns, by_ticker

_BEFORE, _AFTER = 30, 25  # sessions of the price chart


def headline_chart(
    paths: pd.DataFrame, bars: str, looks: Mapping[str, Style], *, simulated: bool
) -> Chart:
    """Cumulative abnormal returns of the headline tickers in one panel, each with its 95% band."""
    traces: list[Json] = []
    labels: list[Json] = []
    for ticker, path in _paths(paths).items():
        style, day, car = looks[ticker], path["day"].tolist(), path["car"].tolist()
        traces.append(band(day, path["low"].tolist(), path["high"].tolist(), style))
        traces.append(line(day, car, ticker, style, hovertemplate=_hover(ticker)))
        if day:
            end = words(f"<b>{escape(ticker)}</b>", day[-1], car[-1], colour=style.colour)
            labels.append(end | {"xanchor": "left", "xshift": 4})
    x = axis("sessions from the announcement", dtick=5)
    y = percent_axis("cumulative abnormal return")
    return Chart(
        name="headline",
        title="Cumulative abnormal return around the announcement",
        alt=_says(paths),
        traces=tuple(traces),
        layout=layout(
            380, simulated=simulated, xaxis=x, yaxis=y, shapes=[vertical(-0.5)], annotations=labels,
        ) | {"margin": {"l": 8, "r": 52, "t": 16, "b": 8}},
        columns=_PATH_COLUMNS,
        rows=_path_rows(paths),
        note=bars,
    )  # fmt: skip


def price_chart(
    name: str,
    close: pd.DataFrame,
    session: pd.Timestamp,
    looks: Mapping[str, Style],
    *,
    simulated: bool,
) -> Chart:
    """Closes of an announcement's tickers, indexed to 100 at the last close before it."""
    row = int(close.index.searchsorted(session))
    shown = close.iloc[max(row - _BEFORE, 0) : row + _AFTER + 1]
    base = close.iloc[row - 1] if row else close.iloc[row]
    dates = [day.strftime("%Y-%m-%d") for day in shown.index]
    tickers = [str(ticker) for ticker in close]
    traces = [
        _indexed(dates, shown[ticker], float(base[ticker]), ticker, looks[ticker])
        for ticker in tickers
    ]
    day = session.strftime("%Y-%m-%d")
    moves = "; ".join(_moved(ticker, close[ticker], row) for ticker in tickers)
    return Chart(
        name=f"price-{name}",
        title="Closing prices, last close before the announcement = 100",
        alt=f"Lines of the closing prices from {dates[0]} to {dates[-1]}. On {day}: {moves}.",
        traces=tuple(traces),
        layout=layout(
            300, simulated=simulated, xaxis=axis(type="date", hoverformat="%Y-%m-%d"), yaxis=axis("index"),
            shapes=[vertical(day)], showlegend=len(traces) > 1, legend=_legend(),
        ),
        columns=("session", *(f"close {ticker} (USD)" for ticker in tickers)),
        rows=tuple((dates[i], *values) for i, values in enumerate(shown.itertuples(index=False))),
    )  # fmt: skip


def car_chart(
    name: str, paths: pd.DataFrame, ar: pd.DataFrame, looks: Mapping[str, Style], *, simulated: bool
) -> Chart:
    """One panel a ticker on a common scale: daily abnormal returns as bars, their sum as a line with its band."""
    lines, bars = _paths(paths), by_ticker(ar, "day", "abnormal")
    tickers = list(lines)
    traces: list[Json] = []
    axes: Json = {
        "xaxis": axis(
            "sessions from the announcement",
            dtick=5,
            domain=[0, 1],
            anchor=f"y{_n(len(tickers) - 1)}",
        )
    }
    shapes, labels = [], []
    share = 1 / len(tickers)
    for i, ticker in enumerate(tickers):
        style = looks[ticker]
        traces += _panel(lines[ticker], bars[ticker], ticker, style, f"y{_n(i)}")
        top = 1 - i * share
        axes[f"yaxis{_n(i)}"] = percent_axis(
            "", domain=[top - share * 0.84, top - share * 0.04], nticks=5
        ) | ({"matches": "y"} if i else {})
        labels.append(
            words(
                f"<b>{escape(ticker)}</b>", 0, top, colour=style.colour, xref="paper", yref="paper"
            )
            | _TOP_LEFT
        )
    shapes.append(vertical(-0.5))
    return Chart(
        name=f"car-{name}",
        title="Abnormal returns: daily (bars) and cumulated (line, 95% band)",
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
_TOP_LEFT = {"xanchor": "left", "yanchor": "top", "xshift": 4}


def _paths(paths: pd.DataFrame) -> dict[str, Columns]:
    """The days of each ticker's path that have a value: day, car and the edges of its band."""
    found = {}
    for ticker, path in by_ticker(paths, "day", "car", "se", "tq").items():
        known, half = np.isfinite(path["car"]), path["tq"] * path["se"]
        whole = {
            "day": path["day"],
            "car": path["car"],
            "low": path["car"] - half,
            "high": path["car"] + half,
        }
        found[ticker] = {name: values[known] for name, values in whole.items()}
    return found


def _panel(path: Columns, ar: Columns, ticker: str, style: Style, y: str) -> list[Json]:
    day = path["day"].tolist()
    bars = {
        "type": "bar",
        "x": ar["day"].tolist(),
        "y": ar["abnormal"].tolist(),
        "marker": {"color": style.fill(0.45)},
        "hovertemplate": f"{escape(ticker)}, day %{{x}}: abnormal return %{{y:+.2%}}<extra></extra>",
        "yaxis": y,
    }
    solid = Style(style.colour, "solid")
    return [
        band(day, path["low"].tolist(), path["high"].tolist(), solid, yaxis=y),
        bars,
        line(day, path["car"].tolist(), ticker, solid, yaxis=y, hovertemplate=_hover(ticker)),
    ]


def _n(i: int) -> str:
    return str(i + 1) if i else ""


def _hover(ticker: str) -> str:
    return f"{escape(ticker)}, day %{{x}}: %{{y:+.2%}}<extra></extra>"


def _legend() -> Json:
    return {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 12}}


def _indexed(dates: list[str], close: pd.Series, base: float, ticker: str, style: Style) -> Json:
    told = f"{escape(ticker)} %{{x}}: %{{customdata:.2f}} USD (index %{{y:.1f}})<extra></extra>"
    index = (100 * close / base).tolist()
    return line(dates, index, ticker, style, customdata=close.tolist(), hovertemplate=told)


def _moved(ticker: str, close: pd.Series, row: int) -> str:
    if row == 0 or pd.isna(close.iloc[row]) or pd.isna(close.iloc[row - 1]):
        return f"{ticker} has no move that day"
    return f"{ticker} {close.iloc[row] / close.iloc[row - 1] - 1:+.2%} to {close.iloc[row]:.2f}"


def _path_rows(paths: pd.DataFrame) -> tuple[tuple[object, ...], ...]:
    car, half = paths["car"].to_numpy(), (paths["tq"] * paths["se"]).to_numpy()
    columns = (paths["ticker"], paths["day"], car, car - half, car + half)
    return tuple(zip(*(column.tolist() for column in columns), strict=True))


def _says(paths: pd.DataFrame) -> str:
    told = []
    for ticker, path in _paths(paths).items():
        at = dict(zip(path["day"].tolist(), path["car"].tolist(), strict=True))
        told.append(
            f"{ticker} "
            + ", ".join(f"{at[day]:+.1%} by day {day}" for day in (0, 4, 20) if day in at)
        )
    return (
        "Cumulative abnormal return from the close before the announcement: "
        + "; ".join(told)
        + "."
    )
