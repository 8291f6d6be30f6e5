"""One file with many tickers in it, wide or long, CSV or Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceError
from backtest.prices import Prices

SAMPLE = Prices.sample()
SOME = ["CRWV", "META", "SPY"]


def write(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_parquet(
        path, index=False
    )
    return path


def long() -> pd.DataFrame:
    fields = {"Close": SAMPLE.close, "Adj Close": SAMPLE.adjusted, "Open": SAMPLE.open}
    parts = [
        pd.DataFrame(
            {"Date": SAMPLE.sessions, "Symbol": t} | {n: f[t].to_numpy() for n, f in fields.items()}
        )
        for t in SOME
    ]
    return pd.concat(parts).dropna().sort_values(["Date", "Symbol"])


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_long(tmp_path: Path, suffix: str) -> None:
    path = write(long(), tmp_path / f"panel.{suffix}")
    prices = Prices.read(path)
    assert prices.tickers == tuple(SOME)
    for name in ("close", "adjusted", "open"):
        pd.testing.assert_frame_equal(getattr(prices, name), getattr(SAMPLE, name)[SOME])
    assert Prices.read(path, ["CRWV", "ZZZ"]).tickers == ("CRWV",)
    with pytest.raises(PriceError, match="has none of the tickers ZZZ"):
        Prices.read(path, ["ZZZ"])


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_wide(tmp_path: Path, suffix: str) -> None:
    path = write(
        SAMPLE.close[SOME].rename_axis("Date").reset_index(), tmp_path / f"closes.{suffix}"
    )
    prices = Prices.read(path, ["META", "CRWV"])
    pd.testing.assert_frame_equal(prices.close, SAMPLE.close[["CRWV", "META"]])
    assert prices.adjusted.equals(prices.close)
    assert prices.open.isna().all(axis=None)
    assert "taken as adjusted" in prices.notes[0]
    assert np.isnan(prices.close["CRWV"].iloc[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Date,META\n2026-04-09,-1\n", "p.csv line 2: META is -1.0; prices must be positive"),
        ("Date,META\n2026-04-09,x\n", "p.csv line 2: META is 'x', which is not a number"),
        ("Date,META\n2026-04-09,1\n2026-04-09,1\n", "p.csv line 3: 2026-04-09 is there twice"),
        ("Date,META\n2026-04-11,1\n", "p.csv line 2: 2026-04-11 is not a session"),
        ("Date,META\n", "p.csv: has no rows"),
        ("Date,ME/TA\n2026-04-09,1\n", "'ME/TA' is no ticker"),
        ("Day,META\n2026-04-09,1\n", "p.csv: needs a column 'Date', has Day, META"),
        (
            "Date,Close\n2026-04-09,1\n",
            "p.csv: a table of many tickers has the columns Date, Ticker, Close",
        ),
        (
            "Date,Ticker,Close\n2026-04-08,A,1\n2026-04-07,B,1\n2026-04-09,B,1\n2026-04-08,B,1\n",
            "p.csv line 5: 2026-04-08 comes after",
        ),
        ("Date,Ticker,Close\n2026-04-08,A,1\n2026-04-09,,1\n", "p.csv line 3: the ticker is empty"),
        ("Date,Ticker,Close\n2026-04-08,../x,1\n", "'../x' is no ticker"),
        ("", "p.csv: cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(PriceError) as caught:
        Prices.read(tmp_path / "p.csv")
    assert str(caught.value).startswith(said)


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "p.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(PriceError, match=r"p\.parquet: cannot be read"):
        Prices.read(tmp_path / "p.parquet")


def test_panels_in_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """The files name their tickers themselves.

    A file of one ticker must still be named after it.
    """
    (tmp_path / "02 Firm data.csv").write_text(
        "Adobe Systems;08.04.2026;10,5\nAdobe Systems;13.04.2026;11\n"
    )
    (tmp_path / "03_Market.csv").write_text("SP500;08.04.2026;100\nSP500;13.04.2026;101\n")
    prices = Prices.read(tmp_path, ["Adobe Systems", "SP500"])
    assert prices.close["Adobe Systems"].dropna().tolist() == [10.5, 11.0]
    assert prices.close["SP500"].dropna().tolist() == [100.0, 101.0]
    assert Prices.read(tmp_path).tickers == ("Adobe Systems", "SP500")
    (tmp_path / "04 one.csv").write_text("Date,Close\n2026-04-08,1\n")
    with pytest.raises(PriceError, match="'04 one' is not a ticker"):
        Prices.read(tmp_path)
