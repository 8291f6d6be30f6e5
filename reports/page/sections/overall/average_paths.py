"""The words and pictures of average paths: what each shows, said in its title and note."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.groups import day_chart, day_values
from reports.page.sections.base import Context
from reports.rows import Row, apart, records
from reports.words import NONE, by_chance, count, fine, listed, percent, signed

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
    known = records(paths.dropna(subset=["weighted_mean"]))
    at = {int(row["day"]): row for row in known}
    ends = [
        f"{_average(at[day])} by session {signed(day)}"
        for day in (0, max(at, default=0))
        if day in at
    ]
    if ends:
        return listed(list(dict.fromkeys(ends)))
    return "not known"


def _average(row: Row) -> str:
    """An average with the digits that it is known to."""
    return percent(row["weighted_mean"], fine(row["low"], row["high"]))


def days_picture(context: Context) -> Chart:
    """The average abnormal return session by session."""
    days = context.findings.averages["days"]
    drawn = records(days.assign(weighted_mean=day_values(days)))
    at = {int(row["day"]): _average(row) for row in drawn}
    sure = days.loc[apart(days), "day"].tolist()
    others = listed([f"{signed(day)} ({at[day]})" for day in sure[:4]])
    n = int(days["low"].notna().sum())
    told = f"{at.get(0, NONE)} on session 0; " + (
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


def largest_ends(paths: Sequence[tuple[str, pd.DataFrame]]) -> str:
    """The two largest averages at the end of their paths, and how many groups stand apart.

    `paths` are the groups' names and paths; a group stands apart where the interval of its last
    session leaves out zero.
    """
    ends = [(name, path.dropna(subset=["weighted_mean"]).tail(1)) for name, path in paths]
    known = [(name, records(end)[0], bool(apart(end).all())) for name, end in ends if len(end)]
    if not known:
        return "No group has an average path"
    last = max(int(row["day"]) for _, row, _ in known)
    most = sorted(known, key=lambda end: -abs(end[1]["weighted_mean"]))[:2]
    told = listed([f"{name} {_average(row)}" for name, row, _ in most])
    n_apart = sum(sure for *_, sure in known)
    return (
        f"By session {signed(last)}, "
        f"{n_apart} of {count(len(known), 'average')} told apart from zero; largest: {told}"
    )
