"""The peer basket: who is in it on which day."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceError, StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, MarketAdjusted, MarketModel, Window
from backtest.study.normal import ScholesWilliams
from backtest.study.normal.design import Design
from backtest.study.place.market import peer_returns

DATES = pd.bdate_range("2024-01-02", periods=400)


def made_returns() -> Returns:
    rng = np.random.default_rng(3)
    return Returns.from_frame(
        pd.DataFrame(rng.normal(0, 0.02, (400, 4)), columns=list("ABCD"), index=DATES)
    )


def normal_on(
    peers: tuple[str, ...], *events: tuple[str, int], day: int = 0, exclude: Window | None
) -> float:
    """The basket's return on a day after the first event."""
    frame = pd.DataFrame(
        [
            {"event_id": f"e{i}", "ticker": t, "event_session": DATES[row]}
            for i, (t, row) in enumerate(events)
        ]
    )
    table = (
        EventStudy(MarketAdjusted("PEERS", peers), exclude=exclude)
        .fit(frame, made_returns())
        .abnormal
    )
    return float(table[(table["event_id"] == "e0") & (table["day"] == day)]["normal"].iloc[0])


def test_the_security_itself_is_never_in_its_basket() -> None:
    values = made_returns().values
    assert normal_on(("A", "B", "C"), ("A", 300), exclude=None) == pytest.approx(
        values[300, [1, 2]].mean()
    )


def test_a_peer_without_a_return_that_day_is_left_out() -> None:
    values = np.array([[0.01, 0.02, np.nan], [np.nan, 0.02, np.nan]])
    returns = Returns.from_frame(pd.DataFrame(values, columns=list("ABC"), index=DATES[:2]))
    basket = peer_returns(returns, ("A", "B", "C"), np.array([0, 1]), np.zeros((2, 3), dtype=bool))
    np.testing.assert_allclose(basket, [[0.02, 0.01], [0.02, np.nan]])


@pytest.mark.parametrize(("day", "hidden"), [(0, False), (1, True), (7, True), (8, False)])
def test_a_peer_is_left_out_around_its_own_event(day: int, hidden: bool) -> None:
    """B has an event two sessions after A's.

    It leaves A's basket from the session before its event to 5 after it.
    """
    values = made_returns().values
    found = normal_on(("B", "C"), ("A", 300), ("B", 302), day=day, exclude=Window(-1, 5))
    assert found == pytest.approx(values[300 + day, [2] if hidden else [1, 2]].mean())


def test_without_exclusion_a_peer_stays() -> None:
    values = made_returns().values
    assert normal_on(("B", "C"), ("A", 300), ("B", 300), exclude=None) == pytest.approx(
        values[300, [1, 2]].mean()
    )


def test_peers_must_be_stated() -> None:
    event = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": [DATES[300]]})
    with pytest.raises(StudyError, match="PEERS needs its peers stated"):
        EventStudy(MarketModel("PEERS")).fit(event, made_returns())
    with pytest.raises(StudyError, match="'B' is named twice"):
        EventStudy(MarketModel("PEERS", ("B", "B"))).fit(event, made_returns())
    with pytest.raises(StudyError, match="name the benchmark 'PEERS'"):
        EventStudy(MarketModel("B", ("C",))).fit(event, made_returns())
    with pytest.raises(PriceError, match="no prices for 'E'"):
        EventStudy(MarketModel("PEERS", ("B", "E"))).fit(event, made_returns())


def test_lags_stay_inside_the_estimation_window() -> None:
    assert ScholesWilliams("A").design.inside(Window(-130, -11)) == Window(-129, -12)
    with pytest.raises(StudyError, match="too short"):
        Design(("A",), lags=(-1, 1), trim=1).inside(Window(-12, -11))


def test_tomorrow_is_not_needed_on_the_event_day() -> None:
    """The lead serves the estimation only: the panel may end on the event day."""
    returns = made_returns()
    short = Returns(returns.values[:301].copy(), returns.sessions[:301], returns.tickers)
    event = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": [DATES[300]]})
    whole, cut = (
        EventStudy(ScholesWilliams("B")).fit(event, r).windows.set_index("window")
        for r in (returns, short)
    )
    assert cut.loc["1-day", "car"] == whole.loc["1-day", "car"]
