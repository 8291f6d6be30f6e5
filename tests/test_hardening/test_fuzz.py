"""Readers on bytes and tables that nobody meant.

An answer or one clear error, never a fault of ours. `-m slow` cuts, flips and splices sound files
with a seed that is printed; hypothesis builds tables.
"""

from __future__ import annotations

import codecs
import random
import string
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backtest import Prices
from backtest.prices.factors.library import read_factor_file
from events import Catalog, ReactionsError
from reports.experiment.plan import Experiment

ROUNDS = 1_500
BITS = (
    b",", b";", b"\t", b'"', b"'", b"\n", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"=", b"[",
    b"]",
    b"{", b"}", b"nan", b"inf", b"-", b"1e999", b"2026-13-45", b"9999-12-31", b"true", b"Close",
    b"date",
    "\u202e".encode(), "\u2060".encode(), b"\x1b[2J", b"<script>", b"../", b"#", b"%", b"1,5",
    b"99999999999999999999",
)  # fmt: skip
TOML = (
    Path(__file__).parents[2] / "events" / "announcements" / "2026-04-09-meta-coreweave-21bn.toml"
)
EVENTS = """event_id,ticker,announced_at,role,amount_usd,Method
a,META,2026-04-09,customer,1e9,cash
b,CRWV,2026-04-10,supplier,,stock
"""
PRICES = "Date,Open,High,Low,Close,Adj Close,Volume\n" + "".join(
    f"2026-04-{day:02},10,11,9,10.{day},10.{day},1000\n" for day in (1, 2, 6, 7, 8, 9, 10)
)
FACTORS = ",Mkt-RF,SMB,HML,RF\n" + "".join(
    f"202604{day:02},{day % 3 - 1}.{day},0.2,-0.1,0.01\n" for day in range(1, 29)
)


def _spoilt(sound: bytes, dice: random.Random) -> bytes:
    """The same with one to four cuts, flips, repeats or foreign bits in it."""
    out = bytearray(sound)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(out) + 1)
        match dice.randrange(4):
            case 0:
                out[at : at + dice.randint(1, 40)] = b""
            case 1:
                out[at:at] = dice.choice(BITS)
            case 2:
                part = out[at : at + dice.randint(1, 60)]
                out[at:at] = part
            case _ if out:
                out[min(at, len(out) - 1)] = dice.randrange(256)
    return bytes(out)


def _parquet() -> bytes:
    frame = pd.DataFrame(
        {"date": ["2026-04-01", "2026-04-02"], "ticker": ["META", "CRWV"], "close": [10.0, 11.0]}
    )
    return frame.to_parquet()


def _event_parquet() -> bytes:
    frame = pd.DataFrame(
        {"ticker": ["META", "CRWV"], "announced_at": ["2026-04-09", "2026-04-10"], "x": [1.0, 2.0]}
    )
    return frame.to_parquet()


READERS: dict[str, tuple[str, Callable[[], bytes], Callable[[Path], object]]] = {
    "announcement": (TOML.name, TOML.read_bytes, Catalog.read),
    "event list": ("events.csv", EVENTS.encode, Catalog.read),
    "prices": ("META.csv", PRICES.encode, lambda path: Prices.read(path.parent)),
    "panel": ("panel.parquet", _parquet, Prices.read),
    "event parquet": ("events.parquet", _event_parquet, Catalog.read),
    "factors": ("factors.csv", FACTORS.encode, read_factor_file),
    "experiment": (
        "experiment.toml",
        lambda: (Path(__file__).parents[2] / "reports" / "default.toml").read_bytes(),
        Experiment.read,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_spoilt_files_are_answered_or_refused(reader: str, tmp_path: Path) -> None:
    name, sound, read = READERS[reader]
    seed = random.SystemRandom().randrange(1 << 32)
    # shown where the test fails; put it in the place of the drawn one to see the same again
    print(f"seed {seed}")  # noqa: T201
    dice, path, whole = random.Random(seed), tmp_path / name, sound()  # noqa: S311 -- no secret
    told = []
    for _ in range(ROUNDS if not name.endswith("parquet") else ROUNDS // 3):
        path.write_bytes(_spoilt(whole, dice))
        told.append(_error_of(read, path))
    refused = [text for text in told if text is not None]
    assert all(refused), "an error says something"
    assert len(refused) > len(told) // 20, "too few were wrong: nothing was tried"


def _error_of(read: Callable[[Path], object], path: Path) -> str | None:
    """What a reader says of a file it refuses.

    Anything but an error of ours goes on, as a fault.
    """
    try:
        read(path)
    except ReactionsError as error:
        return str(error)
    return None


WORDS = st.sampled_from(
    ["date", "Date", "ticker", "Ticker", "close", "Close", "Adj Close", "volume", "announced_at",
     "event_id", "role", "kind", "amount_usd", "PERMNO", "RET", "Unnamed: 0", "", " ", "Close ",
     "META",
     "SPY", "Close/Last", "Vol.", "Change %", "=cmd", "\u202e", "x" * 80]
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(
        ["2026-04-09", "04/09/2026", "9.4.2026", "META", "NA", "TRUE", "0700", "BRK.B", "1.5",
         "1,5", "-1",
         "nan", "inf", "1e999", "$628.39", "12.3M", "1%", "", " ", "=1+1", "customer",
         "2026-04-09T08:00:00-04:00",
         "8am ET", "10001", "10001.0"]
    ),
    st.text(string.printable, max_size=12),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A delimited file with any header, rows of any width, in any usual encoding."""
    mark = draw(st.sampled_from([",", ";", "\t", "|"]))
    width = draw(st.integers(1, 7))
    header = draw(st.lists(WORDS, min_size=width, max_size=width))
    rows = draw(st.lists(st.lists(CELLS, min_size=0, max_size=width + 1), max_size=6))
    text = "\n".join(mark.join(row) for row in [header, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    mark_first = codecs.BOM_UTF8 if draw(st.booleans()) and encoding == "utf-8" else b""
    return mark_first + text.encode(encoding, "replace")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=tables())
@pytest.mark.parametrize("reader", ["event list", "prices", "wide or long panel", "factors"])
def test_tables_of_any_kind_are_answered_or_refused(
    reader: str, data: bytes, tmp_path: Path
) -> None:
    folder = tmp_path / "prices"
    folder.mkdir(exist_ok=True)
    name = {"event list": "events.csv", "prices": "prices/META.csv", "factors": "factors.csv"}
    path = tmp_path / name.get(reader, "panel.csv")
    path.write_bytes(data)
    read: Callable[[Path], object] = Prices.read
    if reader in ("event list", "factors"):
        read = Catalog.read if reader == "event list" else read_factor_file
    assert _error_of(read, folder if reader == "prices" else path) != ""
