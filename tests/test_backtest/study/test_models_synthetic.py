"""The synthetic control: its weights are the best there are, and never on the security itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, SyntheticControl, Window

DATES = pd.bdate_range("2024-01-02", periods=400)
DONORS = ("B", "C", "D", "E")


def made_returns(weights: tuple[float, ...] = (0.6, 0.4, 0.0, 0.0), noise: float = 0.0) -> Returns:
    rng = np.random.default_rng(11)
    donors = rng.normal(0.001, 0.02, (400, 4)) + rng.normal(0, 0.01, (400, 1))
    own = donors @ np.array(weights) + noise * rng.standard_normal(400)
    return Returns.from_frame(
        pd.DataFrame(np.column_stack([own, donors]), columns=["A", *DONORS], index=DATES)
    )


def studied(
    returns: Returns, *tickers: str, donors: tuple[str, ...] = DONORS, news: bool = True
) -> EventStudyResult:
    events = pd.DataFrame(
        {"event_id": [f"e{t}" for t in tickers], "ticker": tickers, "event_session": DATES[300]}
    )
    model = SyntheticControl(donors, without_news=news)
    return EventStudy(model, Window(-250, -11), exclude=None).fit(events, returns)


def with_others(*others: tuple[str, str, int]) -> EventStudyResult:
    """An event of A on session 300 and others: announcement, ticker and session."""
    rows = [("deal", "A", 300), *others]
    events = pd.DataFrame(
        {
            "event_id": [one for one, _, _ in rows],
            "ticker": [one for _, one, _ in rows],
            "event_session": [DATES[one] for _, _, one in rows],
        }
    )
    return EventStudy(SyntheticControl(DONORS), Window(-250, -11)).fit(events, made_returns())


def test_parties_of_the_announcement_and_donors_with_news_are_left_out() -> None:
    """B is a party, told of long before; C has news on the last day of the month; D's is over."""
    result = with_others(("deal", "B", 200), ("own", "C", 320), ("earlier", "D", 284))
    used = result.donors.query("event_id == 'deal' and ticker == 'A'").set_index("donor")
    assert used["left_out"].to_dict() == {
        "B": "a party of the announcement", "C": "news of its own in the horizon", "D": "", "E": "",
    }  # fmt: skip
    assert used.loc[["B", "C"], "weight"].tolist() == [0.0, 0.0]
    assert used["weight"].sum() == pytest.approx(1)
    others = studied(made_returns(), "A", donors=("D", "E"))
    i = result.events["ticker"].tolist().index("A")
    np.testing.assert_allclose(
        result.window("5-day").car[i], others.window("5-day").car[0], atol=1e-12
    )


@pytest.mark.parametrize(("session", "out"), [(284, ""), (285, "news"), (321, "news"), (322, "")])
def test_news_counts_from_the_day_before_it_to_five_days_after(session: int, out: str) -> None:
    """The horizon is [-10,+20] around session 300: 290 to 320."""
    used = with_others(("own", "C", session)).donors
    (found,) = used.query("event_id == 'deal' and donor == 'C'")["left_out"]
    assert found.startswith(out)
    assert bool(found) == bool(out)


def test_an_event_without_two_donors_is_dropped_with_the_reason() -> None:
    result = with_others(("b", "B", 301), ("c", "C", 302), ("d", "D", 303))
    dropped = result.dropped.set_index("ticker")["why"]
    assert "fewer than 2 donors" in dropped["A"]
    assert "A" not in set(result.events["ticker"])


def test_a_model_without_donors_has_none_to_show() -> None:
    events = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": DATES[300]})
    with pytest.raises(StudyError, match="market model has no donors"):
        _ = EventStudy(MarketModel("B")).fit(events, made_returns()).donors


def test_an_exact_mixture_is_found() -> None:
    result = studied(made_returns(), "A")
    np.testing.assert_allclose(result.measured.fit.slopes, [[0.6, 0.4, 0.0, 0.0]], atol=1e-8)
    assert result.windows["car"].abs().max() < 1e-8


@pytest.mark.parametrize(
    "target", [(0.5, 0.5, 0.5, -0.5), (1.7, 0.2, 0.1, -0.3), (0.3, 0.3, 0.3, 0.1)]
)
def test_no_other_weights_come_closer(target: tuple[float, ...]) -> None:
    """First-order conditions.

    The slope towards every donor in use is the same, towards the others it is not lower.
    """
    returns = made_returns(target, noise=0.01)
    fit = studied(returns, "A").measured.fit
    weights, rows = fit.slopes[0], slice(50, 290)
    y, x = returns.values[rows, 0], returns.values[rows, 1:]
    slope: NDArray[np.float64] = -x.T @ (y - x @ weights)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    level = slope[weights > 0]
    np.testing.assert_allclose(level, level[0], atol=1e-8)
    assert (slope >= level[0] - 1e-8).all()
    assert fit.df[0] == 240 - ((weights > 0).sum() - 1)
    assert fit.sigma[0] == pytest.approx(np.sqrt(((y - x @ weights) ** 2).sum() / fit.df[0]))


def test_a_security_is_never_its_own_donor() -> None:
    result = studied(made_returns(noise=0.01), "A", "B", news=False)
    assert result.measured.fit.slopes[1][0] == 0
    assert result.measured.fit.slopes[1].sum() == pytest.approx(1)
    assert result.measured.fit.slopes[0][0] > 0


def test_the_weights_are_in_the_table_of_coefficients() -> None:
    table = studied(made_returns(), "A", "B", news=False).coefficients
    assert table["regressor"].tolist() == ["alpha", *DONORS] * 2
    np.testing.assert_allclose(table["value"].to_numpy()[:5], [0, 0.6, 0.4, 0, 0], atol=1e-8)
    assert table["se"].isna().all()


def test_sessions_without_a_donor_drop_out() -> None:
    values = made_returns(noise=0.01).values.copy()
    values[[100, 303], 2] = np.nan
    result = studied(Returns(values, DATES, ("A", *DONORS)), "A")
    assert result.estimates["n_obs"].iloc[0] == 239
    row = result.windows.set_index("window").loc["5-day"]
    assert row["n_valid"] == 4
    assert "missing_days" in row["flags"]


def test_without_history_there_is_no_control() -> None:
    values = made_returns(noise=0.01).values.copy()
    values[:280, 0] = np.nan
    row = studied(Returns(values, DATES, ("A", *DONORS)), "A").windows.iloc[0]
    assert np.isnan(row["car"])
    assert np.isfinite(row["raw_return"])


def test_no_benchmark_is_named() -> None:
    result = studied(made_returns(noise=0.01), "A")
    assert np.isnan(result.estimates["beta"].iloc[0])
    assert result.windows["bhar"].isna().all()
    assert result.windows["bhar_model"].notna().all()


@pytest.mark.parametrize("donors", [(), ("B",), "BC"])
def test_one_donor_is_no_control(donors: tuple[str, ...]) -> None:
    with pytest.raises(StudyError, match="at least 2 donors"):
        SyntheticControl(donors)
