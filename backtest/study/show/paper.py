"""A table for a paper: effects in percent, errors below, n, notes on how each was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.study.fitted import FittedStudy
from backtest.study.inference import HEADLINE_TEST
from backtest.study.inference.about import ABOUT
from backtest.study.show.estimates import EVENT, chosen, of_averages, of_events, widened
from backtest.study.show.markup import (
    latex_label,
    latex_text,
    markdown_line,
    markdown_text,
    starred_line,
)
from events.arguments import text, texts, yes_no
from events.errors import ArgumentError
from events.words import count, plain

STARS = ((0.01, "***"), (0.05, "**"), (0.10, "*"))
Line = tuple[str, ...]


@dataclass(frozen=True)
class StudySource:
    """What a study was made of, as far as the notes say it.

    Spans are first and last session from day 0. `widened` counts the events of which a window ends
    later than stated.
    """

    model: str
    benchmark: str
    estimation: tuple[int, int]
    windows: Mapping[str, tuple[int, int]]
    prices: str
    simulated: bool
    convention: str = ""
    widened: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What a researcher asks of a table; empty means all groups, all windows, our own words."""

    only: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    stars: bool = False
    caption: str = ""
    label: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class PaperTable:
    """Cells of a table with its head, panels and notes.

    `estimates` are the numbers behind it, as fractions.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> made = result.paper_table("role", only=["supplier", "customer"], windows=["1-day", "5-day"])
    >>> [line[0] for line in made.panels[0][1]]
    ['supplier', '', 'customer', '']
    """

    caption: str
    label: str
    head: tuple[Line, Line]
    panels: tuple[tuple[str, tuple[Line, ...]], ...]
    notes: tuple[str, ...]
    estimates: pd.DataFrame = field(compare=False)

    def as_latex(self) -> str:
        r"""The table for LaTeX with the package booktabs: caption, `\label`, lines, notes."""
        wide = len(self.head[0])
        body = [line for at in range(len(self.panels)) for line in self._latex_panel(at, wide)]
        notes = " ".join(map(latex_text, self.notes))
        return "\n".join([
            r"% needs \usepackage{booktabs}", r"\begin{table}", r"\centering",
            rf"\caption{{{latex_text(self.caption)}}}", rf"\label{{tab:{latex_label(self.label)}}}",
            rf"\begin{{tabular}}{{l{'r' * (wide - 1)}}}", r"\toprule",
            *map(starred_line, self.head), r"\midrule", *body, r"\bottomrule", r"\end{tabular}",
            r"\par\smallskip",
            rf"\begin{{minipage}}{{\linewidth}}\footnotesize {notes}\end{{minipage}}",
            r"\end{table}", "",
        ])  # fmt: skip

    def as_markdown(self) -> str:
        """The table for Markdown, its caption above and its notes below."""
        wide = len(self.head[0])
        names = [" ".join(filter(None, pair)) for pair in zip(*self.head, strict=True)]
        rows: list[Line] = [tuple(names), ("---", *["---:"] * (wide - 1))]
        lines = [markdown_line(rows[0]), f"| {' | '.join(rows[1])} |"]
        for title, panel in self.panels:
            lines += [f"| *{markdown_text(title)}* |{' |' * (wide - 1)}"] if title else []
            lines += map(markdown_line, panel)
        notes = markdown_text(" ".join(self.notes))
        return "\n".join([f"**{markdown_text(self.caption)}**", "", *lines, "", notes, ""])

    def __str__(self) -> str:
        return self.as_markdown()

    __repr__ = __str__

    def _latex_panel(self, at: int, wide: int) -> Iterator[str]:
        title, lines = self.panels[at]
        if at:
            yield r"\midrule"
        if title:
            yield rf"\multicolumn{{{wide}}}{{l}}{{\textit{{{latex_text(title)}}}}} \\"
        yield from map(starred_line, lines)


def of_result(result: FittedStudy, by: str | Iterable[str], wish: Wish) -> PaperTable:
    """The table of a fitted study.

    Raises `StudyError` for a grouping, group or window it does not have.
    """
    groups = (by,) if isinstance(by, str) and by else texts("by", by, "'role'")
    if not groups:
        raise ArgumentError("by: names nothing; write 'role'")
    groups = tuple(dict.fromkeys(groups))
    averaged = [one for one in groups if one != EVENT]
    parts = [of_averages(result.averages(*averaged))] if averaged else []
    if EVENT in groups:
        parts.append(of_events(result.windows, result.estimates))
    measured = result.measured
    spans = {name: (window.start, window.end) for name, window in result.named_windows.items()}
    source = StudySource(
        measured.model.name,
        measured.model.benchmark,
        (measured.estimation.start, measured.estimation.end),
        spans,
        "" if result.simulated else result.source,
        result.simulated,
        result.convention,
        widened=widened(result.windows, spans),
    )
    return made(pd.concat(parts, ignore_index=True), groups, wish, source)


def wished(only: object, windows: object, stars: object, caption: object, label: object) -> Wish:
    """A wish of checked arguments; raises `ArgumentError` that names the argument."""
    return Wish(
        texts("only", only, "['supplier', 'customer']"),
        () if windows is None else texts("windows", windows, "['1-day', '5-day']"),
        yes_no("stars", stars),
        _words("caption", caption, "'Reactions by role'"),
        _words("label", label, "'car-role'"),
    )


def _words(name: str, value: object, write: str) -> str:
    """A text that may be empty."""
    return "" if isinstance(value, str) and not value else text(name, value, write)


def made(
    estimates: pd.DataFrame, groups: tuple[str, ...], wish: Wish, source: StudySource
) -> PaperTable:
    """The table of some estimates (rows as `estimates.COLUMNS`), a panel a grouping."""
    found = chosen(estimates, wish.only, wish.windows, source.windows)
    names = wish.windows or tuple(source.windows)
    panels = []
    for by in groups:
        lines = tuple(_lines(found[found["group"] == by], by, names, stars=wish.stars))
        if lines:
            panels.append((_title(by) if len(groups) > 1 else "", lines))
    what = [by for by in groups if by not in ("all", EVENT)]
    caption = wish.caption or "Cumulative abnormal returns, percent" + (
        f", by {' and '.join(map(plain, what))}" if what else ""
    )
    return PaperTable(
        caption + (" (SIMULATED prices)" if source.simulated else ""),
        wish.label or "-".join(["car", *(by for by in groups if by != "all")]),
        _head(names, groups, source.windows),
        tuple(panels),
        tuple(_notes(found, groups, wish, source)),
        found.drop(columns="_at").reset_index(drop=True),
    )


def _head(
    names: tuple[str, ...], groups: tuple[str, ...], spans: Mapping[str, tuple[int, int]]
) -> tuple[Line, Line]:
    signs = [f"[{_session(spans[name][0])}, {_session(spans[name][1])}]" for name in names]
    of = "days" if groups == (EVENT,) else "" if EVENT in groups else "events"
    return ("", *names, "n"), ("", *signs, of)


def _lines(rows: pd.DataFrame, by: str, names: tuple[str, ...], *, stars: bool) -> Iterator[Line]:
    """Two lines a group: effects with n, and their errors in brackets."""
    for value, own in rows.groupby("group_value", sort=False):
        cells = {row["window"]: row for row in own.to_dict("records")}
        found = [cells.get(name) for name in names]
        known = [one if one is not None and not one["why_not"] else None for one in found]
        sizes = [str(one["n"]) for one in found if one is not None]
        effects = [
            "–"
            if one is None
            else _number(one["estimate"]) + (_stars(one["pvalue"]) if stars else "")
            for one in known
        ]
        n = sizes[0] if len(set(sizes)) == 1 else "/".join(sizes)
        yield _label(by, str(value)), *effects, n
        if any(one is not None for one in known):
            yield "", *("" if one is None else f"({_number(one['se'])})" for one in known), ""


def _notes(
    found: pd.DataFrame, groups: tuple[str, ...], wish: Wish, source: StudySource
) -> Iterator[str]:
    """What a reader must know of the numbers, a sentence each."""
    on = f" on {source.benchmark}" if source.benchmark else ""
    first, last = map(_session, source.estimation)
    yield (
        f"Notes: abnormal returns in percent by the {source.model.replace('_', '-')} model{on}, "
        f"fitted to the sessions {first} to {last} of each event; in square brackets the sessions "
        "of each window from the announcement, both ends included."
    )
    for name, n in source.widened.items():
        if name in set(found["window"]):
            yield (
                f"{name} ends a session later for {count(n, 'event')} of the study, "
                "whose time of day is not known."
            )
    if any(by != EVENT for by in groups):
        yield (
            "Averages weigh events by their precision; errors in parentheses are the estimate "
            f"over the statistic of {HEADLINE_TEST} ({ABOUT[HEADLINE_TEST].paper}); n: events"
            + ("." if _one_size(found) else ", one number a window where windows differ.")
        )
    if EVENT in groups:
        yield (
            "Of single events: errors in parentheses are forecast errors of the fitted model; "
            "n: ordinary days it was fitted to."
        )
    if source.convention:
        yield f"Errors are those of {source.convention}."
    if wish.stars:
        also = "; of single events by their rank among ordinary days too" if EVENT in groups else ""
        yield (
            "*, **, ***: p below 0.10, 0.05, 0.01, two-sided, by Student's t with the degrees "
            f"of freedom of each test{also}; not adjusted for several groups or windows."
        )
    yield from _untested(found)
    if source.simulated:
        yield "SIMULATED prices: no market made these numbers."
    elif source.prices:
        yield f"Prices: {source.prices}."


def _one_size(found: pd.DataFrame) -> bool:
    groups = found[found["group"] != EVENT].groupby(["group", "group_value"])
    return bool((groups["n"].nunique() <= 1).all())


def _untested(found: pd.DataFrame) -> Iterator[str]:
    """What holds a dash, and why."""
    lost = found[found["why_not"] != ""]
    told = []
    for why, rows in lost.groupby("why_not", sort=False):
        names = map(_label, rows["group"], rows["group_value"])
        told.append(f"{', '.join(dict.fromkeys(names))} ({why})")
    if told:
        yield f"–: not tested, {'; '.join(told)}."


def _label(by: str, value: str) -> str:
    """What a group is called: tickers keep their letters, words of the catalog read as such."""
    if by in ("ticker", EVENT):
        return value
    return "All events" if by == "all" else plain(value)


def _title(by: str) -> str:
    return {"all": "All", EVENT: "Single events"}.get(by, f"By {plain(by)}")


def _stars(pvalue: float) -> str:
    return next((stars for bound, stars in STARS if pvalue < bound), "")


def _number(fraction: float) -> str:
    """A fraction in percent with two digits and a true minus."""
    if not np.isfinite(fraction):
        return "–"
    told = f"{100 * fraction:.2f}"
    return told.removeprefix("-") if float(told) == 0 else told.replace("-", "−")


def _session(day: int) -> str:
    return f"{day:+d}".replace("-", "−") if day else "0"
