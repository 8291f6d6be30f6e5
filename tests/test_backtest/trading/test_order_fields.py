"""An order that no broker could read is refused where it is written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import TradingError
from backtest.trading import Order

DAY = pd.Timestamp("2026-04-09")
SOUND: dict[str, Any] = {
    "event_id": "e", "ticker": "X", "session": DAY, "at": "open", "target": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("event_id", None, "order: event_id None is no text"),
        ("event_id", 7, "order: event_id 7 is no text"),
        ("event_id", "", "order: event_id '' is no text, or an empty one"),
        ("ticker", 5, "order: ticker 5 is no text"),
        ("ticker", float("nan"), "order: ticker nan is no text"),
        ("at", "OPEN", "order of e in X: at 'OPEN' is neither 'open' nor 'close'"),
        ("at", None, "at None is neither"),
        ("session", "2026-04-09", "session '2026-04-09' is no date"),
        ("session", DAY.date(), "is no date"),
        ("session", np.datetime64("2026-04-09"), "is no date"),
        ("session", pd.NaT, "session NaT is no date"),
        ("session", DAY.tz_localize("UTC"), "has a time zone; .* without: 2026-04-09"),
        ("session", DAY + pd.Timedelta(hours=9), "has a time of day; `at` says when"),
        ("target", float("nan"), "target nan is no finite number"),
        ("target", float("inf"), "target inf is no finite number"),
        ("target", True, "target True is no finite number"),
        ("target", np.bool_(True), "is no finite number"),
        ("target", "1", "target '1' is no finite number"),
        ("target", None, "target None is no finite number"),
        ("target", 1e300, r"target 1e\+300 is no share of the stake"),
        ("target", -1e-300, "target -1e-300 is no share of the stake"),
        ("stop", 0, "stop 0 is no fraction between 0 and 1"),
        ("stop", 1.0, "stop 1.0 is no fraction"),
        ("stop", float("nan"), "stop nan is no fraction"),
        ("stop", True, "stop True is no fraction"),
        ("stop", "0.1", "stop '0.1' is no fraction"),
        ("bet", 3, "bet 3 is no text"),
        ("bet", None, "bet None is no text"),
        ("hedge", "x", "hedge 'x' is neither True nor False"),
        ("hedge", 1, "hedge 1 is neither"),
    ],
)
def test_it_is_refused_by_the_field(field: str, value: Any, words: str) -> None:
    with pytest.raises(TradingError, match=words):
        Order(**SOUND | {field: value})


@pytest.mark.parametrize("target", [1, -1.5, 0, np.float64(0.5), np.int64(2)])
def test_any_number_is_a_target(target: Any) -> None:
    assert Order(**SOUND | {"target": target}).target == target
