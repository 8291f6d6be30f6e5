"""A second vendor by whole commands.

A study on its prices, and a check that finds what is planted in them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

from backtest.prices.sources.network import update
from events import Sessions
from reports.cli import main

KEY = "0123456789abcdef"
DAYS = Sessions.exchange("XNYS", "2024-01-02", "2026-03-20").dates
AT = 400  # the session a fault is planted at
PLAN = """
strategies = []
sweep = false
[study]
models = ["market"]
benchmarks = ["SPY"]
sensitivity = false
"""


def closes(ticker: str) -> np.ndarray:
    random = np.random.default_rng(sum(map(ord, ticker)))
    return 100 * np.exp(np.cumsum(random.normal(0, 0.015, len(DAYS))))


@dataclass
class Vendor:
    """What it says of each ticker; a test changes it. `known` are the tickers it has."""

    url: str = ""
    known: tuple[str, ...] = ("META", "SPY")
    close: dict[str, np.ndarray] = field(default_factory=dict)
    paid: dict[str, float] = field(default_factory=dict)  # at AT, of the price
    without: dict[str, int] = field(default_factory=dict)

    def rows(self, ticker: str, start: str, end: str) -> list[dict[str, Any]]:
        values = self.close.get(ticker, closes(ticker))
        dividend = np.zeros(len(DAYS))
        dividend[AT] = self.paid.get(ticker, 0.0) * values[AT - 1]
        factor = np.ones(len(DAYS))
        factor[:AT] = 1 - self.paid.get(ticker, 0.0)
        return [
            {
                "date": f"{day.date()}T00:00:00.000Z", "open": value, "high": value, "low": value,
                "close": value, "volume": 1000, "adjClose": value * by, "divCash": cash,
                "splitFactor": 1.0,
            }
            for at, (day, value, by, cash) in enumerate(
                zip(DAYS, map(float, values), factor, dividend, strict=True)
            )
            if start <= str(day.date()) <= end and self.without.get(ticker) != at
        ]  # fmt: skip


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    state = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            ticker = parts.path.split("/")[3]
            if self.headers.get("Authorization") != f"Token {KEY}":
                return self._say(401, {})
            if ticker not in state.known:
                return self._say(404, {})
            if parts.path.endswith("/prices"):
                span = parse_qs(parts.query)
                return self._say(200, state.rows(ticker, span["startDate"][0], span["endDate"][0]))
            return self._say(200, {"ticker": ticker})

        def _say(self, status: int, content: object) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{served.server_address[1]}"
    monkeypatch.setenv("REACTIONS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TIINGO_API_KEY", KEY)
    monkeypatch.setenv("TIINGO_URL", state.url)
    now = lambda: datetime(2026, 3, 21, 12, tzinfo=UTC)  # noqa: E731 -- the clock stands
    monkeypatch.setattr("backtest.prices.sources.network.fetch.utc_now", now)
    monkeypatch.setattr(update, "utc_now", now)
    yield state
    served.shutdown()
    served.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first vendor: files of the same prices, and what is asked of them."""
    (tmp_path / "prices").mkdir()
    for ticker in ("META", "SPY"):
        table = pd.DataFrame({"Date": DAYS.strftime("%Y-%m-%d"), "Close": closes(ticker)})
        table.assign(**{"Adj Close": table["Close"]}).to_csv(
            tmp_path / "prices" / f"{ticker}.csv", index=False
        )
    days = DAYS[[380, 420, 460, 500]].strftime("%Y-%m-%d")
    pd.DataFrame({"ticker": "META", "date": days}).to_csv(tmp_path / "events.csv", index=False)
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path


def run(folder: Path, *args: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    given = ("--catalog", f"{folder / 'events.csv'}", "--experiment", f"{folder / 'plan.toml'}")
    with pytest.raises(SystemExit) as ended:
        main([*args, *given])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    prices = ("--prices", f"{folder / 'prices'}")
    return run(folder, "prices", "check", *prices, "--against", "tiingo", capsys=capsys)


def test_two_that_agree(vendor: Vendor, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check(folder, capsys)
    assert (code, "2 tickers: 0 findings" in said) == (0, True), said
    assert f"META\t{len(DAYS)}\t0\t0\t0.0" in said


@pytest.mark.parametrize(
    "what", ["split_missed", "bad_close", "missing_session", "shifted_day", "dividend_missed"]
)
def test_what_is_planted_is_found_and_named(
    what: str, vendor: Vendor, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = closes("META")
    if what == "split_missed":
        values[:AT] *= 4
    elif what == "bad_close":
        values[AT] *= 1.02
    elif what == "shifted_day":
        values[AT : AT + 15] = values[AT - 1 : AT + 14].copy()
    elif what == "missing_session":
        vendor.without["META"] = AT
    else:
        vendor.paid["META"] = 0.01
    vendor.close["META"] = values
    code, said = check(folder, capsys)
    found = [line for line in said.splitlines() if what in line]
    assert (code, len(found)) == (1, 1), said
    assert "META" in found[0]
    assert str(DAYS[AT].date()) in found[0]
    assert "SPY" not in "".join(line for line in said.splitlines() if "SPY\t" not in line)


def test_a_study_on_its_prices_is_that_on_the_same_files(
    vendor: Vendor, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cars = []
    for at, prices in enumerate(("tiingo", f"{folder / 'prices'}")):
        out = folder / f"out{at}"
        code, said = run(folder, "study", "--prices", prices, "--out", f"{out}", capsys=capsys)
        assert code == 0, said
        cars.append(pd.read_csv(out / "tables" / "windows.csv")["car"].to_numpy())
    np.testing.assert_allclose(cars[0], cars[1], atol=1e-12)
    assert len(cars[0]) > 3
    manifest = json.loads((folder / "out0" / "manifest.json").read_text())
    assert manifest["prices"]["source"] == "Tiingo"
    assert len(manifest["prices"]["snapshots"]) == 2
    vendor.known = ()  # what is kept serves, by the pin and by the store
    pinned = ("--pin", f"{folder / 'out0'}", "--out", f"{folder / 'again'}")
    assert run(folder, "study", *pinned, capsys=capsys)[0] == 0
    again = pd.read_csv(folder / "again" / "tables" / "windows.csv")["car"].to_numpy()
    np.testing.assert_array_equal(again, cars[0])


def test_what_it_cannot_give_is_said(
    vendor: Vendor,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = ("study", "--prices", "tiingo", "--out", f"{folder / 'out'}")
    vendor.known = ("META",)
    code, said = run(folder, *study, capsys=capsys)
    assert code == 2
    assert "no prices for the benchmark SPY" in said
    monkeypatch.setenv("TIINGO_API_KEY", "another-key-that-is-wrong")
    monkeypatch.setenv("REACTIONS_HOME", f"{folder / 'empty'}")
    code, said = run(folder, *study, capsys=capsys)
    assert (code, "Tiingo refuses the key (HTTP 401; is TIINGO_API_KEY right?)" in said) == (
        2,
        True,
    )
    assert "another-key" not in said
    monkeypatch.delenv("TIINGO_API_KEY")
    code, said = run(folder, *study, capsys=capsys)
    assert (code, "TIINGO_API_KEY is not set; get a key at tiingo.com" in said) == (2, True)
    code, said = check(folder, capsys)
    assert (code, "nothing of Tiingo's is stored" in said) == (2, True)


def test_without_a_key_what_is_stored_is_compared(
    vendor: Vendor,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vendor.close["META"] = closes("META")
    vendor.close["META"][AT] *= 1.02
    code, said = run(folder, "prices", "fetch", "--vendor", "tiingo", capsys=capsys)
    assert (code, "META: fetched" in said) == (0, True), said
    monkeypatch.delenv("TIINGO_API_KEY")
    code, said = check(folder, capsys)
    assert code == 1
    assert "bad_close" in said
