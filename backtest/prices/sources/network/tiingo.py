"""Tiingo through its plain API (api.tiingo.com, documented at tiingo.com/documentation/end-of-day).

Its prices are as traded; they enter the store as Yahoo's do, on the shares of the answer's last
day, with Tiingo's own adjusted close beside them and everything else it said in further columns.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.sources.network.answer import Fault, VendorError

KEY, URL = "TIINGO_API_KEY", "TIINGO_URL"
_BASE = "https://api.tiingo.com"
_MOST = 64_000_000  # bytes; fifty years of a ticker take four million
_RAW = {"open": "Open", "high": "High", "low": "Low", "close": "Close"}
_FAULTS = {
    401: Fault.NO_ACCESS,
    403: Fault.NO_ACCESS,
    404: Fault.UNKNOWN_TICKER,
    429: Fault.RATE_LIMITED,
}


class _Stay(HTTPRedirectHandler):
    """A key goes to the host it is for, and nowhere it may point to."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Tiingo:
    """The client. `key` is never shown; `base` is https, or a server of this machine."""

    key: str = field(repr=False)
    base: str = _BASE
    timeout: float = 20.0
    vendor: str = "Tiingo"
    library: str = "Tiingo end-of-day API"

    @classmethod
    def from_environment(cls, given: Mapping[str, str] | None = None) -> Tiingo:
        """The client with the key of `TIINGO_API_KEY`, at `TIINGO_URL` where that is set.

        Raises `PriceError` without a usable key, and for an address a key must not be sent to.
        """
        known = os.environ if given is None else given
        key, base = known.get(KEY, "").strip(), known.get(URL, _BASE).rstrip("/")
        if not re.fullmatch(r"[\x21-\x7e]{8,200}", key):
            why = "is not set" if not key else "is no key (8 to 200 letters and digits)"
            raise PriceError(f"{KEY} {why}; get a key at tiingo.com and export {KEY}=...")
        parts = urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise PriceError(f"{URL}: {base[:80]!r} is not https; a key is sent there")
        return cls(key, base)

    def prepare(self) -> None:
        """Nothing: the standard library asks."""

    def ask(self, ticker: str, start: str, end: str) -> pd.DataFrame:
        """Daily bars from `start` to `end` (ISO, both included) on plain dates.

        Raises `VendorError`.
        """
        name = quote(ticker.replace(".", "-"), safe="")
        about = self._get(f"/tiingo/daily/{name}")
        said = ""
        if isinstance(about, dict):
            said = str(about.get("ticker", ""))
        if said.upper() != ticker.replace(".", "-").upper():
            raise VendorError(Fault.BAD_ANSWER, f"the answer is about {said[:20]!r}")
        span = urlencode({"startDate": start, "endDate": end, "format": "json"})
        return _table(self._get(f"/tiingo/daily/{name}/prices?{span}"))

    def _get(self, path: str) -> Any:
        headers = {"Authorization": f"Token {self.key}", "Accept": "application/json"}
        # https or loopback, checked
        asked = Request(self.base + path, headers=headers)  # noqa: S310
        try:
            with build_opener(_Stay()).open(asked, timeout=self.timeout) as answer:
                data = answer.read(_MOST)
            return json.loads(data)
        except HTTPError as error:
            error.close()
            fault = _FAULTS.get(
                error.code, Fault.UNREACHABLE if error.code >= 500 else Fault.BAD_ANSWER
            )
            key = ""
            if fault is Fault.NO_ACCESS:
                key = f"; is {KEY} right?"
            raise VendorError(fault, f"HTTP {error.code}{key}") from None
        except (HTTPException, ValueError, RecursionError) as error:
            raise VendorError(
                Fault.BAD_ANSWER, f"cut off or damaged ({type(error).__name__})"
            ) from None
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise VendorError(
                Fault.UNREACHABLE, f"{type(error).__name__}: {reason}"[:160]
            ) from None


def _table(rows: Any) -> pd.DataFrame:
    """The columns of the store, split-adjusted, and those as traded.

    Prices, Adj Close, Volume, Dividends, Stock Splits.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise VendorError(Fault.BAD_ANSWER, "the answer is no list of days")
    if not rows:
        raise VendorError(Fault.NO_DATA, "the answer has no rows")
    needed = ("date", *_RAW, "adjClose", "volume", "divCash", "splitFactor")
    for name in needed:
        if any(name not in row for row in rows):
            raise VendorError(Fault.BAD_ANSWER, f"the answer has no column {name!r}")
    try:
        dates = pd.DatetimeIndex([pd.Timestamp(str(row["date"])[:10]) for row in rows]).as_unit(
            "us"
        )
        values = {
            name: np.array(
                [np.nan if row[name] is None else row[name] for row in rows], dtype=float
            )
            for name in needed[1:]
        }
    except (TypeError, ValueError) as error:
        raise VendorError(Fault.BAD_ANSWER, f"a day is unreadable ({error})"[:160]) from None
    splits = values["splitFactor"]
    if not (splits > 0).all():
        raise VendorError(Fault.BAD_ANSWER, "a split factor is not positive")
    later = np.append(np.cumprod(splits[::-1])[::-1][1:], 1.0)  # splits after each day
    return pd.DataFrame(
        {
            **{ours: values[theirs] / later for theirs, ours in _RAW.items()},
            "Adj Close": values["adjClose"],
            "Volume": values["volume"] * later,
            "Dividends": values["divCash"] / later,
            "Stock Splits": np.where(splits == 1.0, 0.0, splits),
            "Close as traded": values["close"],
        },
        index=dates,
    )
