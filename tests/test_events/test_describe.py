"""An announcement as a person reads it."""

from __future__ import annotations

import pytest

from events import Catalog
from events.describe import describe


@pytest.mark.parametrize("news", Catalog.bundled().announcements, ids=lambda news: news.id)
def test_every_fact_is_in_the_text(news) -> None:  # type: ignore[no-untyped-def]  # an announcement
    text = " ".join(describe(news).split())
    words = [
        news.headline,
        news.id,
        str(news.announced_at),
        *news.facts,
        *(party.name for party in news.parties),
    ]
    words += [source.url for source in news.sources if source.url] + [
        note.note for note in news.contamination
    ]
    for said in words:
        assert " ".join(said.split()) in text
    assert "None" not in text


def test_dates_and_money_are_said_plainly() -> None:
    text = describe(Catalog.bundled()["2026-04-09-meta-coreweave-21bn"])
    assert "announced  2026-04-09, before the open (stated)\n" in text
    assert "amount     about $21bn, Meta Platforms to CoreWeave ($35.2bn in all)" in text
    assert "signed     2026-03-31\n" in text
    unknown = describe(Catalog.bundled()["2026-03-16-meta-nebius-27bn"])
    assert "announced  2026-03-16, the time of day is not known\n" in unknown
    assert "($12bn firm; $15bn optional)" in unknown
