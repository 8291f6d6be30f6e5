"""Fetch many tickers into the store: a few at a time, within a deadline.

What arrived is kept whatever happens next. Each ticker is asked for in a thread that may be
abandoned, because yfinance has calls without a time limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic

from backtest.errors import PriceError
from backtest.prices.sources.network.answer import Fault, VendorError, last_over
from backtest.prices.sources.network.limits import FetchLimits
from backtest.prices.sources.network.update import Client, Status, Update, utc_now
from backtest.prices.sources.network.vendors import client_of
from backtest.prices.sources.network.yahoo import mend_cache
from backtest.prices.store import Store
from backtest.prices.tickers import checked

START = "2023-01-03"
_FAREWELL = 1.0  # seconds
_HOPELESS = 3  # tickers in a row that ended so; the next would too


@dataclass(frozen=True)
class Fetched:
    """How one ticker ended.

    `status` is a `Status`, a `Fault`, or "not tried"; `error` is the store's own fault.
    """

    ticker: str
    status: str
    detail: str = ""
    error: PriceError | None = None

    @property
    def good(self) -> bool:
        """Whether the store now has what was asked for."""
        return self.status in (Status.FETCHED, Status.CURRENT)

    def __str__(self) -> str:
        return f"{self.ticker}: {self.status}" + (f" ({self.detail})" if self.detail else "")


NOT_TRIED = "not tried"
MENDED = "made anew"


def fetch(
    store: Store,
    tickers: Iterable[str],
    start: str | None = None,
    end: str | None = None,
    *,
    again: bool = False,
    vendor: str = "yahoo",
    client: Client | None = None,
    limits: FetchLimits | None = None,
    tell: Callable[[Fetched], None] = lambda _: None,
) -> tuple[Fetched, ...]:
    """Ask for what the store lacks of each ticker between two days (ISO, included).

    One outcome a ticker, in order. `vendor` is "yahoo" or "tiingo". `again` asks for the whole of
    it anew. `tell` hears of each outcome as it comes. Raises `PriceError` only where the store
    itself fails, or a ticker cannot be one.
    """
    wanted = sorted(set(map(checked, tickers)))
    since, now = _day(start or START), utc_now()
    until = str(last_over(now, end and _day(end)).date())
    if since > until:
        raise PriceError(
            f"no prices to fetch from {since} on: the last session that is over is that of {until}"
        )
    run = _Run(limits or FetchLimits(), tell)
    kept = store.root / "yfinance"
    for name in mend_cache(kept):
        tell(Fetched(name, MENDED, "yfinance's own cache was damaged"))
    chosen = client or client_of(vendor, kept)
    # this and the calendar before there are threads: both set warning filters, which threads share
    chosen.prepare()
    update = Update(
        store, chosen, partial(run.limits.persist, stop=run.stop, alive=run.heard), last_over(now)
    )
    run.go(wanted, lambda ticker: update.run(ticker, since, until, again))
    for outcome in run.outcomes.values():
        if outcome.error is not None:
            raise outcome.error
    return tuple(run.outcomes[ticker] for ticker in wanted)


def _day(text: str) -> str:
    try:
        return str(date.fromisoformat(text))
    except ValueError:
        raise PriceError(f"{text!r} is no date; write it as 2026-04-09") from None


@dataclass
class _Run:
    """The state of one fetch: what is left to do, what came, and when the last sign of life was."""

    limits: FetchLimits
    tell: Callable[[Fetched], None]
    stop: Event = field(default_factory=Event)
    news: Queue[Fetched | None] = field(default_factory=Queue)
    outcomes: dict[str, Fetched] = field(default_factory=dict)

    def heard(self, error: VendorError) -> None:
        """A retry is due: if something answered, that is a sign of life."""
        if error.fault is not Fault.UNREACHABLE:
            self.news.put(None)

    def go(self, tickers: list[str], ask: Callable[[str], tuple[Status, str]]) -> None:
        """Ask for all; what has not ended at a limit is given up."""
        todo: Queue[str] = Queue()
        for ticker in tickers:
            todo.put(ticker)
        threads = [
            Thread(target=self._work, args=(todo, ask), daemon=True)
            for _ in range(min(self.limits.workers, len(tickers)))
        ]
        for thread in threads:
            thread.start()
        try:
            why = self._listen(len(tickers))
        finally:
            self.stop.set()
            _see_off(threads)
        for ticker in tickers:
            if ticker not in self.outcomes:
                self._take(Fetched(ticker, *why))

    def _listen(self, n_tickers: int) -> tuple[str, str]:
        """Collect outcomes until all are there, or a limit says why not."""
        ends, patience = monotonic() + self.limits.deadline, self.limits.first_sign
        while len(self.outcomes) < n_tickers:
            try:
                outcome = self.news.get(timeout=max(min(patience, ends - monotonic()), 0))
            except Empty:
                return (
                    Fault.UNREACHABLE,
                    f"no answer in {min(patience, self.limits.deadline):.0f} s",
                )
            patience = self.limits.silence
            if outcome is not None:
                self._take(outcome)
                if hopeless := self._hopeless():
                    return NOT_TRIED, f"given up after the others: {hopeless}"
        return NOT_TRIED, ""

    def _take(self, outcome: Fetched) -> None:
        self.outcomes[outcome.ticker] = outcome
        self.tell(outcome)

    def _hopeless(self) -> str:
        """The fault that ended everything so far, or the last few tickers.

        Nothing if it is about the ticker.
        """
        last = list(self.outcomes.values())[-_HOPELESS:]
        if any(outcome.error for outcome in last):
            return "the store failed"
        kinds = {outcome.status for outcome in last}
        general = {str(Fault.RATE_LIMITED), str(Fault.UNREACHABLE), str(Fault.NO_ACCESS)}
        if len(kinds) == 1 and kinds <= general:
            return kinds.pop()
        return ""

    def _work(self, todo: Queue[str], ask: Callable[[str], tuple[Status, str]]) -> None:
        while not self.stop.is_set():
            try:
                ticker = todo.get_nowait()
            except Empty:
                return
            self.news.put(_ask_one(ticker, ask))


def _see_off(threads: list[Thread]) -> None:
    """Let threads end that can.

    One that is cut off in foreign code while Python exits takes the process with it.
    """
    ends = monotonic() + _FAREWELL
    for thread in threads:
        thread.join(max(ends - monotonic(), 0))


def _ask_one(ticker: str, ask: Callable[[str], tuple[Status, str]]) -> Fetched:
    try:
        return Fetched(ticker, *ask(ticker))
    except VendorError as error:
        return Fetched(ticker, error.fault, str(error))
    except PriceError as error:
        return Fetched(ticker, "the store failed", str(error), error)
