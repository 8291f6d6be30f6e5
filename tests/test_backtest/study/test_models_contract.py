"""Every model of the registry keeps the same promises."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceError, StudyError
from backtest.prices import Returns
from backtest.study import MODELS, TESTS, EventStudy, EventStudyResult, Window
from backtest.study.normal import WITHOUT_BENCHMARK, NormalModel, named_model
from backtest.study.normal.by_name import OF_DONORS

DATES = pd.bdate_range("2023-01-02", periods=500)
FACTORS = ("Mkt-RF", "SMB", "HML", "RMW", "CMA", "Mom", "RF")
ARGUMENTS = {
    "multi_factor": (("Mkt-RF", "SMB"),),
    "synthetic_control": (("A", "B", "C"), False),
    **dict.fromkeys(OF_DONORS, (FACTORS,)),
}


def made_returns() -> Returns:
    rng = np.random.default_rng(21)
    factors = rng.normal(0.0003, 0.008, (500, 7))
    factors[:, 6] = 0.0001
    own = factors[:, :1] * [1.5, 0.7, 1.1] + rng.standard_t(6, (500, 3)) * 0.015
    return Returns(np.hstack([factors, own]), DATES, (*FACTORS, "A", "B", "C"))


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest) -> NormalModel:
    usual = () if request.param in WITHOUT_BENCHMARK else ("Mkt-RF",)
    return MODELS[request.param](*ARGUMENTS.get(request.param, usual))


@pytest.fixture
def result(model: NormalModel) -> EventStudyResult:
    events = pd.DataFrame(
        {
            "event_id": list("abcd"),
            "ticker": list("ABCA"),
            "event_session": DATES[[400, 402, 430, 460]],
        }
    )
    return EventStudy(model, Window(-330, -11)).fit(events, made_returns())


def test_its_name_is_its_key(request: pytest.FixtureRequest, model: NormalModel) -> None:
    assert model.name == request.node.callspec.params["model"]


def test_it_is_frozen(model: NormalModel) -> None:
    with pytest.raises(FrozenInstanceError):
        model.name = "other"  # type: ignore[misc]  # the mistake under test


def test_what_is_normal_and_what_is_not_add_up(result: EventStudyResult) -> None:
    table = result.abnormal
    np.testing.assert_allclose(table["normal"] + table["abnormal"], table["return"])
    windows = result.windows.set_index(["event_id", "window"])
    for event in "abcd":
        days = table[(table["event_id"] == event) & table["day"].between(0, 4)]
        assert windows.loc[(event, "5-day"), "car"] == pytest.approx(days["abnormal"].sum())


def test_every_event_has_an_error_and_a_p_value(result: EventStudyResult) -> None:
    assert (result.windows["car_se"] > 0).all()
    assert result.windows["pvalue"].between(0, 1).all()
    assert (result.windows["mde80"] > 2.7 * result.windows["car_se"]).all()
    assert (result.estimates["sigma"] > 0).all()


def test_residuals_are_as_many_as_observations(result: EventStudyResult) -> None:
    assert (
        np.isfinite(result.measured.residuals).sum(axis=1).tolist()
        == result.estimates["n_obs"].tolist()
    )


def test_the_path_ends_in_the_windows(result: EventStudyResult) -> None:
    windows = result.windows.set_index(["event_id", "window"])
    paths = result.paths.set_index(["event_id", "day"])
    for event in "abcd":
        assert paths.loc[(event, 20), "car"] == pytest.approx(
            windows.loc[(event, "1-month"), "car"]
        )
        assert paths.loc[(event, 20), "se"] == pytest.approx(
            windows.loc[(event, "1-month"), "car_se"]
        )
        assert paths.loc[(event, -6), "se"] == pytest.approx(
            windows.loc[(event, "run-up"), "car_se"]
        )


def test_the_headline_test_has_an_answer(result: EventStudyResult) -> None:
    outcome = TESTS["kp_bmp_exact_t"](result.cross_section("5-day"))
    assert outcome.why_not == ""
    assert 0 <= outcome.pvalue <= 1


def test_a_name_that_is_no_column_is_said(model: NormalModel) -> None:
    if not model.design.regressors:
        pytest.skip("stands on no column but the security's own")
    events = pd.DataFrame({"event_id": ["a"], "ticker": ["Z"], "event_session": DATES[[400]]})
    alone = Returns(made_returns().values[:, 7:8].copy(), DATES, ("Z",))
    with pytest.raises(PriceError, match="no prices for"):
        EventStudy(model).fit(events, alone)


@pytest.mark.parametrize("name", list(MODELS))
def test_by_name(name: str) -> None:
    benchmark = "" if name in WITHOUT_BENCHMARK else "SPY"
    model = named_model(name, benchmark, peers=("A", "B"))
    assert model.name == name
    if benchmark:
        assert model.benchmark == benchmark
        with pytest.raises(StudyError, match="needs a benchmark"):
            named_model(name)
    else:
        with pytest.raises(StudyError, match="takes no benchmark, got 'SPY'"):
            named_model(name, "SPY")


def test_a_basket_by_name() -> None:
    assert named_model("market", "PEERS", ("A", "B")).design.peers == ("A", "B")
    assert named_model("market", "SPY", ("A", "B")).design.peers == ()
    assert named_model("synthetic_control", peers=("A", "B")).design.regressors == ("A", "B")
    with pytest.raises(StudyError, match="no model 'markt'; did you mean 'market'"):
        named_model("markt", "SPY")
