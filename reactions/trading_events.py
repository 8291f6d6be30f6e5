"""A catalog's events as strategies take them."""

from __future__ import annotations

import pandas as pd

from backtest import Prices
from backtest.study.place.alignment import place
from events import Catalog
from events.arguments import one_of
from reports.experiment.plan import Experiment
from reports.run.placing import tradable


def tradable_events(catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """One row an event with its session, first tradable open and roles.

    What `evaluate` and `search` take. Where the time of day is a guess the first tradable open is a
    session later, as in a report.

    >>> import reactions as rx
    >>> events = rx.tradable_events(rx.Catalog.bundled(), rx.Prices.sample())
    >>> rx.evaluate(rx.STRATEGIES["drift"](), events, rx.Prices.sample())
    <Evaluation drift against SPY: ...>
    """
    one_of("catalog", catalog, (Catalog,), "Catalog.bundled()")
    one_of("prices", prices, (Prices,), "Prices.read(FOLDER)")
    placed = place(catalog, prices.returns())
    return tradable(Experiment.default(), catalog, placed, prices)
