"""Sums of money in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.record.amount import Amount
from events.words import amount_in_words, dollars


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (2.5e12, "$2.5tn"), (1e12, "$1tn"), (12.3456e9, "$12.35bn"), (1e9, "$1bn"),
        (999e6, "$999m"), (1.5e6, "$1.5m"), (999_999.4, "$999,999"), (500, "$500"), (0, "$0"),
        (-2e9, "−$2bn"), (-1e-6, "$0"), (-0.4, "$0"), (-0.6, "−$1"),
        (999.94e6, "$999.9m"), (999.96e6, "$1bn"), (999.97e9, "$1tn"), (-999.96e6, "−$1bn"),
        (float("nan"), "–"), (float("inf"), "–"), (None, "–"),
    ],
)  # fmt: skip
def test_dollars_are_short(value: float | None, told: str) -> None:
    assert dollars(value) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "$6bn"),
        ({"qualifier": "at_least"}, "at least $6bn"),
        ({"qualifier": "at_least", "high_usd": 8e9}, "$6bn to $8bn"),
        ({"payer": "A", "payee": "B"}, "$6bn, A to B"),
        ({"payee": "B"}, "$6bn"),
        (
            {"payee": "B", "shares": [{"payer": "A", "usd": 2e9}, {"payer": "C", "usd": 4e9}]},
            "$6bn, A $2bn and C $4bn to B",
        ),
        (
            {"firm_usd": 2e9, "optional_usd": 4e9, "total_usd": 9e9},
            "$6bn ($2bn firm; $4bn optional; $9bn in all)",
        ),
        (
            {"currency": "JPY", "local": 9e11, "rate": 6e9 / 9e11, "rate_on": date(2026, 3, 2)},
            f"$6bn (JPY 900bn at {6e9 / 9e11} dollars of 2026-03-02)",
        ),
        ({"currency": "EUR", "local": 5e9, "rate": 1.2}, "$6bn (EUR 5bn at 1.2 dollars)"),
        ({"currency": "EUR", "local": 5e6}, "$6bn (EUR 5m)"),
        ({"currency": "EUR"}, "$6bn"),
    ],
)
def test_an_amount_says_all_that_is_known_of_it(given: dict[str, Any], told: str) -> None:
    assert amount_in_words(Amount(usd=6e9, **given)) == told
