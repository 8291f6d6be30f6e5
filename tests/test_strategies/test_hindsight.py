"""What became of an announcement later, and words of it, moves nothing.

No order, filter, conflict, regression or placebo.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.study import EventStudy, MarketModel, Window
from backtest.study.check.placebo import placebo
from backtest.study.check.regression import regress
from events import Announcement, Catalog, PlacedEvents, Sessions, place_events
from events.conflicts import RULES, conflicts, settle
from events.ledger import with_ledger
from strategies import STRATEGIES, Conditional, Strategy
from strategies.evaluate.sweep import Filter

LAUNCHED_AT_2BN = "2025-12-08-coreweave-convertible-2bn"  # and priced at 2.25 the day after
SIZES = (1e9, 2.2e9, 4.7e9, 28e9)
VARIANTS = [
    *(kind() for kind in STRATEGIES.values()),
    *(Conditional(roles=(), min_amount_usd=size) for size in SIZES),
]


def placed(catalog: Catalog, prices: Prices) -> pd.DataFrame:
    sessions = Sessions.exchange("XNYS", "2023-01-03", "2026-10-30")
    events = with_ledger(place_events(catalog.events(), sessions), catalog)
    studied = events["ticker"].isin(prices.tickers) & events["event_session"].notna()
    return events[studied].reset_index(drop=True)


def told(news: Announcement, number: int) -> Announcement:
    """Another later life: without one, or with sums and ends that no announcement has."""
    later = [
        {"kind": "priced", "on": "2030-01-01", "amount_usd": 9e13 / (number + 1), "what": "More"},
        {"kind": "cancelled", "on": "2031-01-01", "what": "Ended"},
    ]
    return Announcement.model_validate(news.model_dump() | {"later": later[: number % 3]})


WORDS = (" It was priced at $99bn and enlarged later", " It was cancelled later", "")


def retold(news: Announcement) -> Announcement:
    """Words of hindsight in every text written by hand.

    Other ones from news to news, so that a rank by them moves. Sums and days stay as they were.
    """
    words = WORDS[sum(map(ord, news.id)) % len(WORDS)]
    return news.model_copy(
        update={
            "headline": news.headline + words,
            "summary": news.summary + words,
            "facts": (*news.facts, *([words.strip()] if words else ())),
            "timing_basis": news.timing_basis + words,
            "claims": (),  # how the press saw shares move, which nobody knew either
        }
    )


@pytest.fixture(scope="module", params=["forgotten", "rewritten", "retold"])
def other(request: pytest.FixtureRequest, prices: Prices) -> pd.DataFrame:
    bundled = Catalog.bundled()
    if request.param == "forgotten":
        lives = [news.model_copy(update={"later": ()}) for news in bundled]
    elif request.param == "retold":
        lives = [retold(news) for news in bundled]
    else:
        lives = [told(news, number) for number, news in enumerate(bundled)]
    return placed(Catalog(tuple(lives)), prices)


@pytest.fixture(scope="module")
def known(prices: Prices) -> pd.DataFrame:
    return placed(Catalog.bundled(), prices)


@pytest.mark.parametrize("strategy", VARIANTS, ids=repr)
def test_no_order_reads_it(
    strategy: Strategy, known: pd.DataFrame, other: pd.DataFrame, prices: Prices
) -> None:
    orders = strategy.orders(known, prices)
    assert orders
    assert strategy.orders(other, prices) == orders


def retold_and_told() -> tuple[Announcement, ...]:
    return tuple(told(retold(news), number) for number, news in enumerate(Catalog.bundled()))


@pytest.mark.parametrize("rule", RULES)
def test_no_conflict_and_no_rank_reads_later_words(rule: str) -> None:
    found = []
    for catalog in (Catalog.bundled(), Catalog(retold_and_told())):
        sessions = Sessions.exchange("XNYS", "2025-01-02", "2026-12-31")
        events = PlacedEvents.on(catalog.events(), sessions)
        settled = settle(events, conflicts(events, catalog), rule)  # of the list
        found.append(
            (settled.events.drop(columns="headline"), settled.dropped[["event_id", "ticker"]])
        )
    for one, other in zip(*found, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_no_condition_of_a_catalog_reads_later_words() -> None:
    catalogs = Catalog.bundled(), Catalog(retold_and_told())
    for how in (
        {"tickers": ["CRWV"]}, {"roles": ["customer"]}, {"kinds": ["financing"]},
        {"since": "2026-01-01"}, {"confidence": "verified"}, {"timing": "bounded"},
    ):  # fmt: skip
        one, other = (
            [news.id for news in catalog.filter(**how)] for catalog in catalogs
        )  # as a user writes
        assert one == other
        assert 0 < len(one) < len(catalogs[0])


@pytest.mark.parametrize(
    "wanted",
    [
        {"kinds": ("financing",)},
        {"roles": ("customer",)},
        *({"min_amount_usd": size} for size in SIZES),
    ],
    ids=repr,
)
def test_no_filter_of_a_search_reads_it(
    wanted: dict[str, Any], known: pd.DataFrame, other: pd.DataFrame
) -> None:
    chosen = Filter("chosen", **wanted)
    assert 0 < chosen.keeps(known).sum() < len(known)
    np.testing.assert_array_equal(chosen.keeps(other), chosen.keeps(known))


def test_no_regression_and_no_placebo_reads_it(
    known: pd.DataFrame, other: pd.DataFrame, prices: Prices
) -> None:
    study = EventStudy(MarketModel("SPY"), Window(-130, -11), {"1-day": Window(0, 0)})
    names = ["log_amount", "cumulative_usd", "kind"]
    found = [study.fit(events, prices) for events in (known, other)]
    tables = [regress(result, "1-day", names) for result in found]
    assert tables[0]["coefficient"].notna().all()
    pd.testing.assert_frame_equal(*tables)
    placebos = [placebo(result, range(30, 50)).tests for result in found]
    pd.testing.assert_frame_equal(*placebos)


def test_an_offering_enlarged_later_is_not_traded_by_its_later_size(
    known: pd.DataFrame, prices: Prices
) -> None:
    def traded(size: float) -> bool:
        orders = Conditional(roles=(), min_amount_usd=size).orders(known, prices)
        return LAUNCHED_AT_2BN in {order.event_id for order in orders}

    assert traded(2.0e9)
    assert not traded(2.2e9)
