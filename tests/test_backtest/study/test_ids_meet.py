"""Ids are text: whatever a table of events holds them as, they meet the panel's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MeanAdjusted, Returns, Window


@pytest.mark.parametrize("dtype", ["int64", "float64", "str", "object"])
def test_integer_ids_meet_integer_columns(dtype: str) -> None:
    days = pd.bdate_range("2022-01-03", periods=200)
    values = np.random.default_rng(3).normal(0, 0.01, (200, 2))
    returns = Returns.from_frame(pd.DataFrame(values, index=days, columns=[10001, 84788]))
    ids = pd.Series([10001, 84788]).astype(dtype)
    events = pd.DataFrame({"event_id": ["a", "b"], "ticker": ids, "event_session": days[150]})
    study = EventStudy(MeanAdjusted(), Window(-120, -11), (Window(0, 1),))
    result = study.fit(events, returns)
    assert result.dropped.empty
    assert result.events["ticker"].tolist() == ["10001", "84788"]
