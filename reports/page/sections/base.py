"""What all sections share: the findings, the tickers' looks, the rows of the primary model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from backtest.study.check.placebo import MINIMUM
from reports.draw.palette import Style, styles
from reports.page.headline import headline_event
from reports.rows import Row, records
from reports.run.findings import Findings


@dataclass(frozen=True)
class Section:
    """One section: its anchor, title, template and what the template shows."""

    name: str
    title: str
    content: Any

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

    @cached_property
    def looks(self) -> dict[str, Style]:
        """Every ticker's colour and dash."""
        parties = {ticker for news in self.findings.catalog for ticker in news.tickers}
        return styles(parties | set(self.findings.prices.tickers))

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
    def tests(self) -> pd.DataFrame:
        """tests.csv of the primary model."""
        return self.findings.of_primary("tests")

    @cached_property
    def headline(self) -> str | None:
        """The announcement of the first screen."""
        return headline_event(self.findings)

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
        """The CAR of the same event and window with the primary model on another benchmark (fraction)."""
        return self._cars.get((row["event_id"], row["ticker"], row["window"], benchmark), math.nan)

    def position(self, row: Row) -> Row | None:
        """Where an event's SCAR stands among its placebo days: a row of positions.csv, None with too few of them."""
        found = self._positions.get((row["event_id"], row["ticker"], row["window"]))
        return (
            found
            if found and found["n_placebo"] >= MINIMUM and math.isfinite(found["position"])
            else None
        )

    @cached_property
    def _positions(self) -> dict[tuple[str, str, str], Row]:
        table = self.findings.tables.get("positions")
        rows = [] if table is None else records(table)
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
