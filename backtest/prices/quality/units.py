"""Events that prices cannot answer: a close near them is in another unit than the one before.

No news multiplies a price by 100 or divides it by that; pence for pounds do. A return over such a
step is no return, so an event whose days hold one is left out with the reason, not studied with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.prices.panels.return_prices import ReturnPrices
from backtest.prices.prices import Prices
from backtest.prices.quality.check import columns_of, touched
from backtest.prices.quality.checks import unit_changes
from backtest.prices.quality.findings import Bools, Finding
from backtest.work.passing import once

_KEYS = ["event_id", "ticker"]
_STEP = float(np.log(20.0))  # far below a change of unit: only which tickers are looked at closely


def changed_units(prices: Prices) -> tuple[Finding, ...]:
    """Every probable change of unit in the closes of prices.

    None in a panel of returns, which have no unit.
    """
    if isinstance(prices, ReturnPrices):
        return ()
    return tuple(one for panel in prices.panels for one in once(panel, "_changed", _of_panel))


def split_by_unit(
    events: pd.DataFrame, prices: Prices, window: tuple[int, int], markets: Sequence[str] = ()
) -> tuple[Bools, pd.DataFrame]:
    """Which events to keep, (N,), and what a change of unit leaves out.

    A row (event_id, ticker, why) for each event that falls to one. `events` are placed
    (`event_session`); `window` is the days around day 0 that its numbers stand on, those of the
    estimation included; `markets` are what securities of their exchange are held to.
    """
    parts = [pd.DataFrame({name: [] for name in (*_KEYS, "why")}, dtype=object)]
    if not isinstance(prices, ReturnPrices):
        parts += [_lost(events, panel, window, markets) for panel in prices.panels]
    lost = pd.concat(parts, ignore_index=True).drop_duplicates(_KEYS, ignore_index=True)
    if lost.empty:
        return np.ones(len(events), dtype=bool), lost
    gone = pd.MultiIndex.from_frame(events[_KEYS]).isin(pd.MultiIndex.from_frame(lost[_KEYS]))
    return ~gone, lost


def _lost(
    events: pd.DataFrame, panel: Prices, window: tuple[int, int], markets: Sequence[str]
) -> pd.DataFrame:
    """The events of one panel that its changes of unit take, each with every reason."""
    found = once(panel, "_changed", _of_panel)
    named = {one.ticker for one in found}
    own = events.loc[events["ticker"].isin(panel.tickers), [*_KEYS, "event_session"]]
    pairs = [own.assign(of=own["ticker"])[own["ticker"].isin(named)]]
    pairs += [own.assign(of=market) for market in markets if market in named]
    parts = []
    for one in pairs:
        # The finding is the market's, the event the security's: a row's number leads back to it.
        asked = pd.DataFrame(
            {"event_id": one.index, "ticker": one["of"], "event_session": one["event_session"]}
        )
        near = touched(found, asked, panel.sessions, window)
        why = [
            change_words(*row)
            for row in near[["ticker", "first", "detail"]].itertuples(index=False)
        ]
        parts.append(one.loc[near["event_id"], _KEYS].assign(why=why))
    return pd.concat(parts, ignore_index=True)


def change_words(ticker: str, day: str, detail: str) -> str:
    """Why nothing stands on a change of unit: a finding's ticker, first day and detail."""
    return f"probable change of unit in the prices of {ticker} on {day}: {detail}"


def _of_panel(panel: Prices) -> list[Finding]:
    closes = panel.close.ffill().to_numpy(dtype=np.float64)
    if len(closes) < 2:
        return []
    moves = np.abs(np.diff(np.log(closes), axis=0))
    large = np.flatnonzero((np.nan_to_num(moves) > _STEP).any(axis=0))
    none = np.full(len(closes), np.nan)
    sessions, columns = panel.sessions, columns_of(panel, large.tolist(), none)
    return [one for column in columns for one in unit_changes(column, sessions)]
