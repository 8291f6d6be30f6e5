"""The answer of `EventStudy.fit`.

The fitted study, and what it hands on to readers and other packages. It stands above the checks and
the other measures, which take a `FittedStudy`: they know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.plugged import plots_of
from backtest.study.fitted import FittedStudy, Grouping

if TYPE_CHECKING:
    from backtest.study.check.formula import Regression
    from backtest.study.check.matched import MatchedPlacebos
    from backtest.study.show.paper import PaperTable
    from backtest.study.show.summary import Summary


@dataclass(frozen=True, eq=False, repr=False)
class EventStudyResult(FittedStudy):
    """The answer of `EventStudy.fit`.

    Units are fractions per session or window, `rx.describe(table)` tells each column's; NaN is
    "cannot be given". `dropped` has a row (event_id, ticker, why) for every event that could not be
    studied; `source` says where the prices come from, `simulated` that no market made them.

    >>> from reactions import Catalog, EventStudy, MarketModel, Prices
    >>> meta = Catalog.bundled().filter(tickers=["META"])
    >>> result = EventStudy(MarketModel("SPY")).fit(meta, Prices.sample())
    >>> result
    <EventStudyResult market model on SPY: ... events, ... dropped; CAAR[0,+4] = ..., p = ...>

    Tables of single events: the sessions of each, its fit, its windows.

    >>> n = len(result.events)
    >>> len(result.estimates) == n, len(result.coefficients) == 2 * n, len(result.windows) == 4 * n
    (True, True, True)
    >>> result.abnormal.query("day == 0")["abnormal"].round(4).tolist()[0]
    -0.0039
    >>> result.paths.query("day == 4")["car"].round(4).tolist()[0]
    -0.0009

    Tables of all events, or of groups of them.

    >>> list(dict.fromkeys(result.averages("role")["group_value"]))[:2]
    ['read_through', 'reporter']
    >>> result.tests()["test"].nunique() > 20, result.family
    (True, 'each test of each group: Holm over 4 windows (1-day, 5-day, 1-month, run-up)')
    >>> len(result.average_paths()), len(result.average_days())
    (31, 31)

    The arrays behind the tables, an event a row: of one window, of pairs of events.

    >>> result.window("5-day").car.shape == (n,), len(result.cross_section("5-day")) == n
    (True, True)
    >>> result.residual_correlation.shape == (n, n), result.pair_sums
    (True, 'by pair')
    >>> [name for name, positions in result.groups("role")][:2]
    ['read_through', 'reporter']
    >>> result.securities.rho.shape, len(result.bare().windows) == 4 * n
    ((1, 1), True)
    """

    def own_size(self, replications: int = 4_000, seed: int = 1) -> pd.DataFrame:
        """What the headline test rejects on these securities and dates when nothing happens.

        One row a window: `rejected` is the share of `replications` in which the test at 5% says
        that something happened, `mc_error` its Monte Carlo error; see `check.own`.

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> meta = Catalog.bundled().filter(tickers=["META"])
        >>> result = EventStudy(MarketModel("SPY")).fit(meta, Prices.sample())
        >>> bool(result.own_size(replications=20)["rejected"].between(0, 1).all())
        True
        """
        from backtest.study.check.own import own_size

        return own_size(self, replications, seed)

    def shrunken(self) -> pd.DataFrame:
        """One row an event and window: the CAR, and the effect behind it.

        Fractions; `shrunken` is the effect, `low` to `high` its 95% interval.

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> day = result.shrunken().query("window == '1-day'")
        >>> bool(day["shrunken"].std() < day["car"].std())
        True
        """
        from backtest.study.other.shrunken import shrunken

        return shrunken(self)

    @property
    def donors(self) -> pd.DataFrame:
        """One row an event and donor of a study against donors.

        Its weight, adding to 1 an event, or why it is left out.

        >>> from reactions import Catalog, EventStudy, FromDonors, Prices
        >>> study = EventStudy(FromDonors("simplex", ("AMZN", "MSFT", "GOOGL", "NVDA")))
        >>> one = Catalog.bundled().filter(tickers=["META"], until="2025-01-31")
        >>> donors = study.fit(one, Prices.sample()).donors
        >>> float(donors["weight"].sum().round(6)), len(donors)
        (2.0, 8)
        """
        from backtest.study.donors.used import donors_used

        return donors_used(self.measured)

    def matched_placebos(self, per_event: int = 8, seed: int = 1) -> MatchedPlacebos:
        """The same securities and model at dates without news.

        Up to `per_event` dates an event: random ones, and some with the same run-up. `.table` has
        the mean placebo CAR of each window (a fraction).

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> meta = Catalog.bundled().filter(tickers=["META"])
        >>> result = EventStudy(MarketModel("SPY")).fit(meta, Prices.sample())
        >>> result.matched_placebos(per_event=2).table["placebos"].unique().tolist()
        ['random dates', 'same run-up']
        """
        from backtest.study.check.matched import matched_placebos

        return matched_placebos(self, per_event, seed)

    def conformal_intervals(self) -> pd.DataFrame:
        """One row an event and window of a study against donors.

        The CAR and its refitted 95% interval, fractions: Chernozhukov, Wuthrich and Zhu (2021).
        Raises `StudyError` for a study of another model.

        >>> from reactions import Catalog, EventStudy, FromDonors, Prices, Window
        >>> donors = FromDonors("pca", ("AMZN", "MSFT", "GOOGL", "NVDA"))
        >>> one = Catalog.bundled().filter(tickers=["META"], until="2025-01-31")
        >>> result = EventStudy(donors, windows={"1-day": Window(0, 0)}).fit(one, Prices.sample())
        >>> found = result.conformal_intervals()
        >>> bool(found["low"][0] < found["car"][0] < found["high"][0])
        True
        """
        from backtest.study.donors.intervals import conformal_intervals

        return conformal_intervals(self)

    def under(self, convention: str) -> EventStudyResult:
        """The result as another package has its errors, such as "estudy2".

        CARs stay what they are. Raises `StudyError` with the nearest name for an unknown one.

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> other = result.under("estudy2").windows
        >>> [other[name].equals(result.windows[name]) for name in ("car", "car_se")]
        [True, False]
        """
        from backtest.study.other.conventions import under_convention

        return under_convention(self, convention)

    def buy_and_hold(self) -> pd.DataFrame:
        """Tests of mean buy-and-hold abnormal returns, one row a window and test.

        The mean is a fraction: Barber and Lyon (1997), Lyon, Barber and Tsai (1999).

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> result.buy_and_hold()["test"].unique().tolist()
        ['cross_t', 'johnson_t', 'hall_z', 'lbt_boot', 'sign_z', 'wilcoxon']
        """
        from backtest.study.other.buy_and_hold import bhar_tests

        return bhar_tests(self)

    @property
    def plot(self) -> Any:
        """Pictures of this study: `reactions.plots.StudyPlots`.

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> type(result.plot).__name__
        'StudyPlots'
        """
        return plots_of("study", self)

    def summary(self, by: Grouping = "all") -> Summary:
        """The averages with the headline test as a page of text, HTML or LaTeX.

        `by` is a grouping: "all", "ticker", "role", "kind" or a column of the events.

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> print(str(result.summary()).splitlines()[0].strip())
        Event study
        """
        from backtest.study.show.summary import summary

        return summary(self, by)

    def tidy(self, by: Grouping = "all") -> pd.DataFrame:
        """One row an estimate, in the names of broom: term, estimate, std_error and so on.

        Fractions, NaN where there is no test; see `reactions.tidy`.

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> result.tidy()["term"].tolist()
        ['1-day', '5-day', '1-month', 'run-up']
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

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
        >>> print(result.paper_table("role", windows=["1-day"]).as_markdown().splitlines()[0])
        **Cumulative abnormal returns, percent, by role (SIMULATED prices)**
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

        >>> from reactions import Catalog, EventStudy, MarketModel, Prices
        >>> meta = Catalog.bundled().filter(tickers=["META"])
        >>> result = EventStudy(MarketModel("SPY")).fit(meta, Prices.sample())
        >>> found = result.regress("car ~ C(role)", windows=["1-day"], placebo_days=False)
        >>> found.table["term"].tolist()[0]
        'constant'
        """
        from backtest.study.check.formula import regression
        from backtest.study.check.placebo import placebo
        from backtest.study.donors.measure import DonorReturns

        shifted = len(self.events) and not isinstance(self.measured, DonorReturns)
        placebos = placebo(self) if placebo_days and shifted else None
        return regression(self, formula, cluster, windows, placebos)
