"""Adding an announcement without Python.

Complete what was said, warn of duplicates, write, and preview. Usage by a command: `draft =
complete(said, catalog)`, show `draft.taken` and `warnings(draft.news, catalog)`, then
`write_new(draft.news, folder)` and show `events.files.writing.preview.preview(draft.news)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from events.catalog import Catalog
from events.errors import CatalogError, suggest
from events.files.problems import problems_of
from events.files.times import when
from events.files.together import put_together
from events.files.toml_files import BadFileError, as_toml, read_toml
from events.files.writing import phrases
from events.record.announcement import Announcement
from events.record.instant import local_date, moment
from events.record.party import Party, own_exchange, own_zone
from events.record.vocabulary import Kind

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
_UNCONVERTED = "no rate to dollars given"
DUPLICATE = "likely a duplicate of"  # begins such a warning
_PAYS = {"customer": "supplier", "tenant": "landlord", "acquirer": "target", "financier": "issuer"}


@dataclass(frozen=True)
class Draft:
    """A checked announcement that is not written yet, and what was completed, in words."""

    news: Announcement
    taken: tuple[str, ...]


def read_draft(path: str | Path) -> dict[str, Any]:
    """Read a TOML file with the facts known so far, in the catalog's form or in short forms."""
    try:
        return read_toml(Path(path))
    except BadFileError as error:
        raise CatalogError(str(error)) from None


def complete(said: Mapping[str, Any], catalog: Catalog) -> Draft:
    """Make an announcement of what was said, and complete what follows from it.

    `said` has the keys of the TOML form. Short forms are read: parties `META:customer`, an amount
    `about $21bn`, `$3-4bn` or `€1.2bn @ 1.08 (2026-05-19)`, links `ID:adds_to`, sources as bare
    addresses, `announced_at` as `2026-05-20 8am ET`, `12:00 CET`, `around noon ET`, `after hours`.
    Completed where missing: names, tickers and SEC numbers the catalog knows, the kind (from the
    roles), payer and payee, `first_public`, and the id.

    Raises `CatalogError` with every problem, one a line.
    """
    facts = {key: value for key, value in said.items() if value not in (None, "", (), [])}
    told = _read_short_forms(
        facts,
        {party.ticker: party.name for news in catalog for party in news.parties if party.ticker},
    )
    unread = [line for lines in told.values() for line in lines]
    before = set(facts)
    _fill(facts, catalog)
    try:
        news = Announcement.model_validate(facts)
    except ValidationError as error:
        found = [
            problem for problem in problems_of("", error) if problem.key != "id" or "id" in facts
        ]
        rest = [str(one) for one in found if one.key.split(" ")[0] not in told]
        raise CatalogError("\n".join([*unread, *rest])) from None
    if unread:
        raise CatalogError("\n".join(unread))
    taken = [f"{key} = {facts[key]}" for key in facts if key not in before]
    return Draft(news, (*_as_understood(news), *taken))


def _as_understood(news: Announcement) -> Iterator[str]:
    """Say what became of words that were less than an instant or no dollars."""
    yield from (fact for fact in news.facts if fact.endswith(_UNCONVERTED))
    for name, bound in (("not_before", news.not_before), ("not_after", news.not_after)):
        if bound and bound.basis.startswith("As given"):
            yield f"{name} = {bound.at.isoformat()} ({bound.basis})"


def warnings(news: Announcement, catalog: Catalog) -> tuple[str, ...]:
    """Say what looks like a duplicate or a misspelt ticker; nothing here forbids writing."""
    known = {ticker for other in catalog for ticker in other.tickers}
    odd = [
        f"ticker '{ticker}' is new to the catalog{near}"
        for ticker in news.tickers
        if ticker not in known
        and not ticker[0].isdigit()  # numbers are near each other and mean nothing
        and (near := suggest(ticker, known))
    ]
    same = [
        f"{DUPLICATE} {other.id}: {why}" for other in catalog if (why := _likeness(news, other))
    ]
    loose = [
        f"it links to '{link.to}', which is not in the catalog"
        + suggest(link.to, (other.id for other in catalog))
        for link in news.links
        if link.to not in catalog
    ]
    return (*odd, *same, *loose)


def write_new(news: Announcement, folder: str | Path, replace: bool = False) -> Path:
    """Write the announcement as `<id>.toml`; an existing file is kept unless `replace`."""
    path = Path(folder) / f"{news.id}.toml"
    if path.parent.is_dir():
        there = [one.name for one in path.parent.glob("*.toml")]
    else:
        there = []
    same = [name for name in there if name.casefold() == path.name.casefold()]
    if same and (same != [path.name] or not replace):
        raise CatalogError(
            f"{same[0]} is there already; give another id, or say that it is to be replaced"
        )
    try:
        put_together(path.parent, {path.name: as_toml(news)})
    except OSError as error:
        raise CatalogError(f"{path.name} cannot be written: {error.strerror}") from None
    return path


def _read_short_forms(facts: dict[str, Any], names: dict[str, str]) -> dict[str, list[str]]:
    """Put what short forms say in their place.

    What cannot be read is taken out and told, all of it.
    """
    told: dict[str, list[str]] = {}

    def tried(key: str, read: Callable[[str], dict[str, Any]], text: str) -> dict[str, Any] | None:
        try:
            return read(text)
        except CatalogError as error:
            told.setdefault(key, []).append(str(error))
            return None

    readers: dict[str, Callable[[str], dict[str, Any]]] = {
        "parties": lambda text: phrases.party(text, names),
        "links": phrases.link,
        "sources": phrases.source,
    }
    for key, read in readers.items():
        if isinstance(facts.get(key), Sequence) and not isinstance(facts[key], str):
            made = [tried(key, read, one) if isinstance(one, str) else one for one in facts[key]]
            facts[key] = tuple(one for one in made if one is not None)
    if isinstance(facts.get("amount"), str):
        typed = facts.pop("amount")
        made_of = tried("amount", phrases.amount, typed)
        if made_of and "usd" in made_of:
            facts["amount"] = made_of
        elif made_of:  # no rate: the sum is kept in words, and no dollars are made up
            local = f"{made_of['currency']} {made_of['local']:,.0f}"
            kept = f"Amount: {' '.join(typed.split())} ({local}); {_UNCONVERTED}"
            facts["facts"] = (*facts.get("facts", ()), kept)
    if isinstance(facts.get("announced_at"), str):
        parties = [*_checked([one for one in facts.get("parties", ()) if isinstance(one, dict)])]
        listed = any(one.ticker for one in parties)
        own = (own_exchange(parties), own_zone(parties)) if listed else ()
        said = tried("announced_at", lambda text: when(text, *own), facts.pop("announced_at"))
        facts |= {key: value for key, value in (said or {}).items() if key not in facts}
    return told


def _fill(facts: dict[str, Any], catalog: Catalog) -> None:
    parties = [one for one in facts.get("parties", ()) if isinstance(one, dict)]
    try:
        day = local_date(moment(facts["announced_at"]), own_zone(_checked(parties)))
    except (KeyError, ValueError):
        return  # the announcement itself will say what is wrong with it
    numbers = {one.ticker: one.cik for news in catalog for one in news.parties if one.cik}
    for one in parties:
        if (cik := numbers.get(one.get("ticker"))) and "cik" not in one:
            one["cik"] = cik
    if "kind" not in facts:
        facts["kind"] = _kind({role for one in parties for role in one.get("roles", ())})
    if isinstance(facts.get("amount"), dict) and not {"payer", "payee", "shares"} & set(
        facts["amount"]
    ):
        facts["amount"] = facts["amount"] | _payment(parties)
    facts.setdefault("first_public", day)
    if "id" not in facts and isinstance(facts.get("headline"), str):
        facts["id"] = _new_id(f"{day}-{_slug(facts['headline'])}", catalog)


def _checked(parties: Sequence[Mapping[str, Any]]) -> Iterator[Party]:
    for one in parties:
        with suppress(ValidationError):  # told with everything else
            yield Party.model_validate(one)


def _kind(roles: set[str]) -> str:
    known = [kind.value for needed, kind in _KIND_OF_ROLES if needed <= roles]
    if known:
        return known[0]
    return Kind.OTHER.value


def _payment(parties: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    for payer, payee in _PAYS.items():
        pays, paid = _named_as(payer, parties), _named_as(payee, parties)
        if len(pays) == len(paid) == 1:
            return {"payer": pays[0], "payee": paid[0]}
    return {}


def _named_as(role: str, parties: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [one["name"] for one in parties if "name" in one and role in one.get("roles", ())]


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
    if alike > 0.8 and apart <= timedelta(30):
        return "nearly the same headline"
    return ""
