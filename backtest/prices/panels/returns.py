"""A panel of simple returns, from prices or from a researcher's own table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from backtest.prices.panels.blocks import Blocks
from backtest.prices.panels.frames import check_frame, dates_of
from events.arguments import text
from events.errors import suggest
from events.words import count

OWN_DATES = "own dates"


@dataclass(frozen=True, eq=False)
class Returns:
    """Simple returns, fractions per session, NaN where missing.

    `values` are (n_sessions, n_tickers) and read-only. `calendar` is the exchange whose sessions
    the rows are, or "own dates"; `extent` says what begins and ends with them, in the reasons given
    for leaving an event out. `source` says in words where they come from; `simulated` ones were
    made by no market. `notes` are what a reader must know of them. `blocks` says where the sessions
    of each exchange stand, if there are several; `spans` over how many sessions each return runs,
    where some run over more than one.

    >>> frame = pd.DataFrame({"A": [0.01, np.nan]}, index=["2026-04-08", "2026-04-09"])
    >>> Returns.from_frame(frame)
    <Returns: 1 ticker, 2 sessions, 2026-04-08 to 2026-04-09>
    """

    values: NDArray[np.float64]
    sessions: pd.DatetimeIndex
    tickers: tuple[str, ...]
    calendar: str = OWN_DATES
    extent: str = "prices"
    source: str = ""
    simulated: bool = False
    notes: tuple[str, ...] = ()
    blocks: Blocks | None = None
    spans: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        self.values.flags.writeable = False

    @classmethod
    def read(
        cls,
        *paths: str | Path,
        ids: Iterable[str] | None = None,
        unit: str | None = None,
    ) -> Returns:
        r"""Read files of returns side by side: CRSP daily, Compustat daily, long and wide panels.

        `ids` keeps these securities (and the columns of markets, such as vwretd); `unit` is what
        the file holds: "simple" fractions (the default), "percent", "log" or "log-percent". The
        sessions are those of the files, ids are text, letter codes are missing, delisting returns
        are in the last day. `notes` says what was understood. Raises `PriceError`, also where the
        size of the returns contradicts the unit.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "returns.csv")
        ...     _ = path.write_text("date,META\n2026-04-08,0.01\n2026-04-09,-0.02\n")
        ...     Returns.read(path).column("META").tolist()
        [0.01, -0.02]
        """
        from backtest.prices.sources.return_files.reading import read_return_panel
        from backtest.prices.tickers import ticker_names

        if ids is None:
            wanted = None
        else:
            wanted = ticker_names(ids)
        panel = read_return_panel(paths, wanted, unit)
        return cls(
            panel.values,
            panel.sessions,
            panel.securities,
            extent="returns",
            source="a panel of returns",
            notes=(*panel.understood, *panel.notes),
        )

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Returns:
        """Take a table of dates x tickers; its own dates are then the calendar.

        Dates with a time zone are the dates on the wall there. Raises `PriceError` for what is no
        table of dates x tickers, dates that are not in order or not unique, repeated tickers,
        returns that are no finite number, or at or below -100%.

        >>> frame = pd.DataFrame({"A": [0.01, -1.0]}, index=["2026-04-08", "2026-04-09"])
        >>> Returns.from_frame(frame)
        Traceback (most recent call last):
        backtest.errors.PriceError: returns: A on 2026-04-09 is -1.0; write fractions above ...
        """
        check_frame(frame)
        try:
            sessions = dates_of(frame.index)
            values = frame.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        except (TypeError, ValueError) as error:
            raise PriceError(
                f"returns: {error}; give a table of dates x tickers with numbers in it"
            ) from None
        tickers = tuple(map(str, frame.columns))
        _check(values, sessions, tickers)
        return cls(values, sessions, tickers)

    def position(self, ticker: str) -> int:
        """The column of a ticker; `PriceError` names the nearest for a miss.

        >>> days = pd.DatetimeIndex(["2026-04-08", "2026-04-09"])
        >>> returns = Returns.from_frame(pd.DataFrame({"A": [0.1, 0.2], "B": 0.3}, index=days))
        >>> returns.position("B"), returns.column("A").tolist()
        (1, [0.1, 0.2])
        """
        text("ticker", ticker, "'META'")
        try:
            return self._positions[ticker]
        except KeyError:
            raise PriceError(f"no prices for {ticker!r}{suggest(ticker, self.tickers)}") from None

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {ticker: position for position, ticker in enumerate(self.tickers)}

    def column(self, ticker: str) -> NDArray[np.float64]:
        """The returns of one ticker, (n_sessions,), fractions; as `position` for a miss.

        >>> Returns.from_frame(pd.DataFrame({"A": [0.1]}, index=["2026-04-08"])).column("A")
        array([0.1])
        """
        return self.values[:, self.position(ticker)]

    @cached_property
    def exchanges(self) -> dict[str, str]:
        """The exchange of every ticker; all the same where there is one calendar.

        >>> Returns.from_frame(pd.DataFrame({"A": [0.1]}, index=["2026-04-08"])).exchanges
        {'A': 'own dates'}
        """
        if self.blocks is None:
            return dict.fromkeys(self.tickers, self.calendar)
        known = np.isfinite(self.values)
        codes = self.blocks.of_row[np.where(known.any(axis=0), known.argmax(axis=0), 0)]
        return {t: self.blocks.names[c] for t, c in zip(self.tickers, codes, strict=True)}

    def at_home(self) -> Returns:
        """Those of the panel's own exchange alone, where there are several.

        >>> Returns.from_frame(pd.DataFrame({"A": [0.1]}, index=["2026-04-08"])).at_home().tickers
        ('A',)
        """
        if self.blocks is None:
            return self
        rows = self.blocks.rows(self.calendar)
        keep = [i for i, t in enumerate(self.tickers) if self.exchanges[t] == self.calendar]
        return replace(
            self,
            values=self.values[rows][:, keep],
            sessions=self.sessions[rows],
            tickers=tuple(self.tickers[i] for i in keep),
            blocks=None,
        )

    def __repr__(self) -> str:
        span = ""
        if len(self.sessions):
            span = f", {self.sessions[0].date()} to {self.sessions[-1].date()}"
        return (
            f"<Returns: {count(len(self.tickers), 'ticker')}, "
            f"{count(len(self.sessions), 'session')}{span}>"
        )


def _check(
    values: NDArray[np.float64], sessions: pd.DatetimeIndex, tickers: tuple[str, ...]
) -> None:
    if not (sessions.is_monotonic_increasing and sessions.is_unique) or sessions.hasnans:
        raise PriceError("returns: the dates are not in order, or one is there twice or missing")
    if len(set(tickers)) < len(tickers):
        twice = next(ticker for ticker in tickers if tickers.count(ticker) > 1)
        raise PriceError(f"returns: the ticker {twice!r} is there twice")
    bad = np.argwhere(np.isinf(values) | (values <= -1))
    if len(bad):
        row, column = bad[0]
        raise PriceError(
            f"returns: {tickers[column]} on {sessions[row].date()} is {values[row, column]}; "
            "write fractions above -1 (0.01 is one percent)"
        )
