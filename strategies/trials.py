"""How good is the best Sharpe ratio, given how many were tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.trading.sharpe import deflated_sharpe, min_track_record, probabilistic_sharpe
from backtest.trading.summary import account_sharpe
from strategies.evaluate import Evaluation


def trials(evaluations: Sequence[Evaluation]) -> pd.DataFrame:
    """One row an evaluation: strategy, n_trials, sharpe (a year), probabilistic, deflated, min_track_record, why_not.

    `probabilistic` is the probability that the true ratio is above 0, `deflated` that it is above the best of as many
    worthless trials; `min_track_record` the sessions it would take to be 95% sure of the first.
    """
    ratios = [account_sharpe(one.equity) for one in evaluations]
    every = np.array([ratio.per_session for ratio in ratios], dtype=np.float64)
    rows = [
        (one.name, int(np.isfinite(every).sum()), ratio.annual, probabilistic_sharpe(ratio),
         deflated_sharpe(ratio, every), min_track_record(ratio), ratio.why_not)
        for one, ratio in zip(evaluations, ratios, strict=True)
    ]  # fmt: skip
    columns = ["strategy", "n_trials", "sharpe", "probabilistic", "deflated", "min_track_record", "why_not"]
    return pd.DataFrame(rows, columns=columns)
