"""An announcement as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from textwrap import TextWrapper

from events.record.announcement import Announcement, Later
from events.record.party import Party
from events.record.vocabulary import Timing
from events.words import amount_in_words, dollars


def _fill(text: str, first: str = "", rest: str = "") -> str:
    wrapper = TextWrapper(
        100,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return wrapper.fill(text)


def describe(news: Announcement) -> str:
    """Say everything the catalog knows of one announcement but its press claims, in plain text.

    >>> from events import Catalog
    >>> print(describe(Catalog.bundled()["2026-04-10-anthropic-coreweave"]).splitlines()[0])
    Anthropic signs a multi-year contract with CoreWeave
    """
    return "\n".join([_fill(news.headline), "", *_body(news)])


def _body(news: Announcement) -> Iterator[str]:
    if news.summary:
        yield from (_fill(news.summary), "")
    yield from _when(news)
    yield f"kind       {news.kind_word.replace('_', ' ')}" + (f"; {news.term}" if news.term else "")
    if news.amount:
        note = f". {news.amount.note}" if news.amount.note else ""
        yield f"amount     {amount_in_words(news.amount)}{note}"
    yield from _listed("parties", [_party(party) for party in news.parties])
    yield from _listed("facts", news.facts)
    yield from _listed("later", [_later(fact) for fact in news.later])
    yield from _listed(
        "links", [f"{link.relation.value.replace('_', ' ')} {link.to}" for link in news.links]
    )
    notes = [
        f"{note.type.value.replace('_', ' ')}: {note.note}{_mark(note.not_separable)}"
        for note in news.contamination
    ]
    yield from _listed("besides", notes)
    yield from _listed(
        "sources",
        [f"{source.name}{f', {source.url}' if source.url else ''}" for source in news.sources],
    )
    yield f"confidence date and parties {news.confidence.studied.value}"
    yield f"claims     {len(news.claims)} reported by the press"
    yield f"id         {news.id}"


_CLOCK = {
    Timing.BEFORE_OPEN: "before the open",
    Timing.DURING_SESSION: "during the session",
    Timing.AFTER_CLOSE: "after the close",
    Timing.UNKNOWN: "the time of day is not known",
}


def _when(news: Announcement) -> Iterator[str]:
    told = isinstance(news.announced_at, datetime) or (
        news.timing is Timing.UNKNOWN and (news.not_before or news.not_after)
    )
    if told:
        clock = ""
    else:
        clock = f", {_CLOCK[news.timing]}"
    if news.timing is Timing.UNKNOWN:
        quality = ""
    else:
        quality = f" ({news.timing_quality.value.replace('_', ' ')})"
    yield f"announced  {news.announced_at}{clock}{quality}"
    for word, bound in (("not before", news.not_before), ("not after", news.not_after)):
        if bound:
            yield _fill(f"{word} {bound.at}: {bound.basis}", " " * 11, " " * 13)
    if news.timing_basis:
        yield _fill(news.timing_basis, " " * 11, " " * 11)
    if news.first_public:
        yield f"public     {news.first_public}"
    if news.signed:
        yield f"signed     {news.signed}"


def _later(fact: Later) -> str:
    money = ""
    if fact.amount_usd:
        money = f" {dollars(fact.amount_usd)}"
    address = ""
    if fact.url:
        address = f", {fact.url}"
    return f"{fact.on} {fact.kind.value}{money}: {fact.what}{address}"


def _party(party: Party) -> str:
    said = f"{party.ticker or '-':8} {party.name}"
    if party.exchange:
        said += f" ({party.exchange})"
    said += ": " + ", ".join(word.replace("_", " ") for word in party.role_words)
    if party.listed:
        said += f"; first session {party.listed}"
    if party.cik:
        said += f"; CIK {party.cik}"
    if party.note:
        said += f"; {party.note}"
    return said


def _listed(name: str, lines: list[str] | tuple[str, ...]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield _fill(line, f"{name if number == 0 else '':11}", " " * 13)


def _mark(not_separable: bool) -> str:
    if not_separable:
        return " (daily prices cannot tell the two apart)"
    return ""
