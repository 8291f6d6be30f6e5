"""A study in a page of text, as statsmodels prints a fit.

What was done, the averages, what to know of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from backtest.study.fitted import FittedStudy
from backtest.study.inference import HEADLINE_TEST
from backtest.study.show.markup import latex_line, latex_text
from backtest.study.show.tidy import tidy
from events.flag import count_flags
from events.record.known import counts_of_events

HEAD = ("", "n", "n eff", "mean", "weighted", "std err", "t", "P>|t|", "[0.025", "0.975]")
_MOST_FLAGS = 5
Write = Callable[[str], str]


@dataclass(frozen=True, eq=False, repr=False)
class Summary:
    """Facts, averages and notes of a study; prints as text, shows as HTML in a notebook.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> print(result.summary())  # doctest: +ELLIPSIS
                                     Event study...
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def as_text(self) -> str:
        """The summary as lines of text."""
        return str(self._made(str).as_text())

    def as_html(self) -> str:
        """The summary as HTML tables; text of catalogs and files is escaped."""
        notes = "<br>".join(escape(note) for note in self.notes)
        return f"{self._made(escape, notes=False).as_html()}<p>{notes}</p>"

    def as_latex(self) -> str:
        r"""The summary as LaTeX tabulars; what is markup there is escaped."""
        notes = r"\newline ".join(map(latex_text, self.notes))
        title = rf"\par\textbf{{{latex_text(self.title)}}}\par"
        tables = [_latex_table(self._pairs(str)), _latex_table(list(self.rows), HEAD)]
        return "\n\n".join([title, *tables, rf"\par {notes}"]) + "\n"

    def __str__(self) -> str:
        return self.as_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.as_html()

    def _pairs(self, write: Write) -> list[tuple[str, ...]]:
        """The facts, two a line."""
        told = [(write(f"{name}:"), write(value)) for name, value in self.facts]
        if len(told) % 2:
            told.append(("", ""))
        half = len(told) // 2
        sides = zip(told[:half], told[half:], strict=True)
        return [(*left, *right) for left, right in sides]

    def _made(self, write: Write, *, notes: bool = True) -> Any:
        from statsmodels.iolib.summary import Summary as Made
        from statsmodels.iolib.table import SimpleTable
        from statsmodels.iolib.tableformatting import fmt_2, fmt_params

        look = {**fmt_2, "table_dec_above": "=", "table_dec_below": "="}
        made = Made()
        title = write(self.title)
        made.tables.append(SimpleTable(self._pairs(write), title=title, txt_fmt=look))
        cells = [[write(cell) for cell in row[1:]] for row in self.rows]
        stubs = [write(row[0]) for row in self.rows]
        head = [write(one) for one in HEAD[1:]]
        made.tables.append(SimpleTable(cells, head, stubs, txt_fmt=fmt_params))
        if notes:
            made.add_extra_txt(list(self.notes))
        return made


def summary(result: FittedStudy, by: str = "all") -> Summary:
    """The averages of a study with its headline test, by window, or by group and window.

    Returns are shown in percent. Raises `StudyError` for an unknown grouping.
    """
    return Summary("Event study", _facts(result), _rows(result, by), tuple(_notes(result)))


def _facts(result: FittedStudy) -> tuple[tuple[str, str], ...]:
    events, model = result.events, result.measured.model
    if result.simulated:
        prices = "SIMULATED"
    else:
        prices = result.source or "returns given"
    windows = ", ".join(f"{name} {window}" for name, window in result.named_windows.items())
    if len(events):
        days = result.estimates["n_obs"].median()
    else:
        days = float("nan")
    return (
        ("Model", model.name),
        ("Benchmark", model.benchmark or "none"),
        ("Prices", prices),
        ("Windows", windows if len(windows) <= 40 else f"{len(result.named_windows)} windows"),
        ("Events", f"{len(events):,}"),
        ("Announcements", f"{events['event_id'].nunique():,}"),
        ("Securities", f"{events['ticker'].nunique():,}"),
        ("Left out", f"{len(result.dropped):,}"),
        ("Estimation days (median)", f"{days:.0f}"),
        ("Test", HEADLINE_TEST),
    )


def _rows(result: FittedStudy, by: str) -> tuple[tuple[str, ...], ...]:
    table = result.averages(by)
    found = tidy(result, by)
    rows = []
    for average, one in zip(table.to_dict("records"), found.to_dict("records"), strict=True):
        rows.append((
            str(one["term"]), f"{average['n_events']:,}", _number(average["n_eff"], 1),
            *(_percent(value) for value in (average["mean"], one["estimate"], one["std_error"])),
            _number(one["statistic"], 3), _number(one["p_value"], 3),
            _percent(one["conf_low"]), _percent(one["conf_high"]),
        ))  # fmt: skip
    return tuple(rows)


def _notes(result: FittedStudy) -> list[str]:
    notes = ["Notes:"]
    if result.simulated:
        notes.append("[!] SIMULATED prices: no market made these numbers.")
    notes.append(
        "[1] weighted: events weighed by their precision, "
        "which the test and its interval are about; std err is weighted over t."
    )
    notes.append(
        "[2] Where P>|t| is above 0.05 no effect is shown, which is not the same as no effect."
    )
    if result.convention:
        notes.append(f"Errors are those of {result.convention}.")
    if times := counts_of_events(result.events):
        notes.append(f"times of the announcements: {times}.")
    flags = result.windows["flags"].fillna("").astype(str)
    for flag, n in count_flags(flags).most_common(_MOST_FLAGS):
        notes.append(f"{n:,} of {len(flags):,} windows: {flag}: {flag.meaning}.")
    for why, n in result.dropped["why"].value_counts().head(3).items():
        notes.append(f"left out, {n:,}: {why}")
    return notes


def _percent(value: float) -> str:
    if np.isfinite(value):
        return f"{100 * value:.2f}%"
    return ""


def _number(value: float, digits: int) -> str:
    if np.isfinite(value):
        return f"{value:.{digits}f}"
    return ""


def _latex_table(rows: list[tuple[str, ...]], head: tuple[str, ...] = ()) -> str:
    r"""Rows between lines, under a head of its own; `\hline` needs no package."""
    wide = len(head or rows[0])
    lines = [latex_line(map(latex_text, row)) for row in rows]
    if head:
        top = [latex_line(map(latex_text, head)), r"\hline"]
    else:
        top = []
    begin = rf"\begin{{tabular}}{{{'l' + 'r' * (wide - 1)}}}"
    return "\n".join([begin, r"\hline", *top, *lines, r"\hline", r"\end{tabular}"])
