"""The two clocks on XNYS, over every time of day on every type of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import CalendarError, Sessions, place_events
from events.flag import flags_in

NEW_YORK = ZoneInfo("America/New_York")
OPEN, CLOSE, EARLY = time(9, 30), time(16), time(13)

# Written by hand from the exchange's own calendar, not from the library under test.
HOLIDAYS = {
    date(2025, 11, 27),
    date(2025, 12, 25),
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 1, 19),
    date(2026, 2, 16),
}
EARLY_CLOSES = {date(2025, 11, 28), date(2025, 12, 24)}

DAYS = {
    "full day": date(2026, 4, 9),
    "day before it": date(2026, 4, 8),
    "half day": date(2025, 12, 24),
    "day before the half day": date(2025, 12, 23),
    "half day after a holiday": date(2025, 11, 28),
    "holiday": date(2026, 4, 3),
    "day before the holiday": date(2026, 4, 2),
    "holiday before a half day": date(2025, 11, 27),
    "Saturday": date(2026, 4, 11),
    "Sunday": date(2026, 4, 12),
    "day before the weekend": date(2026, 4, 10),
    "summer time begins": date(2026, 3, 8),
    "first session of summer time": date(2026, 3, 9),
    "last session of winter time": date(2026, 3, 6),
    "first session of winter time": date(2025, 11, 3),
}
TIMES = [
    "00:00",
    "08:00",
    "09:29:59",
    "09:30",
    "09:30:01",
    "12:00",
    "12:29:59",
    "12:30",
    "12:30:01",
    "12:59:59",
    "13:00",
]
TIMES += [
    "13:00:01",
    "15:29:59",
    "15:30",
    "15:30:01",
    "15:59:59",
    "16:00",
    "16:00:01",
    "20:00",
    "23:59:59",
]


@pytest.fixture(scope="module")
def xnys() -> Sessions:
    return Sessions.exchange("XNYS", "2025-10-01", "2026-05-29")


def is_session(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def bounds(day: date) -> tuple[datetime, datetime]:
    close = EARLY if day in EARLY_CLOSES else CLOSE
    return datetime.combine(day, OPEN, NEW_YORK), datetime.combine(day, close, NEW_YORK)


def next_session(day: date) -> date:
    while not is_session(day):
        day += timedelta(days=1)
    return day


def expected(instant: datetime) -> tuple[date, date, int]:
    """Walk day by day: the slow, obvious way to say what two binary searches say."""
    day = next_session(instant.date())
    reaction = day if bounds(day)[1] > instant else next_session(day + timedelta(days=1))
    tradable = day if bounds(day)[0] > instant else next_session(day + timedelta(days=1))
    start, end = bounds(reaction)
    late = start <= instant and end - instant < timedelta(minutes=30)
    return reaction, tradable, int(late)


@pytest.mark.parametrize(("kind", "clock"), list(product(DAYS, TIMES)))
def test_instant_on_every_day_at_every_time(xnys: Sessions, kind: str, clock: str) -> None:
    instant = datetime.combine(DAYS[kind], time.fromisoformat(clock), NEW_YORK)
    placed = xnys.place(instant)
    assert placed.session is not None
    assert placed.tradable_open is not None
    assert (placed.session.date(), placed.tradable_open.date(), placed.first_day_end) == expected(
        instant
    )
    assert xnys.place(instant.astimezone(UTC)) == placed
    assert ("not_a_session" in placed.flags) == (not is_session(DAYS[kind]))
    assert ("late_in_session" in placed.flags) == bool(placed.first_day_end)


# (session, first tradable open, end of the 1-day window), by hand.
BY_DATE = {
    ("full day", "before_open"): ("2026-04-09", "2026-04-09", 0),
    ("full day", "during_session"): ("2026-04-09", "2026-04-10", 0),
    ("full day", "after_close"): ("2026-04-10", "2026-04-10", 0),
    ("full day", "unknown"): ("2026-04-09", "2026-04-10", 1),
    ("half day", "before_open"): ("2025-12-24", "2025-12-24", 0),
    ("half day", "during_session"): ("2025-12-24", "2025-12-26", 0),
    ("half day", "after_close"): ("2025-12-26", "2025-12-26", 0),
    ("half day", "unknown"): ("2025-12-24", "2025-12-26", 1),
    ("holiday", "before_open"): ("2026-04-06", "2026-04-06", 0),
    ("holiday", "during_session"): ("2026-04-06", "2026-04-06", 0),
    ("holiday", "after_close"): ("2026-04-06", "2026-04-06", 0),
    ("holiday", "unknown"): ("2026-04-06", "2026-04-06", 0),
    ("day before the holiday", "before_open"): ("2026-04-02", "2026-04-02", 0),
    ("day before the holiday", "during_session"): ("2026-04-02", "2026-04-06", 0),
    ("day before the holiday", "after_close"): ("2026-04-06", "2026-04-06", 0),
    ("day before the holiday", "unknown"): ("2026-04-02", "2026-04-06", 1),
    ("Saturday", "before_open"): ("2026-04-13", "2026-04-13", 0),
    ("Saturday", "during_session"): ("2026-04-13", "2026-04-13", 0),
    ("Saturday", "after_close"): ("2026-04-13", "2026-04-13", 0),
    ("Saturday", "unknown"): ("2026-04-13", "2026-04-13", 0),
    ("day before the weekend", "before_open"): ("2026-04-10", "2026-04-10", 0),
    ("day before the weekend", "during_session"): ("2026-04-10", "2026-04-13", 0),
    ("day before the weekend", "after_close"): ("2026-04-13", "2026-04-13", 0),
    ("day before the weekend", "unknown"): ("2026-04-10", "2026-04-13", 1),
}


@pytest.mark.parametrize(("kind", "timing"), list(BY_DATE))
def test_date_with_each_timing(xnys: Sessions, kind: str, timing: str) -> None:
    placed = xnys.place(DAYS[kind], timing)
    session, tradable, end = BY_DATE[kind, timing]
    assert placed.session == pd.Timestamp(session)
    assert placed.tradable_open == pd.Timestamp(tradable)
    assert placed.first_day_end == end
    assert ("timing_unknown" in placed.flags) == (timing == "unknown" and is_session(DAYS[kind]))


@given(st.lists(st.datetimes(datetime(2025, 9, 1), datetime(2026, 7, 1)), min_size=2, max_size=30))
def test_placement_is_monotone_and_trades_after_the_news(naive: list[datetime]) -> None:
    xnys = Sessions.exchange("XNYS", "2025-10-01", "2026-05-29")
    instants = sorted(moment.replace(tzinfo=UTC) for moment in naive)
    placed = place_events(pd.DataFrame({"announced_at": pd.Series(instants, dtype=object)}), xnys)
    inside = placed.dropna(subset=["event_session", "tradable_open"])
    assert inside["event_session"].is_monotonic_increasing
    assert inside["tradable_open"].is_monotonic_increasing
    assert (inside["tradable_open"] >= inside["event_session"]).all()
    opens = pd.Series(xnys.opens, index=xnys.dates).loc[inside["tradable_open"]]
    assert all(
        opened > instant for opened, instant in zip(opens, inside["announced_at"], strict=True)
    )


def test_many_at_once_are_placed_as_one_by_one(xnys: Sessions) -> None:
    instants = [
        datetime.combine(day, time.fromisoformat(clock), NEW_YORK)
        for day, clock in product(DAYS.values(), TIMES)
    ]
    frame = pd.DataFrame({"announced_at": pd.Series(instants, dtype=object)})
    placed = place_events(frame, xnys)
    for row, instant in zip(placed.itertuples(), instants, strict=True):
        one = xnys.place(instant)
        assert (row.event_session, row.tradable_open, row.first_day_end) == (
            one.session,
            one.tradable_open,
            one.first_day_end,
        )
        assert flags_in(row.timing_flags) == one.flags


def test_outside_the_calendar_is_said_and_not_guessed(xnys: Sessions) -> None:
    for when in (date(2026, 6, 1), date(2025, 9, 30), datetime(2026, 5, 29, 16, tzinfo=NEW_YORK)):
        placed = xnys.place(when, "before_open")
        assert placed.session is None
        assert placed.tradable_open is None
        assert "outside_calendar" in placed.flags


def test_news_in_the_last_session_has_a_reaction_and_no_tradable_open(xnys: Sessions) -> None:
    placed = xnys.place(datetime(2026, 5, 29, 12, tzinfo=NEW_YORK))
    assert placed.session == pd.Timestamp("2026-05-29")
    assert placed.tradable_open is None


def test_an_instant_tells_its_timing(xnys: Sessions) -> None:
    clocks = {
        "08:00": "before_open",
        "12:00": "during_session",
        "16:00": "after_close",
        "23:00": "after_close",
    }
    frame = pd.DataFrame({"announced_at": [f"2026-04-09T{clock}:00-04:00" for clock in clocks]})
    assert place_events(frame, xnys)["timing"].tolist() == list(clocks.values())


def test_dates_of_a_panel_are_dates(xnys: Sessions) -> None:
    frame = pd.DataFrame(
        {"announced_at": pd.to_datetime(["2026-04-09"]), "timing": ["after_close"]}
    )
    assert place_events(frame, xnys)["event_session"].tolist() == [pd.Timestamp("2026-04-10")]


def test_one_day_is_a_calendar_and_a_holiday_is_none() -> None:
    assert len(Sessions.exchange("XNYS", "2026-04-09", "2026-04-09")) == 1
    with pytest.raises(CalendarError, match="XNYS has no session from 2026-04-03 to 2026-04-05"):
        Sessions.exchange("XNYS", "2026-04-03", "2026-04-05")


def test_an_empty_table_stays_one(xnys: Sessions) -> None:
    placed = place_events(pd.DataFrame({"announced_at": []}), xnys)
    assert placed.empty
    assert {"event_session", "tradable_open", "first_day_end", "timing_flags"} <= set(placed)


def test_own_dates_are_sessions(xnys: Sessions) -> None:
    own = Sessions.from_dates(["2026-04-11", "2026-04-12"])
    assert own.place(datetime(2026, 4, 11, 16, tzinfo=NEW_YORK)).session == pd.Timestamp(
        "2026-04-12"
    )
    assert repr(own) == "<Sessions own dates: 2, 2026-04-11 to 2026-04-12>"


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (
            lambda: Sessions.exchange("XNSY", "2026-01-01", "2026-02-01"),
            "no exchange 'XNSY'.*did you mean",
        ),
        (
            lambda: Sessions.exchange("XNYS", "2026-02-01", "2026-01-01"),
            "start 2026-02-01 is after end 2026-01-01",
        ),
        (lambda: Sessions.from_dates(["2026-01-02", "2026-01-02"]), "not in order"),
        (
            lambda: Sessions.from_dates(["2026-01-02"]).place(date(2026, 1, 2), "befor_open"),
            "did you mean 'before_open'",
        ),
        (lambda: Sessions.exchange("XNYS", "someday", "2026-02-01"), "'someday' is no date"),
        (
            lambda: place_events(
                pd.DataFrame({"announced_at": [pd.NaT]}), Sessions.from_dates(["2026-01-02"])
            ),
            "row 0: empty",
        ),
        (
            lambda: place_events(pd.DataFrame({"a": [1]}), Sessions.from_dates(["2026-01-02"])),
            "no column announced_at",
        ),
        (
            lambda: place_events(
                pd.DataFrame({"announced_at": ["2026-01-02T10:00"]}),
                Sessions.from_dates(["2026-01-02"]),
            ),
            "row 0: no UTC offset",
        ),
    ],
)
def test_errors_say_what_and_where(act: object, says: str) -> None:
    with pytest.raises(CalendarError, match=says):
        act()  # parametrised over callables


def test_times_that_are_one_object_and_equal_ones_are_placed_alike() -> None:
    day, other = date(2026, 4, 9), date(2026, 4, 10)
    frame = pd.DataFrame({"announced_at": [day, day, other, date(2026, 4, 9), other]})
    sessions = Sessions.exchange("XNYS", "2026-01-02", "2026-12-31")
    placed = place_events(frame, sessions)["event_session"]
    assert placed.dt.date.tolist() == [day, day, other, day, other]
    frame.loc[4, "announced_at"] = "never"
    with pytest.raises(CalendarError, match="announced_at, row 4"):
        place_events(frame, sessions)
