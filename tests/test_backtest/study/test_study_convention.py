"""A convention is that of `result.under` wherever it is named.

At the study, in an experiment, on the command line.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Prices
from backtest.errors import StudyError
from events import Catalog
from reports.cli import main
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment


def status(args: list[str]) -> object:
    with pytest.raises(SystemExit) as done:
        main(args)
    return done.value.code


CATALOG = Catalog.bundled().filter(tickers=["META", "CRWV"])


@pytest.mark.parametrize("name", ["eventstudy2", "estudy2", "EventStudyTools", "naive"])
def test_the_study_takes_it_by_name(name: str) -> None:
    prices = Prices.sample()
    ours = EventStudy(MarketModel("SPY")).fit(CATALOG, prices)
    theirs = EventStudy(MarketModel("SPY"), convention=name).fit(CATALOG, prices)
    pd.testing.assert_frame_equal(theirs.windows, ours.under(name).windows)
    pd.testing.assert_frame_equal(theirs.tests(), ours.under(name).tests())


def test_another_name_is_told() -> None:
    with pytest.raises(StudyError, match="did you mean 'estudy'"):
        EventStudy(MarketModel("SPY"), convention="estudy3")
    with pytest.raises(ExperimentError, match="did you mean 'estudy'"):
        Experiment.parse('[study]\nconvention = "estudy3"', "own.toml")


def test_the_command_takes_models_donors_and_convention(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = tmp_path / "own.toml"
    ids.write_text('[filter]\ntickers = ["META"]\n[study]\nsensitivity = false\n')
    done = status([
        "study", "--prices", "sample", "--experiment", str(ids), "--out", str(tmp_path / "out"),
        "--models", "market,donors_interactive", "--donors", "AMD,AVGO,MSFT,AMZN,ANET,GOOGL",
        "--convention", "EventStudyTools",
    ])  # fmt: skip
    assert done == 0, capsys.readouterr()
    windows = pd.read_csv(tmp_path / "out/tables/windows.csv")
    assert set(windows["model"]) == {"market", "donors_interactive"}
    estimates = pd.read_csv(tmp_path / "out/tables/estimates.csv").merge(
        windows[windows["window"] == "5-day"], on=["event_id", "ticker", "model", "benchmark"]
    )
    of = estimates[(estimates["model"] == "market") & (estimates["benchmark"] == "SPY")]
    naive = of["sigma"] * of["n_valid"] ** 0.5
    pd.testing.assert_series_equal(of["car_se"], naive, check_names=False, rtol=1e-9)
    drift = pd.read_csv(tmp_path / "out/tables/placebo_drift.csv")
    assert set(drift["model"]) == {"market", "donors_interactive"}
    intervals = pd.read_csv(tmp_path / "out/tables/counterfactuals.csv")
    assert (intervals["low"] < intervals["high"]).any()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--models", "donors_rigde"), "did you mean 'donors_ridge'"),
        (("--models", "market,"), "names joined by commas"),
        (("--models", "donors_ridge", "--donors", "AMD"), "at least 2"),
        (("--convention", "estudy3"), "did you mean 'estudy'"),
    ],
)
def test_wrong_words_are_told(
    options: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["study", "--prices", "sample", "--out", str(tmp_path / "o"), *options]) == 2
    assert told in capsys.readouterr().err.replace("\n", " ")
