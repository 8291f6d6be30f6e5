"""What all sections share: the findings, the tickers' looks, the rows of the primary model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from backtest.study.check.placebo import MINIMUM
from reports.draw.chart import Chart
from reports.draw.palette import Style, styles
from reports.draw.tabular import Table
from reports.experiment.plan import Spec
from reports.page.headline import headline_events, headline_tickers
from reports.page.sections.few import Few, shown
from reports.rows import Row, records
from reports.run.findings import Findings
from reports.words import NONE, day, short

# what the bar of contents calls a section whose title is too long for one line of them all
_BRIEF = {
    "answer": "Answer", "studied": "Studied", "averages": "Averages", "compare": "Groups",
    "tests": "Tests", "choices": "Models", "counterfactuals": "No news",
    "regression": "Regression", "strategies": "Trading", "press": "Press", "ledger": "Ledger",
    "events": "Events", "announcements": "Announcements", "quality": "Prices",
    "left_out": "Left out", "methods": "Methods", "provenance": "Provenance",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One section: its anchor, title, template and what the template shows.

    And what of it goes into papers. `tables` and `charts` are declared here once; the page and
    every export read them from here.
    """

    name: str
    title: str
    content: Any
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()

    @property
    def brief(self) -> str:
        """Its title in a word or two."""
        return _BRIEF.get(self.name, self.title)

    @property
    def template(self) -> str:
        """The template's file."""
        return f"sections/{self.name}.html.j2"


@dataclass(frozen=True, eq=False)
class Context:
    """Findings, with what more than one section looks up in them."""

    findings: Findings

    @property
    def simulated(self) -> bool:
        """Whether no market made the prices."""
        return self.findings.prices.simulated

    @property
    def source(self) -> str:
        """Where the numbers of a picture come from, for a picture that leaves the page."""
        if self.simulated:
            prices = "SIMULATED prices"
        else:
            prices = f"prices: {self.findings.prices.source}"
        return f"{prices}; {self.findings.experiment.study.primary}. Made by market-reactions."

    @cached_property
    def looks(self) -> dict[str, Style]:
        """The colour and dash of every ticker that is drawn.

        Another announcement's parties take none.
        """
        return styles({*map(str, self.findings.primary.events["ticker"]), *self.headline_tickers})

    @property
    def primary(self) -> Spec:
        """The model and benchmark all numbers come from until the reader asks for another."""
        return self.findings.experiment.study.primary

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """Every model and benchmark that was run, the primary one first."""
        return tuple(sorted(self.findings.studies, key=lambda spec: spec != self.primary))

    @cached_property
    def windows(self) -> pd.DataFrame:
        """windows.csv of the primary model."""
        return self.findings.of_primary("windows")

    @cached_property
    def tested(self) -> pd.DataFrame:
        """The rows of `windows` that tests count: those with a forecast error."""
        return self.windows[self.windows["scar"].notna()]

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Cumulative paths of the primary model."""
        return self.findings.of_primary("paths")

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Daily abnormal returns of the primary model."""
        return self.findings.of_primary("abnormal")

    @cached_property
    def tests(self) -> pd.DataFrame:
        """tests.csv of the primary model."""
        return self.findings.of_primary("tests")

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The announcements of the first screen, none where it leads with the average."""
        return tuple(headline_events(self.findings))

    @cached_property
    def headline_tickers(self) -> tuple[str, ...]:
        """The tickers of the first screen."""
        return tuple(headline_tickers(self.findings, list(self.headline)))

    @cached_property
    def few(self) -> Few:
        """Which announcements the page shows one by one: all, but of a large catalog."""
        return shown(self.findings.catalog, self.windows, self.first_window, self.headline)

    @cached_property
    def seen(self) -> frozenset[int]:
        """The places of the events shown one by one."""
        return frozenset(at for (name, _), at in self.places.items() if name in self.few.names)

    def other_news(self, event_id: str) -> dict[str, dict[pd.Timestamp, str]]:
        """Sessions on which tickers of an announcement had another one, by ticker.

        With its headline.
        """
        catalog = self.findings.catalog
        found: dict[str, dict[pd.Timestamp, str]] = {}
        for ticker in catalog[event_id].tickers:
            own: dict[pd.Timestamp, str] = {}
            for other, session in self._placed.get(ticker, ()):
                if other != event_id:
                    told = short(catalog[other].headline, 120)
                    if session in own:
                        own[session] = f"{own[session]}; {told}"
                    else:
                        own[session] = told
            found[ticker] = own
        return found

    def session_of(self, event_id: str, ticker: str) -> str:
        """The session of an announcement for one of its tickers, as YYYY-MM-DD."""
        return next(
            (day(at) for name, at in self._placed.get(ticker, ()) if name == event_id), NONE
        )

    @cached_property
    def _placed(self) -> dict[str, list[tuple[str, pd.Timestamp]]]:
        """Every placed announcement of a ticker, studied or not: its id and session."""
        table = self.findings.tables["events"].dropna(subset=["event_session"])
        found: dict[str, list[tuple[str, pd.Timestamp]]] = {}
        for name, ticker, session in table[["event_id", "ticker", "event_session"]].itertuples(
            index=False
        ):
            if name in self.findings.catalog:
                found.setdefault(str(ticker), []).append((str(name), pd.Timestamp(session)))
        return found

    @property
    def first_window(self) -> str:
        """The window that headline numbers are about."""
        return next(iter(self.findings.experiment.study.windows))

    @cached_property
    def other_benchmarks(self) -> tuple[str, ...]:
        """The benchmarks the primary model was fitted on besides the primary one."""
        plan = self.findings.experiment.study
        same = [
            spec.benchmark for spec in self.findings.studies if spec.model == plan.primary.model
        ]
        return tuple(name for name in same if name not in ("", plan.primary.benchmark))

    def car_on(self, row: Row, benchmark: str) -> float:
        """The CAR of the same event and window on another benchmark (fraction).

        With the primary model.
        """
        return self._cars.get((row["event_id"], row["ticker"], row["window"], benchmark), math.nan)

    def row_key(self, row: Row) -> str:
        """Which event and window a row of windows.csv is of, by their places: 17.0."""
        windows = list(self.findings.experiment.study.windows)
        return f"{self.places[row['event_id'], row['ticker']]}.{windows.index(row['window'])}"

    @cached_property
    def places(self) -> dict[tuple[str, str], int]:
        """The place of every event of the primary study."""
        events = self.findings.primary.events
        pairs = zip(events["event_id"], events["ticker"], strict=True)
        return {(str(event), str(ticker)): i for i, (event, ticker) in enumerate(pairs)}

    def position(self, row: Row) -> Row | None:
        """Where a SCAR stands among its placebo days.

        A row of placebo_positions.csv, None with too few of them.
        """
        found = self._positions.get((row["event_id"], row["ticker"], row["window"]))
        if found and found["n_placebo"] >= MINIMUM and math.isfinite(found["position"]):
            return found
        return None

    @cached_property
    def _positions(self) -> dict[tuple[str, str, str], Row]:
        table = self.findings.tables.get("placebo_positions")
        if table is None:
            rows = []
        else:
            rows = records(table)
        return {(row["event_id"], row["ticker"], row["window"]): row for row in rows}

    @cached_property
    def _cars(self) -> dict[tuple[str, str, str, str], float]:
        table = self.findings.tables["windows"]
        of_model = table[table["model"] == self.findings.experiment.study.primary.model]
        keys = zip(
            of_model["event_id"],
            of_model["ticker"],
            of_model["window"],
            of_model["benchmark"],
            strict=True,
        )
        return dict(zip(keys, of_model["car"].astype(float), strict=True))
