"""Lines of `place` that `mutmut` changed without a test that saw it: docs/mutation.md.

By hand-made panels.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest import EventStudy, MarketModel, Returns
from backtest.study.place import panel as of_panel
from backtest.study.place.alignment import align

DAYS = pd.bdate_range("2024-01-02", periods=300)


def _returns() -> Returns:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(random.normal(0, 0.01, (300, 3)), index=DAYS, columns=["SPY", "A", "B"])
    return Returns.from_frame(frame)


def _events(*rows: tuple[str, str, pd.Timestamp]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event_id", "ticker", "event_session"])


def test_a_return_over_three_sessions_runs_over_the_two_before_its_own() -> None:
    spans = np.array([[1, 1], [1, 3], [1, 1], [3, 1], [2, 2]])
    valid = np.array([[True, True], [True, True], [True, True], [True, True], [True, False]])
    # A runs over rows 1 and 2, then row 3; B's first began before the panel, its last is no return
    assert np.flatnonzero(of_panel._run_over(valid, spans)[:, 0]).tolist() == [1, 2, 3]
    assert np.flatnonzero(of_panel._run_over(valid, spans)[:, 1]).tolist() == [0]


def test_each_regressor_is_compounded_by_itself_and_over_the_span_alone() -> None:
    x = np.array([[[0.5, 0.0]], [[0.1, 0.2]], [[0.3, 0.5]]])
    found = of_panel._over_spans(x, np.array([[1], [1], [2]]))
    np.testing.assert_allclose(found[2, 0], [1.1 * 1.3 - 1, 1.2 * 1.5 - 1])
    np.testing.assert_array_equal(found[:2], x[:2])


def test_leads_look_forward_and_lags_back() -> None:
    values = np.array([[1.0], [2.0], [3.0]])
    assert of_panel._shifted(values, 1).ravel().tolist()[:2] == [2.0, 3.0]
    assert np.isnan(of_panel._shifted(values, 1)[2, 0])
    assert of_panel._shifted(values, -1).ravel().tolist()[1:] == [1.0, 2.0]
    assert np.isnan(of_panel._shifted(values, -1)[0, 0])


def test_the_first_and_the_last_row_are_in_the_panel_and_none_beyond() -> None:
    study = EventStudy(MarketModel("SPY"))
    panel = study.fit(_events(("a", "A", DAYS[280])), _returns()).measured.panel
    rows = np.array([[-1, 0, 299, 300]])
    assert panel.within(np.array([280]), rows).tolist() == [[False, True, True, False]]


def test_an_event_on_the_first_session_has_its_row_and_later_ones_keep_theirs() -> None:
    events = _events(
        ("early", "A", DAYS[0] - pd.Timedelta(days=7)),
        ("first", "A", DAYS[0]),
        ("last", "B", DAYS[299]),
        ("late", "B", DAYS[299] + pd.Timedelta(days=7)),
    )
    placed, dropped = align(events, _returns())
    assert placed.row.tolist() == [0, 299]
    assert placed.frame.index.tolist() == [0, 1]
    assert placed.frame["event_id"].tolist() == ["first", "last"]
    early, late = dropped["why"]
    assert early.startswith("event session 2023-12-26 is before")
    assert early.endswith(f"which start {DAYS[0]:%Y-%m-%d}")
    assert late.endswith(f"which end {DAYS[299]:%Y-%m-%d}")


def test_the_other_spelling_of_a_ticker_is_named_with_all_there_are() -> None:
    returns = Returns(np.zeros((300, 3)), DAYS, ("SPY", "a", "A"))
    _, dropped = align(_events(("x", "Spy", DAYS[3])), returns)
    assert dropped["why"].tolist() == ["no prices for Spy; there are some for SPY"]


def test_events_taken_twice_keep_the_number_of_their_announcement() -> None:
    events = _events(*((name, "A", DAYS[at]) for at, name in enumerate("abcd")))
    placed, _ = align(events, _returns())
    twice = placed.take(np.array([3, 2, 1])).take(np.array([2, 0]))
    assert twice.frame["event_id"].tolist() == ["b", "d"]
    assert twice.announcement.tolist() == [1, 3]
    assert twice.row.tolist() == [1, 3]


def test_a_share_listed_on_the_third_row_loses_its_first_returns_and_an_old_one_none() -> None:
    present = np.ones((6, 2), dtype=bool)
    present[:2, 1] = False
    first = of_panel._first_sessions(present, 3)
    assert first[:, 0].tolist() == [False] * 6
    assert first[:, 1].tolist() == [False, False, True, True, True, False]
