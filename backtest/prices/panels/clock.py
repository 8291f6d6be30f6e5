"""Sessions by number: what code that walks from one session to another asks thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd


@dataclass(frozen=True, eq=False)
class Clock:
    """The sessions of a panel, by number from 0."""

    sessions: pd.DatetimeIndex

    @cached_property
    def _listed(self) -> list[pd.Timestamp]:
        return list(self.sessions)

    @cached_property
    def _numbers(self) -> dict[pd.Timestamp, int]:
        return {session: number for number, session in enumerate(self._listed)}

    def number(self, session: pd.Timestamp) -> int | None:
        """Which session it is; None if it is none of the panel."""
        return self._numbers.get(session)

    def session(self, number: int) -> pd.Timestamp | None:
        """A session by its number; None beyond the panel."""
        if 0 <= number < len(self._listed):
            return self._listed[number]
        return None
