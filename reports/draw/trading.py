"""Charts of a strategy: its account beside the same money in the benchmark, and every trade."""

from __future__ import annotations

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.palette import Style
from reports.draw.parts import axis, escape, layout, line, percent_axis, vertical, words
from reports.words import count, number, percent

_OWN, _MARKET = Style("@c0", "solid"), Style("@muted", "dash")


def equity_chart(
    ident: str, name: str, equity: pd.DataFrame, benchmark: str, *, simulated: bool
) -> Chart:
    """The account of the strategy, close by close.

    Beside it one that put the same money into the benchmark instead.
    """
    passive = f"{benchmark}, same money, hours and side"
    start = equity.iloc[0]
    own = (equity["equity"] / start["equity"]).tolist()
    market = (equity["benchmark_equity"] / start["benchmark_equity"]).tolist()
    dates = [day.strftime("%Y-%m-%d") for day in equity["session"]]
    told = " %{x}: %{y:.3f}<extra></extra>"
    return Chart(
        name=f"equity-{ident}",
        title=f"{name}: 1 became {number(own[-1], 3)}; "
        f"the same money in {benchmark} became {number(market[-1], 3)}",
        alt=f"{dates[0]} to {dates[-1]}: 1 became {own[-1]:.3f} in {name}; "
        f"in {passive}: {market[-1]:.3f}.",
        note=f"the dashed line is no holding of {benchmark}: "
        "it is the money of every position, hedges left out, "
        f"in {benchmark} over the same hours, sold short where the position was",
        traces=(
            line(dates, market, passive, _MARKET, hovertemplate=escape(passive) + told),
            line(dates, own, name, _OWN, hovertemplate=escape(name) + told),
        ),
        layout=layout(
            320, simulated=simulated,
            xaxis=axis(type="date", hoverformat="%Y-%m-%d"), yaxis=axis("account"),
            showlegend=True, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        ),
        columns=("session", name, passive),
        rows=tuple(zip(dates, own, market, strict=True)),
    )  # fmt: skip


def bets_chart(ident: str, bets: pd.DataFrame, *, simulated: bool) -> Chart:
    """Net return of every bet (a position with what hedges it), in the order of entry.

    Open ones are paler.
    """
    place = pd.Series(range(1, len(bets) + 1), index=bets.index)
    labels = bets["event_id"] + ", " + bets["bet"]
    is_open, net = bets["status"] == "open", bets["net_return"]
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": place[which].tolist(),
            "y": net[which].tolist(),
            "marker": {"color": colour},
            "customdata": [escape(text) for text in labels[which]],
            "hovertemplate": f"%{{customdata}}: %{{y:+.2%}} ({name})<extra></extra>",
        }
        for name, which, colour in (
            ("completed", ~is_open, _OWN.colour),
            ("still open", is_open, _OWN.fill(0.35)),
        )
        if which.any()
    ]
    counts = count(int((~is_open).sum()), "completed trade")
    won, middle = int((net[~is_open] > 0).sum()), net[~is_open].median()
    title = f"{won} of {counts} gained after costs, the median {percent(middle, 2)}"
    if is_open.all():
        title = f"Net return of {count(len(bets), 'trade')} still open, at the last price"
    elif is_open.any():
        title += f"; {int(is_open.sum())} still open (paler)"
    done = net[~is_open]
    told = ""
    if len(done):
        told = f" {int((done > 0).sum())} with a gain, median {percent(done.median(), 2)}."
    return Chart(
        name=f"bets-{ident}",
        title=title,
        note="net return of each trade in the order of entry; open ones at the last price",
        alt=f"{counts}, {int(is_open.sum())} still open.{told}",
        traces=tuple(traces),
        layout=layout(
            260,
            simulated=simulated,
            xaxis=axis("trade, in order of entry"),
            yaxis=percent_axis("net return"),
        ),
        columns=("trade", "net return", "excess return", "status"),
        rows=tuple(zip(labels, net, bets["excess_return"], bets["status"], strict=True)),
    )


def placebo_chart(ident: str, draws: pd.Series, actual: float, *, simulated: bool) -> Chart:
    """How the strategy would have done on shifted catalogs.

    And where the real one stands among them.
    """
    means = draws.dropna()
    bars = {
        "type": "histogram",
        "x": means.tolist(),
        "nbinsx": 30,
        "marker": {"color": "@muted/0.55"},
        "hovertemplate": "%{x}: %{y} of the shifted catalogs<extra></extra>",
    }
    here = {**vertical(actual), "line": {"color": _OWN.colour, "width": 2}}
    label = words("<b>the real catalog</b>", actual, 1, yref="paper", colour=_OWN.colour)
    below = int((means < actual).sum())
    return Chart(
        name=f"placebo-{ident}",
        title=f"The real catalog earns {percent(actual, 2)} a trade, "
        f"more than {below} of {len(means)} shifted ones",
        note="mean excess return of a trade on the same catalog moved to earlier dates",
        alt=f"The real mean excess return, {percent(actual, 2)}, "
        f"is above {below} of {len(means)} shifted catalogs.",
        traces=(bars,),
        layout=layout(
            260,
            simulated=simulated,
            xaxis=percent_axis("mean excess return of a trade"),
            yaxis=axis("catalogs"),
            shapes=[here],
            annotations=[label | {"yanchor": "bottom"}],
            bargap=0.05,
        ),
        columns=("mean excess return of a shifted catalog",),
        rows=tuple((value,) for value in means),
    )


_STEPS = {
    "announced": "abnormal, to the exit",
    "gap": "gone before the entry",
    "left": "left after it",
    "market": "market, compounding",
    "commission": "commission",
    "slippage": "spread, slippage",
    "borrow": "borrowing",
    "excess_return": "kept",
}
_TOTALS = {"announced", "left", "excess_return"}


def bridge_chart(ident: str, average: pd.DataFrame, *, simulated: bool) -> Chart:
    """A waterfall from the average abnormal return to what a trade kept."""
    mean = average.set_index("step")["mean"]
    steps = [step for step in _STEPS if step in mean.index]
    values = [float(mean[step]) * (-1 if step == "gap" else 1) for step in steps]
    bars = {
        "type": "waterfall",
        "orientation": "h",
        "y": [_STEPS[step] for step in steps],
        "x": values,
        "measure": ["absolute" if step in _TOTALS else "relative" for step in steps],
        "connector": {"line": {"color": "@grid", "width": 1}},
        "totals": {"marker": {"color": "@c0"}},
        "increasing": {"marker": {"color": "@c2"}},
        "decreasing": {"marker": {"color": "@c1"}},
        "hovertemplate": "%{y}: %{delta:+.2%}<extra></extra>",
    }
    n = int(average["n_bets"].max())
    told = ", ".join(
        f"{_STEPS[step]} {percent(value, 2)}" for step, value in zip(steps, values, strict=True)
    )
    return Chart(
        name=f"bridge-{ident}",
        title=f"Of an abnormal return of {percent(float(mean['announced']), 2)}, "
        f"{percent(values[-1], 2)} was kept",
        note=f"average of {count(n, 'trade')}: "
        "from the abnormal return up to the exit to what a trade earned",
        alt=f"Waterfall: {told}.",
        traces=(bars,),
        layout=layout(
            300,
            simulated=simulated,
            xaxis=percent_axis(""),
            yaxis=axis(autorange="reversed", showgrid=False),
        ),
        columns=("step", "average"),
        rows=tuple(zip((_STEPS[step] for step in steps), values, strict=True)),
    )
