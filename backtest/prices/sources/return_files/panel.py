"""A panel of returns as a file gave it, with the prices and volumes that stood beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.sources.files.numbers import Floats


@dataclass(frozen=True)
class Delisting:
    """The return of a security's last day, the payment after its delisting in it."""

    security: str
    day: str
    value: float
    how: str


@dataclass(frozen=True, eq=False)
class ReturnPanel:
    """Simple returns (T, K) on `sessions`.

    `closes` (adjusted for splits) and `volumes` are (T, K), NaN where none. `markets` are the
    columns that are a market's. `understood` says how each file was read, `notes` what a reader
    must know.
    """

    values: Floats
    closes: Floats
    volumes: Floats
    sessions: pd.DatetimeIndex
    securities: tuple[str, ...]
    markets: tuple[str, ...] = ()
    delistings: tuple[Delisting, ...] = ()
    understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def take(self, names: dict[str, str]) -> ReturnPanel:
        """The securities asked for, by the name they were asked by: name -> name in the panel."""
        place = {name: at for at, name in enumerate(self.securities)}
        at = np.array([place[name] for name in names.values()], dtype=np.int64)
        asked = {theirs: ours for ours, theirs in names.items()}
        gone = tuple(
            Delisting(asked[one.security], one.day, one.value, one.how)
            for one in self.delistings
            if one.security in asked
        )
        markets = tuple(name for name in self.markets if name in names)
        return ReturnPanel(
            self.values[:, at],
            self.closes[:, at],
            self.volumes[:, at],
            self.sessions,
            tuple(names),
            markets,
            gone,
            self.understood,
            self.notes,
        )


def joined(panels: list[ReturnPanel]) -> ReturnPanel:
    """Several files side by side on the sessions of all.

    Raises `PriceError` for a security that is in two.
    """
    if len(panels) == 1:
        return panels[0]
    names = [name for panel in panels for name in panel.securities]
    twice = None
    if len(set(names)) < len(names):
        twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PriceError(f"returns: {twice} is in two of the files; take it out of one")
    sessions = panels[0].sessions
    for panel in panels[1:]:
        sessions = sessions.union(panel.sessions)
    return ReturnPanel(
        _beside(sessions, [(panel.sessions, panel.values) for panel in panels]),
        _beside(sessions, [(panel.sessions, panel.closes) for panel in panels]),
        _beside(sessions, [(panel.sessions, panel.volumes) for panel in panels]),
        sessions,
        tuple(names),
        tuple(name for panel in panels for name in panel.markets),
        tuple(one for panel in panels for one in panel.delistings),
        tuple(line for panel in panels for line in panel.understood),
        tuple(line for panel in panels for line in panel.notes),
    )


def _beside(sessions: pd.DatetimeIndex, parts: list[tuple[pd.DatetimeIndex, Floats]]) -> Floats:
    columns = []
    for own, values in parts:
        whole = np.full((len(sessions), values.shape[1]), np.nan)
        whole[sessions.get_indexer(own)] = values
        columns.append(whole)
    return np.hstack(columns)
