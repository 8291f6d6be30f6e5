"""Adding an announcement without Python: complete what was said, warn of duplicates, write, and preview.

Usage by a command: `draft = complete(said, catalog)`, show `draft.taken` and `warnings(draft.news,
catalog)`, then `write_new(draft.news, folder)` and show `preview(draft.news)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import ValidationError

from events.catalog import Catalog
from events.clock.place import place_events
from events.clock.sessions import Sessions
from events.errors import CatalogError, suggest
from events.files import phrases
from events.files.problems import problems_of
from events.files.toml_files import BadFileError, as_toml, read_toml, write_atomically
from events.record.announcement import Announcement
from events.record.instant import local_date, moment
from events.record.vocabulary import Kind, Timing

_LITTLE_WORDS = re.compile(
    r"(?:a|an|and|as|at|by|for|from|in|into|is|its|of|on|or|the|to|with|up|about|more|than)"
)
_KIND_OF_ROLES = (  # the first that fits
    ({"reporter"}, Kind.EARNINGS),
    ({"acquirer"}, Kind.ACQUISITION),
    ({"analyst"}, Kind.ANALYST),
    ({"tenant", "landlord"}, Kind.CAPACITY_CONTRACT),
    ({"customer", "supplier"}, Kind.CAPACITY_CONTRACT),
    ({"investor"}, Kind.EQUITY_INVESTMENT),
    ({"issuer"}, Kind.FINANCING),
)
_PAYS = {"customer": "supplier", "tenant": "landlord", "acquirer": "target", "financier": "issuer"}


class Question(NamedTuple):
    """What a command asks for: the key of `complete`, the words, an example, and the allowed words if closed."""

    key: str
    asks: str
    example: str
    required: bool
    words: tuple[str, ...] = ()
    several: bool = False


QUESTIONS = (
    Question(
        "headline",
        "What was announced, in one line of your own words?",
        "Meta adds $21bn with CoreWeave",
        True,
    ),
    Question(
        "announced_at",
        "When? An instant with offset, New York time with ET, or a date",
        "2026-04-09 08:00 ET",
        True,
    ),
    Question(
        "timing", "When in the day, if only the date is known?", "before_open", False, tuple(Timing)
    ),
    Question(
        "parties", "Who? TICKER:role or NAME (TICKER):role", "META:customer", True, several=True
    ),
    Question("kind", "What kind?", "capacity_contract", False, tuple(Kind)),
    Question("amount", "How much?", "about $21bn", False),
    Question(
        "sources",
        "Where is it written? A web address",
        "https://example.org/release",
        False,
        several=True,
    ),
    Question("summary", "A few sentences more?", "", False),
)


@dataclass(frozen=True)
class Draft:
    """A checked announcement that is not written yet, and what was completed, in words."""

    news: Announcement
    taken: tuple[str, ...]


def read_draft(path: str | Path) -> dict[str, Any]:
    """Read a TOML file with the facts known so far, in the form of the catalog or in short forms."""
    try:
        return read_toml(Path(path))
    except BadFileError as error:
        raise CatalogError(str(error)) from None


def complete(said: Mapping[str, Any], catalog: Catalog) -> Draft:
    """Make an announcement of what was said, and complete what follows from it.

    `said` has the keys of the TOML form. Short forms are read: parties `META:customer`, an amount
    `about $21bn`, links `ID:adds_to`, sources as bare addresses, `announced_at` in New York time
    with "ET". Completed where missing: names and tickers the catalog knows, the kind (from the
    roles), payer and payee, `first_public`, and the id.

    Raises `CatalogError` with every problem, one a line.
    """
    facts = {key: value for key, value in said.items() if value not in (None, "", (), [])}
    _read_short_forms(
        facts,
        {party.ticker: party.name for news in catalog for party in news.parties if party.ticker},
    )
    before = set(facts)
    _fill(facts, catalog)
    try:
        news = Announcement.model_validate(facts)
    except ValidationError as error:
        found = [
            problem for problem in problems_of("", error) if problem.key != "id" or "id" in facts
        ]
        raise CatalogError("\n".join(map(str, found))) from None
    return Draft(news, tuple(f"{key} = {facts[key]}" for key in facts if key not in before))


def warnings(news: Announcement, catalog: Catalog) -> tuple[str, ...]:
    """Say what looks like a duplicate or a misspelt ticker; nothing here forbids writing."""
    known = {ticker for other in catalog for ticker in other.tickers}
    odd = [
        f"ticker '{ticker}' is new to the catalog{near}"
        for ticker in news.tickers
        if ticker not in known and (near := suggest(ticker, known))
    ]
    same = [
        f"likely a duplicate of {other.id}: {why}"
        for other in catalog
        if (why := _likeness(news, other))
    ]
    return (*odd, *same)


def write_new(news: Announcement, folder: str | Path, replace: bool = False) -> Path:
    """Write the announcement as `<id>.toml`; an existing file is kept unless `replace`."""
    path = Path(folder) / f"{news.id}.toml"
    if path.exists() and not replace:
        raise CatalogError(
            f"{path.name} is there already; give another id, or say that it is to be replaced"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, as_toml(news))
    except OSError as error:
        raise CatalogError(f"{path.name} cannot be written: {error.strerror}") from None
    return path


def preview(news: Announcement, exchange: str = "XNYS") -> tuple[str, ...]:
    """Say what a study will do with each listed party, one line a ticker."""
    day = local_date(news.announced_at)
    sessions = Sessions.exchange(exchange, day - timedelta(10), day + timedelta(15))
    placed = place_events(Catalog((news,)).events(), sessions).to_dict("records")
    return tuple(f"{row['ticker']}: {_where(row)}" for row in placed)


def _where(row: Mapping[Hashable, Any]) -> str:
    if pd.isna(row["event_session"]):
        return "no session known for this date"
    flags = (
        f"; {row['timing_flags'].replace(';', ', ').replace('_', ' ')}"
        if row["timing_flags"]
        else ""
    )
    return (
        f"event session {row['event_session']:%Y-%m-%d} (day 0), first tradable open "
        f"{row['tradable_open']:%Y-%m-%d}, 1-day window [0,{row['first_day_end']}]{flags}"
    )


def _read_short_forms(facts: dict[str, Any], names: dict[str, str]) -> None:
    readers: dict[str, Callable[[str], dict[str, Any]]] = {
        "parties": lambda text: phrases.party(text, names),
        "links": phrases.link,
        "sources": phrases.source,
    }
    for key, read in readers.items():
        if isinstance(facts.get(key), Sequence) and not isinstance(facts[key], str):
            facts[key] = tuple(read(one) if isinstance(one, str) else one for one in facts[key])
    if isinstance(facts.get("amount"), str):
        facts["amount"] = phrases.amount(facts["amount"])
    if isinstance(facts.get("announced_at"), str):
        facts["announced_at"] = phrases.announced_at(facts["announced_at"])


def _fill(facts: dict[str, Any], catalog: Catalog) -> None:
    try:
        day = local_date(moment(facts["announced_at"]))
    except (KeyError, ValueError):
        return  # the announcement itself will say what is wrong with it
    parties = [one for one in facts.get("parties", ()) if isinstance(one, dict)]
    if "kind" not in facts:
        facts["kind"] = _kind({role for one in parties for role in one.get("roles", ())})
    if isinstance(facts.get("amount"), dict) and not {"payer", "payee", "shares"} & set(
        facts["amount"]
    ):
        facts["amount"] = facts["amount"] | _payment(parties)
    facts.setdefault("first_public", day)
    if "id" not in facts and isinstance(facts.get("headline"), str):
        facts["id"] = _new_id(f"{day}-{_slug(facts['headline'])}", catalog)


def _kind(roles: set[str]) -> str:
    known = [kind.value for needed, kind in _KIND_OF_ROLES if needed <= roles]
    return known[0] if known else Kind.OTHER.value


def _payment(parties: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    for payer, payee in _PAYS.items():
        pays = [one["name"] for one in parties if payer in one.get("roles", ()) and "name" in one]
        paid = [one["name"] for one in parties if payee in one.get("roles", ()) and "name" in one]
        if len(pays) == len(paid) == 1:
            return {"payer": pays[0], "payee": paid[0]}
    return {}


def _slug(headline: str) -> str:
    words = re.findall(r"[a-z0-9]+", headline.lower().replace("'s", ""))
    return (
        "-".join([word for word in words if not _LITTLE_WORDS.fullmatch(word)][:5])
        or "announcement"
    )


def _new_id(name: str, catalog: Catalog) -> str:
    number = 2
    candidate = name
    while candidate in catalog:
        candidate, number = f"{name}-{number}", number + 1
    return candidate


def _likeness(news: Announcement, other: Announcement) -> str:
    if news.id == other.id:
        return "the same id"
    apart = abs(local_date(news.announced_at) - local_date(other.announced_at))
    shared = {party.name for party in news.parties} & {party.name for party in other.parties}
    addresses = {source.url for source in news.sources if source.url} & {
        source.url for source in other.sources
    }
    if addresses and apart <= timedelta(3):
        return f"the same source, {sorted(str(one) for one in addresses)[0]}"
    if len(shared) >= 2 and news.kind == other.kind and apart <= timedelta(3):
        return f"the same kind within three days, with {' and '.join(sorted(shared))}"
    if shared and news.amount and other.amount and apart <= timedelta(30):
        ratio = news.amount.usd / other.amount.usd
        if 0.98 <= ratio <= 1.02:
            return f"the same amount within 30 days, with {' and '.join(sorted(shared))}"
    alike = SequenceMatcher(None, news.headline.lower(), other.headline.lower()).ratio()
    return "nearly the same headline" if alike > 0.8 and apart <= timedelta(30) else ""
