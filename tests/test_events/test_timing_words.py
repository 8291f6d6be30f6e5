"""The word for when news came, reckoned by hand from the hours of the exchange."""

from __future__ import annotations

import pandas as pd
import pytest

from events import Sessions, place_events


def word(announced_at: str, timing: str = "unknown") -> str:
    events = pd.DataFrame(
        {"event_id": ["e"], "ticker": ["A"], "announced_at": [announced_at], "timing": [timing]}
    )
    sessions = Sessions.exchange("XNYS", "2025-10-01", "2026-05-29")
    return str(place_events(events, sessions)["timing"].iloc[0])


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-04-09T00:00:00-04:00", "before_open"),  # eight hours after the close at 16:00
        ("2026-04-09T09:29:59-04:00", "before_open"),
        ("2026-04-09T09:30:00-04:00", "during_session"),
        ("2026-04-09T15:59:59-04:00", "during_session"),
        ("2026-04-09T16:00:00-04:00", "after_close"),
        ("2026-04-09T23:59:59-04:00", "after_close"),
        ("2025-12-24T12:59:59-05:00", "during_session"),
        ("2025-12-24T13:00:00-05:00", "after_close"),  # half a day: closed at 13:00
        ("2025-12-24T20:59:59-05:00", "after_close"),
        ("2025-12-24T21:00:00-05:00", "before_open"),
        ("2026-04-11T12:00:00-04:00", "before_open"),  # a Saturday
    ],
)
def test_of_an_instant(instant: str, expected: str) -> None:
    assert word(instant) == expected


@pytest.mark.parametrize("timing", ["before_open", "during_session", "after_close", "unknown"])
def test_of_a_date_it_is_the_one_that_was_given(timing: str) -> None:
    assert word("2026-04-09", timing) == timing
