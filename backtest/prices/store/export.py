"""A folder of price files out of a panel, which reads back as the same panel, bit for bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.fields import FIELDS
from backtest.prices.panels.panel import PricePanel
from backtest.prices.sources.files.table import LABELS
from events.files.together import filling, finish, sweep, write
from events.record.text import alike

ABOUT = "reactions.json"


def export(prices: PricePanel, folder: str | Path, form: str = "csv") -> tuple[Path, ...]:
    """Write one file a ticker into a new or empty folder, and `reactions.json` about them.

    All or none are there, whenever the process ends. `form` is csv or parquet. That small file
    keeps what prices cannot say of themselves: whether they are simulated, their calendar and
    notes. Raises `PriceError` where the folder has something in it or cannot be written.
    """
    if form not in ("csv", "parquet"):
        raise PriceError(f"no price files of the form {form!r}; choose csv or parquet")
    if two := alike(one for panel in prices.panels for one in panel.tickers):
        raise PriceError(
            f"tickers {two[0]!r} and {two[1]!r} differ by case alone, and so would their files, "
            "which many disks take for one; export one of them"
        )
    target = Path(folder)
    try:
        finish(target)
        sweep(target)
        if target.exists() and any(target.iterdir()):
            raise PriceError(
                f"{target} is not empty; "
                "name a new folder, so that no file of another time is mixed in"
            )
        with filling(target) as stage:
            about = json.dumps(_about(prices), indent=2, ensure_ascii=False)
            write(stage / ABOUT, about + "\n")
            for panel in prices.panels:
                for ticker in panel.tickers:
                    write(stage / f"{ticker}.{form}", _file(panel, ticker, form))
        return tuple(target / f"{one}.{form}" for panel in prices.panels for one in panel.tickers)
    except OSError as error:
        raise PriceError(f"{target} cannot be written: {error.strerror or error}") from None


def _about(prices: PricePanel) -> dict[str, Any]:
    return {
        "source": prices.source,
        "calendar": prices.calendar,
        "simulated": prices.simulated,
        "notes": list(prices.notes),
        "snapshots": list(prices.snapshots),
        "digest": prices.digest,
    }


def _file(prices: PricePanel, ticker: str, form: str) -> bytes:
    table = pd.DataFrame(
        {LABELS[name]: getattr(prices, name)[ticker].to_numpy() for name in FIELDS}
    )
    table.insert(0, "Date", prices.sessions)
    rows = np.flatnonzero(table.drop(columns="Date").notna().any(axis=1))
    if len(rows):
        kept = table.iloc[rows[0] : rows[-1] + 1]
    else:
        kept = table.iloc[:1]
    text = kept.assign(Date=kept["Date"].dt.strftime("%Y-%m-%d"))
    if form == "csv":
        return text.to_csv(index=False, lineterminator="\n").encode()
    return kept.to_parquet(index=False)


def read_about(folder: Path) -> dict[str, Any]:
    """What an export said of itself, as fields of `Prices`, or nothing."""
    path = folder / ABOUT
    if not path.is_file():
        return {}
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {
            "source": str(said["source"]),
            "simulated": bool(said["simulated"]),
            "notes": tuple(map(str, said["notes"])),
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PriceError(
            f"{path} is damaged ({type(error).__name__}); export the prices again, or remove it"
        ) from None
