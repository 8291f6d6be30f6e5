"""The golden case: inputs and numbers of an independent implementation (tests/golden/README.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest.prices import Returns

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture(scope="session")
def golden_returns() -> Returns:
    return Returns.from_frame(
        pd.read_csv(GOLDEN / "returns.csv", index_col="date", parse_dates=True)
    )


@pytest.fixture(scope="session")
def golden_events() -> pd.DataFrame:
    frame = pd.read_csv(GOLDEN / "events.csv", parse_dates=["event_date"])
    return frame.rename(columns={"security": "ticker", "event_date": "event_session"})


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / "expected.json").read_text())
    return found
