"""Each ticker on its own exchange.

The table of suffixes, and day 0 and first open around the world.
"""

from __future__ import annotations

import exchange_calendars
import pandas as pd
import pytest

from events import place_events
from events.clock.exchanges import ALWAYS, BY_SUFFIX, HOME, exchange_of, sessions_of


def test_every_exchange_of_the_table_has_a_calendar() -> None:
    assert {*BY_SUFFIX.values(), HOME, ALWAYS} <= set(exchange_calendars.get_calendar_names())
    for suffix in BY_SUFFIX:
        assert len(sessions_of(f"X.{suffix}", "2026-03-02", "2026-04-30")) > 30, suffix


@pytest.mark.parametrize(
    ("ticker", "exchange"),
    [
        *(("VOD.L", "XLON"), ("SAP.DE", "XETR"), ("SAP.F", "XFRA"), ("AIR.PA", "XPAR")),
        *(("ASML.AS", "XAMS"), ("ABI.BR", "XBRU"), ("ENI.MI", "XMIL"), ("SAN.MC", "XMAD")),
        *(("NESN.SW", "XSWX"), ("ERIC-B.ST", "XSTO"), ("NOVO-B.CO", "XCSE"), ("NOKIA.HE", "XHEL")),
        *(("EQNR.OL", "XOSL"), ("9984.T", "XTKS"), ("0700.HK", "XHKG"), ("2330.TW", "XTAI")),
        *(("005930.KS", "XKRX"), ("035720.KQ", "XKRX"), ("SHOP.TO", "XTSE"), ("BHP.AX", "XASX")),
        *(("D05.SI", "XSES"), ("INFY.NS", "XBOM"), ("PETR4.SA", "BVMF"), ("vod.l", "XLON")),
        *(("BTC-USD", "24/7"), ("ETH-USD", "24/7"), ("META", "XNYS"), ("BRK-B", "XNYS")),
        *(("BRK.B", "XNYS"), ("^GSPC", "XNYS"), ("L", "XNYS"), ("T", "XNYS"), ("USD", "XNYS")),
    ],
)
def test_the_exchange_of_a_ticker(ticker: str, exchange: str) -> None:
    assert exchange_of(ticker) == exchange


# Ticker, instant, day 0, first tradable open, where it fell, why: by hand from each exchange's
# published hours and holidays, local time with its offset.
WORLD = [
    # London, 8:00 to 16:30
    ("VOD.L", "2026-04-14T07:59:59+01:00", "2026-04-14", "2026-04-14", "before_open", "opening"),
    ("VOD.L", "2026-04-14T08:00:00+01:00", "2026-04-14", "2026-04-15", "during_session", "open"),
    ("VOD.L", "2026-04-14T16:29:59+01:00", "2026-04-14", "2026-04-15", "during_session", "end"),
    ("VOD.L", "2026-04-14T16:30:00+01:00", "2026-04-15", "2026-04-15", "after_close", "closed"),
    ("VOD.L", "2026-04-14T17:30:00+01:00", "2026-04-15", "2026-04-15", "after_close", "NY open"),
    ("VOD.L", "2026-03-27T16:15:00+00:00", "2026-03-27", "2026-03-30", "during_session", "winter"),
    ("VOD.L", "2026-03-30T15:45:00+00:00", "2026-03-31", "2026-03-31", "after_close", "summer"),
    ("VOD.L", "2026-03-30T07:15:00+00:00", "2026-03-30", "2026-03-31", "during_session", "summer"),
    ("VOD.L", "2026-10-26T16:15:00+00:00", "2026-10-26", "2026-10-27", "during_session", "back"),
    ("VOD.L", "2025-12-24T12:29:00+00:00", "2025-12-24", "2025-12-29", "during_session", "half"),
    ("VOD.L", "2025-12-24T13:00:00+00:00", "2025-12-29", "2025-12-29", "after_close", "half, NY"),
    ("VOD.L", "2026-04-06T12:00:00+01:00", "2026-04-07", "2026-04-07", "before_open", "Easter"),
    ("VOD.L", "2026-05-25T12:00:00+01:00", "2026-05-26", "2026-05-26", "before_open", "bank"),
    # Frankfurt (XETRA), 9:00 to 17:30
    ("SAP.DE", "2026-04-09T08:59:00+02:00", "2026-04-09", "2026-04-09", "before_open", "opening"),
    ("SAP.DE", "2026-04-09T17:29:00+02:00", "2026-04-09", "2026-04-10", "during_session", "end"),
    ("SAP.DE", "2026-04-09T12:00:00-04:00", "2026-04-10", "2026-04-10", "after_close", "NY noon"),
    ("SAP.DE", "2026-03-10T12:00:00-04:00", "2026-03-10", "2026-03-11", "during_session", "apart"),
    ("SAP.DE", "2026-03-31T12:00:00-04:00", "2026-04-01", "2026-04-01", "after_close", "together"),
    ("SAP.DE", "2026-05-01T12:00:00+02:00", "2026-05-04", "2026-05-04", "before_open", "May Day"),
    ("SAP.DE", "2025-12-30T13:30:00+01:00", "2025-12-30", "2026-01-02", "during_session", "half"),
    ("SAP.DE", "2025-12-30T15:00:00+01:00", "2026-01-02", "2026-01-02", "after_close", "half"),
    # Tokyo, 9:00 to 15:30 (15:00 until November 2024), lunch 11:30 to 12:30
    ("7203.T", "2026-04-09T08:59:00+09:00", "2026-04-09", "2026-04-09", "before_open", "opening"),
    ("7203.T", "2026-04-09T11:45:00+09:00", "2026-04-09", "2026-04-10", "during_session", "lunch"),
    ("7203.T", "2026-04-09T15:15:00+09:00", "2026-04-09", "2026-04-10", "during_session", "longer"),
    ("7203.T", "2024-10-30T15:15:00+09:00", "2024-10-31", "2024-10-31", "after_close", "then"),
    ("7203.T", "2026-04-09T15:30:00+09:00", "2026-04-10", "2026-04-10", "after_close", "closed"),
    ("7203.T", "2026-04-09T08:00:00-04:00", "2026-04-10", "2026-04-10", "after_close", "NY, early"),
    ("7203.T", "2026-04-09T16:05:00-04:00", "2026-04-10", "2026-04-10", "before_open", "NY, late"),
    ("7203.T", "2026-04-12T20:30:00-04:00", "2026-04-13", "2026-04-14", "during_session", "Sunday"),
    ("7203.T", "2026-05-04T10:00:00+09:00", "2026-05-07", "2026-05-07", "before_open", "Golden"),
    ("7203.T", "2026-01-02T10:00:00+09:00", "2026-01-05", "2026-01-05", "before_open", "New Year"),
    # Hong Kong, 9:30 to 16:00, lunch 12:00 to 13:00
    ("0700.HK", "2026-04-09T12:30:00+08:00", "2026-04-09", "2026-04-10", "during_session", "lunch"),
    ("0700.HK", "2026-04-09T16:00:00+08:00", "2026-04-10", "2026-04-10", "after_close", "closed"),
    ("0700.HK", "2025-12-24T11:59:00+08:00", "2025-12-24", "2025-12-29", "during_session", "half"),
    ("0700.HK", "2025-12-24T12:30:00+08:00", "2025-12-29", "2025-12-29", "after_close", "half"),
    ("0700.HK", "2026-02-17T10:00:00+08:00", "2026-02-20", "2026-02-20", "before_open", "New Year"),
    # Taiwan, 9:00 to 13:30
    ("2330.TW", "2026-04-16T13:29:00+08:00", "2026-04-16", "2026-04-17", "during_session", "end"),
    ("2330.TW", "2026-04-16T14:00:00+08:00", "2026-04-17", "2026-04-17", "after_close", "results"),
    ("2330.TW", "2026-10-09T10:00:00+08:00", "2026-10-12", "2026-10-12", "before_open", "10-10"),
    # coins, every day from midnight to midnight UTC
    ("BTC-USD", "2026-04-11T12:00:00+00:00", "2026-04-11", "2026-04-12", "during_session", "Sat"),
    ("BTC-USD", "2026-04-11T21:00:00-04:00", "2026-04-12", "2026-04-13", "during_session", "night"),
    ("BTC-USD", "2025-12-25T10:00:00-05:00", "2025-12-25", "2025-12-26", "during_session", "Xmas"),
    # one hour of New York in its winter and in its summer, where clocks do not change
    ("7203.T", "2026-03-05T19:30:00-05:00", "2026-03-06", "2026-03-09", "during_session", "NY EST"),
    ("7203.T", "2026-03-09T19:30:00-04:00", "2026-03-10", "2026-03-10", "before_open", "NY EDT"),
    (
        "0700.HK",
        "2026-03-05T20:45:00-05:00",
        "2026-03-06",
        "2026-03-09",
        "during_session",
        "NY EST",
    ),
    ("0700.HK", "2026-03-09T20:45:00-04:00", "2026-03-10", "2026-03-10", "before_open", "NY EDT"),
    (
        "2330.TW",
        "2026-03-05T20:15:00-05:00",
        "2026-03-06",
        "2026-03-09",
        "during_session",
        "NY EST",
    ),
    ("2330.TW", "2026-03-09T20:15:00-04:00", "2026-03-10", "2026-03-10", "before_open", "NY EDT"),
    (
        "BTC-USD",
        "2026-03-07T19:30:00-05:00",
        "2026-03-08",
        "2026-03-09",
        "during_session",
        "NY EST",
    ),
    (
        "BTC-USD",
        "2026-03-08T19:30:00-04:00",
        "2026-03-08",
        "2026-03-09",
        "during_session",
        "NY EDT",
    ),
    ("SAP.DE", "2026-10-27T12:00:00-04:00", "2026-10-27", "2026-10-28", "during_session", "apart"),
    ("SAP.DE", "2026-11-03T12:00:00-05:00", "2026-11-04", "2026-11-04", "after_close", "together"),
    # New York stays what it was
    ("META", "2026-04-14T17:30:00+01:00", "2026-04-14", "2026-04-15", "during_session", "NY open"),
    ("META", "2026-04-09T08:00:00-04:00", "2026-04-09", "2026-04-09", "before_open", "morning"),
]


@pytest.mark.parametrize(
    ("ticker", "instant", "day0", "tradable", "timing"),
    [row[:5] for row in WORLD],
    ids=[f"{row[0]} {row[5]} {row[1][:16]}" for row in WORLD],
)
def test_day_0_and_first_open(
    ticker: str, instant: str, day0: str, tradable: str, timing: str
) -> None:
    sessions = sessions_of(ticker, "2024-10-01", "2026-12-30")
    placed = place_events(pd.DataFrame({"announced_at": [instant]}), sessions).iloc[0]
    assert str(placed["event_session"].date()) == day0
    assert str(placed["tradable_open"].date()) == tradable
    assert placed["timing"] == timing
    # the date counts where the exchange is: Sunday evening in New York is Monday in Tokyo
    there = pd.Timestamp(instant).tz_convert(sessions.zone).tz_localize(None).normalize()
    assert ("not_a_session" in placed["timing_flags"]) == (there not in sessions.dates)


@pytest.mark.parametrize(
    ("ticker", "day", "timing", "day0", "tradable"),
    [
        ("VOD.L", "2026-04-14", "after_close", "2026-04-15", "2026-04-15"),
        ("VOD.L", "2026-07-03", "before_open", "2026-07-03", "2026-07-03"),  # New York is closed
        ("7203.T", "2026-04-29", "before_open", "2026-04-30", "2026-04-30"),  # Showa Day
        ("BTC-USD", "2026-04-11", "unknown", "2026-04-11", "2026-04-12"),
    ],
)
def test_a_date_is_the_date_of_the_exchange(
    ticker: str, day: str, timing: str, day0: str, tradable: str
) -> None:
    placed = sessions_of(ticker, "2026-03-02", "2026-12-30").place(day, timing)
    assert (placed.session, placed.tradable_open) == (pd.Timestamp(day0), pd.Timestamp(tradable))
