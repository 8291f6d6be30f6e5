"""Who stood in for each security, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.donors.measure import DonorReturns
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.place.donor_news import NEWS, PARTY, DonorNews

ITSELF, MISSING = "the security itself", "a return missing in its windows"
_COLUMNS = ["event_id", "ticker", "donor", "weight", "left_out"]


def donors_used(measured: AbnormalReturns) -> pd.DataFrame:
    """One row an event and donor: event_id, ticker, donor, weight, left_out.

    `weight` is NaN for models of factors. `left_out` is why a donor could not stand in, empty for
    those that could; its weight is 0. Raises `StudyError` for a model without donors.
    """
    if isinstance(measured, DonorReturns):
        rows = _of_pool(measured)
    elif measured.panel.donor_news is not None:
        rows = _of_regressors(measured, measured.panel.donor_news)
    else:
        raise StudyError(
            f"the {measured.model.name} model has no donors; write FromDonors('ridge') or "
            "SyntheticControl(('MSFT', 'ORCL'))"
        )
    return pd.DataFrame(list(rows), columns=_COLUMNS)


def _of_regressors(measured: AbnormalReturns, news: DonorNews) -> Iterator[tuple[object, ...]]:
    frame = measured.events.frame
    names = frame["event_id"].astype(str).tolist()
    party = news.party(names)
    busy = news.busy(measured.panel.day(measured.events.row), measured.horizon)
    for i, (name, ticker) in enumerate(zip(names, frame["ticker"], strict=True)):
        for j, donor in enumerate(measured.model.design.regressors):
            why = _why(donor == ticker, party[i, j], busy[i, j])
            yield name, ticker, donor, measured.fit.slopes[i, j], why


def _of_pool(measured: DonorReturns) -> Iterator[tuple[object, ...]]:
    frame, pool = measured.events.frame, measured.pool
    for i, (name, ticker) in enumerate(
        zip(frame["event_id"].astype(str), frame["ticker"], strict=True)
    ):
        column = pool.returns.position(str(ticker))
        found, used = measured.solutions[i], measured.donors[i]
        weights = np.full(len(pool.returns.tickers), np.nan)
        if found is not None and found.weights is not None:
            weights[:] = 0.0
            weights[used] = found.weights
        _, later = measured.rows_of(i)
        busy = np.asarray(pool.news[later].any(axis=0))
        parties = pool.parties.get(name, ())
        for j, donor in enumerate(pool.columns):
            why = _why(donor == column, bool(np.isin(donor, parties)), busy[j])
            why = why or ("" if donor in used else MISSING)
            if why:
                weight = 0.0
            else:
                weight = weights[donor]
            yield name, ticker, pool.returns.tickers[donor], weight, why


def _why(itself: bool, party: bool, busy: bool) -> str:
    """Why a donor is left out; empty for one that is not."""
    if itself:
        return ITSELF
    if party:
        return PARTY
    if busy:
        return NEWS
    return ""
