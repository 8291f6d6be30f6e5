"""One part of the page per announcement: facts, sources, disturbances, charts, numbers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from events import Announcement
from events.clock.exchanges import currency_of
from events.record.known import how_known
from events.words import amount_in_words
from reports.draw.chart import Chart
from reports.draw.event import car_chart, price_chart
from reports.draw.tabular import Table
from reports.page.sections.base import Context, Section
from reports.page.sections.press import claims_table
from reports.page.sections.windows_table import windows_table
from reports.rows import Row, records
from reports.words import day, moment, percent, plain, short, signed


@dataclass(frozen=True)
class ShownAnnouncement:
    """One announcement as the page shows it."""

    name: str
    headline: str
    session: str
    brief: str
    opened: bool
    summary: str
    facts: tuple[tuple[str, str], ...]
    bullets: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]
    disturbed: tuple[tuple[str, str], ...]
    rivals: tuple[tuple[str, str, str], ...]
    links: tuple[tuple[str, str, str], ...]
    sources: tuple[tuple[str, str, str], ...]
    charts: tuple[Chart, ...]
    table: Table | None
    claims: Table | None
    dropped: tuple[str, ...]


def build(context: Context) -> Section:
    """Every announcement that is shown one by one, latest first."""
    claims = _by_event(context.findings.tables["claims"])
    rivals = _by_event(context.findings.tables["conflicts"])
    dropped = _by_event(context.findings.left_out)
    windows = dict(tuple(context.windows.groupby("event_id", sort=False)))
    paths = dict(tuple(context.paths.groupby("event_id", sort=False)))
    daily = dict(tuple(context.daily.groupby("event_id", sort=False)))
    shown = []
    for place, news in enumerate(reversed(context.findings.catalog.announcements)):
        if news.id not in context.few.names:
            continue
        frames = None
        if news.id in windows:
            frames = (windows[news.id], paths[news.id], daily[news.id])
        shown.append(
            _shown(
                context,
                place,
                news,
                frames,
                claims.get(news.id, []),
                rivals.get(news.id, []),
                dropped.get(news.id, []),
            )
        )
    return Section("announcements", "Announcement by announcement", tuple(shown))


def _shown(
    context: Context,
    place: int,
    news: Announcement,
    frames: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None,
    claims: list[Row],
    rivals: list[Row],
    dropped: list[Row],
) -> ShownAnnouncement:
    session = ""
    if frames:
        session = day(frames[0]["event_session"].iloc[0])
    caption = f"Returns and abnormal returns, {context.findings.experiment.study.primary}"
    return ShownAnnouncement(
        name=news.id,
        headline=short(news.headline),
        session=session or moment(news.announced_at)[:10],
        brief=_brief(context, frames[0]) if frames else "not studied",
        opened=news.id in context.headline[-1:],
        summary=news.summary,
        facts=_facts(news, session, context),
        bullets=news.facts,
        parties=_parties(news),
        disturbed=tuple(
            (plain(one.type.value), _disturbance(one.note, one.tickers, one.not_separable))
            for one in news.contamination
        ),
        links=tuple(
            (context.few.anchor(link.to), link.to, plain(link.relation.value))
            for link in news.links
            if link.to in context.findings.catalog
        ),
        sources=tuple(
            (source.name, str(source.url or ""), day(source.date)) for source in news.sources
        ),
        charts=_charts(context, place, frames) if frames else (),
        table=windows_table(context, frames[0], f"windows-{place}", caption) if frames else None,
        claims=claims_table(
            context, f"claims-{place}", claims, "Moves the press reported, recomputed"
        ),
        rivals=_rivals(rivals, context),
        dropped=tuple(f"{row['ticker']}: {row['why']}" for row in dropped),
    )


def _brief(context: Context, windows: pd.DataFrame) -> str:
    first = [row for row in records(windows) if row["window"] == context.first_window]
    return ", ".join(
        f"{row['ticker']} {percent(row['car'])}" for row in first[:4] if pd.notna(row["car"])
    )


def _parties(news: Announcement) -> tuple[tuple[str, str], ...]:
    """Role by role, who has it."""
    roles: dict[str, list[str]] = {}
    for party in news.parties:
        if party.ticker:
            name = f"{party.name} ({party.ticker})"
        else:
            name = party.name
        roles.setdefault(" and ".join(map(plain, party.role_words)), []).append(name)
    return tuple((role, ", ".join(names)) for role, names in roles.items())


def _facts(news: Announcement, session: str, context: Context) -> tuple[tuple[str, str], ...]:
    events = context.findings.primary.events
    placed = events[events["event_id"] == news.id]
    tradable = ""
    if len(placed) and "tradable_open" in placed:
        tradable = day(placed["tradable_open"].iloc[0])
    said = [
        ("In full", news.headline if short(news.headline) != news.headline else ""),
        (
            "Announced",
            f"{moment(news.announced_at)} "
            f"({plain(placed['timing'].iloc[0] if len(placed) else news.timing.value)})",
        ),
        ("How day 0 is known", _known(news, context)),
        ("Basis of the time", news.timing_basis),
        ("First public", day(news.first_public) if news.first_public else ""),
        ("Signed", day(news.signed) if news.signed else ""),
        ("Event session (day 0)", session),
        ("First tradable open", tradable),
        ("Kind", plain(news.kind_word)),
        ("Amount", amount_in_words(news.amount) if news.amount else ""),
        ("Term", news.term or ""),
        (
            "Facts rest on",
            "sources that were read"
            if news.confidence.studied.value == "verified"
            else "partly unverified reports",
        ),
    ]
    return tuple((term, text) for term, text in said if text and text != "–")


def _known(news: Announcement, context: Context) -> str:
    """How day 0 is known, in words, with both sessions where two may be it.

    By security where they differ.
    """
    table = context.findings.tables["events"]
    told = table[table["event_id"] == news.id].groupby("day_0_known", sort=False)["ticker"]
    if told.ngroups < 2:
        return next((str(words) for words, _ in told), how_known(news))
    return ". ".join(f"{', '.join(tickers)}: {words}" for words, tickers in told)


def _disturbance(note: str, tickers: tuple[str, ...], inseparable: bool) -> str:
    whose = ""
    if tickers:
        whose = f" ({', '.join(tickers)})"
    return f"{note}{whose}{'; daily prices cannot tell the two apart' if inseparable else ''}"


def _charts(
    context: Context,
    place: int,
    frames: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> tuple[Chart, ...]:
    windows, paths, daily = frames
    others = context.other_news(str(windows["event_id"].iloc[0]))
    tickers = list(dict.fromkeys(windows["ticker"]))
    prices = context.findings.prices
    panels = {ticker: prices.panel_of(ticker) for ticker in tickers}
    money = {one: currency_of(one, panel.calendar) for one, panel in panels.items() if panel}
    name = str(place)
    return (
        price_chart(
            name,
            prices.closes(tickers),
            windows["event_session"].iloc[0],
            context.looks,
            simulated=context.simulated,
            rivals=others,
            money=money,
        ),
        car_chart(
            name,
            paths,
            daily,
            context.looks,
            simulated=context.simulated,
            rivals=others,
            model=str(context.findings.experiment.study.primary),
        ),
    )


def _rivals(found: list[Row], context: Context) -> tuple[tuple[str, str, str], ...]:
    """Other announcements in the windows of this one.

    Where it stands in the page, what it is, whose prices and on which day.
    """
    others: dict[str, list[str]] = {}
    days: dict[str, tuple[int, str]] = {}
    for row in found:
        if row["with_event"]:
            others.setdefault(row["with_event"], []).append(str(row["ticker"]))
            session = context.session_of(row["with_event"], row["ticker"])
            days[row["with_event"]] = (int(row["day"]), session)
    catalog = context.findings.catalog
    return tuple(
        (
            context.few.anchor(name),
            short(catalog[name].headline),
            f"{_when(*days[name])}, {', '.join(tickers)}",
        )
        for name, tickers in others.items()
        if name in catalog
    )


def _when(day: int, session: str) -> str:
    if day:
        return f"session {signed(day)}, {session}"
    return "the same session"


def _by_event(table: pd.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in records(table):
        found.setdefault(str(row["event_id"]), []).append(row)
    return found
