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
    ],
)
def test_what_it_cannot_be_is_said(condition: str, said: str) -> None:
    with pytest.raises(CatalogError, match=r"condition '.*") as told:
        where(DEALS, condition)
    assert said in str(told.value)
