"""What the server answers from: one catalog, one source of prices, and the runs made so far."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from events import Announcement, Catalog, CatalogError
from events.errors import suggest
from events.files.held import working_folder
from reports.errors import ExperimentError
from reports.experiment.errors import first_problem
from reports.experiment.plan import Experiment, Headline, Study
from reports.run.findings import Findings, run

MAX_ROWS = 5_000  # events a client may send at once
CATALOG_RUN = "catalog"  # the run over the desk's own catalog


@dataclass(eq=False)
class Desk:
    """A catalog and prices, chosen by who starts the server, and the runs by name.

    They are never chosen by the client.
    """

    catalog: Catalog
    prices: str
    store: Path | None = None
    _runs: dict[str, Findings] = field(default_factory=dict)

    @cached_property
    def findings(self) -> Findings:
        """The study of the whole catalog, run when it is first asked for."""
        return self._study(Experiment.default(), self.catalog)

    def find(self, name: str, ticker: str = "") -> Announcement:
        """The announcement of an id or a date (`2026-04-09`), of those that name the ticker.

        Raises `CatalogError` with what is near, or with all of a day that has several.
        """
        if name in self.catalog:
            return _naming(self.catalog[name], ticker)
        near = [news for news in self.catalog if not ticker or ticker in news.tickers]
        if name:
            found = [news for news in near if news.id.startswith(name)]
        else:
            found = []
        if len(found) == 1:
            return found[0]
        if found:
            told = "; ".join(f"{news.id} ({news.headline})" for news in found)
            raise CatalogError(f"'{name}' fits {len(found)} announcements, name one: {told}")
        of_ticker = ""
        if ticker:
            of_ticker = f" that names {ticker}"
        ids = [news.id for news in near]
        raise CatalogError(f"no announcement '{name}'{of_ticker}{suggest(name, ids)}")

    def result(self, name: str) -> Findings:
        """A run by its name: `catalog`, or what `study` answered."""
        if name == CATALOG_RUN:
            return self.findings
        if name not in self._runs:
            there = [CATALOG_RUN, *self._runs]
            raise CatalogError(
                f"no run '{name}'{suggest(name, there)}; there are {', '.join(there)}"
            )
        return self._runs[name]

    def study(self, rows: Sequence[Mapping[str, Any]], plan: Mapping[str, Any]) -> str:
        """Study a table of events, a mapping a row; the run's name. `plan` holds keys of [study].

        Raises `CatalogError` or `ExperimentError` in the words a file of the same rows would meet.
        """
        catalog = _as_catalog(rows)
        name = f"run-{len(self._runs) + 1}"
        self._runs[name] = self._study(_experiment(plan), catalog)
        return name

    def _study(self, experiment: Experiment, catalog: Catalog) -> Findings:
        from reports.commands.options.common import read_prices

        prices = read_prices(self.prices, experiment, catalog, store=self.store)
        return run(experiment, catalog, prices, trade=False)


def _naming(news: Announcement, ticker: str) -> Announcement:
    """The announcement, if it names the ticker or none is asked for."""
    if ticker and ticker not in news.tickers:
        named = ", ".join(news.tickers)
        raise CatalogError(
            f"{news.id} does not name '{ticker}'{suggest(ticker, news.tickers)}; it names {named}"
        )
    return news


def _as_catalog(rows: Sequence[Mapping[str, Any]]) -> Catalog:
    """Rows become a file and are read by the door every file takes, checks and all."""
    if not rows:
        raise CatalogError("events: no row; each needs a security and a date")
    if len(rows) > MAX_ROWS:
        raise CatalogError(f"events: {len(rows):,} rows; {MAX_ROWS:,} at once is the most")
    columns = list(dict.fromkeys(str(key) for row in rows for key in row))
    text = io.StringIO()
    table = csv.DictWriter(text, columns)
    table.writeheader()
    table.writerows({str(key): value for key, value in row.items()} for row in rows)
    with working_folder("list") as folder:
        path = folder / "events.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return Catalog.read(path)


def _experiment(plan: Mapping[str, Any]) -> Experiment:
    """The default experiment with other keys of [study].

    It leads with no announcement of its own.
    """
    default = Experiment.default()
    given = {key: value for key, value in plan.items() if value}
    if benchmark := given.pop("benchmark", None):
        given["benchmarks"] = [benchmark]
        given["primary"] = {"model": default.study.primary.model, "benchmark": benchmark}
    try:
        study = Study.model_validate({**default.study.model_dump(), "sensitivity": False, **given})
    except ValidationError as error:
        raise ExperimentError(first_problem(error, Study)) from None
    return default.model_copy(
        update={"study": study, "headline": Headline(), "title": "Events of a client"}
    )
