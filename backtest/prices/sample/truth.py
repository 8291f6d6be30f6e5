"""The abnormal returns built into the simulated market.

They are known, so that what a study finds can be checked.
"""

from __future__ import annotations

import pandas as pd

from backtest.prices.sample.securities import END, SECURITIES, START
from events import Catalog, Sessions, place_events

DRIFT_DAYS = 5

# By the first role of a party: its abnormal return on day 0, and on each of the five sessions after
# it.
EFFECTS: dict[str, tuple[float, float]] = {
    "supplier": (0.040, 0.003),
    "target": (0.060, 0.0),
    "landlord": (0.040, 0.002),
    "customer": (0.010, 0.0),
    "tenant": (0.010, 0.0),
    "investor": (0.005, 0.0),
    "read_through": (0.005, 0.0),
    "competitor": (-0.015, 0.0),
    "issuer": (-0.020, 0.0),
}


def sample_events() -> pd.DataFrame:
    """The bundled catalog's events of the sample's securities, placed on its sessions."""
    events = place_events(Catalog.bundled().events(), Sessions.exchange("XNYS", START, END))
    known = events["ticker"].isin([security.ticker for security in SECURITIES])
    return events[known & events["event_session"].notna()].reset_index(drop=True)


def sample_truth() -> pd.DataFrame:
    """One row an event and day: event_id, ticker, event_session, day, abnormal (a fraction).

    The effect follows from the party's first role alone (`EFFECTS`); other roles have none.
    """
    rows = [
        (event.event_id, event.ticker, event.event_session, day, first if day == 0 else later)
        for event in sample_events().itertuples()
        for first, later in [EFFECTS.get(str(event.role), (0.0, 0.0))]
        for day in range(DRIFT_DAYS + 1)
        if (first if day == 0 else later) != 0
    ]
    return pd.DataFrame(rows, columns=["event_id", "ticker", "event_session", "day", "abnormal"])
