"""Commitments along links and parties."""

from __future__ import annotations

import numpy as np
import pytest

from events import Announcement, Catalog
from events.ledger import chain_total, ledger, with_ledger


def deal(name: str, day: str, usd: float, **more: object) -> Announcement:
    amount = {"usd": usd, "payer": "A", "payee": "B"} | (more.pop("amount", {}) or {})
    said: dict[str, object] = {
        "id": name,
        "headline": name,
        "announced_at": day,
        "kind": "capacity_contract",
        "amount": {key: value for key, value in amount.items() if value is not None},
        "parties": [
            {"name": "A", "ticker": "AAA", "roles": ["customer"]},
            {
                "name": "B",
                "ticker": "BBB",
                "roles": ["supplier"],
                "attributes": {"market_value_usd": 100.0},
            },
            {"name": "C", "roles": ["investor"]},
        ],
    }
    return Announcement.model_validate(said | more)


def adds(to: str, relation: str = "adds_to") -> list[dict[str, str]]:
    return [{"to": to, "relation": relation}]


def test_meta_and_coreweave_come_to_35_2() -> None:
    table = ledger(Catalog.bundled())
    pair = table[(table["payer"] == "Meta Platforms") & (table["payee"] == "CoreWeave")]
    assert pair["amount_usd"].tolist() == [14.2e9, 21e9]
    assert pair["cumulative_usd"].tolist() == [14.2e9, 35.2e9]
    assert pair["stated_total_usd"].tolist()[1] == 35.2e9


def test_openai_and_coreweave_come_to_22_4() -> None:
    catalog = Catalog.bundled()
    assert chain_total(catalog["2025-09-25-openai-coreweave-6p5bn"], catalog) == pytest.approx(
        22.4e9
    )


def test_every_stated_total_is_the_sum_of_its_chain() -> None:
    catalog = Catalog.bundled()
    stated = [news for news in catalog if news.amount and news.amount.total_usd]
    assert len(stated) == 3
    for news in stated:
        assert news.amount is not None
        assert chain_total(news, catalog) == pytest.approx(news.amount.total_usd, rel=1e-9)


def test_purchases_and_investments_are_added_up_apart() -> None:
    catalog = Catalog(
        (deal("a", "2026-01-01", 10), deal("b", "2026-01-02", 5, kind="equity_investment"))
    )
    assert ledger(catalog)[["nature", "cumulative_usd"]].values.tolist() == [
        ["purchase", 10.0],
        ["investment", 5.0],
    ]


def test_what_is_ended_is_taken_back() -> None:
    catalog = Catalog(
        (deal("a", "2026-01-01", 10), deal("b", "2026-01-02", 4, links=adds("a", "amends")))
    )
    assert ledger(catalog)["amount_usd"].tolist() == [10.0, -10.0, 4.0]
    assert ledger(catalog)["cumulative_usd"].tolist() == [10.0, 0.0, 4.0]


def test_a_sum_of_several_payers_goes_to_each() -> None:
    shares = [{"payer": "A", "usd": 6}, {"payer": "C", "usd": 4}]
    catalog = Catalog((deal("a", "2026-01-01", 10, amount={"payer": None, "shares": shares}),))
    assert ledger(catalog)[["payer", "amount_usd"]].values.tolist() == [["A", 6.0], ["C", 4.0]]
    assert with_ledger(catalog.events(), catalog)["cumulative_usd"].tolist() == [10.0, 10.0]


def test_firm_and_optional_parts_and_market_value() -> None:
    catalog = Catalog((deal("a", "2026-01-01", 10, amount={"firm_usd": 4, "optional_usd": 6}),))
    row = ledger(catalog).iloc[0]
    assert (row["firm_usd"], row["optional_usd"], row["amount_over_market_value"]) == (
        4.0,
        6.0,
        0.1,
    )


def test_regressors_follow_the_events() -> None:
    catalog = Catalog((deal("a", "2026-01-01", 10), deal("b", "2026-01-02", 5, links=adds("a"))))
    events = with_ledger(catalog.events(), catalog)
    assert events["cumulative_usd"].tolist() == [10.0, 10.0, 15.0, 15.0]
    assert events["amount_over_market_value"].tolist() == [0.1, 0.1, 0.05, 0.05]


def test_an_unknown_amount_makes_the_chain_unknown_and_a_circle_ends() -> None:
    bare = deal("a", "2026-01-01", 10).model_copy(update={"amount": None})
    circle = deal("b", "2026-01-02", 5, links=[*adds("a"), *adds("b")])
    assert np.isnan(chain_total(circle, Catalog((bare, circle))))
    assert chain_total(circle, Catalog((circle,))) == 5


def test_an_empty_catalog_has_an_empty_ledger() -> None:
    table = ledger(Catalog(()))
    assert table.empty
    assert "cumulative_usd" in table
    assert with_ledger(Catalog(()).events(), Catalog(())).empty
