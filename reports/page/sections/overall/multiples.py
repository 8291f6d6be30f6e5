"""Every event's path in a grid of small pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reports.draw.chart import Chart
from reports.draw.multiples import Path, multiples_chart
from reports.page.sections.base import Context
from reports.rows import by_ticker
from reports.words import count, day

_HALVES = 24  # events, beyond which the grid stands in two pictures beside each other


@dataclass(frozen=True)
class Multiples:
    """What the grid shows, in words, and its pictures."""

    words: str
    charts: tuple[Chart, ...]


def multiples(context: Context) -> Multiples | None:
    """The grid of all events by ticker and session, none for fewer than two of them."""
    found = _paths(context)
    if len(found) < 2:
        return None
    shown = [one for one in found if one.event_id in context.few.names]
    shown = _with_rivals(context, shown)
    shown = sorted(shown, key=lambda one: (one.ticker, one.session, one.event_id))
    few = f" of {len(found):,}: those shown one by one, the least ordinary over "
    few = f"{few}{context.first_window}" if context.few.some else ""
    words = (
        f"Cumulative abnormal returns of {count(len(shown), 'event')}{few}, "
        "each on its own scale with where it ends; "
        "bold: outside the 95% band of its share’s ordinary moves."
    )
    half = -(-len(shown) // 2) if len(shown) > _HALVES else len(shown)
    parts = [shown[:half], shown[half:]] if half < len(shown) else [shown]
    return Multiples(words, tuple(_chart(context, at, part) for at, part in enumerate(parts)))


def _chart(context: Context, at: int, part: list[Path]) -> Chart:
    outside = sum(abs(one.end) > one.reach for one in part)
    first, last = part[0].ticker, part[-1].ticker
    span = first if first == last else f"{first} to {last}"
    end = "ends" if len(part) == 1 else "end"
    return multiples_chart(
        f"multiples-{at}",
        f"{span}: {outside} of {count(len(part), 'path')} {end} outside the ordinary",
        f"{context.findings.experiment.study.primary}; the upright line is the announcement",
        part,
        context.looks,
        simulated=context.simulated,
    )


def _with_rivals(context: Context, paths: list[Path]) -> list[Path]:
    """The same paths with the sessions on which their tickers had other news."""
    daily = context.daily[context.daily["event_id"].isin({path.event_id for path in paths})]
    days = {
        key: dict(zip(own["session"], own["day"].tolist(), strict=True))
        for key, own in daily.groupby(["event_id", "ticker"], sort=False)
    }
    out = []
    for path in paths:
        of, others = days[path.event_id, path.ticker], context.other_news(path.event_id)
        rivals = sorted(int(of[at]) for at in others.get(path.ticker, ()) if at in of)
        out.append(replace(path, rivals=rivals))
    return out


def _paths(context: Context) -> list[Path]:
    sessions = {
        (event, ticker): day(session)
        for event, ticker, session in context.findings.primary.events[
            ["event_id", "ticker", "event_session"]
        ].itertuples(index=False)
    }
    out = []
    for event, own in context.paths.groupby("event_id", sort=False):
        for ticker, path in by_ticker(own, "day", "car", "high").items():
            known = np.isfinite(path["car"])
            if not known.any():
                continue
            half = float((path["high"] - path["car"])[known][-1])
            out.append(
                Path(str(event), ticker, sessions[event, ticker], path["day"].tolist(),
                     path["car"].tolist(), half)
            )  # fmt: skip
    return out
