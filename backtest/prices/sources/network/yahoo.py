"""Yahoo through yfinance: one question for one ticker; the only module that imports it.

What comes is handed on as it is, with every column and row. What goes wrong is told apart as a
`Fault`.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import warnings
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.prices.sources.network.answer import Fault, VendorError


@dataclass(frozen=True)
class Yahoo:
    """The client. `folder` is for what yfinance keeps between runs (time zones, cookies)."""

    folder: Path | None = None
    timeout: float = 10.0
    vendor: str = "Yahoo"

    @property
    def library(self) -> str:
        """The library and its version."""
        return f"yfinance {version('yfinance')}"

    def prepare(self) -> None:
        """Import the library before there are threads."""
        _prepared(self.folder)
        _hush()

    def ask(self, ticker: str, start: str, end: str) -> pd.DataFrame:
        """Daily bars from `start` to `end` (ISO, both included), on plain dates.

        Dividends and splits stand beside them. Raises `VendorError`.
        """
        yfinance = _prepared(self.folder)
        _hush()
        # it would answer a retry with the same bad answer
        yfinance.data.YfData.cache_get.cache_clear()
        after = str(date.fromisoformat(end) + timedelta(days=1))  # Yahoo's own end is excluded
        asked: Any = yfinance.Ticker(ticker)
        try:
            found: pd.DataFrame = asked.history(
                start=start,
                end=after,
                auto_adjust=False,
                actions=True,
                keepna=True,
                timeout=self.timeout,
            )
        except Exception as error:
            # the library raises anything from KeyError to its own; each is told apart below
            raise VendorError(fault_of(error), _brief(error)) from error
        if not found.empty:
            _about_what_was_asked(asked.get_history_metadata(), ticker)
        dates = pd.DatetimeIndex(found.index).tz_localize(None).normalize().as_unit("us")
        return found.set_axis(dates).rename_axis(None).astype("float64")


def _about_what_was_asked(said: Any, ticker: str) -> None:
    """Refuse an answer that says it is of another security, in another money or not by the day."""
    symbol, currency, by = (said.get(key) for key in ("symbol", "currency", "dataGranularity"))
    if symbol and str(symbol).upper() != ticker.upper():
        raise VendorError(Fault.BAD_ANSWER, f"the answer is about {str(symbol)[:20]!r}")
    if by and by != "1d":
        raise VendorError(Fault.BAD_ANSWER, f"the answer is by {str(by)[:20]!r}, not by the day")
    # a name without a suffix is listed in New York; elsewhere the name does not tell the currency
    if currency and currency != "USD" and re.fullmatch(r"[A-Za-z]+(-[A-Z])?", ticker):
        raise VendorError(Fault.BAD_ANSWER, f"the answer is in {str(currency)[:20]!r}, not in USD")


@cache
def _prepared(folder: Path | None) -> Any:
    """Import the library, once, with its faults raised and its voice off."""
    import yfinance

    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # faults are reported once, by us
    yfinance.config.debug.hide_exceptions = False
    if folder is not None:
        yfinance.set_tz_cache_location(str(folder))
    return yfinance


def mend_cache(folder: Path) -> tuple[str, ...]:
    """Take damaged databases of yfinance's out of a folder, which it then makes anew; their names.

    It would fail on each question for good, and the fault would read as Yahoo's.
    """
    damaged = tuple(path for path in sorted(folder.glob("*.db")) if not _sound(path))
    for path in damaged:
        for beside in (path, *folder.glob(f"{path.name}-*")):
            beside.unlink(missing_ok=True)
    return tuple(path.name for path in damaged)


def _sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found: tuple[str] = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.OperationalError:  # locked by another run, which uses it: not damaged
        return path.stat().st_size == 0 or path.read_bytes()[:15] == b"SQLite format 3"
    except sqlite3.DatabaseError:
        return False
    return found[0] == "ok"


def _hush() -> None:
    """Ignore what pandas tells yfinance's authors.

    Again each time, as other threads put filters of theirs back.
    """
    warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning, module=r"yfinance\.")


def fault_of(error: Exception) -> Fault:
    """Tell an exception of yfinance, or of what it stands on, apart."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "YFRateLimitError" in kinds:
        return Fault.RATE_LIMITED
    if "YFTzMissingError" in kinds:
        return Fault.UNKNOWN_TICKER
    if "YFPricesMissingError" in kinds:
        return _missing(getattr(error, "yahoo_reason", None))
    if kinds & {"JSONDecodeError", "InvalidJSONError"} or not kinds & {
        "RequestException",
        "OSError",
        "CurlError",
    }:
        return Fault.BAD_ANSWER
    return Fault.UNREACHABLE


def _missing(reason: str | None) -> Fault:
    if reason is None:
        return Fault.BAD_ANSWER  # empty, or an error page dressed as an answer: worth another try
    if "delisted" in reason or "No data found" in reason:
        return Fault.UNKNOWN_TICKER
    return Fault.NO_DATA


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split()).split(". See http")[0]
    if text:
        return f"{type(error).__name__}: {text[:160]}"
    return type(error).__name__
