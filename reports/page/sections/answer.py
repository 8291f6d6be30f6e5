"""The first screen: did they move, by how much, how sure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.draw.chart import Chart
from reports.draw.event import headline_chart
from reports.export.tabular import Table
from reports.page.headline import headline_tickers
from reports.page.sections.base import Context, Section
from reports.page.sections.windows_table import windows_table
from reports.rows import Row, interval, reach, records
from reports.words import count, day, listed, number, percent, pvalue, short

MONTH = (
    21  # sessions: the move over the month before runs from the close this many sessions earlier
)


@dataclass(frozen=True)
class Answer:
    """Sentences, one picture, one table."""

    event_id: str
    headline: str
    session: str
    verdict: str
    sentences: tuple[tuple[str, str], ...]
    before: str
    overall: tuple[str, ...]
    chart: Chart
    table: Table


def build(context: Context) -> Section:
    """The answer, or nothing where no announcement could be studied."""
    event = context.headline
    return Section("answer", "The answer", _answer(context, event) if event else None)


def _answer(context: Context, event: str) -> Answer:
    findings = context.findings
    tickers = headline_tickers(findings, event)
    rows = context.windows[
        (context.windows["event_id"] == event) & context.windows["ticker"].isin(tickers)
    ]
    rows = rows.assign(place=rows["ticker"].map(tickers.index)).sort_values("place", kind="stable")
    first = {row["ticker"]: row for row in records(rows[rows["window"] == context.first_window])}
    paths = context.paths[
        (context.paths["event_id"] == event) & context.paths["ticker"].isin(tickers)
    ]
    session = next(iter(first.values()))["event_session"]
    model = f"{findings.experiment.study.primary}"
    return Answer(
        event_id=event,
        headline=short(findings.catalog[event].headline),
        session=day(session),
        verdict=_verdict(list(first.values())),
        sentences=tuple(
            (ticker, _sentence(findings.prices.close[ticker], row, _cautions(context, row)))
            for ticker, row in first.items()
        ),
        before=_month_before(findings.prices.close, session, list(first)),
        overall=tuple(filter(None, (_overall(context, ticker) for ticker in tickers))),
        chart=headline_chart(
            paths,
            f"{model}; bands: 95% forecast intervals",
            context.looks,
            simulated=context.simulated,
        ),
        table=windows_table(
            context,
            rows,
            "answer-windows",
            f"Returns and abnormal returns of the announcement, {model}",
        ),
    )


def least_sure(row: Row) -> float:
    """The larger of the two p-values of one event: a move counts as more than noise only where both say so."""
    return (
        max(row["pvalue"], row["conformal_p"])
        if math.isfinite(row["conformal_p"])
        else float(row["pvalue"])
    )


def stands_out(row: Row) -> str:
    """How far a single-event abnormal return stands out, in words."""
    p = least_sure(row)
    if not math.isfinite(p):
        return "it cannot be judged for want of history"
    if p < 0.01:
        return "it is clearly more than its ordinary day-to-day noise"
    if p < 0.05:
        return "it is more than its ordinary day-to-day noise, though one event is thin evidence"
    if row["pvalue"] < 0.05:
        return (
            "it is more than noise by the t-test, but not by the conformal one, "
            "which asks for no normal distribution"
        )
    return "it is within its ordinary day-to-day noise"


def _verdict(rows: list[Row]) -> str:
    moved = listed([f"{row['ticker']} {percent(row['raw_return'])}" for row in rows])
    return f"{moved} {_when(rows)}. With the market’s own move taken out, {_who_stands_out(rows)}."


def _when(rows: list[Row]) -> str:
    """Over which sessions the rows were measured."""
    spans = list(dict.fromkeys((int(row["start"]), int(row["end"])) for row in rows))
    if spans == [(0, 0)]:
        return "on the day"
    if set(spans) == {(0, 0), (0, 1)}:
        unsure = sum(row["end"] for row in rows)
        return (
            f"on the day (for {unsure} of them, the time of which is uncertain, on it and the next)"
        )
    why = ", as the time of the news is uncertain" if spans == [(0, 1)] else ""
    return f"over the sessions {listed([interval(*one) for one in spans])}{why}"


def _who_stands_out(rows: list[Row]) -> str:
    judged = [row for row in rows if math.isfinite(least_sure(row))]
    sure = [row["ticker"] for row in judged if least_sure(row) < 0.05]
    rest = [row["ticker"] for row in rows if row not in judged]
    if sure:
        told = f"{listed(sure)} {'stands' if len(sure) == 1 else 'stand'} out from ordinary days"
    elif len(judged) == len(rows) == 1:
        told = "the move does not stand out from ordinary days"
    elif len(judged) == len(rows):
        told = f"{'neither' if len(rows) == 2 else 'none'} stands out from ordinary days"
    elif judged:
        told = f"{listed([row['ticker'] for row in judged])} does not stand out from ordinary days"
    else:
        return "nothing can be said: there is too little history before the news to tell a move from noise"
    return told + (f"; {listed(rest)} cannot be judged for want of history" if rest else "")


def _sentence(close: pd.Series, row: Row, cautions: str) -> str:
    place = int(close.index.get_indexer(pd.DatetimeIndex([row["event_session"]]))[0])
    end, start = place + int(row["end"]), place + int(row["start"]) - 1
    today = float(close.iloc[end]) if end < len(close) else math.nan
    before = float(close.iloc[start]) if start >= 0 else math.nan
    abnormal = f"abnormal return {percent(row['car'])}"
    half = reach(row)
    if math.isfinite(half):
        between = f"{percent(row['car'] - half)} to {percent(row['car'] + half)}"
        abnormal += (
            f" (95% interval {between}, t = {number(row['t'])}, p = {pvalue(row['pvalue'])})"
        )
    floor = (
        f" Only effects beyond about ±{row['mde80']:.1%} would be found reliably."
        if math.isfinite(row["mde80"])
        else ""
    )
    when = f" on {day(close.index[end])}" if row["end"] and end < len(close) else ""
    moved = f"closed at {today:.2f}{when}, {percent(today / before - 1, 2)} from {before:.2f}"
    return f"{moved}; {abnormal}: {stands_out(row)}.{floor}{cautions}"


def _cautions(context: Context, row: Row) -> str:
    """What a reader of the first screen must know of one ticker's numbers."""
    findings = context.findings
    estimates = findings.of_primary("estimates")
    mine = estimates[
        (estimates["event_id"] == row["event_id"]) & (estimates["ticker"] == row["ticker"])
    ]
    asked, n = findings.experiment.study.estimation, int(mine["n_obs"].iloc[0])
    length = asked[1] - asked[0] + 1
    told = [f"its ordinary days are {n} of {length} sessions before"] if n < length / 2 else []
    if "same_session" in str(row["flags"]).split(";"):
        told.append("another announcement of it fell on the same session")
    told += [
        f"{one.note.rstrip('.')}, which daily prices cannot tell apart"
        for one in findings.catalog[row["event_id"]].contamination
        if one.not_separable and row["ticker"] in (one.tickers or (row["ticker"],))
    ]
    return f" Careful: {'; '.join(told)}." if told else ""


def _month_before(close: pd.DataFrame, session: pd.Timestamp, tickers: list[str]) -> str:
    place = int(close.index.get_indexer(pd.DatetimeIndex([session]))[0])
    if place < MONTH:
        return ""
    then, now = close.iloc[place - MONTH], close.iloc[place]
    known = [ticker for ticker in tickers if math.isfinite(now[ticker] / then[ticker])]
    moves = [f"{ticker} {percent(float(now[ticker] / then[ticker] - 1))}" for ticker in known]
    span = f"from the close of {day(close.index[place - MONTH])} to that of {day(session)} ({MONTH} sessions)"
    return f"The month before, {span}, on price closes: {listed(moves)}." if moves else ""


def _overall(context: Context, ticker: str) -> str:
    tests, windows = context.tests, context.tested
    of = tests[
        (tests["group"] == "ticker")
        & (tests["group_value"] == ticker)
        & (tests["test"] == HEADLINE_TEST)
    ]
    events = windows[
        (windows["ticker"] == ticker) & (windows["window"] == context.first_window)
    ].dropna(subset="car")
    for row in records(of[of["window"] == context.first_window]):
        judged = str(row["why_not"]) or f"p = {pvalue(row['pvalue'])}"
        many, when = count(len(events), "announcement"), _when(records(events))
        return f"{ticker}, over {many} that name it: {percent(events['car'].mean())} on average {when} ({judged})."
    return ""
