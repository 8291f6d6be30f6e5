"""A server on loopback that speaks Yahoo's v8 chart protocol.

And a switch that points the real yfinance at it.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from events import Sessions

FIRST, LAST = "2026-01-02", "2026-03-31"


@dataclass
class Stock:
    """What the server knows of a ticker; a test changes it between fetches."""

    closes: list[float]
    dates: list[pd.Timestamp]
    dividends: dict[str, float] = field(default_factory=dict)
    splits: dict[str, tuple[int, int]] = field(default_factory=dict)
    without_adjusted: bool = False
    adjusted_by: float = 1.0
    symbol: str | None = None  # the name the answer gives itself, where not the one asked for
    currency: str = "USD"
    granularity: str = "1d"
    volume: float = 1000.0  # of the first session; one share more each day

    def adjusted(self) -> list[float | None]:
        """Adjusted closes as Yahoo makes them: a dividend lowers all closes before it."""
        out: list[float | None] = []
        factor = self.adjusted_by
        for date, close, before in zip(
            reversed(self.dates),
            reversed(self.closes),
            [*reversed(self.closes[:-1]), None],
            strict=True,
        ):
            out.append(None if close is None else round(close * factor, 6))
            paid = self.dividends.get(str(date.date()))
            if paid and before:
                factor *= 1 - paid / before
        return out[::-1]


def stock(seed: int, until: str = LAST, first: str = FIRST) -> Stock:
    dates = list(Sessions.exchange("XNYS", first, until).dates)
    walk, close = random.Random(seed), 50.0 + seed % 100  # noqa: S311  # a walk, not a secret
    closes = []
    for _ in dates:
        close *= 1 + walk.gauss(0, 0.02)
        closes.append(round(close, 2))
    return Stock(closes, dates)


def chart(name: str, known: Stock, start: float, end: float) -> dict[str, Any]:
    opens = [
        int((date + pd.Timedelta("9h30min")).tz_localize("America/New_York").timestamp())
        for date in known.dates
    ]
    rows = [i for i, at in enumerate(opens) if start <= at < end]
    adjusted = known.adjusted()
    closes = [known.closes[i] for i in rows]
    quote = {
        field_: [c if c is None else round(c * scale, 4) for c in closes]
        for field_, scale in (("open", 1.0), ("high", 1.01), ("low", 0.99), ("close", 1.0))
    }
    quote["volume"] = [
        None if c is None else known.volume + i for i, c in zip(rows, closes, strict=True)
    ]
    inside = {str(known.dates[i].date()): opens[i] for i in rows}
    events = {
        "dividends": {
            str(inside[d]): {"amount": a, "date": inside[d]}
            for d, a in known.dividends.items()
            if d in inside
        },
        "splits": {
            str(inside[d]): {
                "date": inside[d],
                "numerator": n,
                "denominator": m,
                "splitRatio": f"{n}:{m}",
            }
            for d, (n, m) in known.splits.items()
            if d in inside
        },
    }
    indicators: dict[str, Any] = {"quote": [quote]}
    if not known.without_adjusted:
        indicators["adjclose"] = [{"adjclose": [adjusted[i] for i in rows]}]
    meta = {
        "currency": known.currency,
        "symbol": known.symbol or name,
        "exchangeName": "NMS",
        "instrumentType": "EQUITY",
        "gmtoffset": -14400,
        "exchangeTimezoneName": "America/New_York",
        "timezone": "EDT",
        "priceHint": 2,
        "dataGranularity": known.granularity,
        "range": "",
        "validRanges": ["1d", "max"],
        "regularMarketTime": opens[-1],
        "firstTradeDate": opens[0],
    }
    result = {
        "meta": meta,
        "timestamp": [opens[i] for i in rows],
        "indicators": indicators,
        "events": {k: v for k, v in events.items() if v},
    }
    return {"chart": {"result": [result], "error": None}}


def missing(description: str, code: str = "Not Found") -> dict[str, Any]:
    return {"chart": {"result": None, "error": {"code": code, "description": description}}}


class FakeYahoo:
    """The server.

    `stocks` are its data; `behave[ticker]` may answer in its own way, and returns True if it did.
    """

    def __init__(self) -> None:
        self.stocks: dict[str, Stock] = {}
        self.behave: dict[str, Callable[[BaseHTTPRequestHandler, int], bool]] = {}
        self.asked: Counter[str] = Counter()
        self.spans: list[tuple[str, str, str]] = []
        self.delay = 0.0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        name, query = parts.path.rsplit("/", 1)[-1], parse_qs(parts.query)
        self.asked[name] += 1
        time.sleep(self.delay)
        if name in self.behave and self.behave[name](handler, self.asked[name]):
            return
        if name not in self.stocks:
            send(handler, json.dumps(missing("No data found, symbol may be delisted")), 404)
            return
        if "period1" in query:
            start, end = float(query["period1"][0]), float(query["period2"][0])
            self.spans.append(
                (name, *(str(datetime.fromtimestamp(at, UTC).date()) for at in (start, end)))
            )
        else:
            start, end = 0.0, 4e9
        with suppress(ConnectionError):  # the asking side may have been killed, or given up
            send(handler, json.dumps(chart(name, self.stocks[name], start, end)))


def send(
    handler: BaseHTTPRequestHandler, body: str | bytes, status: int = 200, length: int | None = None
) -> None:
    data = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data) if length is None else length))
    handler.end_headers()
    handler.wfile.write(data)


def point_yfinance_at(url: str) -> None:
    """Send the chart requests of this process to `url`, and make no request for cookies."""
    import yfinance
    import yfinance.base
    import yfinance.data
    import yfinance.scrapers.history
    import yfinance.scrapers.quote

    for module in (yfinance.base, yfinance.scrapers.history, yfinance.scrapers.quote):
        module._BASE_URL_ = url
    yfinance.scrapers.quote._QUERY1_URL_ = yfinance.scrapers.quote._QUOTE_SUMMARY_URL_ = url
    yfinance.base._tz_info_fetch_ctr = 2  # no look-up of the time zone elsewhere
    yfinance.data.YfData._get_cookie_and_crumb = lambda *_, **__: (None, "basic")
