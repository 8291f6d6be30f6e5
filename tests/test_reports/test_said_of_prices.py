"""What the commands on prices say: the store, its fetches, and two sources held together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest.prices.sources.network.fetch import Fetched
from backtest.prices.store import Change, Store
from backtest.prices.store.store import Request
from reports.cli import main
from reports.commands.prices import _Said

Said = Callable[..., tuple[int, list[str]]]
DAYS = pd.bdate_range("2026-03-30", "2026-04-10").drop(pd.Timestamp("2026-04-03"))  # Good Friday
CLOSES = [100.0, 102, 101, 105, 110, 105, 106, 108, 112]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command of `prices`: status and lines of standard output."""

    def run(*args: object) -> tuple[int, list[str]]:
        with pytest.raises(SystemExit) as ended:
            main(["prices", *map(str, args)])
        return int(ended.value.code or 0), capsys.readouterr().out.splitlines()

    return run


# the store


def bars(n: int) -> pd.DataFrame:
    """As many sessions of one price, from Friday 2 January 2026 on."""
    names = ("Open", "High", "Low", "Close", "Adj Close", "Volume", "Dividends", "Stock Splits")
    days = pd.bdate_range("2026-01-02", periods=n).as_unit("us")
    return pd.DataFrame(dict.fromkeys(names, [10.0] * n), index=days)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def asked(ticker: str, vendor: str = "Yahoo") -> Request:
    return Request(ticker, "2026-01-02", "2026-01-31", vendor)


def test_an_empty_store_says_how_to_begin(said: Said, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    assert said("status", "--store", empty) == (
        0, [f"price store: {empty}", "nothing stored yet; begin with: reactions prices fetch"],
    )  # fmt: skip


@pytest.mark.parametrize(("n", "told"), [(1, "1 snapshot"), (2, "2 snapshots")])
def test_the_store_counts_snapshots_and_names_their_span(
    n: int, told: str, said: Said, store: Store
) -> None:
    """Five sessions from Friday the 2nd end with Thursday the 8th."""
    for _ in range(n):
        store.add(asked("META"), bars(5))
    status, lines = said("status", "--store", store.root)
    at = store.snapshots("META")[-1].fetched_at[:19] + "Z"
    assert (status, lines) == (
        0,
        [
            f"price store: {store.root}",
            f"META     2026-01-02 to 2026-01-08  {told}, last fetched {at}",
        ],
    )


def test_a_second_vendor_has_a_line_of_its_own(said: Said, store: Store) -> None:
    store.add(asked("META"), bars(5))
    store.add(asked("META", "Tiingo"), bars(6))
    _, lines = said("status", "--store", store.root)
    assert [line.partition(", last")[0] for line in lines[1:]] == [
        "META     2026-01-02 to 2026-01-09  1 snapshot of Tiingo",
        "META     2026-01-02 to 2026-01-08  1 snapshot",
    ]


def test_what_changed_between_fetches_is_told_with_its_day(said: Said, store: Store) -> None:
    store.add(asked("META"), bars(5))
    store.add(asked("META"), bars(5), change=Change.REVISED, detail="Close was 1, is 2")
    store.add(asked("CRWV"), bars(5), change=Change.READJUSTED, detail="by 0.5")
    on = store.snapshots("META")[-1].fetched_at[:10]
    _, lines = said("status", "--store", store.root)
    assert lines[3:] == [
        f"META     revised on {on}: Close was 1, is 2",
        f"CRWV     readjusted on {on}: by 0.5",
    ]
    _, lines = said("status", "META", "--store", store.root)
    assert [line[:4] for line in lines[1:]] == ["META", "META"]
    _, lines = said("status", "NVDA", "--store", store.root)
    assert lines[1:] == ["NVDA     never fetched"]


def test_a_damaged_store_says_which_file_and_has_another_status(said: Said, store: Store) -> None:
    store.add(asked("META"), bars(5))
    (store.folder / "stranger.parquet").write_bytes(b"no")
    status, lines = said("status", "--store", store.root)
    assert status == 1
    assert lines[-1] == "problem: stranger.parquet: not a snapshot of this store, or damaged"
    status, lines = said("status", "--store", store.root, "--json")
    told = json.loads("\n".join(lines))
    assert (status, len(told["problems"])) == (1, 1)
    assert [(row["ticker"], row["snapshots"]) for row in told["tickers"]] == [("META", 1)]


# a fetch


FETCHED = (
    Fetched("META", "fetched", "5 sessions"), Fetched("CRWV", "already there"),
    Fetched("NONE", "unknown", "no such symbol"),
)  # fmt: skip


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Callable[[tuple[Fetched, ...]], None]:
    """What a vendor would have answered."""

    def give(outcomes: tuple[Fetched, ...]) -> None:
        def fetch(_: Any, __: Any, *, tell: Callable[[Fetched], None], **___: Any) -> Any:
            for one in outcomes:
                tell(one)
            return outcomes

        monkeypatch.setattr("backtest.prices.sources.network.fetch.fetch", fetch)

    return give


def test_a_fetch_says_how_each_ticker_ended_and_counts(
    said: Said, fetched: Any, tmp_path: Path
) -> None:
    fetched(FETCHED)
    names = [one.ticker for one in FETCHED]
    assert said("fetch", *names, "--store", tmp_path) == (
        1,
        [
            "META: fetched (5 sessions)", "CRWV: already there", "NONE: unknown (no such symbol)",
            "2 of 3 tickers up to date",
        ],
    )  # fmt: skip
    fetched(FETCHED[:1])
    status, lines = said("fetch", "META", "--store", tmp_path)
    assert (status, lines[-1]) == (0, "1 of 1 ticker up to date")


def test_a_fetch_for_machines_counts_its_failures(said: Said, fetched: Any, tmp_path: Path) -> None:
    fetched(FETCHED)
    status, lines = said("fetch", "META", "CRWV", "NONE", "--store", tmp_path, "--json")
    told = json.loads("\n".join(lines))
    assert (status, told["failed"]) == (1, 1)
    assert [one["good"] for one in told["tickers"]] == [True, True, False]


def test_beside_a_bar_lines_wait_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome heard twice does not count beyond all of them."""
    heard: list[str] = []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    one = _Said(2, heard.append)
    for outcome in FETCHED:
        one.hear(outcome)
    assert heard == [f"fetching prices, {n} of 2" for n in (1, 2, 2)]
    assert one.kept == [str(outcome) for outcome in FETCHED]


# factors


def test_a_file_of_factors_is_kept_once(said: Said, tmp_path: Path) -> None:
    rows = "".join(f"2026010{day},0.1,0.2,0.3,0.01\n" for day in (5, 6, 7, 8))
    (tmp_path / "three.csv").write_text(f",Mkt-RF,SMB,HML,RF\n{rows}", encoding="utf-8")
    given = ("--store", tmp_path / "store")
    first = said("factors", tmp_path / "three.csv", *given)
    assert first == (0, ["three.csv: kept (4 days, 2026-01-05 to 2026-01-08)"])
    _, (again,) = said("factors", tmp_path / "three.csv", *given)
    assert again.startswith("three.csv: already there as ")
    assert again.endswith(" (4 days, 2026-01-05 to 2026-01-08)")
    _, lines = said("status", *given)
    assert lines[1].startswith("factors  2026-01-05 to 2026-01-08  three.csv, kept 20")
    assert len(lines) == 2  # a store of factors alone is not empty


# two sources


def folder(path: Path, **closes: list[float]) -> Path:
    path.mkdir()
    for ticker, own in closes.items():
        rows = pd.DataFrame({"Date": DAYS[: len(own)], "Close": own, "Adj Close": own})
        rows.to_csv(path / f"{ticker}.csv", index=False)
    return path


def test_two_sources_are_compared_by_count_and_by_their_largest_difference(
    said: Said, tmp_path: Path
) -> None:
    """107 in place of 106 is ln(107/106) = 0.939%; one session is in one of them alone."""
    other = [*CLOSES[:6], 107.0, *CLOSES[7:]]
    lacking = [*CLOSES[:3], float("nan"), *CLOSES[4:]]
    one = folder(tmp_path / "one", META=CLOSES, SPY=CLOSES, CRWV=CLOSES)
    two = folder(tmp_path / "two", META=other, SPY=CLOSES, CRWV=lacking)
    status, lines = said("check", "--prices", one, "--against", two)
    assert status == 1
    assert [line.split("\t") for line in lines[:4]] == [
        [
            "ticker", "closes compared", "differ", "sessions of one alone", "largest difference",
            "on",
        ],
        ["CRWV", "8", "0", "1", "0.0000%", "2026-03-30"],
        ["META", "9", "1", "0", "0.9390%", "2026-04-08"],
        ["SPY", "9", "0", "0", "0.0000%", "2026-03-30"],
    ]  # fmt: skip
    assert lines[-1].startswith("3 tickers: ")


def test_one_ticker_is_one_and_without_findings_all_is_well(said: Said, tmp_path: Path) -> None:
    one = folder(tmp_path / "one", META=CLOSES)
    assert said("check", "--prices", one) == (0, ["1 ticker: 0 findings, 0 notes"])


def test_an_export_counts_its_tickers_and_says_how_to_use_them(said: Said, tmp_path: Path) -> None:
    one, to = folder(tmp_path / "one", META=CLOSES), tmp_path / "to"
    told = f"1 ticker written to {to}; use them with --prices {to}"
    assert said("export", to, "--prices", one) == (0, [told])
    assert [path.name for path in to.glob("*.csv")] == ["META.csv"]
