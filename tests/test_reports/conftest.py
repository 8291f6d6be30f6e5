"""A run on the simulated sample, made once for all tests of the reports."""

from __future__ import annotations

import pytest

from backtest import Prices
from events import Catalog
from reports.experiment import Experiment
from reports.findings import Findings, run, select


@pytest.fixture(scope="session")
def prices() -> Prices:
    return Prices.sample()


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return Experiment.default()


@pytest.fixture(scope="session")
def findings(experiment: Experiment, prices: Prices) -> Findings:
    """The default experiment on the few announcements a test can look at."""
    catalog = Catalog.bundled()
    named = [news.id for news in catalog if {"META", "CRWV"} & set(news.tickers)][-12:]
    return run(experiment, catalog.filter(ids=named), prices)


@pytest.fixture(scope="session")
def nothing(experiment: Experiment, prices: Prices) -> Findings:
    """A run in which no event has prices."""
    catalog = Catalog.bundled().filter(tickers=["AEP"])
    return run(experiment, select(experiment, catalog), prices)
