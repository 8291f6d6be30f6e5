"""Every flag has a meaning, and nothing can write one that has none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from events import Sessions
from events.flag import Flag, flag_cells, words_in


@pytest.mark.parametrize("flag", list(Flag))
def test_every_flag_has_a_meaning_and_is_one_word(flag: Flag) -> None:
    assert len(flag.meaning) > 15
    assert words_in(flag.value) == (flag.value,)


def test_what_a_placement_says_is_a_flag() -> None:
    week = Sessions.from_dates(["2026-04-09", "2026-04-10"])
    placed = [week.place(day) for day in (date(2026, 4, 9), date(2026, 4, 11), date(2026, 4, 1))]
    words = {word for one in placed for word in one.flags}
    assert {"timing_unknown", "outside_calendar"} <= words
    assert words <= {flag.value for flag in Flag}


def test_a_flag_is_added_to_the_rows_asked_for() -> None:
    cells = np.array(["", "overlap", "overlap"], dtype=object)
    found = flag_cells({Flag.WIDENED: np.array([True, True, False])}, cells)
    assert found.tolist() == ["widened", "overlap;widened", "overlap"]
    assert cells.tolist() == ["", "overlap", "overlap"]
