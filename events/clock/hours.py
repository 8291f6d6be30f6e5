"""When a market was open: its sessions, their opens and closes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from events.errors import CalendarError
from events.record.instant import NEW_YORK


@dataclass(frozen=True, eq=False)
class Hours:
    """Trading sessions in order: their dates (naive), and their opens and closes (UTC).

    `zone` is where the exchange is: an instant falls on the date of its wall clock.
    """

    name: str
    dates: pd.DatetimeIndex
    opens: pd.DatetimeIndex
    closes: pd.DatetimeIndex
    zone: str = NEW_YORK.key

    def __post_init__(self) -> None:
        """Refuse sessions that are not in order."""
        if not (self.dates.is_monotonic_increasing and self.dates.is_unique):
            raise CalendarError(
                f"{self.name}: the sessions are not in order, or one is there twice"
            )

    def __len__(self) -> int:
        return len(self.dates)

    def __repr__(self) -> str:
        told = f"{type(self).__name__} {self.name}: {len(self)}"
        if len(self):
            told += f", {self.dates[0].date()} to {self.dates[-1].date()}"
        return f"<{told}>"
