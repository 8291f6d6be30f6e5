"""Tiingo's protocol against a server on loopback, and two vendors held against each other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from backtest.errors import PriceError
from backtest.prices import Prices
from backtest.prices.quality.against import differences, overview
from backtest.prices.sources.network import update
from backtest.prices.sources.network.fetch import Fetched, fetch
from backtest.prices.sources.network.limits import FetchLimits
from backtest.prices.sources.network.tiingo import Tiingo
from backtest.prices.store import Store
from backtest.prices.store.reading import stored
from events import Sessions

KEY = "0123456789abcdef"
DAYS = Sessions.exchange("XNYS", "2026-01-02", "2026-03-20").dates


@dataclass
class Server:
    """What the server answers; a test changes it."""

    status: int = 200
    cut: bool = False
    named: str = ""
    url: str = ""
    splits: dict[str, float] = field(default_factory=dict)
    dividends: dict[str, float] = field(default_factory=dict)
    without: str = ""
    asked: list[str] = field(default_factory=list)

    def rows(self, start: str, end: str) -> list[dict[str, Any]]:
        closes = 100 + np.cumsum(np.sin(np.arange(len(DAYS))))
        rows = []
        factor = 1.0
        for day, close in reversed(list(zip(DAYS, closes, strict=True))):
            name = str(day.date())
            paid, split = self.dividends.get(name, 0.0), self.splits.get(name, 1.0)
            after = np.prod([one for on, one in self.splits.items() if on > name])
            traded = float(close * after)
            rows.append({
                "date": f"{name}T00:00:00.000Z", "open": traded, "high": traded * 1.01,
                "low": traded * 0.99, "close": traded, "volume": 1000 / after, "adjOpen": close,
                "adjHigh": close, "adjLow": close, "adjClose": close * factor, "adjVolume": 1000,
                "divCash": paid, "splitFactor": split,
            })  # fmt: skip
            factor *= 1 - paid / traded
            rows[-1].pop(self.without, None)
        return [row for row in reversed(rows) if start <= row["date"][:10] <= end]


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            state.asked.append(self.path)
            if self.headers.get("Authorization") != f"Token {KEY}":
                return self._say(401, {"detail": "Invalid token."})
            if state.status != 200:
                return self._say(state.status, {"detail": "no"})
            ticker = parts.path.split("/")[3]
            if parts.path.endswith("/prices"):
                span = parse_qs(parts.query)
                return self._say(200, state.rows(span["startDate"][0], span["endDate"][0]))
            return self._say(200, {"ticker": state.named or ticker})

        def _say(self, status: int, content: object) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if state.cut else data)

        def log_message(self, *_: object) -> None: ...

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{served.server_address[1]}"
    yield state
    served.shutdown()
    served.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def ask(store: Store, server: Server, ticker: str = "META", key: str = KEY) -> Fetched:
    client, limits = Tiingo(key, server.url, timeout=2), FetchLimits(pause=0.01, longest_pause=0.02)
    return fetch(store, [ticker], "2026-01-02", "2026-03-20", client=client, limits=limits)[0]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "backtest.prices.sources.network.fetch.utc_now",
        lambda: datetime(2026, 3, 21, 12, tzinfo=UTC),
    )
    monkeypatch.setattr(update, "utc_now", lambda: datetime(2026, 3, 21, 12, tzinfo=UTC))


def test_prices_are_on_the_last_days_shares(store: Store, server: Server) -> None:
    server.splits["2026-02-10"], server.dividends["2026-03-02"] = 4.0, 0.5
    assert ask(store, server).good
    (kept,) = store.snapshots("META")
    assert (kept.vendor, kept.last_session) == ("Tiingo", "2026-03-20")
    prices = stored(store, ["META"], vendor="Tiingo")
    np.testing.assert_allclose(prices.close["META"], 100 + np.cumsum(np.sin(np.arange(len(DAYS)))))
    table = store.read(kept.id)
    assert table["Close as traded"].iloc[0] == pytest.approx(4 * table["Close"].iloc[0])
    assert table["Volume"].tolist() == pytest.approx([1000.0] * len(DAYS))
    assert (prices.adjusted["META"] < prices.close["META"]).sum() == (DAYS < "2026-03-02").sum()


def test_both_vendors_are_stored_beside_each_other(store: Store, server: Server) -> None:
    ask(store, server)
    assert store.chain("META", "Yahoo") == ()
    assert len(store.chain("META", "Tiingo")) == 1
    with pytest.raises(PriceError, match="no prices"):
        stored(store, ["META"], vendor="Yahoo")


@pytest.mark.parametrize(
    ("change", "status", "detail"),
    [
        ({"status": 404}, "unknown ticker", "HTTP 404"),
        ({"status": 429}, "rate-limited", "HTTP 429"),
        ({"status": 503}, "cannot be reached", "HTTP 503"),
        ({"cut": True}, "unusable answer", "cut off or damaged"),
        ({"named": "MSFT"}, "unusable answer", "about 'MSFT'"),
        ({"without": "adjClose"}, "unusable answer", "no column 'adjClose'"),
        ({"without": "close"}, "unusable answer", "no column 'close'"),
    ],
)
def test_what_goes_wrong_is_told_apart(
    store: Store, server: Server, change: dict[str, Any], status: str, detail: str
) -> None:
    for name, value in change.items():
        setattr(server, name, value)
    outcome = ask(store, server)
    assert (outcome.status, detail in outcome.detail) == (status, True), outcome
    assert store.snapshots() == ()


def test_status_tells_the_vendors_apart(store: Store, server: Server) -> None:
    from backtest.prices.store.status import status

    ask(store, server)
    (row,) = status(store).to_dict("records")
    assert (row["vendor"], row["last_session"], row["problem"]) == ("Tiingo", "2026-03-20", "")


def test_a_refused_key_is_said_and_never_shown(store: Store, server: Server) -> None:
    outcome = ask(store, server, key="wrong-key-wrong-key")
    assert (outcome.status, outcome.detail) == ("key refused", "HTTP 401; is TIINGO_API_KEY right?")
    assert len(server.asked) == 1
    assert "wrong-key" not in repr(Tiingo("wrong-key-wrong-key")) + str(outcome)


def test_without_a_key_nothing_is_asked() -> None:
    with pytest.raises(PriceError, match="TIINGO_API_KEY is not set; get a key at"):
        Tiingo.from_environment({})
    with pytest.raises(PriceError, match="is not https; a key is sent there"):
        Tiingo.from_environment({"TIINGO_API_KEY": KEY, "TIINGO_URL": "http://example.org"})


def test_by_the_command(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports.commands.prices import command

    monkeypatch.setenv("REACTIONS_HOME", str(tmp_path))
    monkeypatch.setenv("TIINGO_API_KEY", KEY)
    monkeypatch.setenv("TIINGO_URL", server.url)
    done = CliRunner().invoke(
        command, ["fetch", "META", "--vendor", "tiingo"], standalone_mode=False
    )
    assert done.exception is None, done.output
    assert "META: fetched" in done.output
    monkeypatch.delenv("TIINGO_API_KEY")
    done = CliRunner().invoke(
        command, ["fetch", "META", "--vendor", "tiingo"], standalone_mode=False
    )
    assert isinstance(done.exception, PriceError)


def panel(closes: np.ndarray, adjusted: np.ndarray | None = None, source: str = "Yahoo") -> Prices:
    def frame(values: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame({"META": values}, index=DAYS)

    plain, total = frame(closes), frame(closes if adjusted is None else adjusted)
    return Prices(plain, plain, plain, plain, total, plain, source)


def closes() -> np.ndarray:
    return 100 * np.exp(np.cumsum(np.random.default_rng(2).normal(0, 0.02, len(DAYS))))


def test_two_that_agree_have_no_finding() -> None:
    assert differences(panel(closes()), panel(closes() / 4, source="Tiingo")) == ()
    assert overview(panel(closes()), panel(closes()))["differ"].tolist() == [0]


def planted(what: str) -> Prices:
    values, row = closes(), 20
    if what == "split_missed":
        values = np.where(np.arange(len(values)) < row, values * 4, values)
    elif what == "bad_close":
        values[row] *= 1.1
    elif what == "missing_session":
        values[row] = np.nan
    elif what == "shifted_day":
        values[row : row + 15] = values[row - 1 : row + 14].copy()
    else:
        total = np.where(np.arange(len(values)) < row, values * 0.995, values)
        return panel(values, total, "Tiingo")
    return panel(values, source="Tiingo")


@pytest.mark.parametrize(
    "what", ["split_missed", "bad_close", "missing_session", "shifted_day", "dividend_missed"]
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_planted_fault_is_found_and_named(what: str, turned: bool) -> None:
    good, bad = panel(closes()), planted(what)
    found = differences(bad, good) if turned else differences(good, bad)
    assert [one.what for one in found] == [what]
    assert found[0].first == str(DAYS[20].date())
    if what in ("split_missed", "missing_session"):
        assert "Tiingo" in found[0].detail
    if what == "dividend_missed":
        assert found[0].detail == "0.50% of the price, not in Yahoo's adjusted closes"


def test_a_source_is_named_in_both_directions() -> None:
    (one,) = differences(panel(closes()), replace(planted("split_missed"), source="other"))
    assert one.detail == "4 for 1, not taken out of other's closes"
