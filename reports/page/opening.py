"""The words of the first screen over announcements of its own.

What moved, how sure, and what else happened.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reports.draw.answer import Move
from reports.experiment.plan import Spec
from reports.page.phrases import how_sure, moved, of_news, over, taken_out, when, who_stands_out
from reports.rows import Row, lacking, least_sure, records
from reports.run.findings import Findings
from reports.words import count, day, equal, listed, percent


@dataclass(frozen=True)
class Words:
    """A first screen in words: its headline and its sentences, each with what it is about."""

    headline: str
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rival:
    """Other news inside a window.

    The session it fell on, that session's abnormal return, whose news it was.
    """

    session: str
    day: int
    abnormal: float
    news: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Deals:
    """The rows of the headline announcements under one model, and the sentences read off them."""

    findings: Findings
    spec: Spec
    names: tuple[str, ...]
    tickers: tuple[str, ...]

    def words(self, window: str) -> Words:
        """The headline and the sentences over one window, or over the next that has a return."""
        rows = self.rows(window)
        if rows and not any(moved(row) for row in rows):
            instead = self._measured()
            if instead:
                found, lost = self.words(instead), _no_return(rows)
                return Words(f"{lost} {found.headline}", found.sentences)
        told = [(name, self._one(name, window)) for name in self.names]
        told = [(name, text) for name, text in told if text]
        further = (("How sure", how_sure(rows, self._days)), ("What else", self._others(window)))
        return Words(self._headline(rows), (*told, *((k, text) for k, text in further if text)))

    def rows(self, window: str) -> list[Row]:
        """The rows of windows.csv, ticker by ticker, earliest announcement first."""
        return [
            self._rows[key]
            for ticker in self.tickers
            for name in self.names
            if (key := (name, ticker, window)) in self._rows
        ]

    def moves(self) -> list[Move]:
        """Every headline move over every window from day 0 on, for the picture."""
        windows = [
            n for n, (start, _) in self.findings.experiment.study.windows.items() if start >= 0
        ]
        return [
            self._move(row)
            for ticker in self.tickers
            for window in windows
            for row in self.rows(window)
            if row["ticker"] == ticker
        ]

    def rivals(self, row: Row) -> list[Rival]:
        """Other announcements of the share inside the window of a row, day by day."""
        found: dict[int, list[str]] = {}
        for one in self._conflicts.get((row["event_id"], row["ticker"]), []):
            if row["start"] <= one["day"] <= row["end"]:
                found.setdefault(int(one["day"]), []).append(str(one["note"]))
        out = []
        for at, notes in sorted(found.items()):
            daily = self._daily.get((row["event_id"], row["ticker"], at))
            if daily is not None:
                session = day(daily["session"])
                out.append(
                    Rival(session, at, float(daily["abnormal"]), tuple(dict.fromkeys(notes)))
                )
        return out

    def _headline(self, rows: Sequence[Row]) -> str:
        known, told = [row for row in rows if moved(row)], []
        for ticker in self.tickers:
            own = [percent(row["raw_return"]) for row in known if row["ticker"] == ticker]
            if own:
                told.append(f"{ticker} {listed(own)}")
        first = ""
        if told:
            first = f"{', '.join(told).replace(' ', ' moved ', 1)} {when(known)}."
        lost = _no_return([row for row in rows if not moved(row)])
        sure = f"{taken_out(self.spec)}, {who_stands_out(rows)}."
        return " ".join(filter(None, (first, lost, sure)))

    def _measured(self) -> str | None:
        """The first window from day 0 on over which a headline share has a return."""
        plan = self.findings.experiment.study.windows
        there = (
            name
            for name, (start, _) in plan.items()
            if start >= 0 and any(map(moved, self.rows(name)))
        )
        return next(there, None)

    def _one(self, name: str, window: str) -> str:
        told = []
        for row in self.rows(window):
            if row["event_id"] != name:
                continue
            if not math.isfinite(row["car"]):
                told.append(f"{row['ticker']} cannot be measured: its sessions are not all there")
                continue
            sure = ""
            if math.isfinite(row["car_low"]):
                sure = (
                    f" (95% interval {percent(row['car_low'])} to {percent(row['car_high'])}, "
                    f"p {equal(least_sure(row))})"
                )
            told.append(
                f"{row['ticker']} {percent(row['raw_return'])}, "
                f"abnormal {percent(row['car'])}{sure}{lacking(row)}"
            )
        if told:
            return f"{'; '.join(told)}."
        return ""

    def _others(self, window: str) -> str:
        """Which part of the moves fell on the days of somebody else's news."""
        plan = self.findings.experiment.study.windows
        longer = [
            n for n, (start, end) in plan.items() if start >= 0 and end >= max(plan[window][1], 1)
        ]
        if plan[window][1] > 0 or not longer:
            name = window
        else:
            name = longer[0]
        told = [text for row in self.rows(name) if (text := self._share(row))]
        if not told:
            return f"The catalog knows of no other news of these shares within the {name} window."
        return " ".join(told)

    def _share(self, row: Row) -> str:
        found = self.rivals(row)
        same = [note for one in found if one.day == 0 for note in one.news]
        later = sorted((one for one in found if one.day), key=lambda one: -abs(one.abnormal))
        told = []
        if later:
            parts = [
                f"{percent(one.abnormal)} on {one.session} ({of_news(one.news)})"
                for one in later[:2]
            ]
            rest = ""
            if len(later) > 2:
                rest = f", and {count(len(later) - 2, 'more day')} had other news"
            told.append(
                f"Of {row['ticker']}’s {percent(row['car'])} over the {row['window']} "
                f"window from {day(row['event_session'])}, {listed(parts)} "
                f"fell on days of other news{rest}."
            )
        if same:
            told.append(
                f"On {day(row['event_session'])} itself {row['ticker']} had other news too, "
                f"which daily prices cannot tell apart: {of_news(same)}."
            )
        return " ".join(told)

    def _move(self, row: Row) -> Move:
        rivals = "; ".join(f"{one.session}: {of_news(one.news)}" for one in self.rivals(row))
        return Move(
            panel=str(row["ticker"]),
            window=str(row["window"]),
            label=day(row["event_session"]),
            value=float(row["car"]),
            low=float(row["car_low"]),
            high=float(row["car_high"]),
            ordinary=float(row["car_high"] - row["car_low"]) / 2,
            pvalue=least_sure(row),
            rivals=rivals,
        )

    def _of(self, table: str) -> pd.DataFrame:
        frame = self.findings.of(table, self.spec)
        return frame[frame["event_id"].isin(self.names) & frame["ticker"].isin(self.tickers)]

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], Row]:
        rows = records(self._of("windows"))
        return {(row["event_id"], row["ticker"], row["window"]): row for row in rows}

    @cached_property
    def _days(self) -> dict[tuple[str, str], int]:
        rows = records(self._of("estimates"))
        return {(row["event_id"], row["ticker"]): int(row["n_obs"]) for row in rows}

    @cached_property
    def _daily(self) -> dict[tuple[str, str, int], Row]:
        rows = records(self._of("abnormal"))
        return {(row["event_id"], row["ticker"], int(row["day"])): row for row in rows}

    @cached_property
    def _conflicts(self) -> dict[tuple[str, str], list[Row]]:
        table, found = self.findings.tables["conflicts"], {}  # type: ignore[var-annotated]  # below
        for row in records(table[table["event_id"].isin(self.names)]):
            if (
                row["with_event"]
                and isinstance(row["with_event"], str)
                and math.isfinite(row["day"])
            ):
                found.setdefault((row["event_id"], row["ticker"]), []).append(row)
        return found


def _no_return(rows: Sequence[Row]) -> str:
    """Which shares have no return, and where; nothing where all have one."""
    told = [f"{row['ticker']} {over(row)}" for row in rows]
    if told:
        return f"There is no return of {listed(told)}."
    return ""
