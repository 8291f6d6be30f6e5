"""What else falls in an event's windows, and what to do where two causes cannot be told apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from events.catalog import Catalog
from events.clock.place import PlacedEvents
from events.errors import CatalogError, suggest
from events.record.vocabulary import Contaminant, Kind, Role

Rule = Literal["keep", "exclude", "merge"]
RULES = ("keep", "exclude", "merge")
COLUMNS = ("event_id", "ticker", "what", "with_event", "day", "not_separable", "note")
_WHAT = {
    Kind.EARNINGS.value: Contaminant.EARNINGS.value,
    Kind.FINANCING.value: Contaminant.OFFERING.value,
    Kind.IPO.value: Contaminant.OFFERING.value,
}
NEAREST = 20  # listed before and after an event
MAX_PAIRS = 2_000_000
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Settled:
    """Events after a rule was applied, and what it took away (event_id, ticker, why)."""

    events: pd.DataFrame
    dropped: pd.DataFrame


def conflicts(
    placed: PlacedEvents, catalog: Catalog, window: tuple[int, int] = (0, 20)
) -> pd.DataFrame:
    """List what else falls in the window of sessions around each placed event, its exchange's own.

    One row a conflict: event_id, ticker, what (`earnings`,
    `offering`, `announcement`, or the type of a contamination note), with_event (the other
    announcement, "" for a note), day (its session relative to the event's, NaN for a note),
    not_separable, note. Two announcements of one ticker in the same session are not separable, but
    a party's own news is from what is a mere read-through to it. A note is where it says so: a move
    of the whole market, which the market model takes out, is not. Of many rivals the nearest twenty
    before and after an event are listed (fewer for more than 100,000 events).
    """
    frame, notes = _rivals(placed, window), _notes(placed.frame, catalog)
    if len(notes):
        frame = pd.concat([frame, notes], ignore_index=True)
        frame = frame.iloc[np.argsort(frame["row"].to_numpy(), kind="stable")]
    return frame[list(COLUMNS)].reset_index(drop=True)


def settle(placed: PlacedEvents, found: pd.DataFrame, rule: Rule) -> Settled:
    """Apply one stated rule to the events that are not separable.

    `keep` studies them all. `exclude` leaves out every event with a conflict that is not separable.
    `merge` makes one event of those that share ticker and session: the party's own news before a
    read-through, then the largest amount, then the first of the catalog stands for all, and
    `merged` names the others. Every event gets the column `not_separable`.

    Raises `CatalogError` for another rule.
    """
    if rule not in RULES:
        raise CatalogError(
            f"no rule '{rule}' for conflicts ({', '.join(RULES)}){suggest(rule, RULES)}"
        )
    frame = placed.frame
    hard = found[found["not_separable"]].drop_duplicates(["event_id", "ticker"])
    keys = ["event_id", "ticker"]
    marks = frame["event_id"].isin(hard["event_id"]).to_numpy(copy=True)
    both = pd.MultiIndex.from_frame(frame.loc[marks, keys])
    marks[marks] = both.isin(pd.MultiIndex.from_frame(hard[keys]))
    events = frame.assign(not_separable=marks)
    if rule == "exclude":
        return _excluded(events, hard)
    if rule == "merge":
        return _merged(events)
    return Settled(events, _dropped([]))


def _rivals(placed: PlacedEvents, window: tuple[int, int]) -> pd.DataFrame:
    frame, position = placed.frame, placed.positions
    own, other = nearest_pairs(frame["ticker"].array, position, window)
    what = frame["kind"].map(_WHAT).fillna("announcement").astype("str")
    aside = frame["role"].eq(Role.READ_THROUGH.value).to_numpy()
    day = position[other] - position[own]
    return pd.DataFrame(
        {
            "row": own,
            "event_id": frame["event_id"].array.take(own),
            "ticker": frame["ticker"].array.take(own),
            "what": what.array.take(other),
            "with_event": frame["event_id"].array.take(other),
            "day": day.astype(float),
            "not_separable": (day == 0) & ~(~aside[own] & aside[other]),
            "note": frame["headline"].array.take(other),
        },
        copy=False,
    )


def _notes(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    noted = {news.id: news.contamination for news in catalog.held.curated if news.contamination}
    places = np.flatnonzero(frame["event_id"].isin(noted))
    keys = frame[["event_id", "ticker"]].iloc[places].itertuples(index=False)
    rows = [
        (row, own, ticker, note.type.value, "", np.nan, note.not_separable, note.note)
        for row, (own, ticker) in zip(places, keys, strict=True)
        for note in noted[own]
        if not note.tickers or ticker in note.tickers
    ]
    notes = pd.DataFrame(rows, columns=pd.Index(["row", *COLUMNS]))
    text = dict.fromkeys(("event_id", "ticker", "what", "with_event", "note"), "str")
    return notes.astype({"row": "int64", "day": "float64", "not_separable": bool, **text})


def _excluded(events: pd.DataFrame, hard: pd.DataFrame) -> Settled:
    why = {(row["event_id"], row["ticker"]): _why(row) for row in hard.to_dict("records")}
    gone = events[events["not_separable"]]
    keys = zip(gone["event_id"], gone["ticker"], strict=True)
    rows = [(*key, why[key]) for key in keys]
    return Settled(events[~events["not_separable"]].reset_index(drop=True), _dropped(rows))


def _why(conflict: Mapping[Hashable, Any]) -> str:
    rival = ""
    if conflict["with_event"]:
        rival = f"{conflict['with_event']}: "
    return f"not separable from {conflict['what']}: {rival}{conflict['note']}"


def _merged(events: pd.DataFrame) -> Settled:
    aside = events["role"].eq(Role.READ_THROUGH.value)
    ranked = events.assign(_aside=aside).sort_values(
        ["_aside", "amount_usd"], ascending=[True, False], kind="stable"
    )
    ranked = ranked.dropna(subset=["event_session"])
    crowded = ranked[ranked.duplicated(["ticker", "event_session"], keep=False)]
    group = crowded.groupby(["ticker", "event_session"], sort=False)["event_id"]
    first = group.transform("first").reindex(events.index).fillna(events["event_id"])
    others = group.transform(lambda ids: ";".join(ids.iloc[1:])).reindex(events.index).fillna("")
    stands = first == events["event_id"]
    gone = events[~stands].assign(into=first[~stands])
    rows = [(row.event_id, row.ticker, f"merged into {row.into}") for row in gone.itertuples()]
    return Settled(events.assign(merged=others)[stands].reset_index(drop=True), _dropped(rows))


def _dropped(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=pd.Index(["event_id", "ticker", "why"]))


def nearest_pairs(
    tickers: NDArray[np.object_] | ExtensionArray, position: Ints, window: tuple[int, int]
) -> tuple[Ints, Ints]:
    """Give rows (own, other) of events of the same ticker that stand close together.

    `other` lies within the window of sessions around `own`. `position` is the session of each
    event, shape (n,), negative where it has none: such an event pairs with none. Pairs come by own
    row, then by session.

    >>> nearest_pairs(np.array(["A", "A", "B"], dtype=object), np.array([3, 4, 4]), (0, 5))
    (array([0]), array([1]))
    """
    known = np.flatnonzero(position >= 0)
    codes = pd.factorize(np.asarray(tickers)[known])[0].astype(np.int64)
    span = int(position.max(initial=0)) + abs(window[0]) + abs(window[1]) + 2
    keys = (
        codes * span + position[known]
    )  # one axis for all tickers, with a gap between two of them
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], known[order]
    start, end = _ranges(keys, window)
    own = np.repeat(np.arange(len(rows)), end - start)
    other = np.arange(len(own)) - np.repeat(
        np.cumsum(end - start) - (end - start) - start, end - start
    )
    apart = own != other
    own, other = rows[own[apart]], rows[other[apart]]
    by_row = np.argsort(own, kind="stable")
    return own[by_row], other[by_row]


def _ranges(keys: Ints, window: tuple[int, int]) -> tuple[Ints, Ints]:
    """Say from where to where the sorted neighbours of each event lie.

    The nearest only where there are many.
    """
    most = max(1, min(NEAREST, MAX_PAIRS // max(len(keys), 1)))
    same = np.searchsorted(keys, keys, side="left")
    start = np.searchsorted(keys, keys + window[0], side="left")
    end = np.searchsorted(keys, keys + window[1], side="right")
    if window[0] < 0:
        start = np.maximum(start, same - most)
    return start, np.maximum(start, np.minimum(end, same + most + 1))
