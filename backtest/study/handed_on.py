"""What a result hands on to others: pictures, a page of text, tables of estimates, other packages' conventions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from backtest.plugged import plugged

if TYPE_CHECKING:
    from backtest.study.check.formula import Regression
    from backtest.study.check.matched import MatchedPlacebos
    from backtest.study.result import EventStudyResult
    from backtest.study.show.summary import Summary

Grouping = str  # "all", or a column of the events


class HandedOn:
    """The part of `EventStudyResult` that shows and hands on what the rest of it holds."""

    @property
    def _whole(self) -> EventStudyResult:
        return cast("EventStudyResult", self)

    def shrunken(self) -> pd.DataFrame:
        """One row an event and window: the CAR, and the effect behind it shrunk towards the mean of all."""
        from backtest.study.other.shrunken import shrunken

        return shrunken(self._whole)

    @property
    def donors(self) -> pd.DataFrame:
        """One row an event and donor of a study against donors: its weight, or why it is left out."""
        from backtest.study.donors.used import donors_used

        return donors_used(self._whole.measured)

    def matched_placebos(self, per_event: int = 8, seed: int = 1) -> MatchedPlacebos:
        """The same securities and model at dates without news: random ones, and some with the same run-up."""
        from backtest.study.check.matched import matched_placebos

        return matched_placebos(self._whole, per_event, seed)

    def conformal_intervals(self) -> pd.DataFrame:
        """One row an event and window of a study against donors: the CAR and its refitted 95% interval."""
        from backtest.study.donors.intervals import conformal_intervals

        return conformal_intervals(self._whole)

    def under(self, convention: str) -> EventStudyResult:
        """The result as another package has its errors, such as "estudy2"; CARs stay what they are."""
        from backtest.study.other.conventions import under_convention

        return under_convention(self._whole, convention)

    def buy_and_hold(self) -> pd.DataFrame:
        """Tests of mean buy-and-hold abnormal returns, one row a window and test."""
        from backtest.study.other.buy_and_hold import bhar_tests

        return bhar_tests(self._whole)

    @property
    def plot(self) -> Any:
        """Pictures of this study: `reactions.plots.StudyPlots`, there once `reactions` is imported."""
        return plugged("plot of a study", self)

    def summary(self, by: Grouping = "all") -> Summary:
        """The averages with the headline test as a page of text, HTML or LaTeX."""
        from backtest.study.show.summary import summary

        return summary(self._whole, by)

    def tidy(self, by: Grouping = "all") -> pd.DataFrame:
        """One row an estimate: term, estimate, std_error, statistic, p_value, conf_low, conf_high, n_events."""
        from backtest.study.show.tidy import tidy

        return tidy(self._whole, by)

    @property
    def __maketables_coef_table__(self) -> pd.DataFrame:
        """The averages as maketables takes them: b, se, t, p and the edges of the 95% interval, by window."""
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
        whole = self._whole
        model = whole.measured.model
        return {
            "N": len(whole.events),
            "model": model.name,
            "benchmark": model.benchmark,
            "n_announcements": whole.events["event_id"].nunique(),
            "simulated": "yes" if whole.simulated else "no",
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

        whole = self._whole
        shifted = len(whole.events) and not isinstance(whole.measured, DonorReturns)
        placebos = placebo(whole) if placebo_days and shifted else None
        return regression(self._whole, formula, cluster, windows, placebos)
