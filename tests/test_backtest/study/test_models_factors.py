"""Factor models on excess returns, and factors beside securities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, Window, fama_french, with_factors
from backtest.study.normal import MODELS, MultiFactor
from backtest.study.normal.multi_factor import FACTORS
from backtest.study.place.factor_columns import factor_panel

DATES = pd.bdate_range("2024-01-02", periods=400)
NAMES = ["Mkt-RF", "SMB", "HML", "RMW", "CMA", "Mom"]


def factors() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.normal(0.0005, 0.01, (400, 6)), columns=NAMES, index=DATES)
    return table.assign(RF=0.0002 + 0.0001 * np.sin(np.arange(400) / 40))


def panel() -> Returns:
    rng = np.random.default_rng(8)
    known = factors()
    own = (
        known["RF"] + 0.001 + 1.3 * known["Mkt-RF"] - 0.4 * known["SMB"] + rng.normal(0, 0.02, 400)
    )
    return Returns.from_frame(pd.DataFrame({"A": own}, index=DATES))


def studied(name: str) -> EventStudyResult:
    event = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": [DATES[300]]})
    return EventStudy(fama_french(name), Window(-260, -11), exclude=None).fit(
        event, with_factors(panel(), factors())
    )


@pytest.mark.parametrize("name", list(FACTORS))
def test_regressions_are_of_excess_returns(name: str) -> None:
    known, rows = factors(), slice(40, 290)
    own = panel().column("A")
    x = sm.add_constant(known[list(FACTORS[name])].to_numpy())
    theirs = sm.OLS((own - known["RF"].to_numpy())[rows], x[rows]).fit()
    result = studied(name)
    fit = result.measured.fit
    np.testing.assert_allclose(
        [fit.intercept[0], *fit.slopes[0]], [*theirs.params, 1.0], atol=1e-10
    )
    assert fit.sigma[0] == pytest.approx(np.sqrt(theirs.scale), abs=1e-12)
    assert fit.r2[0] == pytest.approx(theirs.rsquared, abs=1e-10)
    assert fit.df[0] == theirs.df_resid
    event = result.abnormal.set_index("day").loc[[0, 7]]
    predicted = theirs.get_prediction(x[[300, 307]])
    np.testing.assert_allclose(event["return"], own[[300, 307]])
    np.testing.assert_allclose(
        event["normal"], predicted.predicted_mean + known["RF"].to_numpy()[[300, 307]]
    )
    np.testing.assert_allclose(
        event["se"], np.sqrt(theirs.scale + predicted.se_mean**2), atol=1e-12
    )


def test_the_benchmark_is_the_whole_market() -> None:
    """Buy and hold is compared with the market itself.

    Not with its excess over the risk-free rate.
    """
    row = studied("ff3").windows.set_index("window").loc["5-day"]
    known = factors().iloc[300:305]
    market = np.prod(1 + known["Mkt-RF"] + known["RF"])
    assert row["bhar"] == pytest.approx(np.prod(1 + panel().column("A")[300:305]) - market)
    assert (row["model"], row["benchmark"]) == ("ff3", "Mkt-RF+SMB+HML")


def test_a_short_history_is_compared_with_the_whole_market() -> None:
    young = panel().values.copy()
    young[:280] = np.nan
    event = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": [DATES[300]]})
    returns = with_factors(Returns(young, DATES, ("A",)), factors())
    row = EventStudy(fama_french("ff3")).fit(event, returns).windows.iloc[0]
    known = factors().iloc[300]
    assert row["car"] == pytest.approx(young[300, 0] - known["Mkt-RF"] - known["RF"])
    assert np.isnan(row["car_se"])


def test_models_by_name() -> None:
    for name in FACTORS:
        assert MODELS[name]() == fama_french(name)
    with pytest.raises(StudyError, match="no factor model 'carhat'; did you mean 'carhart'"):
        fama_french("carhat")
    with pytest.raises(StudyError, match="must be a list of columns"):
        MultiFactor("SPY")  # the mistake under test


def test_factors_missing_on_a_session_are_missing() -> None:
    joined = with_factors(panel(), factors().iloc[:-1])
    assert np.isnan(joined.column("SMB")[-1])
    assert np.isfinite(joined.column("A")[-1])


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (factors().rename(columns={"SMB": "A"}), "'A' is a ticker of the panel too"),
        (factors() * 100, "percent"),
        (pd.concat([factors(), factors().iloc[:1]]), "2024-01-02 is there twice"),
    ],
)
def test_factors_that_cannot_be_right(table: pd.DataFrame, why: str) -> None:
    with pytest.raises(StudyError, match=why):
        with_factors(panel(), table)


def test_a_panel_ends_with_its_factors() -> None:
    known = factors().iloc[50:350]
    events = pd.DataFrame(
        {
            "event_id": ["early", "last", "late"],
            "ticker": "A",
            "event_session": DATES[[320, 349, 350]],
        }
    )
    returns = factor_panel(panel(), known, "ff3 factors")
    assert (returns.sessions[0], returns.sessions[-1]) == (DATES[50], DATES[349])
    result = EventStudy(fama_french("ff3"), Window(-200, -11)).fit(events.iloc[:2], returns)
    flags = result.windows.set_index(["event_id", "window"])["flags"]
    assert "cut_off" in flags["last", "5-day"]
    assert "cut_off" not in flags["last", "1-day"]
    dropped = EventStudy(fama_french("ff3"), Window(-200, -11)).fit(events, returns).dropped
    assert dropped["why"].tolist() == [
        f"event session {DATES[350]:%Y-%m-%d} is after the ff3 factors, "
        f"which end {DATES[349]:%Y-%m-%d}"
    ]


def test_a_panel_ends_with_the_first_factor_that_ends() -> None:
    known = factors()
    known.loc[DATES[300:], "SMB"] = np.nan
    known.loc[DATES[100], "SMB"] = np.nan
    returns = factor_panel(panel(), known, "factors")
    assert len(returns.sessions) == 300
    with pytest.raises(
        StudyError, match="no session of the prices is among the ff3 factors, which run from 1926"
    ):
        factor_panel(
            panel(), known.set_axis(pd.bdate_range("1926-07-01", periods=400)), "ff3 factors"
        )
