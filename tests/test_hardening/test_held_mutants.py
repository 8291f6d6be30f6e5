"""Lines that `mutmut` changed without a test that saw it: docs/mutation.md. Each has one here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Returns, Window
from backtest.study.dependence.correlation import mean_correlation
from backtest.study.place.panel import around
from events import Sessions

DAYS = pd.bdate_range("2024-01-02", periods=400)


def _returns(listed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(2)
    frame = pd.DataFrame(random.normal(0, 0.01, (400, 3)), index=DAYS, columns=["SPY", "A", "B"])
    frame.loc[frame.index[:listed], "A"] = np.nan
    return frame


def _fit(places: list[tuple[str, int]], returns: pd.DataFrame, **more: object) -> Any:
    events = pd.DataFrame(
        [(f"e{i}", ticker, DAYS[row]) for i, (ticker, row) in enumerate(places)],
        columns=["event_id", "ticker", "event_session"],
    )
    model = more.pop("model", MarketModel("SPY"))
    return EventStudy(model, exclude=None, **more).fit(events, Returns.from_frame(returns))


def test_two_events_have_the_correlation_of_their_pair_and_one_has_none() -> None:
    assert mean_correlation(np.array([[1.0, 0.3], [0.3, 1.0]])) == pytest.approx(0.3)
    assert mean_correlation(np.ones((1, 1))) == 0.0


@pytest.mark.parametrize(("second", "flagged"), [(334, True), (335, False)])
def test_windows_that_share_one_session_overlap(second: int, flagged: bool) -> None:
    found = _fit([("A", 330), ("A", second)], _returns(), windows={"w": Window(0, 4)})
    assert found.windows["flags"].str.contains("overlap").tolist() == [flagged] * 2


def test_windows_of_different_shares_never_overlap() -> None:
    places = [("A", 330), ("B", 330), ("A", 340), ("B", 332)]
    found = _fit(places, _returns(), windows={"w": Window(0, 4)})
    flags = found.windows.set_index("event_id")["flags"].str.contains("overlap")
    assert flags.to_dict() == {"e0": False, "e1": True, "e2": False, "e3": True}


@pytest.mark.parametrize(("listed", "skipped"), [(1, 0), (2, 5), (3, 5)])
def test_a_share_is_new_where_its_first_return_is_later_than_the_panels(
    listed: int, skipped: int
) -> None:
    found = _fit([("A", 230)], _returns(listed), skip_after_listing=5, estimation=Window(-300, -11))
    # the estimation window reaches back to row 0 of the panel and ends at row 219
    assert found.estimates["n_obs"].tolist() == [220 - listed - skipped]


def test_a_share_is_taken_out_of_its_own_benchmark_by_its_weight() -> None:
    frame = _returns()
    without = frame.assign(SPY=(frame["SPY"] - 0.2 * frame["A"]) / 0.8)
    own = _fit([("A", 330)], frame, model=MarketModel("SPY", own_weights={"A": 0.2}))
    by_hand = _fit([("A", 330)], without)
    np.testing.assert_allclose(own.windows["car"], by_hand.windows["car"], atol=1e-14)
    # a CAR does not see the scale of its benchmark; its beta does
    np.testing.assert_allclose(own.estimates["beta"], by_hand.estimates["beta"], atol=1e-12)
    plain = _fit([("A", 330)], frame)
    assert np.abs(own.windows["car"] - plain.windows["car"]).max() > 1e-4


def test_sessions_around_an_event_end_with_the_panel() -> None:
    marked = around((np.array([0, 9]), np.array([0, 1])), Window(-2, 2), (10, 2))
    assert np.flatnonzero(marked[:, 0]).tolist() == [0, 1, 2]
    assert np.flatnonzero(marked[:, 1]).tolist() == [7, 8, 9]


def test_a_part_of_a_cross_section_keeps_the_overlap_of_its_own_events() -> None:
    places = [("A", 330), ("B", 332), ("B", 333)]
    section = _fit(places, _returns(), windows={"w": Window(0, 4)}).cross_section("w")
    whole = section.overlap
    part = section.take(np.array([0, 2]))
    np.testing.assert_allclose(part.overlap, whole[np.ix_([0, 2], [0, 2])])
    np.testing.assert_allclose(whole[0], [1.0, 0.6, 0.4])


def test_sessions_given_as_dates_open_and_close_at_new_yorks_hours() -> None:
    sessions = Sessions.from_dates(pd.DatetimeIndex(["2026-01-05", "2026-07-06"]))
    assert [f"{one:%H:%M %Z}" for one in sessions.opens] == ["14:30 UTC", "13:30 UTC"]
    assert [f"{one:%H:%M %Z}" for one in sessions.closes] == ["21:00 UTC", "20:00 UTC"]


def test_a_placement_says_the_day_of_the_news_on_its_own_exchange() -> None:
    late = datetime(2026, 4, 9, 23, 30, tzinfo=UTC)  # the morning of the 10th in Tokyo
    tokyo = Sessions.exchange("XTKS", "2026-04-01", "2026-04-30").place(late)
    assert tokyo.on == date(2026, 4, 10)
    assert tokyo.session == pd.Timestamp("2026-04-10")
    york = Sessions.exchange("XNYS", "2026-04-01", "2026-04-30").place(late)
    assert york.on == date(2026, 4, 9)
    assert york.session == pd.Timestamp("2026-04-10")
