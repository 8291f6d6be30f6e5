"""A checked panel of daily prices: what is missing stays missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.prices.clock import Clock
from backtest.prices.returns import Returns
from backtest.prices.tickers import ticker_names

FIELDS = ("open", "high", "low", "close", "adjusted", "volume")


@dataclass(frozen=True, eq=False, repr=False)
class Prices:
    """Daily prices, sessions x tickers (sorted), NaN where missing.

    `open`, `high`, `low`, `close` are split-adjusted with dividends left out, `adjusted` has them
    in; a field a source does not give is all NaN. `source` is a label for people, `simulated` says
    whether a market made them, `notes` what a reader must know of them, `snapshots` the ids in the
    store they came from (empty for other sources).

    >>> Prices.sample().simulated
    True
    """

    open: pd.DataFrame
    high: pd.DataFrame
    low: pd.DataFrame
    close: pd.DataFrame
    adjusted: pd.DataFrame
    volume: pd.DataFrame
    source: str
    calendar: str = "XNYS"
    simulated: bool = False
    notes: tuple[str, ...] = field(default=())
    snapshots: tuple[str, ...] = field(default=())

    @classmethod
    def read(
        cls, folder: str | Path, tickers: Iterable[str] | None = None, calendar: str = "XNYS"
    ) -> Prices:
        """Read a folder of one CSV or Parquet file a ticker, or one file of a whole panel (long or wide).

        Tickers that are not there are simply not in the panel. Raises `PriceError` for what cannot
        be read, and for one text in the place of tickers, whose letters would be read.
        """
        from backtest.prices.sources.folder import read_folder
        from backtest.prices.sources.panel_files import read_panel

        wanted, path = None if tickers is None else ticker_names(tickers), Path(folder)
        return (
            read_panel(path, wanted, calendar)
            if path.is_file()
            else read_folder(path, wanted, calendar)
        )

    @classmethod
    def sample(cls) -> Prices:
        """The simulated market that ships with the tool."""
        from backtest.prices.sample.market import sample_prices

        return sample_prices()

    @classmethod
    def yahoo(
        cls, tickers: Iterable[str], start: str | None = None, end: str | None = None
    ) -> Prices:
        """Fetch from Yahoo what the store does not have yet, and take all from there."""
        from backtest.prices.sources.opening import open_prices

        return open_prices("yahoo", ticker_names(tickers), start, end)

    @property
    def sessions(self) -> pd.DatetimeIndex:
        """The sessions of the calendar from the first to the last price."""
        return pd.DatetimeIndex(self.close.index)

    @cached_property
    def clock(self) -> Clock:
        """The sessions by number."""
        return Clock(self.sessions)

    @property
    def tickers(self) -> tuple[str, ...]:
        """The tickers that have prices."""
        return tuple(self.close.columns)

    @cached_property
    def digest(self) -> str:
        """The sha256 of the content (hex)."""
        total = hashlib.sha256(repr((self.calendar, self.simulated, self.tickers)).encode())
        total.update(self.sessions.strftime("%Y-%m-%d").to_numpy().astype("U10").tobytes())
        for name in FIELDS:
            values = getattr(self, name).to_numpy(dtype="<f8")
            total.update(
                np.where(np.isnan(values), np.nan, values).tobytes()
            )  # one NaN, whatever made it
        return total.hexdigest()

    def returns(self, *, dividends: bool = True) -> Returns:
        """Simple returns, total or (without `dividends`) of the price alone; NaN where one of the two closes is."""
        closes = (self.adjusted if dividends else self.close).to_numpy(dtype=np.float64)
        values = np.full(closes.shape, np.nan)
        values[1:] = closes[1:] / closes[:-1] - 1.0
        return Returns(values, self.sessions, self.tickers, self.calendar)

    def adjusted_open(self) -> pd.DataFrame:
        """Opens on the scale of the adjusted closes."""
        return self.open * self.adjusted / self.close

    def __repr__(self) -> str:
        made = " (SIMULATED)" if self.simulated else ""
        span = (
            f", {self.sessions[0].date()} to {self.sessions[-1].date()}"
            if len(self.sessions)
            else ""
        )
        return f"<Prices from {self.source}{made}: {len(self.tickers)} tickers{span}>"
