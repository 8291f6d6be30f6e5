"""Prices in one currency: each day's price times that day's rate, and nothing where there is none.

A rate is a series among the prices themselves: JPYUSD=X is what one yen costs in dollars; USDJPY=X
is taken upside down. Rates have the days of currency markets (Monday to Friday).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.fields import PRICED
from backtest.prices.panels.panel import PricePanel
from events.clock.exchanges import MONEY, currency_of
from events.words import count

Panel = TypeVar("Panel", bound=PricePanel)


def checked_currency(name: str) -> str:
    """The code of a currency (ISO 4217), or `PriceError`.

    >>> checked_currency("usd")
    'USD'
    """
    if not re.fullmatch(r"[A-Za-z]{3}", name):
        raise PriceError(f"currency {name[:20]!r} is no code of three letters; write USD")
    return name.upper()


def rates_needed(own: str, target: str) -> tuple[str, ...]:
    """The names a rate may have, the first preferred; none where nothing is to be converted.

    >>> rates_needed("JPY", "USD")
    ('JPYUSD=X', 'USDJPY=X')
    """
    if own in ("", target):
        return ()
    return (f"{own}{target}=X", f"{target}{own}=X")


def converted(prices: Panel, currency: str) -> Panel:
    """The same prices in one currency, with notes of how; see `Prices.in_currency`."""
    target, notes = checked_currency(currency), []
    panels = []
    for panel in prices.panels:
        if panel.calendar == MONEY:
            panels.append(panel)
            continue
        rates, said = _rates(prices, panel, target)
        fields = {name: getattr(panel, name) * rates for name in PRICED}
        panels.append(replace(panel, **fields, others=()))
        notes += said
    return replace(panels[0], others=tuple(panels[1:]), notes=(*prices.notes, *notes))


def _rates(prices: PricePanel, panel: PricePanel, target: str) -> tuple[pd.DataFrame, list[str]]:
    """The rate of each session and ticker of a panel, NaN where there is none; and its notes."""
    own = {ticker: currency_of(ticker, panel.calendar) for ticker in panel.tickers}
    out = pd.DataFrame(1.0, index=panel.sessions, columns=panel.close.columns)
    notes = []
    for money in sorted(set(own.values())):
        mine = [ticker for ticker, has in own.items() if has == money]
        if money == target:
            continue
        if not money:
            notes.append(f"{', '.join(mine)}: of no known currency, taken as {target}")
            continue
        names = [name for name in rates_needed(money, target) if prices.panel_of(name)]
        if not names:
            out[mine] = np.nan
            wanted = " or ".join(rates_needed(money, target))
            notes.append(f"{', '.join(mine)}: in {money}, and there is no {wanted}: left out")
            continue
        series = prices.closes(names[:1])[names[0]].reindex(panel.sessions)
        if names[0].startswith(money):
            rate = series
        else:
            rate = 1.0 / series
        out[mine] = np.repeat(rate.to_numpy()[:, None], len(mine), axis=1)
        missing = int(rate.isna().sum())
        lost = ""
        if missing:
            lost = f"; {count(missing, 'session')} of {panel.calendar} without a rate, left out"
        notes.append(
            f"{', '.join(mine)}: from {money} to {target} at the close of {names[0]}{lost}"
        )
    return out, notes
