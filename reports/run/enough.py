"""Whether a run fits into memory, said before it begins."""

from __future__ import annotations

from backtest import Prices, Window
from backtest.study.inference.by_security import PAIRS_UP_TO
from backtest.study.place.memory import available, estimate_run, refuse_what_does_not_fit
from backtest.study.windows import hull
from events import Catalog
from reports.experiment.plan import Experiment


def priced_events(experiment: Experiment, catalog: Catalog, prices: Prices) -> int:
    """How many events are sure to be studied as far as prices say; none under a condition.

    Which events meet one is known only once they are placed.
    """
    if experiment.filter.where:
        known = set()
    else:
        known = set(prices.all_tickers)
    return sum(ticker in known for ticker in catalog.held.tickers)


def check_memory(experiment: Experiment, n_events: int, n_studies: int) -> None:
    """Raise `StudyError` with the estimate where all studies and their tables will not fit."""
    plan = experiment.study
    spans = [plan.horizon, *plan.windows.values()]
    horizon = hull([Window(-1, 1), *(Window(*span) for span in spans)])
    if n_events > PAIRS_UP_TO:
        needed = estimate_run(n_events, len(horizon), len(plan.windows), n_studies)
        refuse_what_does_not_fit(needed, n_events, available())
