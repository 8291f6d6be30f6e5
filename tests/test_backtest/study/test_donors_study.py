"""A study against donors.

Who may be one, what is measured, the intervals that refit, and the placebos.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.matched import RANDOM, RUN_UP, clustered_error, matched_placebos
from backtest.study.donors import METHODS, FromDonors
from backtest.study.donors.measure import DonorReturns
from backtest.study.donors.model import PULL
from backtest.study.donors.refitted import setting, share_of_stretches
from backtest.study.donors.solution import Solve
from backtest.study.normal import NormalModel, SyntheticControl, named_model
from backtest.study.result import EventStudyResult as Result
from backtest.study.running_sums import Floats

DATES = pd.bdate_range("2023-01-02", periods=420)
NAMES = tuple(f"D{i}" for i in range(12))
DAY0 = 320


def made_returns(effect: float = 0.05) -> Returns:
    rng = np.random.default_rng(8)
    factors = 0.01 * rng.standard_normal((420, 2))
    donors = factors @ rng.normal(1, 0.4, (2, 12)) + 0.01 * rng.standard_normal((420, 12))
    own = factors @ rng.normal(1, 0.4, (2, 3)) + 0.01 * rng.standard_normal((420, 3))
    own[DAY0, 0] += effect
    values = np.column_stack([own, donors])
    return Returns.from_frame(pd.DataFrame(values, columns=["A", "B", "C", *NAMES], index=DATES))


def table(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(name, ticker, DATES[row]) for name, ticker, row in rows],
        columns=["event_id", "ticker", "event_session"],
    )


def measured(result: EventStudyResult) -> DonorReturns:
    assert isinstance(result.measured, DonorReturns)
    return result.measured


EVENTS = table(("one", "A", DAY0), ("one", "D0", DAY0), ("two", "D1", DAY0 + 5), ("old", "D2", 150))


def studied(method: str = "ridge", donors: tuple[str, ...] = ()) -> EventStudyResult:
    return EventStudy(FromDonors(method, donors)).fit(EVENTS, made_returns())


@pytest.mark.parametrize("model", [*map(FromDonors, METHODS), SyntheticControl(NAMES)], ids=str)
def test_a_reader_of_weights_is_told_when_factors_are_better(model: NormalModel) -> None:
    """`explain` says it of models whose weights are pulled, and of those only."""
    told = EventStudy(model).explain()
    assert ("pulled towards all of them alike" in told) == (
        model.name in ("donors_simplex", "donors_ridge", "synthetic_control")
    )
    assert ("prefer them there" in told) == (PULL in told)


@pytest.mark.parametrize("method", METHODS)
def test_the_effect_is_found_by_every_method(method: str) -> None:
    result = studied(method)
    row = result.windows.set_index(["event_id", "ticker", "window"]).loc[("one", "A", "1-day")]
    assert row["car"] == pytest.approx(0.05, abs=0.03)
    assert row["pvalue"] < 0.01
    assert row["model"] == f"donors_{method}"
    assert np.isfinite(result.tests()["statistic"]).any()


@pytest.mark.parametrize("method", METHODS)
def test_parties_of_one_announcement_share_what_the_donors_decide(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of the donors once for the three; each is what it is where it is studied alone."""
    events = table(*(("one", ticker, DAY0) for ticker in ("A", "B", "C")))
    study, asked, own = EventStudy(FromDonors(method, NAMES)), [0], METHODS[method]

    def counted(x: Floats, ahead: Floats) -> Solve:
        asked[0] += 1
        return own.solver(x, ahead)

    monkeypatch.setitem(METHODS, method, own._replace(solver=counted))
    together = study.fit(events, made_returns()).window("1-day").car
    assert asked == [1]
    alone = [study.fit(events.iloc[[i]], made_returns()).window("1-day").car[0] for i in range(3)]
    assert asked == [4]
    np.testing.assert_array_equal(together, alone)


def test_parties_and_donors_with_news_are_left_out_and_the_others_stay() -> None:
    result = studied()
    names = np.array(made_returns().tickers)
    used = set(names[measured(result).donors[0]])
    assert used == {"B", "C", *NAMES} - {"D0", "D1"}  # a party; news of its own on day 5
    assert "D2" in used  # its news lies in the estimation window


def test_the_result_says_of_each_donor_its_weight_or_why_it_is_left_out() -> None:
    result = studied("simplex")
    said = result.donors.query("event_id == 'one' and ticker == 'A'").set_index("donor")
    assert said.loc["A", "left_out"] == "the security itself"
    assert said.loc["D0", "left_out"] == "a party of the announcement"
    assert said.loc["D1", "left_out"] == "news of its own in the horizon"
    kept = said[said["left_out"] == ""]
    assert set(kept.index) == {"B", "C", *NAMES} - {"D0", "D1"}
    assert kept["weight"].sum() == pytest.approx(1)
    assert (said.loc[said["left_out"] != "", "weight"] == 0).all()
    assert studied("pca").donors.query("left_out == ''")["weight"].isna().all()


def test_the_result_gives_the_placebos_matched_to_its_method() -> None:
    result = studied("simplex")
    own = result.matched_placebos(2, seed=3).table
    pd.testing.assert_frame_equal(own, matched_placebos(result, 2, 3).table)
    assert set(own["placebos"]) == {RANDOM, RUN_UP}


def test_a_donor_s_own_news_does_not_move_the_weights() -> None:
    quiet = made_returns()
    values = quiet.values.copy()
    values[150, list(quiet.tickers).index("D2")] += 0.8
    loud = Returns(values, quiet.sessions, quiet.tickers)
    study = EventStudy(FromDonors("simplex"))
    one, other = (measured(study.fit(EVENTS, r)) for r in (quiet, loud))
    np.testing.assert_allclose(one.expected[0], other.expected[0])


def test_donors_without_every_return_are_left_out() -> None:
    whole = made_returns()
    values = whole.values.copy()
    values[DAY0 - 50, 1] = np.nan
    result = EventStudy(FromDonors("pca")).fit(EVENTS, Returns(values, DATES, whole.tickers))
    assert "B" not in {whole.tickers[i] for i in measured(result).donors[0]}


def test_too_few_donors_are_told() -> None:
    result = studied("simplex", ("D0", "D1", "D3"))
    assert (result.dropped["ticker"] == "A").any()
    assert result.dropped["why"].str.contains("fewer than 2 donors").all()


def test_what_is_measured_is_the_return_less_the_counterfactual() -> None:
    result = measured(studied("interactive"))
    rows = result.events.row[0] + result.days
    np.testing.assert_allclose(
        result.abnormal[0], result.panel.y[rows, result.events.column[0]] - result.expected[0]
    )
    part = result.take(np.array([1]))
    np.testing.assert_allclose(part.residuals[0], result.residuals[1])


@pytest.mark.parametrize("method", ["simplex", "interactive"])
def test_interval_edges_are_where_the_enumerated_p_falls_to_5_percent(method: str) -> None:
    result = studied(method)
    row = result.conformal_intervals().iloc[1]  # five sessions of the first event
    given = setting(result.window("5-day"), 0)
    assert given is not None
    y, refit, length = given

    def p(theta: float) -> float:
        moved = y.copy()
        moved[-length:] -= theta / length
        left = refit(moved)
        sums = [abs(np.roll(left, -s)[:length].sum()) for s in range(len(left))]
        return float(np.mean(np.array(sums) >= abs(left[-length:].sum()) - 1e-12))

    assert length == 5
    assert row["pvalue"] == pytest.approx(p(0.0))
    small = 0.002 * (row["high"] - row["low"])
    assert p(row["low"] - small) <= 0.05 < p(row["low"] + small)
    assert p(row["high"] + small) <= 0.05 < p(row["high"] - small)
    assert row["low"] < row["car"] < row["high"]
    p_of_tests = result.single_tests().set_index(["test", "window"]).loc[("conformal", "5-day")]
    assert p_of_tests["pvalue"].iloc[0] == pytest.approx(row["pvalue"])


def test_stretches_go_round() -> None:
    assert share_of_stretches(np.array([3.0, 0.0, 0.0, 2.0]), 2) == pytest.approx(3 / 4)


def test_intervals_are_of_donors_alone() -> None:
    plain = EventStudy(MarketModel("B")).fit(EVENTS, made_returns())
    with pytest.raises(StudyError, match="FromDonors"):
        plain.conformal_intervals()


@pytest.mark.parametrize(
    ("method", "donors", "told"),
    [
        ("rigde", (), "did you mean 'ridge'"),
        ("ridge", ("A",), "at least 2 donors"),
        ("ridge", ("A", "B", "A"), "'A' is named twice"),
    ],
)
def test_wrong_models_are_told(method: str, donors: tuple[str, ...], told: str) -> None:
    with pytest.raises(StudyError, match=told):
        FromDonors(method, donors)


def test_models_by_name_take_the_peers_or_every_security() -> None:
    assert named_model("donors_pca") == FromDonors("pca")
    assert named_model("donors_ridge", peers=("A", "B")) == FromDonors("ridge", ("A", "B"))


@pytest.mark.parametrize("model", [MarketModel("B"), FromDonors("interactive")])
def test_placebos_are_the_same_model_at_dates_without_news(
    model: MarketModel | FromDonors,
) -> None:
    returns, real = made_returns(), table(("one", "A", DAY0))
    study = EventStudy(model, estimation=Window(-130, -11))
    found = matched_placebos(study.fit(real, returns), per_event=1000)
    near = set(range(DAY0 - 1, DAY0 + 6))
    rows = [r for r in range(130, 420 - 20) if not near & set(range(r - 1, r + 21))]
    cars = [
        study.fit(pd.concat([real, table(("placebo", "A", r))]), returns).window("1-month").car[1]
        for r in rows
    ]
    for kind in (RANDOM, RUN_UP):
        assert found.counts[kind].tolist() == [len(rows)]
        assert found.cars[kind]["1-month"][0] == pytest.approx(np.mean(cars))
        assert found.paths[kind][0, -1] == pytest.approx(np.mean(cars))
    early = [not near & set(range(r - 5, r)) for r in rows]
    assert found.clear[RANDOM]["run-up"].tolist() == [sum(early)]
    assert 0 < sum(early) < len(rows)
    drift = found.table
    assert (drift["drifts"] == (drift["mean_car"].abs() > 0.003)).all()
    assert (drift["n_securities"] == 1).all()
    assert drift["pvalue"].isna().all()


def test_means_at_dates_without_news_are_tested_from_three_securities_on() -> None:
    study = EventStudy(MarketModel("B"), estimation=Window(-130, -11))
    for tickers in (("A", "C"), ("A", "C", "D0")):
        real = table(*((f"e{one}", one, DAY0) for one in tickers))
        drift = matched_placebos(study.fit(real, made_returns()), per_event=20).table
        assert (drift["n_securities"] == len(tickers)).all()
        t = (drift["mean_car"] / drift["se"]).abs()
        expected = 2 * stats.t.sf(t, len(tickers) - 1) if len(tickers) > 2 else np.nan
        np.testing.assert_allclose(drift["pvalue"], expected)


def test_dates_of_the_same_run_up_are_the_nearest() -> None:
    returns = made_returns()
    result = EventStudy(MarketModel("B"), estimation=Window(-130, -11)).fit(EVENTS, returns)
    few, all_of_them = matched_placebos(result, 3), matched_placebos(result, 400)
    assert isinstance(result, Result)
    assert (few.counts[RUN_UP] <= 3).all()
    assert (all_of_them.counts[RUN_UP] >= few.counts[RUN_UP]).all()
    assert few.average_paths("all")["n_events"].max() == int((few.counts[RUN_UP] > 0).sum())


def test_the_error_of_a_mean_is_by_security() -> None:
    values = np.array([0.1, 0.3, -0.2, 0.4])
    away = values - values.mean()
    sums = np.array([away[:2].sum(), away[2:].sum()])
    assert clustered_error(values, ["a", "a", "b", "b"]) == pytest.approx(
        np.sqrt(2 * (sums**2).sum()) / 4
    )
