"""Conditions on events: they compare, and can do nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from events.errors import CatalogError
from events.files.lists.where import where

DEALS = pd.DataFrame(
    {
        "ticker": ["A", "B", "C"],
        "value": [1.0, 5.0, float("nan")],
        "method": ["cash", None, "mixed"],
        "owed": [0, 2, 4],
        "staff": pd.array([None, 5, 0], dtype="Int64"),
        "none": [0.0, 0.0, 0.0],
    }
)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("value > 2", "B"),
        ("value <= 5 and ticker != 'B'", "A"),
        ("not value > 2", "AC"),
        ("method in ['cash', 'mixed']", "AC"),
        ("value * 2 > 9 or method == 'mixed'", "BC"),
        ("value > -1", "AB"),
        ("value > 100", ""),
        ("1 / owed > 0", "BC"),  # nothing divided by 0 is above a number
        ("-1 / owed < 0", "BC"),
        ("1 / owed != 1 / owed", "A"),
        ("1 / owed > 0 or ticker == 'A'", "ABC"),
        ("1 / (1 / owed) > 0", "BC"),
        ("0 < 1 / (owed - 2) < 9 or 1 / (owed - 4) < 0", "ABC"),
        ("1 / staff > 0", "B"),
        ("staff > 0", "B"),
    ],
)
def test_rows_that_meet_it(condition: str, kept: str) -> None:
    assert "".join(where(DEALS, condition)["ticker"]) == kept


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("", "cannot be read"),
        ("value >", "cannot be read"),
        ("valeu > 1", "no column 'valeu'; did you mean 'value'"),
        ("value.__class__ > 1", "not a attribute"),
        ("len(method) > 1", "not a call"),
        ("@pd.io > 1", "cannot be read"),
        ("value + 1", "compares nothing"),
        ("value > 'x'", "condition"),
        ("method > 3", "condition"),
        ("(" * 500 + "value" + ")" * 500, "cannot be read"),
        ("value > 1 " + "and value > 1 " * 200, "only comparisons"),
        ("1 < 2", "is not true or false"),
        ("value / 0 > 1", "divides by 0; divide by a number or another column"),
        ("1 / 0 > value", "divides by 0"),
        ("value / (owed - owed) > 1", "divides by 0"),
        ("value / none < 1", "divides by 0"),
        ("owed / method > 1", "method holds words"),
        ("method / owed > 1", "method holds words"),
        ("value < 1e400", "a number in it is too large; write one below 1e308"),
    ],
)
def test_what_it_cannot_be_is_said(condition: str, said: str) -> None:
    with pytest.raises(CatalogError, match=r"condition '.*") as told:
        where(DEALS, condition)
    assert said in str(told.value)


def test_no_rows_are_divided_by_nothing() -> None:
    assert where(DEALS[:0], "value / none > 1 or value / 2 > 1").empty
    with pytest.raises(CatalogError, match="divides by 0"):
        where(DEALS[:0], "1 / 0 > value")


def test_a_column_of_the_name_of_a_divisor_is_left_alone() -> None:
    deals = DEALS.assign(_divisor=[7, 8, 9])
    assert where(deals, "_divisor / owed > 3 and _divisor < 9")["ticker"].tolist() == ["B"]
    assert deals["_divisor"].tolist() == [7, 8, 9]
