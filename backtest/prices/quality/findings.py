"""What a check of prices works on, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One oddity of one ticker, from a session to a session (ISO dates, both included)."""

    severity: str
    ticker: str
    what: str
    first: str
    last: str
    detail: str

    def __str__(self) -> str:
        if self.first == self.last:
            span = self.first
        else:
            span = f"{self.first} to {self.last}"
        return f"{self.severity}: {self.ticker}: {self.what}, {span}: {self.detail}"


@dataclass(frozen=True, eq=False)
class TickerHistory:
    """One ticker on the panel's sessions, from its first close to its last.

    Arrays are of (n_sessions,).
    """

    ticker: str
    sessions: pd.DatetimeIndex
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    adjusted: Floats
    volume: Floats
    benchmark: Floats

    @cached_property
    def returns(self) -> Floats:
        """Log price returns, NaN where a close is missing."""
        return np.append(np.nan, np.diff(np.log(self.close)))

    def found(
        self, severity: Severity, what: str, where: Bools, detail: Callable[[int], str]
    ) -> list[Finding]:
        """One finding for each run of sessions in `where`.

        `detail` says it for the first of the run.
        """
        if not where.any():
            return []
        edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(int)))
        return [
            Finding(
                severity, self.ticker, what, self._day(start), self._day(end - 1), detail(start)
            )
            for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        ]

    def _day(self, row: int) -> str:
        return str(self.sessions[row].date())
