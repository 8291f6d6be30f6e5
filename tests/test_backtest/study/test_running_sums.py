"""Running sums are the same numbers whichever way they are added up."""

from __future__ import annotations

import numpy as np
import pytest

from backtest.study import running_sums as module
from backtest.study.running_sums import running_sums


@pytest.mark.parametrize("columns", [1, 7, 399, 400, 650])
def test_wide_and_narrow_tables_give_numpys_very_sums(columns: int) -> None:
    values = np.random.default_rng(columns).standard_normal((60, columns))
    running = running_sums(values, np.float64)
    assert (running[0] == 0).all()
    assert running[1:].tobytes() == np.cumsum(values, axis=0).tobytes()


def test_either_way_counts_and_adds_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(1).standard_normal((50, 30))
    for kind, table in ((np.float64, values), (np.int64, values > 0)):
        narrow = running_sums(table, kind)
        monkeypatch.setattr(module, "_WIDE", 0)
        assert running_sums(table, kind).tobytes() == narrow.tobytes()
        monkeypatch.undo()
