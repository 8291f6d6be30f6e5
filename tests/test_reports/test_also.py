"""Further tables an experiment asks for are those the Python calls give."""

from __future__ import annotations

import pandas as pd
import pytest

from backtest import Prices
from backtest.errors import StudyError
from backtest.study.other.buy_and_hold import bhar_tests
from events import Catalog
from reports.experiment.plan import Experiment
from reports.run.columns import COLUMNS
from reports.run.findings import Findings, run

WORDS = ("outcomes", "buy_and_hold")


def asking(*words: str) -> Experiment:
    default = Experiment.default()
    plan = default.study.model_copy(
        update={"also": words, "sensitivity": False, "models": ("market",), "benchmarks": ("SPY",)}
    )
    return default.model_copy(update={"study": plan})


@pytest.fixture(scope="module")
def findings() -> Findings:
    catalog = Catalog.bundled().filter(tickers=["CRWV"])
    return run(asking(*WORDS), catalog, Prices.sample(), trade=False)


def test_the_tables_are_those_of_the_python_calls(findings: Findings) -> None:
    result = findings.primary
    pd.testing.assert_frame_equal(findings.tables["buy_and_hold"], bhar_tests(result))
    pd.testing.assert_frame_equal(findings.tables["buy_and_hold"], result.buy_and_hold())
    assert set(findings.tables["outcomes"]["outcome"]) == {"volume", "range"}
    assert set(findings.tables["outcomes"]["event_id"]) <= set(result.events["event_id"])


def test_every_column_has_a_meaning(findings: Findings) -> None:
    for word in WORDS:
        assert set(findings.tables[word].columns) <= set(COLUMNS)


def test_in_space_placebos_are_of_a_synthetic_control_only() -> None:
    catalog = Catalog.bundled().filter(tickers=["CRWV"])
    with pytest.raises(StudyError, match="synthetic control, not of the market model"):
        run(asking("in_space"), catalog, Prices.sample(), trade=False)


def test_nothing_more_is_made_unasked() -> None:
    assert Experiment.default().study.also == ()
