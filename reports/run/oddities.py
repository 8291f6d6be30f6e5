"""Findings about prices, and the windows they fall into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest import Prices
from backtest.prices.quality.check import touched
from backtest.prices.quality.findings import Finding

FLAG = "price_oddity"


def flagged(windows: pd.DataFrame, found: Sequence[Finding], prices: Prices) -> pd.DataFrame:
    """windows.csv with a flag where an error or warning falls between the close before a window and its end."""
    serious = [one for one in found if one.severity != "note"]
    if not serious or windows.empty:
        return windows
    hit = np.zeros(len(windows), dtype=bool)
    keys = pd.MultiIndex.from_frame(windows[["event_id", "ticker"]])
    spans = windows[["start", "end"]].to_numpy()
    for start, end in np.unique(spans, axis=0).tolist():
        rows = np.flatnonzero((spans == (start, end)).all(axis=1))
        events = windows.iloc[rows].drop_duplicates(["event_id", "ticker"])
        near = touched(serious, events, prices.sessions, (start - 1, end))
        hit[rows] = keys[rows].isin(pd.MultiIndex.from_frame(near[["event_id", "ticker"]]))
    flags = windows["flags"].to_numpy(dtype=object, copy=True)
    flags[hit] = [";".join(filter(None, (own, FLAG))) for own in flags[hit]]
    return windows.assign(flags=flags)
