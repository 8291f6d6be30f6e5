"""`result.plot`: the page's charts of a study from Python.

Each is a matplotlib figure that stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.inference import HEADLINE_TEST
from backtest.study.result import EventStudyResult
from events.arguments import text
from events.errors import suggest
from reports.draw.alone import across, by_session, named_panels
from reports.draw.chart import Chart
from reports.draw.event import car_chart
from reports.draw.grids import curve_chart
from reports.draw.groups import average_chart, day_chart, forest_chart
from reports.draw.palette import Style, styles
from reports.draw.strip import strip_chart
from reports.export.static import picture
from reports.words import count, signed

if TYPE_CHECKING:
    from backtest import Prices, Returns
    from backtest.study.check.sensitivity import Choices
    from events import Catalog
    from reports.export.shown import Picture

_MOST = 24  # panels of small multiples
_WIDE = 40  # lines of a forest plot


@dataclass(frozen=True)
class StudyPlots:
    """Pictures of a study.

    Each method returns a figure; `title` replaces the one it makes itself.
    """

    result: EventStudyResult

    def caar(self, by: str = "all", *, title: str = "") -> Picture:
        """The average cumulative abnormal return by session, a panel a group.

        With the 95% band of the headline test. Events are weighed by their precision, as in
        `forest` and `windows`.
        """
        paths = self.result.average_paths(by)
        sizes = paths.groupby("group_value")["n_events"].max().sort_values(ascending=False)
        shown = sizes.index[:_MOST]
        measured = int(sizes[shown].sum())
        told = f"Average cumulative abnormal return of {count(measured, 'event')}"
        if by != "all":
            told += f" by {by}"
        if len(shown) < len(sizes):
            told += f": the {len(shown)} largest of {len(sizes)} groups"
        kept = paths[paths["group_value"].isin(shown)]
        note = f"by session from the announcement; bands: 95% intervals, {HEADLINE_TEST} inverted"
        simulated = self.result.simulated
        chart = average_chart("caar", told, kept, self._looks, simulated=simulated, note=note)
        return self._shown(by_session(chart), title, _days(paths), n=measured)

    def days(self, *, title: str = "") -> Picture:
        """The average abnormal return of each session around the events.

        With the headline test's 95% interval.
        """
        days = self.result.average_days()
        measured = int(days["n_events"].max())
        told = f"Average abnormal return by session of {count(measured, 'event')}"
        note = f"lines: 95% intervals, {HEADLINE_TEST} inverted"
        chart = day_chart(days, told, note, simulated=self.result.simulated)
        return self._shown(chart, title, _days(days), n=measured)

    def events(self, *, title: str = "") -> Picture:
        """Small multiples: each event's cumulative abnormal return.

        The largest moves first, at most 24.
        """
        paths = self.result.paths.dropna(subset=["car"])
        labels = paths["ticker"] + " " + paths["event_id"]
        last = paths.assign(label=labels).groupby("label", sort=False)["car"].last()
        chosen = last.abs().sort_values(ascending=False).index[:_MOST]
        kept = paths.assign(
            group_value=labels,
            weighted_mean=paths["car"],
            n_events=1,
            order=labels.map({n: i for i, n in enumerate(chosen)}),
        )
        kept = kept[kept["order"].notna()].sort_values(["order", "day"], kind="stable")
        told = f"Cumulative abnormal return of {count(len(chosen), 'event')}"
        if len(chosen) < len(last):
            told += f", the largest moves of {len(last)}"
        simulated = self.result.simulated
        chart = average_chart("events", told, kept, {}, simulated=simulated, across=3)
        chart = replace(chart, note="bands: 95% intervals of the forecast error")
        chart = named_panels(by_session(chart), list(chosen))
        return self._shown(chart, title, _days(paths), n=len(chosen))

    def forest(self, by: str = "ticker", window: str = "", *, title: str = "") -> Picture:
        """The precision-weighted mean of each group over a window.

        With the headline test's 95% interval.
        """
        name = self._window(window)
        table = self.result.averages(by)
        rows = table[(table["window"] == name) & table["low"].notna()]
        rows = rows.sort_values("weighted_mean", ascending=False).head(_WIDE)
        told = (
            f"Mean abnormal return over {name} {self.result.named_windows[name]} "
            f"by {by}, 95% intervals"
        )
        return self._shown(
            self._forest(rows, rows["group_value"], told),
            title,
            name,
            n=int(rows["n_events"].sum()),
        )

    def windows(self, *, title: str = "") -> Picture:
        """The precision-weighted mean of all events over each window with its 95% interval."""
        rows = self.result.averages()
        most = int(rows["n_events"].max())
        told = f"Mean abnormal return of {count(most, 'event')}, 95% intervals"
        names = [f"{name} {self.result.named_windows[name]}" for name in rows["window"]]
        return self._shown(self._forest(rows, names, told), title, n=most)

    def strip(self, window: str = "", *, title: str = "") -> Picture:
        """Every event's move over a window, against how many would be beyond noise by chance."""
        name = self._window(window)
        table = self.result.windows
        rows = table[table["window"] == name]
        chart = strip_chart("strip", rows, name, simulated=self.result.simulated)
        return self._shown(chart, title, name, n=len(rows.dropna(subset=["car", "pvalue"])))

    def event(self, event_id: str, ticker: str = "", *, title: str = "") -> Picture:
        """One announcement, a panel a ticker.

        Daily abnormal returns and their sum with its 95% band.
        """
        text("event_id", event_id, "the id of an event of this study")
        events = self.result.events
        if event_id not in set(events["event_id"]):
            known = events["event_id"].drop_duplicates().tolist()
            raise StudyError(f"no event '{event_id}' in this study{suggest(event_id, known)}")
        own = events.loc[events["event_id"] == event_id, "ticker"].tolist()
        if ticker and ticker not in own:
            raise StudyError(
                f"'{event_id}' has no party {ticker!r}{suggest(ticker, own)}; "
                f"it has {', '.join(own)}"
            )
        if ticker:
            wanted = [ticker]
        else:
            wanted = own[:6]
        paths, daily = (
            self._of(table, event_id, wanted) for table in (self.result.paths, self.result.abnormal)
        )
        others = self._other_news(event_id, wanted)
        simulated = self.result.simulated
        chart = car_chart(event_id, paths, daily, self._looks, simulated=simulated, rivals=others)
        told = f"{event_id}: {', '.join(wanted)}, daily (bars) and cumulative abnormal returns"
        return self._shown(replace(chart, title=told), title, _days(paths), n=len(wanted))

    def specifications(
        self,
        events: Catalog | pd.DataFrame,
        prices: Prices | Returns,
        choices: Choices | None = None,
        *,
        title: str = "",
    ) -> Picture:
        """The average under every model, benchmark, day 0 and length of history.

        From smallest to largest. The study is run anew for each choice, on the events and prices
        given.
        """
        from backtest import EventStudy
        from backtest.study.check.sensitivity import specification_curve

        study = EventStudy(self.result.measured.model, windows=self.result.named_windows)
        table = specification_curve(study, events, prices, choices).table
        table = table.dropna(subset=["caar"]).sort_values("caar", kind="stable")
        names = [name for name, window in self.result.named_windows.items() if window.start >= 0]
        chart = curve_chart(table, names, simulated=self.result.simulated)
        return self._shown(chart, title)

    def _other_news(
        self, event_id: str, tickers: Sequence[str]
    ) -> dict[str, dict[pd.Timestamp, str]]:
        """The sessions of other events of these tickers in the study, with their ids."""
        events = self.result.events
        others = events[(events["event_id"] != event_id) & events["ticker"].isin(tickers)]
        return {
            str(ticker): dict(zip(own["event_session"], own["event_id"], strict=True))
            for ticker, own in others.groupby("ticker")
        }

    @property
    def _looks(self) -> dict[str, Style]:
        return styles(map(str, self.result.events["ticker"].unique()))

    def _window(self, name: str) -> str:
        if name:
            return self.result.window(name).name
        return next(iter(self.result.named_windows))

    def _forest(self, rows: pd.DataFrame, names: Iterable[str], told: str) -> Chart:
        bounded = np.isfinite(rows["low"]) & np.isfinite(rows["high"])
        labels = [
            f"{name} ({n})" + ("" if known else ", unbounded")
            for name, n, known in zip(names, rows["n_events"], bounded, strict=True)
        ]
        shown = pd.DataFrame({
            "label": labels, "ticker": rows["group_value"].tolist(),
            "value": rows["weighted_mean"].tolist(), "low": rows["low"].tolist(),
            "high": rows["high"].tolist(), "detail": labels,
        })  # fmt: skip
        chart = forest_chart("forest", told, shown, self._looks, simulated=self.result.simulated)
        chart = replace(chart, note=f"in brackets: events; intervals: {HEADLINE_TEST} inverted")
        return across(chart, "abnormal return")

    @staticmethod
    def _of(table: pd.DataFrame, event_id: str, tickers: Sequence[str]) -> pd.DataFrame:
        return table[(table["event_id"] == event_id) & table["ticker"].isin(tickers)]

    def _shown(self, chart: Chart, title: str, window: str = "", *, n: int = -1) -> Picture:
        """The figure, with the model, how many events are drawn of how many, and the window."""
        model = self.result.measured.model
        on = ""
        if model.benchmark:
            on = f" on {model.benchmark}"
        events = count(len(self.result.events), "event")
        told = [f"{model.name.replace('_', '-')} model{on}"]
        told += [f"n = {n:,} of {events}" if n >= 0 else f"n = {events}"]
        if window:
            edges = self.result.named_windows.get(window)
            told += [f"window {window} {edges}" if edges else f"sessions {window}"]
        if self.result.simulated:
            prices = "SIMULATED prices"
        else:
            prices = self.result.source or "own returns"
        return standing_alone(chart, title, told, prices)


def standing_alone(chart: Chart, title: str, told: Sequence[str], prices: str) -> Picture:
    """A figure with its title, what is drawn, and where its prices come from."""
    note = "; ".join([*told, chart.note] if chart.note else told)
    source = f"Prices: {prices}. market-reactions."
    made: Picture = picture(replace(chart, title=title or chart.title, note=note, source=source))
    return made


def _days(paths: pd.DataFrame) -> str:
    """The sessions that a path goes over."""
    return f"{signed(paths['day'].min())} to {signed(paths['day'].max())}"


def study_plots(result: Any) -> StudyPlots:
    """What `result.plot` is."""
    return StudyPlots(result)
