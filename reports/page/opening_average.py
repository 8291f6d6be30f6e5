"""The words of the first screen of a catalog that names no announcement to open with.

They are of its average.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from reports.draw.answer import Move
from reports.experiment.plan import Spec
from reports.page.opening import Words
from reports.page.phrases import taken_out
from reports.rows import Row, interval, records
from reports.run.findings import Findings
from reports.words import by_chance, count, equal, fine, percent, plain

_SOURCE = (
    "Whoever made the catalog chose its announcements. If they were collected "
    "after their prices were known, averages are off, and no test can see it."
)


@dataclass(frozen=True, eq=False)
class Average:
    """The averages under one model, and the sentences read off them.

    Of all events, or of one group of them.
    """

    findings: Findings
    spec: Spec
    known: _Known
    by: str = "all"
    value: str = "all"

    @classmethod
    def of(cls, findings: Findings, spec: Spec) -> Average:
        """Of all events."""
        return cls(findings, spec, _Known.of(findings, spec))

    def words(self, window: str) -> Words:
        """The headline and the sentences over one window."""
        row = self._row(window)
        if row is None:
            return Words(f"No event can be tested over {window}.", (("Why", self._why(window)),))
        sentences = (("On average", self._average(row)), ("How sure", _how_sure(row)))
        more = (("One by one", self._one_by_one(window)), ("The events", self._shared(window)))
        return Words(self._headline(row, window), (*sentences, *more))

    def moves(self) -> list[Move]:
        """The average over every window from day 0 on.

        The plain one, without an interval, where none is tested.
        """
        windows = self.findings.experiment.study.windows
        rows = (
            (name, self.known.averages.get((self.by, self.value, name)))
            for name, (start, _) in windows.items()
            if start >= 0
        )
        return [_move(name, row) for name, row in rows if row is not None]

    def _headline(self, row: Row, window: str) -> str:
        over = f"over {window} {interval(*self._usual_span(window))}"
        n = count(int(row["n_events"]), "event")
        if self.by != "all":
            kind = "" if self.by == "ticker" else f"{self.by.capitalize()} "
            n = f"{kind}{plain(self.value) if kind else self.value}, {n}"
        without = taken_out(self.spec)
        without = f"{without[0].lower()}{without[1:]}"
        mean = percent(row["weighted_mean"], fine(row["low"], row["high"]))
        moved = f"{n}: {mean} on average {over}, {without}"
        if not math.isfinite(row["pvalue"]):
            return f"{moved}; whether that is more than noise cannot be judged."
        sign = "above" if row["weighted_mean"] > 0 else "below"
        told = f"clearly {sign} zero" if row["pvalue"] < 0.05 else "not told apart from zero"
        return f"{moved}. That is {told} (p {equal(row['pvalue'])})."

    def _average(self, row: Row) -> str:
        digits = fine(row["low"], row["high"])
        between = (
            f", 95% interval {percent(row['low'], digits)} to {percent(row['high'], digits)}"
            if math.isfinite(row["low"])
            else ""
        )
        return (
            f"Events weighed by their precision: {percent(row['weighted_mean'], digits)}{between}. "
            f"Plain mean {percent(row['mean'], digits)}, median {percent(row['median'], digits)}, "
            f"{row['share_positive']:.0%} positive."
        )

    def _one_by_one(self, window: str) -> str:
        p = self.known.judged.get((self.by, self.value, window), [])
        if not p:
            return "No single move can be judged."
        sure = sum(one < 0.05 for one in p)
        if len(p) == 1:
            lies = "lies beyond the noise of its"
        else:
            lies = "lie beyond the noise of their"
        return (
            f"{sure:,} of {count(len(p), 'single move')} {lies} own share "
            f"(p below 0.05); {by_chance(len(p))} would by chance."
        )

    def _shared(self, window: str) -> str:
        events = self.known.sessions[self.by, self.value]
        often = Counter(events)
        shared = sum(often[one] > 1 for one in events)
        told = (
            f"{shared:,} of {count(len(events), 'event')} share their session with another, "
            "which the test allows for. "
            if shared
            else ""
        )
        return told + self._widened(window) + _SOURCE

    def _widened(self, window: str) -> str:
        """Of how many events the window is not as its name says."""
        rows = self.known.spans.get((self.by, self.value, window), [])
        asked = tuple(self.findings.experiment.study.windows[window])
        other = Counter(one for one in rows if one != asked)
        if not other:
            return ""
        often, n = other.most_common(1)[0]
        every = count(len(rows), "event")
        which = f"all {every}" if n == len(rows) > 1 else f"{n:,} of {every}"
        return (
            f"The time of {which} is not known well enough: their {window} is {interval(*often)}. "
        )

    def _usual_span(self, window: str) -> tuple[int, int]:
        """First and last session of a window, as most events have it."""
        rows = self.known.spans.get((self.by, self.value, window), [])
        first, last = self.findings.experiment.study.windows[window]
        return Counter(rows).most_common(1)[0][0] if rows else (first, last)

    def _row(self, window: str) -> Row | None:
        row = self.known.averages.get((self.by, self.value, window))
        return row if row and math.isfinite(row["weighted_mean"]) else None

    def _why(self, window: str) -> str:
        row = self.known.averages.get((self.by, self.value, window))
        return str(row["why_not"] if row else "") or "The windows of its events are not complete."

    def group(self, by: str, value: str) -> Average:
        """The same of one group of the events, such as those of a ticker."""
        return replace(self, by=by, value=value)


@dataclass(frozen=True)
class _Known:
    """The tables of one model by group.

    Averages, p-values of single events, their sessions, and first and last session of windows.
    """

    averages: dict[tuple[str, str, str], Row]
    judged: dict[tuple[str, str, str], list[float]]
    sessions: dict[tuple[str, str], list[Any]]
    spans: dict[tuple[str, str, str], list[tuple[int, int]]]

    @classmethod
    def of(cls, findings: Findings, spec: Spec) -> _Known:
        """Read them off the tables of a run."""
        means = records(findings.of("averages", spec))
        judged: dict[tuple[str, str, str], list[float]] = {}
        sessions: dict[tuple[str, str], list[Any]] = {}
        groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for event in records(findings.studies[spec].events):
            own = [("all", "all"), *((by, str(event[by])) for by in ("ticker", "role", "kind"))]
            groups[event["event_id"], event["ticker"]] = own
            for group in own:
                sessions.setdefault(group, []).append(event["event_session"])
        spans: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        for row in records(findings.of("windows", spec)):
            for by, value in groups.get((row["event_id"], row["ticker"]), []):
                key = by, value, row["window"]
                spans.setdefault(key, []).append((int(row["start"]), int(row["end"])))
                if math.isfinite(row["pvalue"]):
                    judged.setdefault(key, []).append(row["pvalue"])
        averages = {(str(r["group"]), str(r["group_value"]), r["window"]): r for r in means}
        return cls(averages, judged, sessions, spans)


def _move(window: str, row: Row) -> Move:
    """One row of the picture; too few events for a test have a dot at their plain mean."""
    tested = math.isfinite(row["weighted_mean"])
    value = row["weighted_mean"] if tested else row["mean"]
    label = f"n = {row['n_events']:,}" + ("" if tested else ", plain mean")
    return Move(
        "all events", window, label, value, row["low"], row["high"], math.nan, row["pvalue"]
    )


def _how_sure(row: Row) -> str:
    if not math.isfinite(row["low"]):
        return "There are too few events for an interval: nothing is shown either way."
    digits = fine(row["low"], row["high"])
    between = f"{percent(row['low'], digits)} to {percent(row['high'], digits)}"
    if row["pvalue"] < 0.05:
        return f"An average of zero does not fit these prices; anything from {between} does."
    return f"Not proven is not “no effect”: averages from {between} all fit these prices."
