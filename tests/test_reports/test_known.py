"""Every event of a report says how its day 0 is known, in its table and on its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest.study.place.alignment import place
from events import Announcement, Catalog
from reports.commands.options.common import read_prices
from reports.experiment.plan import Experiment
from reports.export.tables import csv_bytes
from reports.run.findings import Findings
from reports.run.known import COLUMNS, event_table

SAID: dict[str, dict[str, Any]] = {
    "exact": {"announced_at": "2026-04-09T08:00:00-04:00"},
    "late": {"announced_at": "2026-04-09T15:45:00-04:00"},
    "bounded": {
        "announced_at": "2026-04-09",
        "not_before": {"at": "2026-04-09T15:00:00-04:00", "basis": "A video's start"},
        "not_after": {"at": "2026-04-09T17:00:00-04:00", "basis": "Acceptance of the filing"},
    },
    "agreed": {
        "announced_at": "2026-04-09",
        "not_after": {"at": "2026-04-09T08:30:00-04:00", "basis": "A quote before the open"},
    },
    "part": {"announced_at": "2026-04-09", "timing": "after_close", "timing_quality": "stated"},
    "dated": {"announced_at": "2026-04-09"},
}
# how well the time is known, day 0, the other session, and words that must be said
KNOWN = {
    "exact": ("exact", "09", "", "announced at 2026-04-09 08:00:00-04:00"),
    "late": ("exact", "09", "", "announced at 2026-04-09 15:45:00-04:00"),
    "bounded": ("bounded", "09", "10",
                "(Acceptance of the filing); day 0 is 2026-04-09 or 2026-04-10"),
    "agreed": ("bounded", "09", "", "(A quote before the open)"),
    "part": ("part", "10", "", "after the close (stated)"),
    "dated": ("dated", "09", "10", "is not known; day 0 is 2026-04-09 or 2026-04-10"),
}  # fmt: skip


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    parties: Any = [{"name": "Meta", "ticker": "META", "roles": ["customer"]}]
    made = [
        Announcement.model_validate({"id": name, "headline": name, "parties": parties, **said})
        for name, said in SAID.items()
    ]
    catalog = Catalog(tuple(made))
    prices = read_prices("sample", Experiment.default(), catalog)
    found = event_table(catalog, place(catalog, prices.returns())).whole
    return found.set_index("event_id", drop=False)


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_said_with_both_sessions_where_two_may_be_day_0(
    name: str, table: pd.DataFrame
) -> None:
    how, day0, other, words = KNOWN[name]
    row = table.loc[name]
    assert row["timing_known"] == how
    assert row["event_session"] == pd.Timestamp(f"2026-04-{day0}")
    assert row["other_session"] == (pd.Timestamp(f"2026-04-{other}") if other else pd.NaT) or (
        not other and pd.isna(row["other_session"])
    )
    assert str(row["day_0_known"]).endswith(words)


def test_the_table_is_written_with_a_row_an_event(findings: Findings, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(csv_bytes(findings.tables["events"]))
    back = pd.read_csv(path)
    assert tuple(back.columns) == COLUMNS
    assert len(back) == len(findings.catalog.events())
    assert back["day_0_known"].notna().all()
