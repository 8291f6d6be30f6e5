"""Counterfactuals from donors, and the placebos that are matched to each method."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from backtest import EventStudyResult, Prices
from backtest.study.donors.measure import DonorReturns
from backtest.study.normal.benchmark import Basket
from backtest.study.normal.by_name import OF_DONORS
from reports.experiment.plan import Experiment, Spec

MOST = 20_000  # placebo events a model; of fewer events, more dates each
_LINEAR, _OF_DONORS = 8, 4  # dates of a kind an event: a counterfactual takes some milliseconds


def counterfactual_tables(
    experiment: Experiment,
    studies: Mapping[Spec, EventStudyResult],
    tell: Callable[[str], None],
) -> dict[str, pd.DataFrame]:
    """What the primary model and those of donors say without news or benchmark.

    `placebo_drift` and `placebo_paths` of both, and `counterfactuals`.
    """
    from backtest.study.check.matched import matched_placebos
    from reports.run.studies import GROUPINGS, shown_groupings

    drift, paths, intervals, means = [], [], [], []
    for spec, result in studies.items():
        of_donors = isinstance(result.measured, DonorReturns)
        held_to_donors = of_donors or result.measured.panel.donor_news is not None
        n = len(result.events)
        if not n or not (held_to_donors or spec == experiment.study.primary):
            continue
        tell(f"placebos at dates without news, {spec}")
        per_event = min(_OF_DONORS if of_donors else _LINEAR, MOST // (2 * n))
        if per_event:
            found = matched_placebos(result, per_event, experiment.seed)
            drift.append(found.table)
            if spec == experiment.study.primary:
                by = shown_groupings(experiment, result)
            else:
                by = ()
            paths.append(found.average_paths(*(by or GROUPINGS[:1])))
        if of_donors:
            tell(f"intervals that refit, {spec}")
            intervals.append(result.conformal_intervals())
            means.append(result.average_paths())
    named = {
        "placebo_drift": drift,
        "placebo_paths": paths,
        "counterfactuals": intervals,
        "counterfactual_paths": means,
    }
    return {name: pd.concat(parts, ignore_index=True) for name, parts in named.items() if parts}


def with_known_donors(experiment: Experiment, prices: Prices) -> tuple[Experiment, tuple[str, ...]]:
    """Leave out donors without prices, and say so.

    With fewer than two left, the models of donors.
    """
    plan = experiment.study
    donors = plan.donors_used
    known = tuple(donor for donor in donors if donor in prices.all_tickers)
    if known == donors:
        return experiment, ()
    missing = ", ".join(donor for donor in donors if donor not in known)
    notes: tuple[str, ...] = (f"No prices for the donors {missing}: left out.",)
    changes: dict[str, object] = {"donors": known}
    if len(known) < 2:
        models = tuple(model for model in plan.models if model not in OF_DONORS)
        changes = {"donors": (), "models": models}
        notes += ("Fewer than 2 donors have prices: models of donors are left out.",)
    return experiment.model_copy(update={"study": plan.model_copy(update=changes)}), notes


def with_known_peers(experiment: Experiment, prices: Prices) -> tuple[Experiment, tuple[str, ...]]:
    """Leave out peers without prices, and say so; a basket needs two."""
    basket = Basket(experiment.study.peers_used)
    missing = [peer for peer in basket.peers if peer not in prices.tickers]
    if not missing:
        return experiment, ()
    left = basket.among(prices.tickers).peers
    plan = experiment.study.model_copy(update={"peers": left})
    return experiment.model_copy(update={"study": plan}), (
        f"No prices for the peers {', '.join(missing)}: left out of {basket.column}.",
    )
