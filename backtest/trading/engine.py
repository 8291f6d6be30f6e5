"""The only door to vectorbt, which takes seconds to import.

`simulate` comes here once there is something to trade.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import backtest.work.compiled  # noqa: F401  # settles where vectorbt keeps what it compiles

# isort: split
import vectorbt

from backtest.trading.bars import Floats
from backtest.trading.costs import Costs, Limits

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
