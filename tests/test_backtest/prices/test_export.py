"""An exported folder reads back to the same panel, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backtest.errors import PriceError
from backtest.prices import Prices
from backtest.prices.panels.panel import assemble
from backtest.prices.sources.files.table import PriceTable
from backtest.prices.store.export import export

DAYS = pd.DatetimeIndex(["2026-04-06", "2026-04-07", "2026-04-08", "2026-04-09"]).as_unit("us")
cell = st.one_of(st.floats(1e-6, 1e12), st.just(float("nan")))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_sample_comes_back_simulated(tmp_path: Path, form: str) -> None:
    sample = Prices.sample()
    files = export(sample, tmp_path / "out", form)
    back = Prices.read(tmp_path / "out")
    assert len(files) == len(sample.tickers)
    assert back.digest == sample.digest
    assert (back.simulated, back.source, back.notes) == (True, sample.source, sample.notes)
    assert Prices.read(tmp_path / "out", ["META"]).simulated


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(arrays(np.float64, (4, 12), elements=cell), st.sampled_from(["csv", "parquet"]))
def test_any_panel_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: np.ndarray, form: str
) -> None:
    names = ["open", "high", "low", "close", "adjusted", "volume"]
    tables = {
        t: PriceTable(pd.DataFrame(values[:, i : i + 6], DAYS, names), ())
        for t, i in (("A", 0), ("B", 6))
    }
    try:
        prices = assemble(tables, "test")
    except PriceError:
        assert np.isnan(values).all()
        return
    folder = tmp_path_factory.mktemp("export") / "out"
    export(prices, folder, form)
    assert Prices.read(folder).digest == prices.digest


def test_exporting_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(Prices.sample(), tmp_path / name)
    left, right = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("a", "b")
    )
    assert left == right


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(PriceError, match="is not empty; name a new folder"):
        export(Prices.sample(), tmp_path)
    with pytest.raises(PriceError, match="no price files of the form 'xlsx'"):
        export(Prices.sample(), tmp_path / "x", "xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(PriceError, match="cannot be written"):
        export(Prices.sample(), tmp_path / "file" / "x")


def test_a_damaged_description_is_an_error(tmp_path: Path) -> None:
    export(replace(Prices.sample(), notes=("a note",)), tmp_path / "out")
    (tmp_path / "out" / "reactions.json").write_text('{"simulated":')
    with pytest.raises(PriceError, match=r"reactions\.json is damaged"):
        Prices.read(tmp_path / "out")


def test_real_prices(real_prices_dir: Path, tmp_path: Path) -> None:
    prices = Prices.read(real_prices_dir)
    export(prices, tmp_path / "out")
    assert Prices.read(tmp_path / "out").digest == prices.digest
