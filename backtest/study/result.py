"""What a study found: frozen, every table a view of the same abnormal returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study import tables
from backtest.study.dependence.correlation import car_correlation, residual_correlation
from backtest.study.dependence.securities import SecurityCorrelation, security_correlation
from backtest.study.inference import HEADLINE_TEST, TESTS, CrossSection, by_security
from backtest.study.inference.joint.multiple import adjust
from backtest.study.inference.single import single_tests
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.running_sums import Floats, Ints
from backtest.study.place.event_windows import EventWindow, event_window
from backtest.study.place.windows import Window
from events.errors import suggest

Grouping = str  # "all", or a column of the events
_OUTCOME = [
    "statistic",
    "pvalue",
    "df",
    "n_events",
    "n_eff",
    "why_not",
    "pvalue_upper",
    "pvalue_lower",
]
_TESTS = [
    "group", "group_value", "model", "benchmark", "window", "test",
    "statistic", "df", "pvalue", "pvalue_adjusted", "n_events", "n_eff", "why_not",
    "pvalue_upper", "pvalue_lower",
]  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class EventStudyResult:
    """The answer of `EventStudy.fit`. Units are fractions per session or window; NaN is "cannot be given".

    `dropped` has a row (event_id, ticker, why) for every event that could not be studied.
    """

    measured: AbnormalReturns
    named_windows: dict[str, Window]
    dropped: pd.DataFrame

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events studied, as placed on the calendar."""
        return self.measured.events.frame

    @cached_property
    def windows(self) -> pd.DataFrame:
        """One row an event and window: raw return, CAR, its error, t, p, BHAR, minimum detectable effect, flags."""
        return tables.windows_table(list(self._seen.values()))

    @cached_property
    def _single_tests(self) -> pd.DataFrame:
        return single_tests(list(self._seen.values()))

    def single_tests(self) -> pd.DataFrame:
        """One row an event, window and test of that event by itself: `backtest.study.inference.single.SINGLE_TESTS`."""
        return self._single_tests.copy()

    @cached_property
    def abnormal(self) -> pd.DataFrame:
        """One row an event and session of the horizon."""
        return tables.abnormal_table(self.measured)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """One row an event: the fitted normal-return model."""
        return tables.estimates_table(self.measured)

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """One row an event and coefficient: factor loadings or donor weights, with standard errors."""
        from backtest.study.measure.coefficients import coefficients

        return coefficients(self.measured)

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """One row an event: robust standard errors of alpha and beta, tests of the residuals (needs statsmodels)."""
        from backtest.study.measure.diagnostics import diagnostics

        return diagnostics(self.measured)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Cumulative abnormal returns seen from the close before the event, with their forecast error."""
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
        """Correlation of the securities' residuals, (K, K): what sums over pairs "by security" go by."""
        return security_correlation(self.measured.panel)

    @property
    def pair_sums(self) -> str:
        """How sums over pairs of events are taken: "by pair", and "by security" beyond `PAIRS_UP_TO` of them.

        A group of no more than `PAIRS_UP_TO` events is summed by pair whatever the study is.
        """
        return "by security" if len(self.events) > by_security.PAIRS_UP_TO else "by pair"

    def window(self, name: str) -> EventWindow:
        """The arrays behind one window's rows."""
        if name not in self._seen:
            raise StudyError(f"no window {name!r} in this study{suggest(str(name), self._seen)}")
        return self._seen[name]

    def cross_section(self, name: str) -> CrossSection:
        """The events with a finite SCAR in one window, with the exact correlation of their CARs."""
        window = self.window(name)
        usable = np.flatnonzero(np.isfinite(window.scar))
        if self.pair_sums == "by security":
            part = window.take(usable) if len(usable) < len(window.scar) else window
            return by_security.cross_section(part, self.securities)
        whole = CrossSection(
            window, self.residual_correlation, car_correlation(window, self.residual_correlation)
        )
        return whole.take(usable) if len(usable) < len(whole) else whole

    def groups(self, by: Grouping = "all") -> Iterator[tuple[str, Ints]]:
        """Group values in order of first appearance, with the positions of their events."""
        if by == "all":
            yield "all", np.arange(len(self.events))
            return
        if by not in self.events.columns:
            known = ["all", *map(str, self.events.columns)]
            raise StudyError(
                f"no column {by!r} of the events to group by{suggest(str(by), known)}; "
                f"there are {', '.join(known)}"
            )
        codes, values = pd.factorize(self.events[by])
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(values) + 1))
        for i, value in enumerate(values):
            yield str(value), order[ends[i] : ends[i + 1]]

    @property
    def family(self) -> str:
        """Over what `tests()` adjusts its p-values; `adjust` widens it to the benchmarks of concatenated tables."""
        return f"each test of each group: Holm over {len(self.named_windows)} windows ({', '.join(self.named_windows)})"

    def tests(self, *by: Grouping) -> pd.DataFrame:
        """Every test of every window, for all events or group by group; p-values adjusted over the windows."""
        rows: list[tuple[object, ...]] = []
        sections = {name: self.cross_section(name) for name in self.named_windows}
        for grouping in by or ("all",):
            for name, section in sections.items():
                usable = np.isfinite(self.window(name).scar)
                place = np.where(usable, np.cumsum(usable) - 1, -1)
                for value, members in self.groups(grouping):
                    keep = place[members[usable[members]]]
                    part = section.take(keep) if len(keep) < len(section) else section
                    label = (
                        grouping,
                        value,
                        self.measured.model.name,
                        self.measured.model.benchmark,
                        name,
                    )
                    rows += [
                        (*label, key, *vars(test(part)).values()) for key, test in TESTS.items()
                    ]
        table = pd.DataFrame(rows, columns=[*_TESTS[:6], *_OUTCOME])
        return adjust(table.assign(pvalue_adjusted=np.nan))[_TESTS]

    def averages(self, *by: Grouping) -> pd.DataFrame:
        """Average effects over every window with 95% intervals, for all events or group by group.

        The intervals hold the effects that the headline test does not reject; see `averages_table`.
        """
        from backtest.study.inference.averages import averages_table

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
        """Mean cumulative abnormal return day by day, its error from the exact correlation of the events' paths."""
        from backtest.study.measure.average import average_paths

        groups = [
            (grouping, *group) for grouping in by or ("all",) for group in self.groups(grouping)
        ]
        rho = self.securities if self.pair_sums == "by security" else self.residual_correlation
        return average_paths(self.measured, rho, groups)

    def __repr__(self) -> str:
        model = self.measured.model
        name = "5-day" if "5-day" in self.named_windows else next(iter(self.named_windows))
        section = self.cross_section(name)
        on = f" on {model.benchmark}" if model.benchmark else ""
        head = f"{model.name} model{on}: {len(self.events)} events, {len(self.dropped)} dropped"
        outcome = TESTS[HEADLINE_TEST](section)
        if outcome.why_not:
            return f"<EventStudyResult {head}; no test over {name}: {outcome.why_not}>"
        return (
            f"<EventStudyResult {head}; CAAR{self.named_windows[name]} = {section.car.mean():+.2%}, "
            f"t = {outcome.statistic:.2f}, p = {outcome.pvalue:.3f}>"
        )

    def _repr_html_(self) -> str:
        return str(self.windows.to_html(index=False, escape=True, max_rows=60))
