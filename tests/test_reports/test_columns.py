"""Every column a run writes is described with its unit.

Nothing is described that is not written.
"""

from __future__ import annotations

import pytest

from backtest import EventStudy, SyntheticControl
from backtest.study.check.in_space import in_space_placebos
from events import Catalog
from reports.commands.options.common import read_prices
from reports.experiment.plan import Experiment, SearchPlan
from reports.export.tables import TABLES
from reports.page.sections import strategies
from reports.run.columns import COLUMNS
from reports.run.findings import run


def test_every_column_has_a_unit_and_a_meaning_and_every_meaning_a_column() -> None:
    search = SearchPlan(strategy="drift", over={"hold": (2, 5), "entry": ("open",)}, splits=1)
    whole = Experiment.default()
    plan = whole.study.model_copy(
        update={
            "models": (*whole.study.models, "donors_pca"),
            "also": ("outcomes", "buy_and_hold"),
        }
    )
    experiment = whole.model_copy(update={"search": search, "study": plan})
    catalog = Catalog.bundled().filter(tickers=["CRWV", "META"])
    prices = read_prices("sample", experiment, catalog)
    findings = run(experiment, catalog, prices)
    control = EventStudy(SyntheticControl(experiment.study.peers))
    one = catalog.filter(ids=["2026-04-09-meta-coreweave-21bn"], tickers=["CRWV"])
    in_space = in_space_placebos(control, control.fit(one, prices), prices)
    assert len(in_space) > 0
    tables = [
        in_space,
        *(table for name, table in findings.tables.items() if name in TABLES),
    ]
    written = {str(column) for table in tables for column in table.columns}
    events = set(catalog.events().columns)
    assert written - set(COLUMNS) - events == set()
    assert set(COLUMNS) - written - events == set()
    assert all(column.unit and column.meaning for column in COLUMNS.values())


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("leave_one_out_low", -0.0159, "−1.59%"),  # a fraction whose name does not tell
        ("sign_flip_p", 0.0004, "<0.001"),
        ("entry_price", 95.0, "95.00"),
        ("n_trades", 46.0, "46"),
        ("sharpe", 0.2204, "0.22"),
    ],
)
def test_the_page_shows_a_number_by_its_declared_unit(column: str, value: float, told: str) -> None:
    assert strategies._cell(column, value).text == told
