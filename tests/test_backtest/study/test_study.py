"""The study as a researcher uses it: what is studied, what is dropped, what is flagged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import (
    EventStudy,
    EventStudyResult,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    Window,
)

DATES = pd.bdate_range("2024-01-02", periods=400)


def made_returns(seed: int = 1, **changes: np.ndarray) -> Returns:
    """400 sessions of a benchmark M and two securities, A and B, with betas 1 and 2."""
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, 400)
    data = {
        "M": market,
        "A": market + rng.normal(0, 0.02, 400),
        "B": 2 * market + rng.normal(0, 0.03, 400),
    }
    return Returns.from_frame(pd.DataFrame({**data, **changes}, index=DATES))


def at(row: int, ticker: str = "A", event_id: str = "e1", **more: object) -> dict[str, object]:
    return {"event_id": event_id, "ticker": ticker, "event_session": DATES[row], **more}


def run(
    *events: dict[str, object], returns: Returns | None = None, **changes: object
) -> EventStudyResult:
    study = EventStudy(MarketModel("M"), **changes)  # changes are what a test is about
    return study.fit(pd.DataFrame(list(events)), returns or made_returns())


def row_of(result: EventStudyResult, window: str = "1-day") -> Any:
    return result.windows.set_index("window").loc[window]


def test_a_known_jump_is_measured() -> None:
    base = made_returns()
    jump = base.column("A").copy()
    jump[300] += 0.10
    before, after = run(at(300)), run(at(300), returns=made_returns(A=jump))
    assert row_of(after)["car"] - row_of(before)["car"] == pytest.approx(0.10, abs=1e-12)
    assert row_of(after)["car_se"] == row_of(before)["car_se"]


def test_an_unknown_ticker_is_dropped_and_said() -> None:
    result = run(at(300), at(300, "ZZZ", "e2"))
    assert result.dropped.to_dict("records") == [
        {"event_id": "e2", "ticker": "ZZZ", "why": "no prices for ZZZ"}
    ]
    assert len(result.events) == 1


@pytest.mark.parametrize(
    ("date", "why"), [("2030-01-02", "after the prices"), ("2000-01-03", "before the prices")]
)
def test_events_outside_the_prices_are_dropped(date: str, why: str) -> None:
    result = run(at(300), {"event_id": "e2", "ticker": "A", "event_session": pd.Timestamp(date)})
    assert why in result.dropped["why"].iloc[0]


def test_a_session_that_is_no_row_of_the_panel_is_an_error() -> None:
    with pytest.raises(StudyError, match="is no row of the panel"):
        run({"event_id": "e", "ticker": "A", "event_session": pd.Timestamp("2024-06-01")})


def test_an_event_given_twice_is_an_error() -> None:
    with pytest.raises(StudyError, match="'e1' has A twice"):
        run(at(300), at(310))


def test_a_table_without_tickers_is_an_error_with_a_near_match() -> None:
    with pytest.raises(StudyError, match="no column 'ticker'; did you mean 'tickers'"):
        EventStudy(MarketModel("M")).fit(
            pd.DataFrame({"event_id": ["e"], "tickers": ["A"], "event_session": [DATES[300]]}),
            made_returns(),
        )


def test_an_estimation_window_that_reaches_the_event_is_an_error() -> None:
    with pytest.raises(StudyError, match=r"\[-100,-5\] reaches into the event windows"):
        EventStudy(MarketModel("M"), estimation=Window(-100, -5))


def test_no_events_at_all() -> None:
    result = run(at(300, "ZZZ"))
    assert result.windows.empty
    assert len(result.dropped) == 1
    assert set(result.tests()["why_not"]) != {""}
    assert "0 events, 1 dropped" in repr(result)
    assert result.paths.empty
    assert result.average_paths().empty or result.average_paths()["n_events"].max() == 0


@pytest.mark.parametrize(
    ("listed", "flag"),
    [(300 - 11 - 100, "reduced_history"), (300 - 11 - 45, "weak_history"), (285, "descriptive")],
)
def test_short_histories_are_flagged(listed: int, flag: str) -> None:
    late = made_returns().column("A").copy()
    late[:listed] = np.nan
    result = run(at(300), returns=made_returns(A=late))
    assert flag in row_of(result)["flags"].split(";")


def test_a_descriptive_event_has_a_difference_but_no_error() -> None:
    late = made_returns().column("A").copy()
    late[:285] = np.nan
    returns = made_returns(A=late)
    row = row_of(run(at(300), returns=returns))
    assert row["car"] == pytest.approx(returns.column("A")[300] - returns.column("M")[300])
    assert np.isnan(row["car_se"])
    assert np.isnan(row["pvalue"])


def test_the_mean_adjusted_model_has_nothing_to_fall_back_on() -> None:
    late = made_returns().column("A").copy()
    late[:285] = np.nan
    result = EventStudy(MeanAdjusted()).fit(pd.DataFrame([at(300)]), made_returns(A=late))
    assert np.isnan(row_of(result)["car"])
    assert row_of(result)["raw_return"] == pytest.approx(late[300])


def test_the_first_returns_after_a_listing_are_not_estimated_on() -> None:
    late = made_returns().column("A").copy()
    late[:100] = np.nan
    assert run(at(300), returns=made_returns(A=late)).estimates["n_obs"].iloc[0] == 290 - 105
    assert run(at(300)).estimates["n_obs"].iloc[0] == 250


def test_sessions_around_other_events_of_the_ticker_are_not_estimated_on() -> None:
    result = run(at(300), at(200, event_id="e0"), at(250, "B", "b"))
    estimates = result.estimates.set_index("event_id")
    assert estimates.loc["e1", "n_obs"] == 243
    assert estimates.loc["e1", "n_excluded"] == 7
    assert estimates.loc["b", "n_excluded"] == 0


def test_overlapping_events_of_one_ticker_are_flagged() -> None:
    result = run(at(300), at(310, event_id="e2"), at(305, "B", "b"))
    flagged = result.windows[result.windows["flags"].str.contains("overlap")]
    assert set(flagged["window"]) == {"1-month"}
    assert set(flagged["event_id"]) == {"e1", "e2"}


def test_a_missing_day_is_left_out_and_counted() -> None:
    holes = made_returns().column("A").copy()
    holes[302] = np.nan
    row = row_of(run(at(300), returns=made_returns(A=holes)), "5-day")
    assert row["n_valid"] == 4
    assert "missing_days" in row["flags"]
    assert np.isfinite(row["car"])


@pytest.mark.parametrize(("first", "measured"), [(319, False), (311, False), (310, True)])
def test_a_window_mostly_before_the_listing_is_not_measured(first: int, measured: bool) -> None:
    """Suspended from day -1 until day 19, 11 or 10.

    2, 10 and 11 of the 21 sessions have a return.
    """
    out = made_returns().column("A").copy()
    out[299:first] = np.nan
    result = run(at(300), at(300, "B", "b"), returns=made_returns(A=out))
    row = result.windows.set_index(["ticker", "window"]).loc[("A", "1-month")]
    assert row["n_valid"] == 321 - first
    assert np.isfinite(row["car"]) == measured
    assert ("few_days" in row["flags"]) != measured
    assert ("missing_days" in row["flags"]) == measured
    months = result.averages().set_index("window").loc["1-month", "n_events"]
    assert months == 1 + int(measured)


def test_a_window_after_the_last_trade_is_measured() -> None:
    """Bought out on day 1: what holders were paid is in its two returns, and nothing follows."""
    gone = made_returns().column("A").copy()
    gone[302:] = np.nan
    row = row_of(run(at(300), returns=made_returns(A=gone)), "1-month")
    assert np.isfinite(row["car"])
    assert "missing_days" in row["flags"]


def test_an_event_before_the_listing_is_dropped_with_the_reason() -> None:
    late = made_returns().column("A").copy()
    late[:316] = np.nan
    result = run(at(300), at(300, "B", "b"), returns=made_returns(A=late))
    assert result.events["ticker"].tolist() == ["B"]
    assert result.dropped["why"].tolist() == [
        "returns of A and its regressors on under half of the sessions of every window"
    ]


def test_a_window_beyond_the_prices_is_not_measured() -> None:
    result = run(at(390))
    assert np.isnan(row_of(result, "1-month")["car"])
    assert "cut_off" in row_of(result, "1-month")["flags"]
    assert np.isfinite(row_of(result, "5-day")["car"])


def test_an_uncertain_time_widens_the_first_window() -> None:
    row = row_of(run(at(300, first_day_end=1, timing_flags="timing_unknown")))
    assert (row["start"], row["end"], row["n_valid"]) == (0, 1, 2)
    assert row["flags"] == "timing_unknown;widened"


def test_paths_end_in_the_windows_cars() -> None:
    result = run(at(300))
    paths = result.paths.set_index("day")
    assert paths.loc[-1, "car"] == 0
    for window, day, sign in (
        ("1-day", 0, 1),
        ("5-day", 4, 1),
        ("1-month", 20, 1),
        ("run-up", -6, -1),
    ):
        assert paths.loc[day, "car"] == pytest.approx(sign * row_of(result, window)["car"])
        assert paths.loc[day, "se"] == pytest.approx(row_of(result, window)["car_se"])


def test_average_paths_end_in_the_caar_and_its_exact_error() -> None:
    result = run(at(300), at(303, "B", "b"), at(330, "B", "b2"))
    average = result.average_paths().set_index("day")
    section = result.cross_section("5-day")
    assert average.loc[4, "caar"] == pytest.approx(section.car.mean())
    z = result.tests().set_index(["window", "test"]).loc[("5-day", "caar_exact_z"), "statistic"]
    assert average.loc[4, "caar"] / average.loc[4, "se"] == pytest.approx(z)
    assert average.loc[-1, "caar"] == 0


def test_average_paths_end_in_the_interval_of_the_headline_test() -> None:
    result = run(*(at(300 + 4 * i, "AB"[i % 2], f"e{i}") for i in range(6)))
    path = result.average_paths().set_index("day")
    means = result.averages().set_index("window")
    for day, window in ((0, "1-day"), (4, "5-day"), (20, "1-month")):
        for name in ("weighted_mean", "low", "high"):
            assert path.loc[day, name] == pytest.approx(means.loc[window, name])
    before = means.loc["run-up"]
    assert path.loc[-6, "weighted_mean"] == pytest.approx(-before["weighted_mean"])
    assert path.loc[-6, "low"] == pytest.approx(-before["high"])
    assert path.loc[-6, "high"] == pytest.approx(-before["low"])
    assert (path.loc[-1, ["weighted_mean", "low", "high"]] == 0).all()


def test_groups_partition_the_events() -> None:
    result = run(at(300, role="x"), at(303, "B", "b", role="y"), at(330, "B", "b2", role="x"))
    tests = result.tests("role")
    assert tests[tests["test"] == "cross_t"].groupby("group_value")["n_events"].max().to_dict() == {
        "x": 2,
        "y": 1,
    }
    assert (tests["group"] == "role").all()


def test_a_security_that_is_its_own_benchmark_gets_no_error_rather_than_a_huge_t() -> None:
    row = row_of(run(at(300, "M")))
    assert row["car"] == pytest.approx(0, abs=1e-15)
    assert np.isnan(row["pvalue"])


def test_market_adjusted_is_the_plain_difference() -> None:
    returns = made_returns()
    result = EventStudy(MarketAdjusted("M")).fit(pd.DataFrame([at(300)]), returns)
    difference = returns.column("A") - returns.column("M")
    assert row_of(result, "5-day")["car"] == pytest.approx(difference[300:305].sum())
    sigma = difference[40:290].std(ddof=1)
    assert row_of(result, "5-day")["car_se"] == pytest.approx(sigma * np.sqrt(5))


def test_the_result_reads_as_one_sentence() -> None:
    text = repr(run(at(300), at(303, "B", "b"), at(330, "B", "b2")))
    assert text.startswith(
        "<EventStudyResult market model on M: 3 events, 0 dropped; CAAR[0,+4] = "
    )
