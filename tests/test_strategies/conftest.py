"""A market and a catalog to trade on: the simulated sample."""

from __future__ import annotations

import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.prices.sample.market import sample_events


@pytest.fixture(scope="session")
def prices() -> Prices:
    return Prices.sample()


@pytest.fixture(scope="session")
def events() -> pd.DataFrame:
    return sample_events()
