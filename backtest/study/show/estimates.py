"""Estimates for a table of a paper.

An average of each group or a single event, each over each window.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from events.errors import suggest
from events.words import plain

EVENT = "event"  # stands among the groupings for events one by one
COLUMNS = (
    "group",
    "group_value",
    "event_id",
    "ticker",
    "window",
    "estimate",
    "se",
    "pvalue",
    "n",
    "why_not",
)
MOST = 100  # groups or events in one table: nobody reads more
_SHOWN = 12  # names that an error lists


def of_averages(averages: pd.DataFrame) -> pd.DataFrame:
    """One row a group and window, columns COLUMNS, from a table of averages of one model.

    `estimate` is the effect that the headline test tests (a fraction), `se` estimate over
    statistic, `n` the events.
    """
    mean = averages["weighted_mean"].astype(float)
    return pd.DataFrame({
        "group": averages["group"], "group_value": averages["group_value"].astype(str),
        "event_id": "", "ticker": "", "window": averages["window"], "estimate": mean,
        "se": (mean / averages["statistic"].astype(float)).abs(),
        "pvalue": averages["pvalue"].astype(float), "n": averages["n_events"].astype(int),
        "why_not": averages["why_not"].fillna("").astype(str),
    })  # fmt: skip


def of_events(windows: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """One row an event and window, columns COLUMNS, from the tables of one model.

    `group_value` is ticker and event session, and the announcement's id where those are not alone;
    `pvalue` the larger of the t-test's and the conformal one, `n` the ordinary days of the fit.
    """
    keys = ["event_id", "ticker"]
    days = windows[keys].merge(estimates[[*keys, "n_obs"]], on=keys, how="left")["n_obs"]
    session = pd.to_datetime(windows["event_session"]).dt.strftime("%Y-%m-%d")
    short = windows["ticker"].astype(str) + ", " + session
    alone = windows.assign(label=short).groupby("label")["event_id"].transform("nunique") == 1
    judged = windows["car_se"].notna() & windows["pvalue"].notna()
    return pd.DataFrame({
        "group": EVENT,
        "group_value": short.where(alone, short + ", " + windows["event_id"].astype(str)),
        "event_id": windows["event_id"].astype(str), "ticker": windows["ticker"].astype(str),
        "window": windows["window"],
        "estimate": windows["car"].astype(float), "se": windows["car_se"].astype(float),
        "pvalue": np.fmax(windows["pvalue"].astype(float), windows["conformal_p"].astype(float)),
        "n": days.fillna(0).astype(int).to_numpy(),
        "why_not": np.where(
            judged, "", "too few ordinary days, or sessions of the window are missing"
        ),
    })  # fmt: skip


def widened(windows: pd.DataFrame, spans: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """How many events have a window that ends later than stated.

    Those whose time of day is not known.
    """
    later = windows["end"] > windows["window"].map({name: end for name, (_, end) in spans.items()})
    found = windows[later].groupby("window", sort=False).size()
    return {str(name): int(n) for name, n in found.items()}


def chosen(
    estimates: pd.DataFrame,
    only: tuple[str, ...],
    windows: tuple[str, ...],
    known: Mapping[str, object],
) -> pd.DataFrame:
    """The rows of some groups and windows, in the order they were asked for.

    Nothing named means all. `only` names levels of the groupings; of single events announcements by
    id, tickers, or both: then those tickers of those announcements. The average of all events has
    no levels and stays. `known` are the study's windows. Raises `StudyError` with the nearest name
    for an unknown one, where a grouping has none of those named, and where more than MOST groups
    are left.
    """
    for name in windows:
        if name not in known:
            raise StudyError(
                f"no window {name[:60]!r} in this study{suggest(name, known)}; "
                f"there are {', '.join(known)}"
            )
    order = {name: i for i, name in enumerate(windows or tuple(known))}
    found = estimates[estimates["window"].isin(list(order))]
    if only:
        found = _narrowed(found, only)
    n = len(found[["group", "group_value"]].drop_duplicates())
    if n > MOST:
        raise StudyError(
            f"a table of {n:,} groups is none of a paper, {MOST} are the most: name some of them"
        )
    return found.assign(_at=found["window"].map(order))


def _narrowed(estimates: pd.DataFrame, only: tuple[str, ...]) -> pd.DataFrame:
    """The rows of these levels, and of all events where they were asked for."""
    whole = estimates["group"] == "all"
    named = tuple(name for name in only if name != "all" or not whole.any())
    if whole.all() and named:
        raise StudyError(_unknown(estimates, named[0]))
    found = estimates[whole]
    if named:
        found = pd.concat([found, _of_levels(estimates[~whole], named)])
    for by in dict.fromkeys(estimates["group"]):
        if by not in set(found["group"]):
            raise StudyError(
                f"{by}: none of {', '.join(only)} is one of its groups; "
                f"name some of them, or leave {by} out"
            )
    return found


def _of_levels(estimates: pd.DataFrame, only: tuple[str, ...]) -> pd.DataFrame:
    """The rows of these levels, announcements and tickers, in the order named."""
    single = estimates["group"] == EVENT
    known = set(estimates["group_value"])
    readable = {plain(value): value for value in known}
    only = tuple(name if name in known else readable.get(name, name) for name in only)
    inside = {
        column: estimates[column].isin(only) for column in ("group_value", "event_id", "ticker")
    }
    for name in only:
        if not any((estimates.loc[rows, column] == name).any() for column, rows in inside.items()):
            raise StudyError(_unknown(estimates, name))
    both = inside["event_id"].any() and inside["ticker"].any()
    if both:
        events = inside["event_id"] & inside["ticker"]
    else:
        events = inside["event_id"] | inside["ticker"]
    found = estimates[inside["group_value"] | (single & events)]
    if not len(found):
        raise StudyError(f"none of {', '.join(only)} is a party of one of the announcements named")
    places = {name: i for i, name in enumerate(only)}
    columns = [found[column].map(places) for column in ("group_value", "event_id", "ticker")]
    order = pd.concat(columns, axis=1).min(axis=1)
    return found.loc[order.sort_values(kind="stable").index]


def _unknown(estimates: pd.DataFrame, name: str) -> str:
    """What to say of a group that is not there: the nearest, and some that are."""
    groups = list(dict.fromkeys(estimates["group"]))
    there = list(dict.fromkeys(estimates["group_value" if groups != [EVENT] else "event_id"]))
    near = suggest(name, {*there, *estimates["event_id"], *estimates["ticker"]} - {""})
    more = ""
    if len(there) > _SHOWN:
        more = f" and {len(there) - _SHOWN} more"
    return (
        f"{', '.join(groups)}: no group {name[:60]!r}{near}; "
        f"there are {', '.join(there[:_SHOWN])}{more}"
    )
