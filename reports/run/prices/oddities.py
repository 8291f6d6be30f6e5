"""Findings about prices, and the windows they fall into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest import Prices
from backtest.prices.panels.return_prices import ReturnPrices
from backtest.prices.quality.check import touched
from backtest.prices.quality.findings import Finding
from backtest.prices.quality.units import changed_units
from events.flag import Flag, flag_cells
from reports.experiment.plan import Experiment
from reports.run.studies import design

FLAG = Flag.PRICE_ODDITY
DELISTED = Flag.DELISTING


def near_events(
    found: Sequence[Finding], events: pd.DataFrame, prices: Prices, window: tuple[int, int]
) -> pd.DataFrame:
    """`touched`, each ticker's windows counted in the sessions of its own exchange."""
    parts = []
    for number, panel in enumerate(prices.panels):
        elsewhere = {t for one in prices.panels if one is not panel for t in one.tickers}
        mine = [one for one in found if one.ticker not in elsewhere]
        if number == 0 or mine:
            own = events[~events["ticker"].isin(elsewhere)]
            parts.append(touched(mine, own, panel.sessions, window))
    if len(parts) == 1:
        return parts[0]
    return pd.concat(parts, ignore_index=True)


def flagged(windows: pd.DataFrame, found: Sequence[Finding], prices: Prices) -> pd.DataFrame:
    """windows.csv with a flag where an error or warning falls on a window.

    Between the close before it and its end.
    """
    serious = [one for one in found if one.severity != "note"]
    return _marked(windows, serious, prices, FLAG, 1)


def without_changed_units(
    experiment: Experiment, events: pd.DataFrame, prices: Prices
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The placed events whose numbers stand on prices of one unit.

    And (event_id, ticker, why) of the others.
    """
    plan = experiment.study
    keep, lost = design(plan, plan.primary).of_one_unit(events, prices)
    return (events[keep].reset_index(drop=True) if len(lost) else events), lost


def unit_notes(prices: Prices) -> tuple[str, ...]:
    """A line for each change of unit, be it of a benchmark: nothing that spans it is a return."""
    return tuple(
        f"{one.ticker}: probable change of unit on {one.first}: {one.detail}; events whose days "
        "stand on it, a security's own or its benchmark's, are left out"
        for one in changed_units(prices)
    )


def delisted(windows: pd.DataFrame, prices: Prices) -> pd.DataFrame:
    """windows.csv with a flag where a delisting return is in a window."""
    if not isinstance(prices, ReturnPrices):
        return windows
    gone = [
        Finding("note", one.security, DELISTED, one.day, one.day, f"{one.value:+.1%}, {one.how}")
        for one in prices.delistings
    ]
    return _marked(windows, gone, prices, DELISTED, 0)


def _marked(
    windows: pd.DataFrame, found: Sequence[Finding], prices: Prices, flag: Flag, before: int
) -> pd.DataFrame:
    """The flag at each window that a finding touches, `before` sessions before it included."""
    if not found or windows.empty:
        return windows
    hit = np.zeros(len(windows), dtype=bool)
    keys = pd.MultiIndex.from_frame(windows[["event_id", "ticker"]])
    spans = windows[["start", "end"]].to_numpy()
    for start, end in np.unique(spans, axis=0).tolist():
        rows = np.flatnonzero((spans == (start, end)).all(axis=1))
        events = windows.iloc[rows].drop_duplicates(["event_id", "ticker"])
        near = near_events(found, events, prices, (start - before, end))
        hit[rows] = keys[rows].isin(pd.MultiIndex.from_frame(near[["event_id", "ticker"]]))
    marked = flag_cells({flag: hit}, windows["flags"].to_numpy(object))
    return windows.assign(flags=marked)
