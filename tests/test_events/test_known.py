"""How many times are exact, bounded, a part of the day, a date.

The same from a catalog and from a table of events.
"""

from __future__ import annotations

import pandas as pd

from events import Catalog
from events.record.known import Known, counts, counts_of_events, known, tally


def test_a_catalog_and_its_events_count_alike() -> None:
    bundled = Catalog.bundled()
    found = tally(bundled.held)
    assert sum(found.values()) == len(bundled)
    assert found == {how.value: len(bundled.filter(timing=how.value)) for how in Known}
    assert found["exact"] == 1
    assert found["bounded"] >= 10
    assert counts_of_events(bundled.events()) == counts(bundled.held)


def test_each_word_is_counted() -> None:
    rows = pd.DataFrame(
        {
            "event_id": ["a", "a", "b", "c", "d"],
            "announced_at": ["2026-04-09T08:00:00-04:00"] * 2 + ["2026-04-09"] * 3,
            "timing": ["before_open"] * 2 + ["unknown", "after_close", "unknown"],
            "not_before": [None] * 2 + ["2026-04-09T08:00:00-04:00", None, None],
        }
    )
    told = counts_of_events(rows)
    assert told == (
        "1 exact to the minute, 1 bounded by instants, "
        "1 by the part of the day, 1 by the date alone"
    )
    assert counts_of_events(
        rows.assign(announced_at=pd.to_datetime("2026-04-09 08:00-04:00"))
    ).startswith("4 exact")
    assert counts_of_events(rows.drop(columns="announced_at")) == ""
    assert known(Catalog.bundled()["2025-10-06-amd-openai-6gw"]) is Known.EXACT
