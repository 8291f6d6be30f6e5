"""A fitted study: frozen, every table and cross-section a view of the same abnormal returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.dependence.correlation import car_correlation, residual_correlation
from backtest.study.dependence.securities import SecurityCorrelation, security_correlation
from backtest.study.inference import HEADLINE_TEST, TESTS, CrossSection, by_security, tables
from backtest.study.inference.single import single_tests
from backtest.study.inference.spread import tests_table, way_of
from backtest.study.inference.together import each_section
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow, event_window, plain_window
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window
from backtest.work import Kept
from backtest.work.chunks import unheard
from backtest.work.passing import once
from events.arguments import text
from events.errors import suggest
from events.files.lists.naming import suggest_column
from events.words import count

Result = TypeVar("Result")
Grouping = str  # "all", or a column of the events


@dataclass(frozen=True, eq=False, repr=False)
class FittedStudy:
    """What `EventStudyResult` holds and what follows from it; checks and other measures take this.

    Units are fractions per session or window; NaN is "cannot be given". `dropped` has a row
    (event_id, ticker, why) for every event that could not be studied; `source` says where the
    prices come from, `simulated` that no market made them, `convention` whose errors they are.
    """

    measured: AbnormalReturns
    named_windows: dict[str, Window]
    dropped: pd.DataFrame
    source: str = ""
    simulated: bool = False
    convention: str = ""

    def bare(self) -> Self:
        """The same without what was worked out on the way, which a worker makes for itself."""
        measured = self.measured
        events, panel = replace(measured.events), replace(measured.panel)
        return replace(self, measured=replace(measured, events=events, panel=panel))

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events studied, as placed on the calendar."""
        return self.measured.events.frame

    @cached_property
    def windows(self) -> pd.DataFrame:
        """One row an event and window.

        Raw return, CAR, its error, BHAR and minimum detectable effect (fractions), t, p, flags.
        """
        return tables.windows_table(list(self._seen.values()))

    @cached_property
    def _single_tests(self) -> pd.DataFrame:
        return single_tests(list(self._seen.values()))

    def single_tests(self) -> pd.DataFrame:
        """One row an event, window and test of that event by itself.

        The tests are `backtest.study.inference.single.SINGLE_TESTS`.
        """
        return self._single_tests.copy()

    @cached_property
    def abnormal(self) -> pd.DataFrame:
        """One row an event and session of the horizon: returns as fractions, with their error."""
        return tables.abnormal_table(self.measured)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """One row an event: the fitted model; `alpha` and `sigma` are fractions a session."""
        return tables.estimates_table(self.measured)

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """One row an event and coefficient, with standard errors.

        Factor loadings or donor weights.
        """
        from backtest.study.measure.fits import coefficients

        return coefficients(self.measured)

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """One row an event: robust standard errors of alpha and beta, tests of the residuals.

        It needs statsmodels.
        """
        from backtest.study.measure.fits import diagnostics

        return diagnostics(self.measured)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Cumulative abnormal returns seen from the close before the event.

        Fractions, one row an event and session, with their forecast error.
        """
        return tables.paths_table(self.measured)

    @cached_property
    def _seen(self) -> dict[str, EventWindow]:
        return {
            name: event_window(self.measured, name, w) for name, w in self.named_windows.items()
        }

    @cached_property
    def residual_correlation(self) -> Floats:
        """Correlation of the events' estimation residuals over common sessions, (N, N)."""
        return residual_correlation(self.measured)

    @cached_property
    def securities(self) -> SecurityCorrelation:
        """Correlation of the securities' residuals, (K, K).

        What sums over pairs "by security" go by.
        """
        model = self.measured.model
        # Kept with the panel: studies of one model that share it have the same.
        return once(
            self.measured.panel, f"securities of {model}", lambda p: security_correlation(p, model)
        )

    @property
    def pair_sums(self) -> str:
        """How sums over pairs of events are taken.

        "by pair", and "by security" beyond `PAIRS_UP_TO` of them. A group of no more than
        `PAIRS_UP_TO` events is summed by pair whatever the study is.
        """
        return "by security" if len(self.events) > by_security.PAIRS_UP_TO else "by pair"

    def window(self, name: str) -> EventWindow:
        """The arrays behind one window's rows."""
        text("name", name, f"one of {', '.join(self._seen)}")
        if name not in self._seen:
            raise StudyError(f"no window {name!r} in this study{suggest(str(name), self._seen)}")
        return self._seen[name]

    def cross_section(self, name: str) -> CrossSection:
        """The events with a finite SCAR in one window, with the exact correlation of their CARs."""
        text("name", name, f"one of {', '.join(self.named_windows)}")
        if name not in self._section:
            if self.pair_sums == "by pair":
                self._section.clear()  # one at a time: its matrices are large
            self._section[name] = self._section_of(self.window(name))
        return self._section[name]

    @cached_property
    def _section(self) -> dict[str, CrossSection]:
        return {}

    def _section_of(self, window: EventWindow) -> CrossSection:
        if self.pair_sums == "by security":
            return by_security.cross_section(window, self.securities)
        usable = np.flatnonzero(np.isfinite(window.scar))
        whole = CrossSection(
            window, self.residual_correlation, car_correlation(window, self.residual_correlation)
        )
        return whole.take(usable) if len(usable) < len(whole) else whole

    def _each_section(
        self, spans: Sequence[Window], function: Callable[[CrossSection], Result]
    ) -> list[Result]:
        """What a function makes of the events in each span."""
        if self.pair_sums == "by security":
            return each_section(self.measured, self.securities, spans, function)
        # Matrices over pairs of events: one window at a time.
        return [function(self._section_of(plain_window(self.measured, one))) for one in spans]

    def groups(self, by: Grouping = "all") -> Iterator[tuple[str, Ints]]:
        """Group values in order of first appearance, with the positions of their events."""
        text("by", by, "'ticker', or another column of the events")
        if by == "all":
            yield "all", np.arange(len(self.events))
            return
        if by not in self.events.columns:
            known = ["all", *map(str, self.events.columns)]
            raise StudyError(
                f"no column {by!r} of the events to group by{suggest_column(str(by), known)}; "
                f"there are {', '.join(known)}"
            )
        codes, values = pd.factorize(self.events[by])
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(values) + 1))
        for i, value in enumerate(values):
            yield str(value), order[ends[i] : ends[i + 1]]

    @property
    def family(self) -> str:
        """Over what `tests()` adjusts its p-values.

        `adjust` widens it to the benchmarks of concatenated tables.
        """
        return (
            "each test of each group: "
            f"Holm over {len(self.named_windows)} windows ({', '.join(self.named_windows)})"
        )

    def tests(
        self,
        *by: Grouping,
        executor: Executor | None = None,
        kept: str | Path | Kept | None = None,
        progress: Callable[[int, int], None] = unheard,
    ) -> pd.DataFrame:
        """Every test of every window, for all events or group by group.

        The p-values are adjusted over the windows. `executor` (any `concurrent.futures.Executor`)
        does windows and groupings beside each other and changes no number; what is done is kept in
        the folder `kept` and taken from there by the same call; `progress` hears how many of them
        are done, and of how many.
        """
        for one in by:
            text("by", one, "'ticker', or another column of the events")
        return tests_table(self, by or ("all",), way_of(executor, kept, progress))

    def averages(self, *by: Grouping) -> pd.DataFrame:
        """Average effects over every window with 95% intervals, for all events or group by group.

        The intervals hold the effects that the headline test does not reject; see `averages_table`,
        and `inference.about.INTERVALS` for where they cover.
        """
        from backtest.study.inference.effects.averages import averages_table

        sections = {
            name: (self.cross_section(name), np.flatnonzero(np.isfinite(self.window(name).scar)))
            for name in self.named_windows
        }
        groups = [
            (grouping, *group) for grouping in by or ("all",) for group in self.groups(grouping)
        ]
        model = self.measured.model
        return averages_table(sections, groups, (model.name, model.benchmark))

    def average_paths(self, *by: Grouping) -> pd.DataFrame:
        """Mean cumulative abnormal return day by day.

        Its error is from the exact correlation of the events' paths. Beside it what the headline
        test tests and the 95% interval of what it does not reject: `weighted_mean`, `low`, `high`
        (fractions), as `averages` gives them for a window.
        """
        from backtest.study.inference.effects.average_paths import average_paths

        groups = [
            (grouping, *group) for grouping in by or ("all",) for group in self.groups(grouping)
        ]
        rho = self.securities if self.pair_sums == "by security" else self.residual_correlation
        return average_paths(self.measured, rho, groups)

    def average_days(self) -> pd.DataFrame:
        """The average abnormal return of each session around the events.

        It is tested and bounded as a window is. Columns day, n_events, mean, weighted_mean, low,
        high, pvalue; see `day_averages`.
        """
        from backtest.study.inference.effects.averages import day_averages

        return day_averages(self.measured, self._each_section)

    def __repr__(self) -> str:
        model = self.measured.model
        name = "5-day" if "5-day" in self.named_windows else next(iter(self.named_windows))
        section = self.cross_section(name)
        on = f" on {model.benchmark}" if model.benchmark else ""
        head = (
            f"{model.name} model{on}: {count(len(self.events), 'event')}, "
            f"{len(self.dropped):,} dropped"
        )
        outcome = TESTS[HEADLINE_TEST](section)
        if outcome.why_not:
            return f"<{type(self).__name__} {head}; no test over {name}: {outcome.why_not}>"
        return (
            f"<{type(self).__name__} {head}; CAAR{self.named_windows[name]} = "
            f"{section.car.mean():+.2%}, t = {outcome.statistic:.2f}, p = {outcome.pvalue:.3f}>"
        )

    def _repr_html_(self) -> str:
        return str(self.windows.to_html(index=False, escape=True, max_rows=60))
