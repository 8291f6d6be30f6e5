"""The real yfinance against a server of our own: every way in which Yahoo answers, or does not."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceError
from backtest.prices.sources.network import update
from backtest.prices.sources.network.answer import COLUMNS, Fault, VendorError, accept
from backtest.prices.sources.network.fetch import NOT_TRIED, Fetched, fetch
from backtest.prices.sources.network.limits import FetchLimits
from backtest.prices.sources.network.yahoo import Yahoo, mend_cache
from backtest.prices.sources.opening import open_prices
from backtest.prices.store import Change, Store
from backtest.prices.store.reading import pinned, stored

START, END = "2026-01-02", "2026-03-20"
Fetch = Callable[..., Fetched]


@pytest.fixture
def one(store: Store, yahoo: Any, hurried: FetchLimits) -> Fetch:
    """Fetch META alone."""

    def run(end: str = END, start: str = START, **more: Any) -> Fetched:
        return fetch(store, ["META"], start, end, client=Yahoo(timeout=2), limits=hurried, **more)[
            0
        ]

    return run


@pytest.fixture
def meta(yahoo: Any, fake: ModuleType) -> Any:
    yahoo.stocks["META"] = fake.stock(1)
    return yahoo.stocks["META"]


def test_good_data_is_stored_as_it_came(one: Fetch, meta: Any, store: Store) -> None:
    meta.dividends["2026-02-10"] = 0.5
    meta.splits["2026-02-20"] = (2, 1)
    assert one().good
    (snapshot,) = store.snapshots()
    assert (snapshot.start, snapshot.end, snapshot.last_session) == (START, END, END)
    assert (snapshot.vendor, snapshot.library.split()[0], snapshot.change) == (
        "Yahoo",
        "yfinance",
        Change.FIRST,
    )
    table = store.read(snapshot.id)
    assert table["Close"].tolist() == meta.closes[: len(table)]
    assert table.loc["2026-02-10", "Dividends"] == 0.5
    assert table.loc["2026-02-20", "Stock Splits"] == 2
    assert table.loc["2026-02-09", "Adj Close"] < table.loc["2026-02-09", "Close"]
    assert table.loc["2026-02-10", "Adj Close"] == table.loc["2026-02-10", "Close"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, "Too Many Requests"),
        (500, "<html>oops"),
        (503, '{"finance": {"error": {"code": "x"}}}'),
        (200, '{"chart": {"result": [{"meta": {"curr'),
        (200, '{"chart": {"result": [], "error": null}}'),
        (200, "null"),
    ],
)
def test_a_passing_fault_is_tried_again(
    one: Fetch, meta: Any, yahoo: Any, fake: ModuleType, status: int, body: str
) -> None:
    def first_two(handler: Any, asked: int) -> bool:
        if asked <= 2:
            fake.send(handler, body, status)
        return asked <= 2

    yahoo.behave["META"] = first_two
    assert one().good


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (429, "Too Many Requests", Fault.RATE_LIMITED),
        (500, "<html>oops", Fault.BAD_ANSWER),
        (503, '{"finance": {"error": {"code": "x"}}}', Fault.BAD_ANSWER),
        (200, '{"chart": {"result": [{"meta": {"curr', Fault.BAD_ANSWER),
        (200, '{"chart": {"result": [], "error": null}}', Fault.BAD_ANSWER),
        (
            404,
            json.dumps(
                {
                    "chart": {
                        "result": None,
                        "error": {
                            "code": "Not Found",
                            "description": "No data found, symbol may be delisted",
                        },
                    }
                }
            ),
            Fault.UNKNOWN_TICKER,
        ),
    ],
)
def test_a_lasting_fault_is_told_and_stores_nothing(
    one: Fetch,
    meta: Any,
    yahoo: Any,
    store: Store,
    fake: ModuleType,
    status: int,
    body: str,
    fault: Fault,
) -> None:
    def always(handler: Any, asked: int) -> bool:
        fake.send(handler, body, status)
        return True

    yahoo.behave["META"] = always
    began = monotonic()
    assert one().status == fault
    assert monotonic() - began < 10
    assert store.snapshots() == ()
    assert list(store.folder.iterdir()) == []


def test_a_stall_ends_in_time(yahoo: Any, meta: Any, store: Store) -> None:
    over = Event()
    yahoo.behave["META"] = lambda *_: over.wait(30)
    began = monotonic()
    limits = FetchLimits(first_sign=4, silence=1.5, pause=0.05)
    outcomes = fetch(store, ["META", "SPY"], START, END, client=Yahoo(timeout=20), limits=limits)
    over.set()
    assert monotonic() - began < 8
    assert {outcome.status for outcome in outcomes} <= {
        Fault.UNREACHABLE,
        Fault.UNKNOWN_TICKER,
        NOT_TRIED,
    }
    assert outcomes[0].status == Fault.UNREACHABLE
    assert store.snapshots() == ()


@pytest.mark.parametrize("cut", ["reset", "short"])
def test_a_connection_that_breaks_in_mid_body(
    one: Fetch, meta: Any, yahoo: Any, store: Store, fake: ModuleType, cut: str
) -> None:
    def broken(handler: Any, asked: int) -> bool:
        if "period1" not in handler.path:
            return False
        fake.send(handler, '{"chart": {"result": [{"meta"', length=100_000)
        if cut == "reset":
            handler.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
            )
        handler.connection.close()
        return True

    yahoo.behave["META"] = broken
    assert one().status == Fault.UNREACHABLE
    assert store.snapshots() == ()


def test_no_data_in_range(one: Fetch, meta: Any, yahoo: Any, fake: ModuleType) -> None:
    said = json.dumps(
        fake.missing("Data doesn't exist for startDate = 1, endDate = 2", "Bad Request")
    )
    yahoo.behave["META"] = lambda handler, _: (
        "period1" in handler.path and not fake.send(handler, said, 400)
    )
    outcome = one()
    assert outcome.status == Fault.NO_DATA
    assert "Data doesn't exist" in outcome.detail


def test_missing_prices_and_sessions_stay_missing(one: Fetch, meta: Any, store: Store) -> None:
    meta.closes[5] = None
    del meta.closes[9], meta.dates[9]
    assert one().good
    prices = stored(store, ["META"], vendor="Yahoo")
    assert np.isnan(prices.close["META"].iloc[[5, 9]]).all()
    assert prices.close["META"].notna().sum() == len(prices.sessions) - 2


def test_nothing_at_all_is_told_soon(yahoo: Any, meta: Any, store: Store) -> None:
    over = Event()
    yahoo.behave["META"] = lambda *_: over.wait(30)
    began = monotonic()
    (outcome,) = fetch(
        store, ["META"], START, END, client=Yahoo(timeout=20), limits=FetchLimits(first_sign=1.5)
    )
    over.set()
    assert monotonic() - began < 4
    assert (outcome.status, outcome.detail) == (Fault.UNREACHABLE, "no answer in 2 s")


def test_a_row_that_comes_twice_is_stored_once(one: Fetch, meta: Any, store: Store) -> None:
    meta.dates[9] = meta.dates[8]
    assert one().good  # yfinance keeps the first of the two
    assert store.read(store.snapshots()[0].id).index.is_unique


def test_rows_twice_or_out_of_order_would_be_refused() -> None:
    days = pd.DatetimeIndex(["2026-03-19", "2026-03-19"])
    table = pd.DataFrame(1.0, index=days, columns=list(COLUMNS))
    for answer in (table, table.set_axis(pd.DatetimeIndex(["2026-03-19", "2026-03-18"]))):
        with pytest.raises(VendorError, match="twice or out of order"):
            accept(answer, pd.Timestamp("2026-04-01"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("zero", "2026-01-15 is not positive"),
        ("no adjusted close", "leaves out dividends"),
        ("symbol", "the answer is about 'MSFT'"),
        ("currency", "the answer is in 'EUR', not in USD"),
        ("huge", "1.01e+300 on 2026-01-15 is no price"),
        ("weekly", "the answer is by '1wk', not by the day"),
        ("split", "-2 on 2026-02-10 is no split"),
        ("dividend", "-0.5 on 2026-02-10 is no dividend"),
        ("few shares", "-5 on 2026-01-02 is no volume"),
        ("all shares", "2e+18 on 2026-01-02 is no volume"),
    ],
)
def test_a_bad_answer_stays_out(one: Fetch, meta: Any, store: Store, spoil: str, said: str) -> None:
    if spoil in {"zero", "huge"}:
        meta.closes[9] = 0.0 if spoil == "zero" else 1e300
    elif spoil == "symbol":
        meta.symbol = "MSFT"
    elif spoil == "currency":
        meta.currency = "EUR"
    elif spoil == "weekly":
        meta.granularity = "1wk"
    elif spoil == "split":
        meta.splits["2026-02-10"] = (-2, 1)
    elif spoil == "dividend":
        meta.dividends["2026-02-10"] = -0.5
    elif spoil.endswith("shares"):
        meta.volume = -5 if spoil == "few shares" else 2e18
    else:
        meta.without_adjusted = True
        meta.dividends["2026-02-10"] = 0.5
    outcome = one()
    assert outcome.status == Fault.BAD_ANSWER
    assert said in outcome.detail
    assert store.snapshots() == ()


@pytest.mark.parametrize("column", ["Volume", "Dividends", "Stock Splits"])
@pytest.mark.parametrize("value", [-1e-6, float("inf"), 2e18])
def test_shares_dividends_and_splits_are_counts(column: str, value: float) -> None:
    days = pd.DatetimeIndex(["2026-03-18", "2026-03-19"])
    table = pd.DataFrame(1.0, index=days, columns=[*COLUMNS, "Dividends", "Stock Splits"])
    table["Dividends"] = 0.0
    accept(table, days[1])
    table.loc[days[1], column] = value
    with pytest.raises(VendorError, match=rf"on 2026-03-19 is no {column.split()[-1][:5].lower()}"):
        accept(table, days[1])
    table.loc[days[1], column] = np.nan  # not known, which is no contradiction
    accept(table, days[1])


def test_a_session_that_was_not_over_is_left_out(
    one: Fetch, meta: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = {"now": datetime(2026, 3, 20, 19, 59, tzinfo=UTC)}  # a minute before the close
    monkeypatch.setattr("backtest.prices.sources.network.fetch.utc_now", lambda: clock["now"])
    assert one().good
    assert store.snapshots()[-1].last_session == "2026-03-19"
    clock["now"] = datetime(2026, 3, 20, 20, 21, tzinfo=UTC)
    assert one().good
    assert store.snapshots()[-1].last_session == "2026-03-20"
    assert update.utc_now().tzinfo is UTC


def test_only_what_is_missing_is_asked_for(one: Fetch, meta: Any, yahoo: Any, store: Store) -> None:
    assert one().good
    assert one().status == update.Status.CURRENT
    assert one(end="2026-03-22").status == update.Status.CURRENT  # a Sunday
    assert len(yahoo.spans) == 1
    assert one(end="2026-03-31").good
    assert yahoo.spans[1][1] == "2026-03-09"  # ten sessions, to compare
    first, second = store.snapshots()
    assert (second.follows, second.change) == (first.id, Change.SAME)
    assert stored(store, ["META"], vendor="Yahoo").close["META"].tolist() == meta.closes


def test_an_earlier_start_asks_for_all_of_it(one: Fetch, meta: Any, store: Store) -> None:
    one(start="2026-02-02")
    one()
    assert store.snapshots()[-1].follows == ""
    assert store.snapshots()[-1].change == Change.SAME
    assert len(stored(store, ["META"], vendor="Yahoo").sessions) == 54


def test_a_dividend_re_adjusts_and_is_recorded(one: Fetch, meta: Any, store: Store) -> None:
    one()
    before = stored(store, ["META"], vendor="Yahoo")
    meta.dividends["2026-03-25"] = 1.0
    assert one(end="2026-03-31").good
    last = store.snapshots()[-1]
    assert (last.change, last.follows, last.start) == (Change.READJUSTED, "", START)
    assert last.detail.startswith("Adj Close x 0.9")
    after = stored(store, ["META"], end=END, vendor="Yahoo")
    np.testing.assert_allclose(after.returns().values, before.returns().values, atol=1e-6)
    assert pinned(store, before.snapshots).digest == before.digest  # both are kept


def test_a_split_re_adjusts_everything(one: Fetch, meta: Any, store: Store) -> None:
    one()
    meta.closes = [round(close / 2, 4) for close in meta.closes]
    meta.splits["2026-03-25"] = (2, 1)
    one(end="2026-03-31")
    assert store.snapshots()[-1].change == Change.READJUSTED
    assert "Close x 0.5000" in store.snapshots()[-1].detail


def test_a_revision_is_recorded_and_both_are_kept(one: Fetch, meta: Any, store: Store) -> None:
    one()
    meta.closes[50] += 1.0
    one(end="2026-03-31")
    last = store.snapshots()[-1]
    assert last.change == Change.REVISED
    assert f"Close of {meta.dates[50].date()} was" in last.detail
    assert len(store.snapshots()) == 2


def test_an_answer_in_another_currency_later_leaves_what_is_stored(
    one: Fetch, meta: Any, store: Store
) -> None:
    one()
    meta.currency = "EUR"
    outcome = one(end="2026-03-31")
    assert (outcome.status, outcome.detail) == (
        Fault.BAD_ANSWER,
        "the answer is in 'EUR', not in USD",
    )
    (snapshot,) = store.snapshots()
    assert snapshot.last_session == END


def test_again_asks_anew(one: Fetch, meta: Any, yahoo: Any, store: Store) -> None:
    one()
    meta.closes[3] += 1.0  # long before the overlap
    one(again=True)
    assert store.snapshots()[-1].change == Change.REVISED


def test_an_adjusted_close_that_vanishes_later_stays_out(
    one: Fetch, meta: Any, store: Store
) -> None:
    meta.dividends["2026-02-10"] = 0.5
    one()
    meta.dividends["2026-03-25"] = 0.5
    meta.without_adjusted = True
    assert one(end="2026-03-31").status == Fault.BAD_ANSWER
    assert len(store.snapshots()) == 1


def test_a_ticker_that_went_silent_is_not_stored_over_and_over(
    one: Fetch, meta: Any, store: Store
) -> None:
    del meta.closes[40:], meta.dates[40:]  # delisted
    one()
    assert one().status == update.Status.CURRENT
    assert len(store.snapshots()) == 1


def test_damage_is_reported_and_healed_by_the_next_fetch(
    one: Fetch, meta: Any, store: Store
) -> None:
    one()
    (file,) = store.folder.glob("*.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(PriceError, match=r"is damaged.*fetch META again"):
        stored(store, ["META"], vendor="Yahoo")
    assert "is damaged" in store.problems()[0]
    assert one().good
    assert len(stored(store, ["META"], vendor="Yahoo").sessions) == 54


def test_one_bad_ticker_does_not_stop_the_others(
    store: Store, yahoo: Any, fake: ModuleType, hurried: FetchLimits
) -> None:
    for seed, name in enumerate(("META", "SPY", "QQQ", "CRWV")):
        yahoo.stocks[name] = fake.stock(seed)
    yahoo.behave["CRWV"] = lambda handler, _: not fake.send(handler, "nonsense", 500)
    heard: list[str] = []
    asked = ["META", "SPY", "QQQ", "CRWV", "NOPE", "META"]
    outcomes = fetch(
        store, asked, START, END, limits=hurried, tell=lambda outcome: heard.append(outcome.ticker)
    )
    assert {outcome.ticker: outcome.good for outcome in outcomes} == {
        "CRWV": False,
        "META": True,
        "NOPE": False,
        "QQQ": True,
        "SPY": True,
    }
    assert sorted(heard) == ["CRWV", "META", "NOPE", "QQQ", "SPY"]


def test_a_lasting_refusal_is_not_asked_for_every_ticker(
    store: Store, yahoo: Any, fake: ModuleType
) -> None:
    tickers = [f"T{i}" for i in range(40)]
    for name in tickers:
        yahoo.behave[name] = lambda handler, _: not fake.send(handler, "Too Many Requests", 429)
    limits = FetchLimits(pause=0.05, longest_pause=0.1, first_sign=8)
    statuses = [outcome.status for outcome in fetch(store, tickers, START, END, limits=limits)]
    assert set(statuses) == {Fault.RATE_LIMITED, NOT_TRIED}
    assert statuses.count(NOT_TRIED) >= 30


def test_open_prices_says_what_is_not_there(tmp_path: Path, yahoo: Any, meta: Any) -> None:
    prices = open_prices("yahoo", ["META", "NOPE"], START, END, store=tmp_path / "s")
    assert prices.tickers == ("META",)
    assert prices.notes == ("NOPE: unknown ticker at Yahoo",)
    assert prices.source == "Yahoo"
    assert len(prices.snapshots) == 1
    with pytest.raises(PriceError, match="no prices for any of NOPE; use --prices sample"):
        open_prices("yahoo", ["NOPE"], START, END, store=tmp_path / "s")


def test_what_is_stored_serves_when_yahoo_does_not(
    tmp_path: Path, yahoo: Any, meta: Any, fake: ModuleType
) -> None:
    open_prices("yahoo", ["META"], START, END, store=tmp_path / "s")
    fake.point_yfinance_at("http://127.0.0.1:9")  # nobody listens there
    assert open_prices("yahoo", ["META"], START, END, store=tmp_path / "s").notes == ()
    prices = open_prices("yahoo", ["META"], START, "2026-03-31", store=tmp_path / "s")
    assert prices.notes == (f"META: as stored until {END}; Yahoo now: cannot be reached",)
    with pytest.raises(
        PriceError, match=r"Yahoo cannot be reached .*--prices sample .*--prices DIR"
    ):
        open_prices("yahoo", ["META", "SPY"], START, "2026-03-31", store=tmp_path / "s")


def test_nothing_but_our_own_words_is_printed(tmp_path: Path, yahoo: Any, meta: Any) -> None:
    meta.dividends["2026-02-10"] = 0.5
    script = (
        "import fake_yahoo, sys; fake_yahoo.point_yfinance_at(sys.argv[1])\n"
        "from backtest.prices.sources.opening import open_prices\n"
        "open_prices('yahoo', ['META', 'NOPE'], '2026-01-02', '2026-03-20', store=sys.argv[2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, yahoo.url, str(tmp_path / "s")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parent), "HOME": str(tmp_path)},
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_a_pin_gives_the_very_prices_of_an_earlier_study(
    tmp_path: Path, yahoo: Any, meta: Any
) -> None:
    then = open_prices("yahoo", ["META", "NOPE"], "2026-01-12", END, store=tmp_path / "s")
    said = {
        "snapshots": then.snapshots,
        "first_session": str(then.sessions[0].date()),
        "last_session": str(then.sessions[-1].date()),
        "digest": then.digest,
        "notes": then.notes,
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"prices": said}))
    meta.closes = [close / 2 for close in meta.closes]
    fetch(Store.open(tmp_path / "s"), ["META"], START, END, again=True)
    now = open_prices("yahoo", ["META", "NOPE"], "2026-01-12", END, store=tmp_path / "s")
    again = open_prices("sample", [], store=tmp_path / "s", pin=tmp_path)
    assert now.digest != then.digest
    assert (again.digest, again.snapshots, again.notes) == (then.digest, then.snapshots, then.notes)
    with pytest.raises(
        PriceError, match=r"has not the snapshot .*\(1 of 1 are missing\); use the store the study"
    ):
        open_prices("yahoo", [], store=tmp_path / "another", pin=tmp_path)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("tomorrow", None, "'tomorrow' is no date; write it as 2026-04-09"),
        ("2026-01-02", "9/4/2026", "'9/4/2026' is no date"),
        (
            "2026-04-09",
            "2026-04-08",
            "no prices to fetch from 2026-04-09 on: the last session that is over is that of",
        ),
        ("2999-01-01", None, "no prices to fetch from 2999-01-01 on"),
    ],
)
def test_days_that_cannot_be(store: Store, start: str, end: str | None, said: str) -> None:
    with pytest.raises(PriceError) as caught:
        fetch(store, ["META"], start, end)
    assert str(caught.value).startswith(said)


def test_two_runs_read_the_same(tmp_path: Path, yahoo: Any, meta: Any) -> None:
    first = open_prices("yahoo", ["META"], START, END, store=tmp_path / "a")
    again = open_prices("yahoo", ["META"], START, END, store=tmp_path / "a")
    other = open_prices("yahoo", ["META"], START, END, store=tmp_path / "b")
    assert first.digest == again.digest == other.digest
    assert first.snapshots == again.snapshots
    pd.testing.assert_frame_equal(first.close, other.close)


def test_a_damaged_cache_of_yfinance_is_made_anew_and_named(
    store: Store, meta: Any, hurried: FetchLimits, tmp_path: Path
) -> None:
    folder = store.root / "yfinance"
    folder.mkdir(parents=True)
    for name in ("tkr-tz.db", "cookies.db"):
        (folder / name).write_bytes(b"this is no database" * 400)
    heard: list[Fetched] = []
    (outcome,) = fetch(store, ["META"], START, END, limits=hurried, tell=heard.append)
    assert outcome.good
    assert [str(one) for one in heard[:2]] == [
        f"{name}: made anew (yfinance's own cache was damaged)"
        for name in ("cookies.db", "tkr-tz.db")
    ]


def test_only_damaged_databases_are_taken_away(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "sound.db")) as database:
        database.execute("create table t (x)")
        database.commit()
    (tmp_path / "empty.db").touch()  # as sqlite leaves one it has not written to
    (tmp_path / "bad.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    (tmp_path / "bad.db-wal").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    with closing(sqlite3.connect(tmp_path / "busy.db")) as busy:
        busy.execute("create table t (x)")
        busy.commit()
        busy.execute("begin exclusive")
        assert mend_cache(tmp_path) == ("bad.db",)
    assert {path.name for path in tmp_path.iterdir()} >= {"sound.db", "busy.db", "notes.txt"}
    assert not (tmp_path / "bad.db-wal").exists()
    assert mend_cache(tmp_path / "nowhere") == ()
