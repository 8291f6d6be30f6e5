"""What a command asks for when an announcement is added on a terminal."""

from __future__ import annotations

from typing import NamedTuple

from events.record.vocabulary import Kind, Timing


class Question(NamedTuple):
    """What a command asks for.

    The key of `complete`, the words, an example, and the allowed words if closed.
    """

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
