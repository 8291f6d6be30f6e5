"""A checked panel of daily prices: what is missing stays missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.prices.blocks import stacked
from backtest.prices.clock import Clock
from backtest.prices.fields import FIELDS
from backtest.prices.returns import Returns
from backtest.prices.tickers import ticker_names
from events.arguments import place, text, yes_no
from events.clock.exchanges import exchanges_of
from events.words import count


@dataclass(frozen=True, eq=False, repr=False)
class Prices:
    """Daily prices, sessions x tickers (sorted), NaN where missing.

    `open`, `high`, `low`, `close` are split-adjusted with dividends left out, `adjusted` has them
    in; a field a source does not give is all NaN. `source` is a label for people, `simulated` says
    whether a market made them, `notes` what a reader must know of them, `understood` how each file was
    read, `snapshots` the ids in the store they came from (empty for other sources). `others` are
    the panels of tickers that trade on other exchanges, each on its own sessions.

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
    understood: tuple[str, ...] = field(default=())
    others: tuple[Prices, ...] = field(default=())

    @classmethod
    def read(
        cls,
        folder: str | Path,
        tickers: Iterable[str] | None = None,
        calendar: str = "XNYS",
        exchanges: Mapping[str, str] | None = None,
        *,
        start: str | None = None,
        end: str | None = None,
    ) -> Prices:
        """Read a folder of one file a ticker, or one file of a whole panel (long or wide).

        Files are CSV, Parquet, spreadsheets or Stata; a folder may also hold panels or Parquet parts,
        and a table of a database is named by its URL, `sqlite:///prices.db?table=daily`.

        A Parquet panel of over a million rows, and a folder of partitions, are read column by
        column, for the days `start` to `end` (ISO) alone; other files are read whole. Tickers that
        are not there are simply not in the panel. Those of another exchange, by their suffix or
        `exchanges` ({"VOD": "XLON"}), are in `others`, on its own sessions. Raises `PriceError` for
        what cannot be read, and for one text in the place of tickers, whose letters would be read.
        """
        from backtest.prices.sources.arrow_panel import Span, large_panel, read_large
        from backtest.prices.sources.folder import read_folder
        from backtest.prices.sources.grids import is_database
        from backtest.prices.sources.panel_files import read_panel
        from backtest.prices.sources.panel_folder import has_parts

        wanted, path = None if tickers is None else ticker_names(tickers), place("folder", folder)
        text("calendar", calendar, "'XNYS'")
        named = exchanges_of(exchanges or {})
        if isinstance(folder, str) and is_database(folder):
            return read_panel(folder, wanted, calendar, named)
        if large_panel(path):
            found = read_large(path, wanted, calendar, Span(start, end), named)
            if found is not None:
                return found
        whole = path.is_file() or has_parts(path)
        return (read_panel if whole else read_folder)(path, wanted, calendar, named)

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

        for name, day in (("start", start), ("end", end)):
            if day is not None:
                text(name, day, "'2026-04-09'")
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
        for other in self.others:
            total.update(other.digest.encode())
        return total.hexdigest()

    @property
    def panels(self) -> tuple[Prices, ...]:
        """These prices, and those of each other exchange."""
        return (self, *self.others)

    def panel_of(self, ticker: str) -> Prices | None:
        """The panel of the exchange a ticker trades on; None where nobody has its prices."""
        return next((panel for panel in self.panels if ticker in panel.tickers), None)

    @property
    def all_tickers(self) -> tuple[str, ...]:
        """The tickers of every exchange."""
        return tuple(ticker for panel in self.panels for ticker in panel.tickers)

    def closes(self, tickers: Iterable[str]) -> pd.DataFrame:
        """Closes of tickers of any exchange, side by side on the dates that one of them has."""
        names = list(tickers)
        if set(names) <= set(self.tickers):
            return self.close[names]
        found = [(name, self.panel_of(name)) for name in names]
        series = [panel.close[name] for name, panel in found if panel is not None]
        return pd.concat(series, axis=1).sort_index()

    def in_currency(self, currency: str) -> Prices:
        """The prices in one currency ("USD"), by rates that are among them as JPYUSD=X (or USDJPY=X).

        A session without a rate is missing, a currency without one is missing as a whole; `notes`
        say so. Raises `PriceError` for what is no code of a currency.
        """
        from backtest.prices.currency import converted

        return converted(self, currency)

    def returns(self, *, dividends: bool = True) -> Returns:
        """Simple returns, total or (without `dividends`) of the price alone; NaN where one of the two closes is."""
        yes_no("dividends", dividends)
        if self.others:
            return self._returns_of_all(dividends)
        closes = (self.adjusted if dividends else self.close).to_numpy(dtype=np.float64)
        values = np.full(closes.shape, np.nan)
        values[1:] = closes[1:] / closes[:-1] - 1.0
        return Returns(
            values, self.sessions, self.tickers, self.calendar,
            source=self.source, simulated=self.simulated,
        )  # fmt: skip

    def _returns_of_all(self, dividends: bool) -> Returns:
        """The returns of every exchange, each on its own sessions."""
        alone = (replace(self, others=()), *self.others)
        parts = [panel.returns(dividends=dividends) for panel in alone]
        values, sessions, blocks = stacked(
            [(one.calendar, one.sessions, one.values) for one in parts]
        )
        return Returns(
            values, sessions, self.all_tickers, self.calendar,
            source=self.source, simulated=self.simulated, blocks=blocks,
        )  # fmt: skip

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
        return f"<Prices from {self.source}{made}: {count(len(self.tickers), 'ticker')}{span}>"
