"""Cross-sectional regressions agree with statsmodels and find what was put in.

In small samples they stay silent.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.placebo import placebo
from backtest.study.check.regression import Clusters, regress

SLOPE = 0.02


@pytest.fixture(scope="module")
def market() -> tuple[pd.DataFrame, Returns]:
    rng = np.random.default_rng(3)
    y = rng.normal(0, 0.01, (900, 61))
    row, amount = 300 + 9 * np.arange(60), np.exp(rng.normal(20, 1, 60))
    y[row, np.arange(60)] += SLOPE * (np.log(amount) - 20)
    frame = pd.DataFrame(
        y,
        index=pd.bdate_range("2015-01-01", periods=900),
        columns=[*map("S{}".format, range(60)), "MKT"],
    )
    events = pd.DataFrame(
        {"event_id": range(60), "ticker": frame.columns[:60], "event_session": frame.index[row]}
    )
    events = events.assign(amount_usd=amount, role=np.where(np.arange(60) % 3, "supplier", "buyer"))
    return events, Returns.from_frame(frame)


@pytest.fixture(scope="module")
def result(market: tuple[pd.DataFrame, Returns]) -> EventStudyResult:
    return EventStudy(MarketModel("MKT"), windows={"1-day": Window(0, 0)}).fit(*market)


def test_finds_the_slope_put_in(result: EventStudyResult) -> None:
    table = regress(result, "1-day", ["log_amount", "role", "run_up"], placebo(result)).set_index(
        "term"
    )
    assert list(table.index) == ["constant", "log_amount", "role=buyer", "run_up"]
    amount = table.loc["log_amount"]
    assert amount["coefficient"] == pytest.approx(SLOPE, abs=3 * amount["se"])
    assert (amount[["pvalue", "pvalue_cluster", "pvalue_wild", "pvalue_placebo"]] < 0.03).all()
    assert (table.loc["role=buyer", ["pvalue", "pvalue_wild", "pvalue_placebo"]] > 0.05).all()


def test_agrees_with_statsmodels(result: EventStudyResult) -> None:
    table = regress(result, "1-day", ["log_amount"])
    x = sm.add_constant(np.log(result.events["amount_usd"].to_numpy()))
    y = result.window("1-day").car
    np.testing.assert_allclose(table["se"], sm.OLS(y, x).fit(cov_type="HC3").bse, rtol=1e-9)
    cluster = result.cross_section("1-day").clusters
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    np.testing.assert_allclose(table["se_cluster"], fit.bse, rtol=1e-9)
    clusters = Clusters(x, cluster)
    as_they_are = np.ones((1, clusters.n))
    ts = [clusters.flipped_ts(np.zeros(len(y)), y, as_they_are, term)[0] for term in range(2)]
    np.testing.assert_allclose(ts, fit.tvalues, rtol=1e-9)


def test_small_samples_are_said(
    golden_returns: Returns, golden_events: pd.DataFrame, result: EventStudyResult
) -> None:
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), [Window(0, 20)])
    table = regress(study.fit(golden_events[:11], golden_returns), "[0,+20]", ["run_up"])
    assert set(table["why_not"]) == {"needs at least 12 events for 2 coefficients, got 11"}
    assert table["pvalue"].isna().all()
    few = regress(study.fit(golden_events, golden_returns), "[0,+20]", ["run_up", "position"])
    assert set(few["why_not"]) == {"clustered and bootstrapped: needs at least 6 clusters, got 1"}
    assert few["pvalue"].notna().all()
    assert few["pvalue_wild"].isna().all()
    assert regress(result, "1-day", ["kind"])["why_not"].tolist() == [
        ""
    ]  # one level: a constant alone


def test_unknown_attribute(result: EventStudyResult) -> None:
    with pytest.raises(
        StudyError, match="no attribute 'log_amuont' of the events; did you mean 'log_amount'"
    ):
        regress(result, "1-day", ["log_amuont"])


def test_the_amount_of_events_without_amounts_is_not_offered(
    market: tuple[pd.DataFrame, Returns],
) -> None:
    events = market[0].drop(columns="amount_usd")
    study = EventStudy(MarketModel("MKT"), windows={"1-day": Window(0, 0)})
    result = study.fit(events, market[1])
    with pytest.raises(StudyError, match="which have no column 'amount_usd' to take it of"):
        regress(result, "1-day", ["log_amount"])
    with pytest.raises(StudyError, match=r"no attribute 'log_amuont' of the events; give"):
        regress(result, "1-day", ["log_amuont"])


def test_what_became_of_levels_is_said(market: tuple[pd.DataFrame, Returns]) -> None:
    role = np.where(np.arange(60) < 54, "supplier", "buyer")
    role[[1, 2]] = "lender"
    sector = np.where(np.arange(60) == 0, "power", "chips")
    events = market[0].assign(role=role, sector=sector)
    study = EventStudy(MarketModel("MKT"), windows={"1-day": Window(0, 0)})
    table = regress(study.fit(events, market[1]), "1-day", ["role", "sector"]).set_index("term")
    assert list(table.index) == ["constant", "role=other"]
    assert table.loc["role=other", "note"] == (
        "role: compared with supplier; "
        "other joins lender (2), buyer (6), as fewer than 3 are no level"
    )
    assert table.loc["constant", "note"] == (
        "sector: left out, every event is other; "
        "other joins power (1), chips (59), as fewer than 3 are no level"
    )
