"""The first screen under every setting.

Did they move, by how much, how sure, and what else happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.draw.answer import answer_chart
from reports.draw.chart import Chart
from reports.draw.tabular import Table
from reports.experiment.plan import Spec
from reports.page.opening import Deals, Words
from reports.page.opening_average import Average
from reports.page.sections.base import Context, Section
from reports.page.sections.windows_table import windows_table
from reports.rows import interval
from reports.words import by_chance, count, fine, percent, plain, short


@dataclass(frozen=True)
class Answer:
    """The first screen of the primary setting, and what the control offers besides."""

    lead: str
    deals: dict[str, str]
    words: Words
    chart: Chart
    table: Table | None
    windows: tuple[tuple[str, str], ...]
    models: tuple[tuple[str, str], ...]
    benchmarks: tuple[str, ...]
    filters: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]

    @property
    def verdict(self) -> str:
        """The headline of the primary setting."""
        return self.words.headline


def build(context: Context) -> Section:
    """The answer, or nothing where no announcement could be studied."""
    if context.windows.empty:
        return Section("answer", "The answer", None)
    found = _answer(context)
    tables = (found.table,) if found.table else ()
    return Section("answer", "The answer", found, tables, (found.chart,))


def _answer(context: Context) -> Answer:
    plan, specs = context.findings.experiment.study, context.specs
    windows = sorted(plan.windows, key=lambda name: plan.windows[name][0] < 0)
    return Answer(
        lead="announcements" if context.headline else "average",
        deals={name: short(context.findings.catalog[name].headline) for name in context.headline},
        words=opening(context, context.primary).words(windows[0]),
        chart=headline_chart(context, context.primary),
        table=_table(context) if context.headline else None,
        windows=tuple((name, f"{name} {interval(*plan.windows[name])}") for name in windows),
        models=tuple((m, plain(m)) for m in dict.fromkeys(spec.model for spec in specs)),
        benchmarks=tuple(dict.fromkeys(s.benchmark for s in specs if s.benchmark)),
        filters=_filters(context),
    )


_FILTERS = {
    "ticker": "t",
    "role": "r",
    "kind": "k",
}  # a column of the events, its key in the address


def _filters(context: Context) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """What a reader may narrow the page to: key, name, and every value with its words."""
    events = context.findings.primary.events
    found = []
    for name, key in _FILTERS.items():
        values = sorted({str(value) for value in events[name]})
        words = tuple((value, value if name == "ticker" else plain(value)) for value in values)
        found.append((key, name.capitalize(), words))
    return tuple(found)


def headline_chart(context: Context, spec: Spec) -> Chart:
    """The picture of the first screen under one model."""
    return _chart(context, spec, opening(context, spec))


def opening(context: Context, spec: Spec) -> Deals | Average:
    """What the first screen says under one model: the headline's announcements, or the average."""
    if context.headline:
        return Deals(context.findings, spec, context.headline, context.headline_tickers)
    return Average.of(context.findings, spec)


def _chart(context: Context, spec: Spec, opening: Deals | Average) -> Chart:
    moves = opening.moves()
    if isinstance(opening, Average):
        told = ", ".join(
            f"{move.window} {percent(move.value, fine(move.low, move.high))}" for move in moves
        )
        return answer_chart(
            moves, f"Average abnormal return of all events: {told}",
            f"{spec}; dots: averages weighed by precision; "
            "lines: 95% intervals of the headline test; bold: p below 0.05",
            context.looks, simulated=context.simulated,
        )  # fmt: skip
    sure = sum(abs(move.value) > move.ordinary for move in moves)
    title = (
        f"{sure} of {count(len(moves), 'move')} outside what is ordinary, "
        f"{by_chance(len(moves))} by chance"
    )
    marked = "; ◆ other news inside the window" if any(move.rivals for move in moves) else ""
    return answer_chart(
        moves,
        title,
        f"abnormal returns, {spec}; lines: 95% intervals; grey: where 95% of ordinary moves lie; "
        f"bold: p below 0.05 by both tests{marked}. Each ticker has its own scale.",
        context.looks,
        simulated=context.simulated,
    )


def _table(context: Context) -> Table:
    rows = context.windows[
        context.windows["event_id"].isin(context.headline)
        & context.windows["ticker"].isin(context.headline_tickers)
    ]
    places = rows["ticker"].map(context.headline_tickers.index)
    rows = rows.assign(place=places).sort_values(["place", "event_session"], kind="stable")
    return windows_table(
        context,
        rows,
        "answer-windows",
        "Returns and abnormal returns of the headline, "
        f"{context.findings.experiment.study.primary}",
        dated=True,
    )
