"""Charts of a strategy: its equity beside the benchmark's, and every trade."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reports.figures.chart import Chart
from reports.figures.palette import Style
from reports.figures.parts import axis, escape, layout, line, percent_axis

_OWN, _MARKET = Style("@c0", "solid"), Style("@c7", "dash")


def equity_chart(ident: str, name: str, equity: pd.DataFrame, benchmark: str, *, simulated: bool) -> Chart:
    """Growth of one unit of money in the strategy and in the benchmark, close by close."""
    start = equity.iloc[0]
    own = (equity["equity"] / start["equity"]).tolist()
    market = (equity["benchmark_equity"] / start["benchmark_equity"]).tolist()
    dates = [day.strftime("%Y-%m-%d") for day in equity["session"]]
    told = " %{x}: %{y:.3f}<extra></extra>"
    return Chart(
        name=f"equity-{ident}",
        title=f"Growth of 1 in {name} and in {benchmark}",
        alt=f"{dates[0]} to {dates[-1]}: 1 grew to {own[-1]:.3f} in {name}, to {market[-1]:.3f} in {benchmark}.",
        traces=(
            line(dates, market, benchmark, _MARKET, hovertemplate=escape(benchmark) + told),
            line(dates, own, name, _OWN, hovertemplate=escape(name) + told),
        ),
        layout=layout(
            320, simulated=simulated, xaxis=axis(type="date", hoverformat="%Y-%m-%d"), yaxis=axis("growth of 1"),
            showlegend=True, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        ),
        columns=("session", name, benchmark),
        rows=tuple(zip(dates, own, market, strict=True)),
    )  # fmt: skip


def bets_chart(ident: str, bets: pd.DataFrame, looks: Mapping[str, Style], *, simulated: bool) -> Chart:
    """Net return of every bet (a position with what hedges it), in the order of entry."""
    place = list(range(1, len(bets) + 1))
    labels = [f"{event}, {bet}" for event, bet in zip(bets["event_id"], bets["bet"], strict=True)]
    net = bets["net_return"]
    bars = {
        "type": "bar",
        "x": place,
        "y": net.tolist(),
        "marker": {"color": [looks.get(str(bet), _OWN).colour for bet in bets["bet"]]},
        "customdata": [escape(text) for text in labels],
        "hovertemplate": "%{customdata}: %{y:+.2%}<extra></extra>",
    }
    return Chart(
        name=f"bets-{ident}",
        title=f"Net return of each of the {len(bets)} trades",
        alt=f"{len(bets)} trades, {int((net > 0).sum())} with a gain; median {net.median():+.2%}.",
        traces=(bars,),
        layout=layout(
            260, simulated=simulated, xaxis=axis("trade, in order of entry"), yaxis=percent_axis("net return")
        ),
        columns=("trade", "net return", "excess return"),
        rows=tuple(zip(labels, net, bets["excess_return"], strict=True)),
    )
