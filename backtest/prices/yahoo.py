"""Yahoo through yfinance; the only module that imports it.

Every ticker is fetched by itself in a thread that may be abandoned: yfinance has calls without a time limit, so the
limits are kept here. Nothing that came is edited; bars whose session was not over are left out.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from queue import Empty, Queue
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.panel import assemble
from backtest.prices.prices import Prices
from backtest.prices.table import Table
from backtest.prices.tickers import checked
from events import Sessions

FIRST_ANSWER_WITHIN = 15.0  # seconds: where Yahoo cannot be reached, the user hears of it soon
NEXT_ANSWER_WITHIN = 45.0
_WORKERS = 4
_DEFAULT_START = "2023-01-03"
_COLUMNS = {"Open": "open", "High": "high", "Low": "low", "Close": "close", "Adj Close": "adjusted", "Volume": "volume"}
_ELSEWHERE = "use --prices sample (a simulated market) or --prices DIR (a folder of your own files) instead"

Answer = tuple[str, pd.DataFrame | Exception]


def fetch(
    tickers: tuple[str, ...],
    start: str | None = None,
    end: str | None = None,
    get: Callable[[str, str, str], pd.DataFrame] | None = None,
) -> Prices:
    """Daily prices of the tickers Yahoo knows, from `start` to `end` (included).

    Raises `PriceError` where Yahoo cannot be reached, refuses, or has none of the tickers.
    """
    wanted = sorted(set(map(checked, tickers)))
    first = start or _DEFAULT_START
    last = (date.fromisoformat(end) if end else datetime.now(UTC).date()) + timedelta(days=1)  # Yahoo's end is excluded
    answers = _ask(wanted, lambda ticker: (get or _history)(ticker, first, str(last)))
    tables, notes = {}, []
    for ticker in wanted:
        answer = answers[ticker]
        if isinstance(answer, Exception) or answer.empty:
            notes.append(f"{ticker}: Yahoo has no prices for it")
        else:
            tables[ticker] = _table(ticker, answer)
    finished = {ticker: done for ticker, table in tables.items() if len(done := _finished(table))}
    if not finished:
        raise PriceError(f"Yahoo has no prices for any of {', '.join(wanted)} since {first}; {_ELSEWHERE}")
    return assemble({t: Table(f, ()) for t, f in finished.items()}, "Yahoo", notes=tuple(notes))


def _ask(tickers: list[str], get: Callable[[str], pd.DataFrame]) -> dict[str, pd.DataFrame | Exception]:
    """Every ticker's answer; the first fault that is not about the ticker itself ends it all."""
    todo: Queue[str] = Queue()
    done: Queue[Answer] = Queue()
    for ticker in tickers:
        todo.put(ticker)
    for _ in range(min(_WORKERS, len(tickers))):
        threading.Thread(target=_work, args=(todo, done, get), daemon=True).start()
    answers: dict[str, pd.DataFrame | Exception] = {}
    asked = monotonic()
    while len(answers) < len(tickers):
        limit = NEXT_ANSWER_WITHIN if answers else FIRST_ANSWER_WITHIN
        try:
            ticker, answer = done.get(timeout=limit)
        except Empty:
            waited = monotonic() - asked
            raise PriceError(f"Yahoo cannot be reached: no answer in {waited:.0f} s; {_ELSEWHERE}") from None
        if isinstance(answer, Exception) and not _about_the_ticker(answer):
            raise PriceError(f"{_fault(answer)}; {_ELSEWHERE}") from answer
        answers[ticker] = answer
    return answers


def _work(todo: Queue[str], done: Queue[Answer], get: Callable[[str], pd.DataFrame]) -> None:
    while True:
        try:
            ticker = todo.get_nowait()
        except Empty:
            return
        try:
            done.put((ticker, get(ticker)))
        except Exception as error:  # handed to the asking thread, which tells faults apart
            done.put((ticker, error))


def _history(ticker: str, start: str, end: str) -> pd.DataFrame:
    import yfinance

    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # faults are reported once, by us
    yfinance.config.debug.hide_exceptions = False
    history: Any = yfinance.Ticker(ticker).history
    found: pd.DataFrame = history(start=start, end=end, auto_adjust=False, actions=True, keepna=True, timeout=10)
    return found


def _about_the_ticker(error: Exception) -> bool:
    return type(error).__name__ in {"YFPricesMissingError", "YFTzMissingError", "YFTickerMissingError"}


def _fault(error: Exception) -> str:
    if type(error).__name__ == "YFRateLimitError":
        return "Yahoo refuses more requests for now (rate limit); try again later"
    reason = " ".join(str(error).split()).split(". See http")[0]
    return f"Yahoo cannot be reached ({type(error).__name__}: {reason[:160]})"


def _table(ticker: str, raw: pd.DataFrame) -> pd.DataFrame:
    """Checked fields on plain dates."""
    lacking = [name for name in _COLUMNS if name not in raw.columns]
    if lacking:
        raise PriceError(f"Yahoo's answer for {ticker} has no column {lacking[0]!r}; try again later, or {_ELSEWHERE}")
    dates = pd.DatetimeIndex(raw.index).tz_localize(None).normalize().as_unit("us")
    if not (dates.is_monotonic_increasing and dates.is_unique):
        twice = dates[np.append(False, np.diff(dates.asi8) <= 0)][0]
        raise PriceError(f"Yahoo's answer for {ticker} has {twice.date()} twice or out of order; try again later")
    table = raw[list(_COLUMNS)].rename(columns=_COLUMNS).set_axis(dates).astype("float64")
    bad = table.drop(columns="volume").le(0).any(axis=1)
    if bad.any():
        raise PriceError(f"Yahoo's answer for {ticker} has a price that is not positive on {dates[bad][0].date()}")
    return table


def _finished(table: pd.DataFrame, now: datetime | None = None) -> pd.DataFrame:
    """The bars of sessions that are over, and of the exchange's sessions only."""
    sessions = Sessions.exchange("XNYS", table.index[0], table.index[-1])
    over = sessions.dates[sessions.closes <= pd.Timestamp(now or datetime.now(UTC))]
    return table[table.index.isin(over)]
