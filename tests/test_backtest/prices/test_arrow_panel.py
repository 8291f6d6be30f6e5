"""Large Parquet panels and folders of partitions, read into arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from backtest import Prices
from backtest.errors import PriceError
from backtest.prices.sources.files import arrow_panel
from events import Sessions

DATES = Sessions.exchange("XNYS", "2024-01-02", "2024-12-31").dates


def table(tickers: tuple[str, ...] = ("META", "BRK-B", "SPY", "AAPL")) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    close = 50 * np.exp(np.cumsum(0.02 * rng.standard_normal((len(DATES), len(tickers))), axis=0))
    frame = pd.DataFrame(
        {
            "Date": np.repeat(DATES, len(tickers)),
            "Ticker": np.tile(tickers, len(DATES)),
            "Close": close.ravel().round(3),
            "Adj Close": (close * 0.9).ravel().round(3),
            "Volume": rng.integers(0, 10**6, close.size),
        }
    )
    return frame.drop(index=[7, 50, 51])  # some are missing


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_panel, "BIG", 100)


def partitioned(frame: pd.DataFrame, folder: Path) -> Path:
    part = ds.partitioning(pa.schema([("year", pa.int32())]), flavor="hive")
    data = pa.Table.from_pandas(frame.assign(year=frame["Date"].dt.year), preserve_index=False)
    ds.write_dataset(data, folder, format="parquet", partitioning=part)
    return folder


@pytest.mark.parametrize("kind", ["one file", "partitions", "categories, dates"])
def test_the_same_prices_as_read_cell_by_cell(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, path = table(), tmp_path / "panel.parquet"
    frame.to_parquet(path)
    wanted = ["META", "BRK.B", "SPY", "NONE"]
    monkeypatch.setattr(arrow_panel, "BIG", 10**9)
    slow = Prices.read(path, wanted)
    monkeypatch.setattr(arrow_panel, "BIG", 100)
    if kind == "partitions":
        path = partitioned(frame, tmp_path / "parts")
    elif kind == "categories, dates":
        frame.assign(
            Ticker=frame["Ticker"].astype("category"), Date=frame["Date"].dt.date
        ).to_parquet(path)
    fast = Prices.read(path, wanted)
    assert fast.tickers == ("BRK.B", "META", "SPY")
    assert fast.digest == slow.digest
    assert "BRK.B: read from BRK-B" in fast.notes
    assert np.isnan(fast.open.to_numpy()).all()


def test_only_the_days_needed(tmp_path: Path) -> None:
    path = tmp_path / "panel.parquet"
    table().to_parquet(path)
    some = Prices.read(path, ["META"], start="2024-03-01", end="2024-06-02")
    assert (some.sessions[0], some.sessions[-1]) == (
        pd.Timestamp("2024-03-01"),
        pd.Timestamp("2024-05-31"),
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Close": -1.0}, "META on 2024-02-01 has a Close that is no such number"),
        ({"Adj Close": np.inf}, "META on 2024-02-01 has a Adj Close that is no such number"),
        ({"Date": pd.Timestamp("2024-02-03")}, "META on 2024-02-03 is no session"),
        ({"Date": pd.Timestamp("2024-02-02")}, "META on 2024-02-02 is there twice"),
        ({"Ticker": None}, "a row has no ticker"),
        ({"Date": pd.NaT}, "a row has no date"),
        ({"Date": pd.Timestamp("2023-12-25")}, "META on 2023-12-25 is no session"),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], says: str, tmp_path: Path) -> None:
    frame = table()
    at = frame.index[(frame["Ticker"] == "META") & (frame["Date"] == "2024-02-01")]
    for name, value in change.items():
        frame.loc[at, name] = value
    frame.to_parquet(tmp_path / "panel.parquet")
    with pytest.raises(PriceError, match=says):
        Prices.read(tmp_path / "panel.parquet")


def test_other_shapes_are_read_as_before(tmp_path: Path) -> None:
    wide = table().pivot_table(index="Date", columns="Ticker", values="Close").reset_index()
    wide.to_parquet(tmp_path / "wide.parquet")
    assert Prices.read(tmp_path / "wide.parquet").tickers == ("AAPL", "BRK-B", "META", "SPY")
    text = table().assign(Date=lambda frame: frame["Date"].dt.strftime("%Y-%m-%d"))
    text.to_parquet(tmp_path / "text.parquet")
    assert len(Prices.read(tmp_path / "text.parquet", ["META"]).sessions) == len(DATES) - 0


def test_tickers_of_other_exchanges_have_their_own_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same panels as a small file gives, holidays of each exchange and all."""
    on = {"META": "XNYS", "7203.T": "XTKS", "VOD": "XLON", "BTC-USD": "24/7"}
    rng, parts = np.random.default_rng(6), []
    for ticker, exchange in on.items():
        days = Sessions.exchange(exchange, "2024-04-01", "2024-06-28").dates
        close = 50 * np.exp(np.cumsum(0.02 * rng.standard_normal(len(days))))
        parts.append(pd.DataFrame({"Date": days, "Ticker": ticker, "Close": close}))
    path = tmp_path / "panel.parquet"
    pd.concat(parts).sort_values("Date").to_parquet(path)
    named = {"VOD": "XLON"}
    monkeypatch.setattr(arrow_panel, "BIG", 10**9)
    slow = Prices.read(path, exchanges=named)
    monkeypatch.setattr(arrow_panel, "BIG", 100)
    fast = Prices.read(path, exchanges=named)
    assert [one.calendar for one in fast.panels] == [one.calendar for one in slow.panels]
    for mine, theirs in zip(fast.panels, slow.panels, strict=True):
        pd.testing.assert_frame_equal(mine.close, theirs.close, check_freq=False)
    assert pd.Timestamp("2024-05-03") not in fast.panel_of("7203.T").sessions  # Golden Week
    assert pd.Timestamp("2024-05-03") in fast.panel_of("VOD").sessions
    assert "7203.T: on the sessions and hours of XTKS" in fast.notes
    alone = Prices.read(path, ["7203.T"])
    assert (alone.calendar, alone.others) == ("XTKS", ())
    wrong = Prices.read(path, exchanges={"VOD": "XTKS"})
    assert {one.calendar for one in wrong.panels} == {"XNYS", "24/7"}
    assert any(
        note.startswith("7203.T, VOD: set aside (panel.parquet: VOD on") for note in wrong.notes
    )
