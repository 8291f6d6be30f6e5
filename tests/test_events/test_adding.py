"""Adding an announcement with no Python.

Short forms, completion, duplicates, the file, the preview.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from events import Catalog, CatalogError
from events.files.check import check
from events.files.toml_files import json_schema
from events.files.writing.adding import complete, read_draft, warnings, write_new
from events.files.writing.preview import preview
from events.files.writing.questions import QUESTIONS
from events.record.announcement import Announcement
from events.record.vocabulary import Kind, Role

SAID = {
    "headline": "Meta adds $5bn of CoreWeave's capacity",
    "announced_at": "2026-10-09 08:00 ET",
    "parties": [
        "META: customer",
        "CoreWeave: supplier,issuer",
        "Foo Corp: investor",
        "TSM:read_through",
        "Bar (BAZ): other",
    ],
    "amount": "about $5bn",
    "sources": ["https://www.example.org/release"],
    "links": ["2026-04-09-meta-coreweave-21bn:adds_to"],
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.bundled()


def test_short_forms_become_an_announcement(catalog: Catalog) -> None:
    draft = complete(SAID, catalog)
    news = draft.news
    assert news.id == "2026-10-09-meta-adds-5bn-coreweave-capacity"
    assert str(news.announced_at) == "2026-10-09 08:00:00-04:00"
    assert [(party.name, party.ticker) for party in news.parties] == [
        ("Meta Platforms", "META"),
        ("CoreWeave", "CRWV"),
        ("Foo Corp", None),
        ("TSM", "TSM"),
        ("Bar", "BAZ"),
    ]
    assert news.parties[1].roles == (Role.SUPPLIER, Role.ISSUER)
    assert news.amount is not None
    assert (news.amount.usd, news.amount.payer, news.amount.payee) == (
        5e9,
        "Meta Platforms",
        "CoreWeave",
    )
    assert news.kind is Kind.CAPACITY_CONTRACT
    assert news.sources[0].name == "example.org"
    assert "kind = capacity_contract" in draft.taken


def test_the_file_is_good_and_in_the_next_catalog(catalog: Catalog, tmp_path: Path) -> None:
    path = write_new(complete(SAID, catalog).news, tmp_path)
    assert check([tmp_path]) == []
    assert Catalog.read(tmp_path).announcements[0].headline == SAID["headline"]
    with pytest.raises(CatalogError, match="is there already"):
        write_new(complete(SAID, catalog).news, tmp_path)
    assert write_new(complete(SAID | {"headline": "Another"}, catalog).news, tmp_path) != path
    assert write_new(complete(SAID, catalog).news, tmp_path, replace=True) == path


def test_a_draft_file_is_read_as_said(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "draft.toml"
    path.write_text('headline = "A"\nannounced_at = 2026-10-09\nparties = ["META:reporter"]\n')
    assert complete(read_draft(path), catalog).news.kind is Kind.EARNINGS
    path.write_text("headline = ")
    with pytest.raises(CatalogError, match=r"draft.toml: not valid TOML"):
        read_draft(path)
    with pytest.raises(CatalogError, match=r"none.toml: cannot be read"):
        read_draft(tmp_path / "none.toml")


def test_an_id_is_never_given_twice(catalog: Catalog) -> None:
    first = complete(SAID, catalog).news
    assert complete(SAID, Catalog((first,))).news.id == f"{first.id}-2"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            {
                "sources": [
                    "https://ainewssilo.com/articles/meta-coreweave-21-billion-ai-cloud-deal"
                ]
            },
            "the same source",
        ),
        ({}, "the same kind within three days, with CoreWeave and Meta Platforms"),
        (
            {"kind": "other", "amount": "21bn", "announced_at": "2026-04-29"},
            "the same amount within 30 days",
        ),
        (
            {
                "kind": "other",
                "headline": "Meta adds $21bn of CoreWeave capacity through December 2032",
            },
            "nearly the same",
        ),
        ({"id": "2026-04-09-meta-coreweave-21bn"}, "the same id"),
    ],
)
def test_likely_duplicates_are_named(catalog: Catalog, said: dict[str, Any], why: str) -> None:
    facts = {
        "headline": "News",
        "announced_at": "2026-04-09",
        "parties": ["META:customer", "CRWV:supplier"],
    } | said
    found = warnings(complete(facts, catalog).news, catalog)
    assert any(
        line.startswith("likely a duplicate of 2026-04-09-meta-coreweave-21bn: ") and why in line
        for line in found
    )


def test_something_new_is_no_duplicate(catalog: Catalog) -> None:
    assert (
        warnings(
            complete(SAID | {"parties": ["META:customer", "CRWV:supplier"]}, catalog).news, catalog
        )
        == ()
    )


def test_a_misspelt_ticker_is_warned_of(catalog: Catalog) -> None:
    news = complete(SAID | {"parties": ["CRVW:supplier"]}, catalog).news
    assert warnings(news, catalog)[0] == "ticker 'CRVW' is new to the catalog; did you mean 'CRWV'?"


def test_the_preview_says_what_a_study_will_do(catalog: Catalog) -> None:
    news = complete(
        SAID | {"announced_at": "2026-04-09 16:00 ET", "parties": ["META:customer"]}, catalog
    ).news
    assert preview(news) == (
        "META: event session 2026-04-10 (day 0), "
        "first tradable open 2026-04-10, 1-day window [0,0]",
    )
    unknown = complete(
        SAID | {"announced_at": "2026-04-09", "parties": ["META:customer"]}, catalog
    ).news
    assert preview(unknown)[0].endswith(
        "first tradable open 2026-04-10, 1-day window [0,1]; timing unknown"
    )


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"parties": ["META"]}, "party 'META': write TICKER:role or NAME"),
        ({"parties": ["META:costumer"]}, "'costumer' is none of .*did you mean 'customer'"),
        ({"amount": "lots"}, "amount 'lots': write a sum such as 21bn"),
        ({"amount": "5 bananas"}, "amount '5 bananas'"),
        ({"announced_at": "2026-04-09 25:00 ET"}, "no such time"),
        ({"announced_at": "yesterday"}, "announced_at: 'yesterday' is no ISO date"),
        ({"announced_at": None}, "announced_at: is missing"),
        ({"headlin": "x"}, "unknown key 'headlin'; did you mean 'headline'"),
        ({"links": ["a:ads_to"]}, "'ads_to' is none of .*did you mean 'adds_to'"),
        ({"sources": ["not an address"]}, "sources #1: url: 'not an address' is no web address"),
        ({"kind": "earning"}, "did you mean 'earnings'"),
    ],
)
def test_what_cannot_be_read_is_said(catalog: Catalog, said: dict[str, Any], says: str) -> None:
    with pytest.raises(CatalogError, match=says):
        complete(SAID | said, catalog)


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        (("customer", "supplier", "investor"), "capacity_contract"),
        (("investor", "supplier"), "equity_investment"),
        (("issuer",), "financing"),
        (("acquirer", "target"), "acquisition"),
        (("tenant", "landlord"), "capacity_contract"),
        (("subject", "analyst"), "analyst"),
        (("competitor",), "other"),
    ],
)
def test_the_kind_follows_from_the_roles(
    catalog: Catalog, roles: tuple[str, ...], kind: str
) -> None:
    parties = [f"Firm {number}:{role}" for number, role in enumerate(roles)]
    assert complete(SAID | {"parties": parties}, catalog).news.kind == kind


def test_what_is_missing_is_what_a_person_must_give(catalog: Catalog) -> None:
    with pytest.raises(CatalogError) as refused:
        complete({}, catalog)
    assert str(refused.value).splitlines() == [
        "headline: is missing",
        "announced_at: is missing",
        "parties: is missing",
    ]


def test_every_question_is_a_key() -> None:
    assert {question.key for question in QUESTIONS} <= set(Announcement.model_fields)
    assert {question.key for question in QUESTIONS if question.required} == {
        "headline",
        "announced_at",
        "parties",
    }


def test_the_schema_knows_keys_words_and_requirements() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(Announcement.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Kind"]["enum"] == [kind.value for kind in Kind]
    assert {one["format"] for one in schema["properties"]["announced_at"]["anyOf"]} == {
        "date",
        "date-time",
    }
    assert ">>>" not in str(schema)
