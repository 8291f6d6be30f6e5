"""Every column of every table that Python gives is typed, has a unit and a meaning."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.api import types

import reactions as rx
from events.flag import Flag
from reports.export.meanings import IN_PYTHON
from reports.run.columns import COLUMNS, DAY, WORDS

AS_OBJECTS = {"announced_at", "not_before", "not_after"}  # dates and instants side by side


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    catalog, prices = rx.Catalog.bundled(), rx.Prices.sample()
    result = rx.EventStudy(rx.MarketModel("SPY")).fit(catalog, prices)
    placed = rx.tradable_events(catalog, prices)
    evaluation = rx.evaluate(rx.STRATEGIES["drift"](), placed, prices)
    found = rx.search(rx.STRATEGIES["drift"], {"hold": (2, 5)}, placed, prices)
    bridge = rx.bridge(evaluation, placed, prices)
    study = (
        "events", "windows", "abnormal", "estimates", "coefficients",
        "diagnostics", "paths", "dropped",
    )  # fmt: skip
    traded = ("trades", "bets", "equity", "positions", "orders", "summary", "early")
    return {
        "catalog": catalog.to_frame(),
        "catalog events": catalog.events(),
        "single_tests": result.single_tests(),
        "tests": result.tests("all", "role"),
        "averages": result.averages(),
        "average_paths": result.average_paths(),
        "shrunken": result.shrunken(),
        "tidy": result.tidy("role"),
        "paper table": result.paper_table("role").estimates,
        **{name: getattr(result, name) for name in study},
        **{name: getattr(evaluation, name) for name in traded},
        "placed": placed,
        "search": found.table,
        "best": found.best,
        "walk forward": rx.walk_forward(found, placed, prices, splits=2).table,
        "bridge": bridge.table,
        "bridge average": bridge.average,
    }


def test_every_column_is_described(tables: dict[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        told = rx.describe(table)
        assert told["column"].tolist() == table.columns.tolist()
        parameters = {"hold"} if name in ("search", "best") else set()
        undescribed = set(told.loc[told["unit"] == "", "column"]) - parameters
        assert not undescribed, name


def test_nothing_is_described_that_no_table_has(tables: dict[str, pd.DataFrame]) -> None:
    found = {column for table in tables.values() for column in table.columns}
    assert set(IN_PYTHON) - found == set()
    assert set(IN_PYTHON) & set(COLUMNS) == set()
    assert set(Flag) & (set(IN_PYTHON) | set(COLUMNS)) == set()


def test_columns_have_the_type_of_their_unit(tables: dict[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        for row in rx.describe(table).itertuples():
            column = table[row.column]
            if row.column in AS_OBJECTS or not len(table) or not row.unit:
                continue
            if row.unit == DAY:
                fits = types.is_datetime64_any_dtype(column)
            elif row.unit == WORDS:
                fits = types.is_string_dtype(column) or types.is_bool_dtype(column)
            else:
                fits = types.is_numeric_dtype(column)
            assert fits, (name, row.column, column.dtype)
            assert row.unit == WORDS or column.dtype != object, (name, row.column)


def test_a_word_is_explained() -> None:
    assert "60 to 119" in rx.explain("reduced_history")
    assert rx.explain("scar").endswith("(number)")
    with pytest.raises(rx.ReactionsError, match="did you mean 'reduced_history'"):
        rx.explain("reduced_histry")
    with pytest.raises(rx.ReactionsError, match="did you mean 'n_events'"):
        rx.explain("n_event")


def test_a_researchers_own_column_is_said_to_be_theirs() -> None:
    told = rx.describe(pd.DataFrame({"ticker": ["A"], "DealValue": [1.0]}))
    assert told["unit"].tolist() == ["text", ""]
    assert "yours" in told.loc[1, "meaning"]


def test_a_coefficient_is_no_money(tables: dict[str, pd.DataFrame]) -> None:
    told = rx.describe(tables["coefficients"]).set_index("column")["unit"]
    assert told["value"] == "number"
    assert rx.describe(tables["positions"]).set_index("column").loc["value", "unit"] == "money"
