"""The words and pictures of average paths: what each shows, said in its title and note."""

from __future__ import annotations

import math

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.groups import day_chart, day_values
from reports.page.sections.base import Context
from reports.rows import apart, records
from reports.words import by_chance, count, listed, percent, signed

UNTESTED = "no interval: the test needs three events"


def note(context: Context, more: str = "", *, tested: pd.DataFrame) -> str:
    """What the pictures of paths show, in words; without bands where no path is `tested`."""
    return (
        f"{context.findings.experiment.study.primary}, events weighed by their precision, "
        f"by session from the announcement{more}; {bands(tested)}"
    )


def bands(paths: pd.DataFrame) -> str:
    """What the bands of paths are, or why there are none."""
    return "bands: 95% intervals of the headline test" if paths["low"].notna().any() else UNTESTED


def reached(paths: pd.DataFrame) -> str:
    """Where the average path of all events stands on day 0 and at its end."""
    known = zip(paths["day"].tolist(), paths["weighted_mean"].tolist(), strict=True)
    at = {day: one for day, one in known if math.isfinite(one)}
    ends = [
        f"{percent(at[day])} by session {signed(day)}"
        for day in (0, max(at, default=0))
        if day in at
    ]
    if ends:
        return listed(list(dict.fromkeys(ends)))
    return "not known"


def days_picture(context: Context) -> Chart:
    """The average abnormal return session by session."""
    days = context.findings.averages["days"]
    values = day_values(days).set_axis(days["day"])
    sure = days.loc[apart(days), "day"].tolist()
    others = listed([f"{signed(day)} ({percent(values[day])})" for day in sure[:4]])
    n = int(days["low"].notna().sum())
    told = f"{percent(values.get(0, math.nan))} on session 0; " + (
        f"{len(sure)} of {count(n, 'session')} apart from zero, {by_chance(n)} would be by chance"
        if n
        else "no session can be told from zero"
    )
    note = (
        f"average abnormal return by session, {context.findings.experiment.study.primary}, "
        f"n = {int(days['n_events'].max()):,}; "
        + ("lines: 95% intervals of the headline test; blue: leaves out zero" if n else UNTESTED)
        + (f", as on {others}" if sure else "")
    )
    return day_chart(days, told, note, simulated=context.simulated)


def path_end(path: pd.DataFrame) -> tuple[int, float, bool]:
    """The last session of a path with a value, and the value.

    And whether its interval leaves out zero.
    """
    known = path.dropna(subset=["weighted_mean"])
    if known.empty:
        return 0, math.nan, False
    end = known.tail(1)
    row = records(end)[0]
    return int(row["day"]), row["weighted_mean"], bool(apart(end).any())


def largest_ends(ends: list[tuple[str, int, float, bool]]) -> str:
    """The two largest averages at the end of their paths, and how many groups stand apart."""
    known = [end for end in ends if math.isfinite(end[2])]
    if not known:
        return "No group has an average path"
    last = max(day for _, day, _, _ in known)
    most = sorted(known, key=lambda end: -abs(end[2]))[:2]
    told = listed([f"{name} {percent(value)}" for name, _, value, _ in most])
    n_apart = sum(sure for *_, sure in known)
    return (
        f"By session {signed(last)}, "
        f"{n_apart} of {count(len(known), 'average')} told apart from zero; largest: {told}"
    )
