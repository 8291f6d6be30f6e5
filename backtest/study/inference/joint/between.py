"""How the securities of several results move together under the models of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.study.dependence.securities import Singles, common_correlation, security_residuals
from backtest.study.place.alignment import AlignedEvents
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Bools, Floats, Ints


def tickers_of(results: Sequence[EventStudyResult]) -> list[str]:
    """All tickers, in the order of their first events."""
    return list(dict.fromkeys(t for result in results for t in result.events["ticker"].unique()))


def securities_of(events: AlignedEvents) -> tuple[Ints, pd.Index]:
    """The columns of the panel that events are of, in order, and the ticker of each."""
    columns, first = np.unique(events.column, return_index=True)
    return columns, pd.Index(events.take(first).frame["ticker"])


def between_models(
    results: Sequence[EventStudyResult], sessions: pd.DatetimeIndex, tickers: Sequence[str]
) -> dict[tuple[int, int], Floats | Singles]:
    """Correlation of the securities' residuals under the models of every two results.

    (K, K) each.
    """
    if len(results) == 1 and results[0].pair_sums == "by security":
        return {(0, 0): _own_correlation(results[0], tickers)}
    residuals = [_residuals(result, sessions, tickers) for result in results]
    between = {
        (a, b): common_correlation(residuals[a], residuals[b]).astype(np.float64)
        for a in range(len(results)) for b in range(len(results))
    }  # fmt: skip
    for own in range(len(results)):
        np.fill_diagonal(between[own, own], 1.0)
    return dict(between)


def _own_correlation(result: EventStudyResult, tickers: Sequence[str]) -> Singles:
    """What the study's own sums by security go by, in the order of `tickers`."""
    columns, names = securities_of(result.measured.events)
    columns = columns[names.get_indexer(pd.Index(tickers))]
    return result.securities.rho[np.ix_(columns, columns)]


def _residuals(
    result: EventStudyResult, sessions: pd.DatetimeIndex, tickers: Sequence[str]
) -> tuple[Singles, Bools]:
    """Residuals of the securities under the result's model, on all sessions and tickers."""
    panel = result.measured.panel
    z, there = security_residuals(panel, result.measured.model)
    values = np.zeros((len(sessions), len(tickers)), dtype=np.float32)
    present = np.zeros(values.shape, dtype=bool)
    rows = sessions.get_indexer(panel.dates)
    columns, names = securities_of(result.measured.events)
    places = pd.Index(tickers).get_indexer(names)
    at = np.ix_(rows, places)
    values[at], present[at] = z[:, columns], there[:, columns]
    return values, present
