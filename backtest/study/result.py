"""The answer of `EventStudy.fit`.

The fitted study, and what it hands on to readers and other packages. It stands above the checks and
the other measures, which take a `FittedStudy`: they know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.plugged import plugged
from backtest.study.fitted import FittedStudy, Grouping

if TYPE_CHECKING:
    from backtest.study.check.formula import Regression
    from backtest.study.check.matched import MatchedPlacebos
    from backtest.study.show.paper import PaperTable
    from backtest.study.show.summary import Summary


@dataclass(frozen=True, eq=False, repr=False)
class EventStudyResult(FittedStudy):
    """The answer of `EventStudy.fit`.

    Units are fractions per session or window; NaN is "cannot be given". `dropped` has a row
    (event_id, ticker, why) for every event that could not be studied; `source` says where the
    prices come from, `simulated` that no market made them.
    """

    def own_size(self, replications: int = 4_000, seed: int = 1) -> pd.DataFrame:
        """What the headline test rejects on these securities and dates when nothing happens.

        See `check.own`.
        """
        from backtest.study.check.own import own_size

        return own_size(self, replications, seed)

    def shrunken(self) -> pd.DataFrame:
        """One row an event and window.

        The CAR, and the effect behind it shrunk towards the mean of all.
        """
        from backtest.study.other.shrunken import shrunken

        return shrunken(self)

    @property
    def donors(self) -> pd.DataFrame:
        """One row an event and donor of a study against donors.

        Its weight, or why it is left out.
        """
        from backtest.study.donors.used import donors_used

        return donors_used(self.measured)

    def matched_placebos(self, per_event: int = 8, seed: int = 1) -> MatchedPlacebos:
        """The same securities and model at dates without news.

        Random ones, and some with the same run-up.
        """
        from backtest.study.check.matched import matched_placebos

        return matched_placebos(self, per_event, seed)

    def conformal_intervals(self) -> pd.DataFrame:
        """One row an event and window of a study against donors.

        The CAR and its refitted 95% interval.
        """
        from backtest.study.donors.intervals import conformal_intervals

        return conformal_intervals(self)

    def under(self, convention: str) -> EventStudyResult:
        """The result as another package has its errors, such as "estudy2".

        CARs stay what they are.
        """
        from backtest.study.other.conventions import under_convention

        return under_convention(self, convention)

    def buy_and_hold(self) -> pd.DataFrame:
        """Tests of mean buy-and-hold abnormal returns, one row a window and test."""
        from backtest.study.other.buy_and_hold import bhar_tests

        return bhar_tests(self)

    @property
    def plot(self) -> Any:
        """Pictures of this study: `reactions.plots.StudyPlots`.

        There once `reactions` is imported.
        """
        return plugged("plot of a study", self)

    def summary(self, by: Grouping = "all") -> Summary:
        """The averages with the headline test as a page of text, HTML or LaTeX."""
        from backtest.study.show.summary import summary

        return summary(self, by)

    def tidy(self, by: Grouping = "all") -> pd.DataFrame:
        """One row an estimate.

        term, estimate, std_error, statistic, p_value, conf_low, conf_high, n_events.
        """
        from backtest.study.show.tidy import tidy

        return tidy(self, by)

    def paper_table(
        self,
        by: Grouping | Iterable[Grouping] = "all",
        *,
        only: Iterable[str] = (),
        windows: Iterable[str] | None = None,
        stars: bool = False,
        caption: str = "",
        label: str = "",
    ) -> PaperTable:
        """A table for a paper: effects in percent with errors, n and notes.

        `.as_latex()`, `.as_markdown()`. `by` are groupings, "event" for single events, a panel
        each; `only` names groups, or announcements and tickers of single events. Raises
        `StudyError` with the nearest name.
        """
        from backtest.study.show.paper import of_result, wished

        return of_result(self, by, wished(only, windows, stars, caption, label))

    @property
    def __maketables_coef_table__(self) -> pd.DataFrame:
        """The averages as maketables takes them, by window.

        b, se, t, p and the edges of the 95% interval.
        """
        columns = {
            "estimate": "b", "std_error": "se", "statistic": "t", "p_value": "p",
            "conf_low": "ci95l", "conf_high": "ci95u",
        }  # fmt: skip
        table = self.tidy().set_index("term").rename(columns=columns)
        return table[list(columns.values())].rename_axis("Coefficient")

    @property
    def __maketables_depvar__(self) -> str:
        return "Average abnormal return"

    def __maketables_stat__(self, key: str) -> object:
        model = self.measured.model
        return {
            "N": len(self.events),
            "model": model.name,
            "benchmark": model.benchmark,
            "n_announcements": self.events["event_id"].nunique(),
            "simulated": "yes" if self.simulated else "no",
        }.get(key)

    def regress(
        self,
        formula: str,
        cluster: str | Iterable[str] | None = None,
        windows: Iterable[str] | None = None,
        *,
        placebo_days: bool = True,
    ) -> Regression:
        """Regress abnormal returns on columns of the events: `"car ~ log(deal_value) + C(method)"`.

        `cluster` names one or two columns, such as "sic" or "sic,year"; without it errors are
        clustered by overlapping windows. See `backtest.study.check.formula.regression`.
        """
        from backtest.study.check.formula import regression
        from backtest.study.check.placebo import placebo
        from backtest.study.donors.measure import DonorReturns

        shifted = len(self.events) and not isinstance(self.measured, DonorReturns)
        placebos = placebo(self) if placebo_days and shifted else None
        return regression(self, formula, cluster, windows, placebos)
