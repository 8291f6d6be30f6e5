"""Wrong calls from Python: each works or says what to write; none ends in a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, EventStudyResult, MarketModel, Prices, Returns, Window
from events import ReactionsError

DAYS = pd.bdate_range("2024-01-02", periods=400)
FRAME = pd.DataFrame(
    np.random.default_rng(1).normal(0, 0.01, (400, 3)), index=DAYS, columns=["SPY", "A", "B"]
)
EVENTS = pd.DataFrame(
    {"event_id": ["e1", "e2"], "ticker": ["A", "B"], "event_session": [DAYS[300], DAYS[320]]}
)
MODEL: Any = MarketModel("SPY")


def fit(
    events: Any = EVENTS, frame: Any = FRAME, model: Any = MODEL, **more: Any
) -> EventStudyResult:
    return EventStudy(model, **more).fit(events, Returns.from_frame(frame))


def sessions(values: object) -> pd.DataFrame:
    return EVENTS.assign(event_session=values)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a model's name": (lambda: fit(model="market"), "write MarketModel('SPY')"),
    "a model's name that needs more": (lambda: fit(model="ff3"), "write fama_french('ff3')"),
    "a class": (lambda: fit(model=MarketModel), "MarketModel is a class; make one of it"),
    "no model": (lambda: fit(model=None), "model: None is no model; write MarketModel('SPY')"),
    "a number as benchmark": (lambda: fit(model=MarketModel(5)),
                              "benchmark: '5' is no text; write 'SPY'"),
    "half a session": (lambda: Window(0.5, 1),
                       "start of a window must be a whole number of sessions, got 0.5"),
    "half a session at the end": (lambda: Window(0, 1.5), "end of a window must be a whole number"),
    "yes and no": (lambda: Window(False, True), "got False; write Window(-1, 1)"),
    "yes and no as windows": (lambda: fit(windows=[False, True]),
                              "windows: False is no window; write Window(-1, 1)"),
    "a flat pair": (lambda: fit(windows=(-1, 1)), "windows: -1 is no window; write Window(-1, 1)"),
    "three numbers": (lambda: fit(windows=[(0, 1, 2)]), "(0, 1, 2) is no window"),
    "no windows": (lambda: fit(windows=None), "windows: None is no list of windows"),
    "a window's number as name": (lambda: fit(windows={1: Window(0, 1)}), "the name 1 is no text"),
    "a window's name that turns the line": (lambda: fit(windows={"a\u202eb": Window(0, 1)}),
                              r"windows: the name 'a\u202eb': invisible character U+202E"),
    "no estimation": (lambda: fit(estimation=None), "estimation: None is no window"),
    "a number to exclude": (lambda: fit(exclude=5), "exclude: 5 is no window"),
    "no horizon": (lambda: fit(horizon=None), "horizon: None is no window"),
    "a count below zero": (lambda: fit(skip_after_listing=-1), "a whole number from 0, got -1"),
    "a text as count": (lambda: fit(skip_after_listing="5"), "a whole number from 0, got '5'"),
    "words as session": (lambda: fit(sessions("yesterday")),
                         "'yesterday' is no date; write 2026-04-09"),
    "day first": (lambda: fit(sessions("02/03/2025")), "'02/03/2025' is no date; write 2026-04-09"),
    "a number as session": (lambda: fit(sessions([20250225, 20250226])),
                            "20250225 is a number; write 2026-04-09"),
    "the ticker twice": (lambda: fit(pd.concat([EVENTS, EVENTS[["ticker"]]], axis=1)),
                         "column 'ticker' twice"),
    "the session twice": (
        lambda: fit(pd.concat([EVENTS, EVENTS[["event_session"]]], axis=1)),
        "column 'event_session' twice",
    ),
    "no id": (lambda: fit(EVENTS.assign(event_id=[None, "x"])),
              "row 0 of the events has no event_id"),
    "first day": (lambda: fit(EVENTS.assign(first_day_end="x")),
                  "first_day_end: x is neither 0 nor 1"),
    "a list of events": (lambda: fit([1, 2]), "events: a list is no catalog and no table"),
    "a path as events": (lambda: fit("events.csv"), "events: a str is no catalog and no table"),
    "a table as prices": (lambda: EventStudy(MODEL).fit(EVENTS, FRAME),
                          "write Returns.from_frame(df) for returns"),
    "no prices": (lambda: EventStudy(MODEL).fit(EVENTS, None), "prices: a NoneType is neither"),
    "a series": (lambda: Returns.from_frame(FRAME["A"]),
                 "write Returns.from_frame(...to_frame('A'))"),
    "an array": (lambda: Returns.from_frame(FRAME.to_numpy()), "a ndarray is no table"),
    "no rows of returns": (lambda: Returns.from_frame(FRAME.iloc[:0]),
                           "shape (0, 3), nothing in it"),
    "no columns": (lambda: Returns.from_frame(FRAME[[]]), "shape (400, 0), nothing in it"),
    "rows by number": (lambda: Returns.from_frame(FRAME.reset_index(drop=True)),
                       "write df.set_index('date')"),
    "levels": (lambda: Returns.from_frame(pd.concat({"x": FRAME}, axis=1)),
               "the columns have 2 levels"),
    "yes and no as returns": (lambda: Returns.from_frame(FRAME > 0), "SPY holds yes and no"),
    "nullable yes and no as returns": (
        lambda: Returns.from_frame((FRAME > 0).astype("boolean")), "SPY holds yes and no"
    ),
    "day first in the index": (
        lambda: Returns.from_frame(FRAME.set_axis(DAYS.strftime("%d/%m/%Y"))),
        "could be read in two ways",
    ),
    "a date missing": (lambda: Returns.from_frame(FRAME.set_axis([pd.NaT, *DAYS[1:]])),
                       "is there twice or missing"),
    "one ticker as text": (lambda: Prices.yahoo("META"), "is the text 'META'; write a list"),
    "a number as ticker": (lambda: Prices.read("anywhere", [1]), "1 is no ticker"),
    "an unknown grouping": (lambda: fit().tests("rol"), "no column 'rol' of the events to group"),
    "a number as window's name": (lambda: fit().window(5),
                                  "name: '5' is no text; write one of 1-day"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_call_says_what_to_write(name: str) -> None:
    call, says = REFUSED[name]
    with pytest.raises(ReactionsError) as caught:
        call()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "windows", [[(-1, 1)], [[-1, 1]], ["[-1,+1]"], Window(-1, 1), [Window(-1, 1)]]
)
def test_windows_may_be_pairs_or_text(windows: Any) -> None:
    assert fit(windows=windows).named_windows == {"[-1,+1]": Window(-1, 1)}


def test_a_standard_name_is_a_window_too() -> None:
    assert fit(windows="5-day").named_windows == {"5-day": Window(0, 4)}


@pytest.mark.parametrize(
    "values",
    [
        EVENTS["event_session"].dt.tz_localize("UTC"),
        EVENTS["event_session"].dt.tz_localize("America/New_York"),
        EVENTS["event_session"].dt.strftime("%Y-%m-%d"),
        [day.date() for day in EVENTS["event_session"]],
    ],
    ids=["utc", "new york", "text", "dates"],
)
def test_sessions_of_any_type_are_the_same_sessions(values: object) -> None:
    pd.testing.assert_frame_equal(fit(sessions(values)).windows, fit().windows)


@pytest.mark.parametrize(
    "index", [DAYS.tz_localize("UTC"), DAYS.strftime("%Y-%m-%d"), DAYS.to_period("D")],
    ids=["utc", "text", "periods"],
)  # fmt: skip
def test_dates_of_any_type_are_the_same_dates(index: pd.Index) -> None:
    pd.testing.assert_frame_equal(fit(frame=FRAME.set_axis(index)).windows, fit().windows)


def test_what_is_missing_is_left_out_with_the_reason() -> None:
    dropped = fit(sessions([pd.NaT, DAYS[320]])).dropped
    assert dropped["why"].tolist() == ["no event session is given"]
    dropped = fit(EVENTS.assign(ticker=[None, "B"])).dropped
    assert dropped["why"].tolist() == ["no ticker is given"]


def test_no_events_are_a_study_of_none() -> None:
    result = fit(EVENTS.iloc[:0])
    assert "0 events, 0 dropped" in repr(result)
    assert result.windows.empty
