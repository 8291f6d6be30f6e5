"""What else falls in an event's windows, and what to do where two causes cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from events.announcement import Announcement
from events.catalog import Catalog
from events.errors import CatalogError, suggest
from events.sessions import Sessions
from events.vocabulary import Contaminant, Kind, Role

Rule = Literal["keep", "exclude", "merge"]
RULES = ("keep", "exclude", "merge")
COLUMNS = ("event_id", "ticker", "what", "with_event", "day", "not_separable", "note")
_WHAT = {
    Kind.EARNINGS: Contaminant.EARNINGS.value,
    Kind.FINANCING: Contaminant.OFFERING.value,
    Kind.IPO: Contaminant.OFFERING.value,
}


@dataclass(frozen=True, eq=False)
class Settled:
    """Events after a rule was applied, and what it took away (event_id, ticker, why)."""

    events: pd.DataFrame
    dropped: pd.DataFrame


def conflicts(
    placed: pd.DataFrame, catalog: Catalog, sessions: Sessions, window: tuple[int, int] = (0, 20)
) -> pd.DataFrame:
    """List what else falls in the window of sessions around each placed event.

    `placed` comes from `place_events`. One row a conflict: event_id, ticker, what (`earnings`, `offering`,
    `announcement`, or the type of a contamination note), with_event (the other announcement, "" for a note), day (its
    session relative to the event's, NaN for a note), not_separable, note. Two announcements of one ticker in the same
    session are not separable, but a party's own news is from what is a mere read-through to it. A note is where it
    says so: a move of the whole market, which the market model takes out, is not.
    """
    rows = [*_rivals(placed, catalog, sessions, window), *_notes(placed, catalog)]
    frame = pd.DataFrame(rows, columns=pd.Index(COLUMNS))
    order = {key: place for place, key in enumerate(zip(placed["event_id"], placed["ticker"], strict=True))}
    keys = [order[key] for key in zip(frame["event_id"], frame["ticker"], strict=True)]
    frame = frame.astype({"day": "float64", "not_separable": bool})
    return frame.iloc[np.argsort(keys, kind="stable")].reset_index(drop=True)


def settle(placed: pd.DataFrame, found: pd.DataFrame, rule: Rule) -> Settled:
    """Apply one stated rule to the events that are not separable.

    `keep` studies them all. `exclude` leaves out every event with a conflict that is not separable. `merge` makes one
    event of those that share ticker and session: the party's own news before a read-through, then the largest amount,
    then the first of the catalog stands for all, and `merged` names the others. Every event gets the column
    `not_separable`.

    Raises `CatalogError` for another rule.
    """
    if rule not in RULES:
        raise CatalogError(f"no rule '{rule}' for conflicts ({', '.join(RULES)}){suggest(rule, RULES)}")
    hard = found[found["not_separable"]].drop_duplicates(["event_id", "ticker"])
    pairs = set(zip(hard["event_id"], hard["ticker"], strict=True))
    marks = np.array([key in pairs for key in zip(placed["event_id"], placed["ticker"], strict=True)], dtype=bool)
    events = placed.assign(not_separable=marks)
    if rule == "exclude":
        return _excluded(events, hard)
    return _merged(events) if rule == "merge" else Settled(events, _dropped([]))


def _rivals(
    placed: pd.DataFrame, catalog: Catalog, sessions: Sessions, window: tuple[int, int]
) -> Iterator[tuple[Any, ...]]:
    frame = placed.dropna(subset=["event_session"])
    position = sessions.dates.get_indexer(pd.DatetimeIndex(frame["event_session"]))
    frame = frame.assign(position=position)[position >= 0]
    for _, group in frame.groupby("ticker", sort=False):
        rows = group.sort_values("position", kind="stable")
        where = rows["position"].to_numpy()
        first = np.searchsorted(where, where + window[0], side="left")
        last = np.searchsorted(where, where + window[1], side="right")
        ids, roles = rows["event_id"].tolist(), rows["role"].tolist()
        for i, (a, b) in enumerate(zip(first, last, strict=True)):
            for j in range(a, b):
                if j != i:
                    yield _rival(
                        ids[i], ids[j], rows["ticker"].iloc[0], int(where[j] - where[i]), roles[i], roles[j], catalog
                    )


def _rival(
    own: str, other: str, ticker: str, day: int, own_role: str, other_role: str, catalog: Catalog
) -> tuple[Any, ...]:
    news = catalog[other]
    outweighs = own_role != Role.READ_THROUGH.value and other_role == Role.READ_THROUGH.value
    what = _WHAT.get(news.kind, "announcement")
    return own, ticker, what, other, day, day == 0 and not outweighs, news.headline


def _notes(placed: pd.DataFrame, catalog: Catalog) -> Iterator[tuple[Any, ...]]:
    for own, ticker in zip(placed["event_id"], placed["ticker"], strict=True):
        for note in _notes_of(catalog[own], ticker):
            yield (own, ticker, *note)


def _notes_of(news: Announcement, ticker: str) -> Iterator[tuple[Any, ...]]:
    for note in news.contamination:
        if not note.tickers or ticker in note.tickers:
            yield note.type.value, "", np.nan, note.not_separable, note.note


def _excluded(events: pd.DataFrame, hard: pd.DataFrame) -> Settled:
    why = {(row["event_id"], row["ticker"]): _why(row) for _, row in hard.iterrows()}
    gone = events[events["not_separable"]]
    keys = zip(gone["event_id"], gone["ticker"], strict=True)
    rows = [(*key, why[key]) for key in keys]
    return Settled(events[~events["not_separable"]].reset_index(drop=True), _dropped(rows))


def _why(conflict: pd.Series) -> str:
    rival = f"{conflict['with_event']}: " if conflict["with_event"] else ""
    return f"not separable from {conflict['what']}: {rival}{conflict['note']}"


def _merged(events: pd.DataFrame) -> Settled:
    aside = events["role"].eq(Role.READ_THROUGH.value)
    ranked = events.assign(_aside=aside).sort_values(["_aside", "amount_usd"], ascending=[True, False], kind="stable")
    group = ranked.dropna(subset=["event_session"]).groupby(["ticker", "event_session"], sort=False)["event_id"]
    first = group.transform("first").reindex(events.index).fillna(events["event_id"])
    others = group.transform(lambda ids: ";".join(ids.iloc[1:])).reindex(events.index).fillna("")
    stands = first == events["event_id"]
    gone = events[~stands].assign(into=first[~stands])
    rows = [(row.event_id, row.ticker, f"merged into {row.into}") for row in gone.itertuples()]
    return Settled(events.assign(merged=others)[stands].reset_index(drop=True), _dropped(rows))


def _dropped(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=pd.Index(["event_id", "ticker", "why"]))
