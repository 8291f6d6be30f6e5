"""One part of the page per announcement: facts, sources, disturbances, charts, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from events import Announcement
from reports.figures.chart import Chart
from reports.figures.event import car_chart, price_chart
from reports.rows import Row, records
from reports.sections.base import Context, Section
from reports.sections.windows_table import windows_table
from reports.tabular import Cell, Table, number_cell, percent_cell
from reports.words import day, dollars, moment, plain


@dataclass(frozen=True)
class Party:
    """Who, with which role; whether it was studied."""

    name: str
    ticker: str
    roles: str
    studied: bool


@dataclass(frozen=True)
class Shown:
    """One announcement as the page shows it."""

    name: str
    headline: str
    session: str
    brief: str
    opened: bool
    summary: str
    facts: tuple[tuple[str, str], ...]
    bullets: tuple[str, ...]
    parties: tuple[Party, ...]
    disturbed: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str, str], ...]
    charts: tuple[Chart, ...]
    table: Table | None
    claims: Table | None
    dropped: tuple[str, ...]


def build(context: Context) -> Section:
    """Every announcement of the catalog, latest first."""
    claims = _by_event(context.findings.tables.get("claims"))
    dropped = _by_event(context.findings.tables["dropped"])
    windows = dict(tuple(context.windows.groupby("event_id", sort=False)))
    paths = dict(tuple(context.paths.groupby("event_id", sort=False)))
    daily = dict(tuple(context.findings.of_primary("abnormal").groupby("event_id", sort=False)))
    shown = []
    for place, news in enumerate(reversed(context.findings.catalog.announcements)):
        frames = (windows[news.id], paths[news.id], daily[news.id]) if news.id in windows else None
        shown.append(_shown(context, place, news, frames, claims.get(news.id, []), dropped.get(news.id, [])))
    return Section("announcements", "Announcement by announcement", tuple(shown))


def _shown(
    context: Context,
    place: int,
    news: Announcement,
    frames: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None,
    claims: list[Row],
    dropped: list[Row],
) -> Shown:
    studied = set(frames[0]["ticker"]) if frames else set()
    session = day(frames[0]["event_session"].iloc[0]) if frames else ""
    return Shown(
        name=news.id,
        headline=news.headline,
        session=session or moment(news.announced_at)[:10],
        brief=_brief(context, frames[0]) if frames else "not studied",
        opened=news.id == context.headline,
        summary=news.summary,
        facts=_facts(news, session, context),
        bullets=news.facts,
        parties=tuple(
            Party(p.name, p.ticker or "", ", ".join(map(plain, p.role_words)), p.ticker in studied)
            for p in news.parties
        ),
        disturbed=tuple(
            (plain(one.type.value), _disturbance(one.note, one.tickers, one.not_separable))
            for one in news.contamination
        ),
        links=tuple(
            (plain(link.relation.value), link.to) for link in news.links if link.to in context.findings.catalog
        ),
        sources=tuple((source.name, str(source.url or ""), day(source.date)) for source in news.sources),
        charts=_charts(context, place, frames) if frames else (),
        table=windows_table(
            context,
            frames[0],
            f"windows-{place}",
            f"Returns and abnormal returns, {context.findings.experiment.study.primary}",
        )
        if frames
        else None,
        claims=_claims(place, claims),
        dropped=tuple(f"{row['ticker']}: {row['why']}" for row in dropped),
    )


def _brief(context: Context, windows: pd.DataFrame) -> str:
    first = windows[windows["window"] == context.first_window]
    return ", ".join(
        f"{row['ticker']} {row['car']:+.1%}".replace("-", "−") for row in records(first)[:4] if pd.notna(row["car"])
    )


def _facts(news: Announcement, session: str, context: Context) -> tuple[tuple[str, str], ...]:
    events = context.findings.primary.events
    placed = events[events["event_id"] == news.id]
    tradable = day(placed["tradable_open"].iloc[0]) if len(placed) and "tradable_open" in placed else ""
    said = [
        (
            "Announced",
            f"{moment(news.announced_at)} ({plain(placed['timing'].iloc[0] if len(placed) else news.timing.value)})",
        ),
        ("How the time is known", news.timing_basis),
        ("First public", day(news.first_public) if news.first_public else ""),
        ("Signed", day(news.signed) if news.signed else ""),
        ("Event session (day 0)", session),
        ("First tradable open", tradable),
        ("Kind", plain(news.kind_word)),
        ("Amount", _amount(news)),
        ("Term", news.term or ""),
        (
            "Facts rest on",
            "sources that were read" if news.confidence.studied.value == "verified" else "partly unverified reports",
        ),
    ]
    return tuple((term, text) for term, text in said if text and text != "–")


def _amount(news: Announcement) -> str:
    amount = news.amount
    if amount is None:
        return ""
    words = [plain(amount.qualifier.value) if amount.qualifier.value != "exact" else "", dollars(amount.usd)]
    more = [
        f"{dollars(amount.firm_usd)} firm" if amount.firm_usd else "",
        f"{dollars(amount.total_usd)} in total" if amount.total_usd else "",
    ]
    who = f"{amount.payer} to {amount.payee}" if amount.payer and amount.payee else ""
    return ", ".join(part for part in (" ".join(filter(None, words)), *more, who) if part)


def _disturbance(note: str, tickers: tuple[str, ...], inseparable: bool) -> str:
    whose = f" ({', '.join(tickers)})" if tickers else ""
    return f"{note}{whose}{'; daily prices cannot tell the two apart' if inseparable else ''}"


def _charts(context: Context, place: int, frames: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> tuple[Chart, ...]:
    windows, paths, daily = frames
    tickers = list(dict.fromkeys(windows["ticker"]))
    close = context.findings.prices.close[tickers]
    name = str(place)
    return (
        price_chart(name, close, windows["event_session"].iloc[0], context.looks, simulated=context.simulated),
        car_chart(name, paths, daily, context.looks, simulated=context.simulated),
    )


def _claims(place: int, claims: list[Row]) -> Table | None:
    if not claims:
        return None
    lines = [_claim(row) for row in claims]
    head = ("ticker", "the press said", "claimed", "computed", "difference", "verdict", "on which basis")
    return Table.of(f"claims-{place}", "Moves the press reported, recomputed", head, lines)


def _claim(row: Row) -> list[Cell | str]:
    as_cell = percent_cell if row.get("unit", "fraction") == "fraction" else number_cell
    numbers = [as_cell(row[key], 2) for key in ("claimed", "computed", "difference")]
    return [str(row["ticker"]), str(row["claim"]), *numbers, str(row["verdict"]), str(row["basis"])]


def _by_event(table: pd.DataFrame | None) -> dict[str, list[Row]]:
    if table is None:
        return {}
    rows = sorted(records(table), key=lambda row: str(row["event_id"]))
    return {name: list(of) for name, of in groupby(rows, key=lambda row: str(row["event_id"]))}
