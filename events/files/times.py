"""Times as people write them: `2026-05-20 8am ET`, `12:00 CET`, `around noon`, `after hours`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from events.errors import CatalogError
from events.record.vocabulary import Timing

# a zone word and the clock it stands for; what the sun does there follows from the place
ZONES = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "ct": "America/Chicago", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "utc": "UTC", "gmt": "UTC", "z": "UTC",
    "uk": "Europe/London", "bst": "Europe/London", "cet": "Europe/Paris", "cest": "Europe/Paris",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
}  # fmt: skip
# words of one season alone: in the other they are an hour off, and which was meant nobody can say
_SEASONAL = ("est", "edt", "pst", "pdt", "bst", "cet", "cest", "aest", "aedt")
# the clocks of places, by the words that are read for them
_CITIES = {
    "new york": "America/New_York", "eastern": "America/New_York", "chicago": "America/Chicago",
    "los angeles": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "london": "Europe/London", "paris": "Europe/Paris", "berlin": "Europe/Paris",
    "frankfurt": "Europe/Paris", "zurich": "Europe/Paris", "amsterdam": "Europe/Paris",
    "tokyo": "Asia/Tokyo", "seoul": "Asia/Seoul", "hong kong": "Asia/Hong_Kong",
    "singapore": "Asia/Singapore", "sydney": "Australia/Sydney",
}  # fmt: skip
_TWO_PLACES = {
    "cst": "Chicago (write CT) or Shanghai (write +08:00)",
    "ist": "India (write +05:30), Ireland or Israel",
    "bt": "several places",
}
_PARTS = {
    Timing.AFTER_CLOSE: (
        "after hours", "after the close", "after close", "post-market", "postmarket", "amc",
    ),
    Timing.BEFORE_OPEN: ("before the open", "before open", "premarket", "pre-market", "bmo"),
    Timing.DURING_SESSION: ("during the session", "during hours", "intraday"),
}  # fmt: skip
_ABOUT = re.compile(r"(?:around|about|circa|c\.|~)\s*", re.I)
_AROUND = timedelta(minutes=30)
_DAY = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[ T]+(?P<rest>.+))?", re.S)
_CLOCK = re.compile(
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?"
    r"|(?P<word>noon|midday|midnight))"
    rf"\s*(?:(?P<city>{'|'.join(_CITIES)})(?: time)?|(?P<zone>[A-Za-z]{{1,4}}))?",
    re.I,
)


def when(text: str, exchange: str = "", zone: ZoneInfo | None = None) -> dict[str, Any]:
    """What a text says of the time.

    `announced_at`, and `timing` or the two bounds where it is less than an instant. A time needs
    its zone, but one said roughly, `around noon`, is by the clock of the party's own `exchange` in
    `zone`, where they are known; ISO texts stay as they are. Raises `CatalogError` for a time that
    does not exist and for zone words that stand for two places.

    >>> when("2026-05-20 8am ET")
    {'announced_at': '2026-05-20T08:00:00-04:00'}
    >>> when("2026-05-20 after hours")["timing"]
    'after_close'
    >>> when("2026-05-20 around noon ET")["not_after"]["at"]
    '2026-05-20T12:30:00-04:00'
    """
    bare = " ".join(text.strip().split())
    found = _DAY.fullmatch(bare)
    given = ""
    if found:
        given = (found["rest"] or "").strip()
    rest = given.lower()
    if not found or not rest:
        return {"announced_at": bare}
    day = found["day"]
    for part, words in _PARTS.items():
        if rest in words:
            return {
                "announced_at": day, "timing": part.value, "timing_basis": f"As given: {given}",
                "timing_quality": "stated",
            }  # fmt: skip
    about = _ABOUT.match(rest)
    clock = _CLOCK.fullmatch(rest[about.end() :] if about else rest)
    if clock is None:
        return {"announced_at": bare}  # ISO, or what the announcement itself refuses
    zoneless = clock["zone"] is None and clock["city"] is None
    if about and zoneless:
        own = zone
    else:
        own = None
    if zoneless and own is None:
        if clock["half"] or clock["word"] or about:
            raise CatalogError(f"announced_at '{text[:60]}': add its zone, such as ET, CET or JST")
        return {"announced_at": bare}
    at = _instant(day, clock, text, own)
    if not about:
        return {"announced_at": at.isoformat()}
    basis = f"As given: {given}" + (f" (by the clock of {exchange})" if own else "")
    low, high = ((at + by).isoformat() for by in (-_AROUND, _AROUND))
    return {
        "announced_at": day,
        "not_before": {"at": low, "basis": basis},
        "not_after": {"at": high, "basis": basis},
    }


def _instant(day: str, clock: re.Match[str], text: str, own: ZoneInfo | None) -> datetime:
    word = str(clock["zone"]).lower()
    city = clock["city"] and ZoneInfo(_CITIES[clock["city"].lower()])
    place = own or city or _place(word, text)
    try:
        naive = datetime.fromisoformat(day).replace(
            hour=_hour(clock), minute=int(clock["minute"] or 0), second=int(clock["second"] or 0)
        )
    except ValueError:
        raise CatalogError(f"announced_at '{text[:60]}': no such time") from None
    at = naive.replace(tzinfo=place)
    if at.astimezone(ZoneInfo("UTC")).astimezone(at.tzinfo).replace(tzinfo=None) != naive:
        raise CatalogError(f"announced_at '{text[:60]}': no such time, the clocks went forward")
    if not city and own is None and word in _SEASONAL and at.tzname() != word.upper():
        raise CatalogError(f"announced_at '{text[:60]}': {_off_season(word, at)}")
    return at


def _off_season(word: str, at: datetime) -> str:
    """What to write in place of a zone word of the other season."""
    zone = ZONES[word]
    city = next(name for name, place in _CITIES.items() if place == zone).title()
    shown = at.tzname()
    fixed = at.replace(month=1 if at.month in (4, 5, 6, 7, 8, 9, 10) else 7, day=15)
    meant = at.replace(tzinfo=timezone(fixed.utcoffset() or timedelta())).isoformat()
    return (
        f"{word.upper()} is not what clocks in {city} show on that day, {shown} is; "
        f"write {shown} (or "
        f"{city} time), or {meant} if {word.upper()} is meant"
    )


def _place(zone: str, text: str) -> ZoneInfo:
    if zone in _TWO_PLACES:
        raise CatalogError(f"announced_at '{text[:60]}': {zone.upper()} is {_TWO_PLACES[zone]}")
    if zone not in ZONES:
        known = ", ".join(sorted(name.upper() for name in ZONES))
        raise CatalogError(
            f"announced_at '{text[:60]}': no zone '{zone.upper()}'; "
            f"there are {known}, or write an offset"
        )
    return ZoneInfo(ZONES[zone])


def _hour(clock: re.Match[str]) -> int:
    if clock["word"]:
        if clock["word"].lower() == "midnight":
            return 0
        return 12
    hour, half = int(clock["hour"]), (clock["half"] or "").lower().replace(".", "")
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"{hour} {half}")
    return hour % 12 + (12 if half == "pm" else 0)
