"""The only door to vectorbt, which takes seconds to import.

`simulate` comes here once there is something to trade.
"""

from __future__ import annotations

import tempfile
from typing import Any

import numba
import numpy as np
import pandas as pd
from platformdirs import user_cache_path

from backtest.trading.bars import Floats
from backtest.trading.costs import Costs, Limits


def _cache_folder() -> str:
    """Where compiled code may be kept: numba fails where it cannot write beside the library."""
    folder = user_cache_path("market-reactions") / "numba"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tempfile.gettempdir()
    return str(folder)


# `numba.config` is made at run time
numba.config.CACHE_DIR = numba.config.CACHE_DIR or _cache_folder()  # type: ignore[attr-defined]

import vectorbt  # noqa: E402  # compiles as it is imported, to where the line above says

vectorbt.settings["engine"] = "auto"
vectorbt.settings.returns["year_freq"] = "252 days"


def from_orders(mark: Floats, size: Floats, price: Floats, costs: Costs, limits: Limits) -> Any:
    """Run target holdings through vectorbt: one account, two rows a session.

    All arrays are (n_rows, n_legs).
    """
    return vectorbt.Portfolio.from_orders(
        pd.DataFrame(mark), size=size, size_type="targetamount", price=price, slippage=costs.slip,
        fees=costs.commission, fixed_fees=costs.commission_per_order, init_cash=limits.capital,
        cash_sharing=True, group_by=True, call_seq="auto", allow_partial=False, freq="12h",
        max_orders=int(np.isfinite(size).sum()) + 1,
    )  # fmt: skip
