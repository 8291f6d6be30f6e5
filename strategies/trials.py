"""How good is the best Sharpe ratio, given how many were tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.trading.sharpe import deflated_sharpe, min_track_record, probabilistic_sharpe
from backtest.trading.summary import account_sharpe
from strategies.evaluate import Evaluation


def trials(evaluations: Sequence[Evaluation], also_tried: int = 0) -> pd.DataFrame:
    """One row an evaluation: strategy, n_trials, sharpe (a year), probabilistic, deflated, min_track_record, why_not.

    `n_trials` counts the evaluations, those without a ratio too, and `also_tried`: the variants of
    a sweep over the same events. `probabilistic` is the probability that the true ratio is above 0,
    `deflated` that it is above the best of as many worthless trials; `min_track_record` the
    sessions it would take to be 95% sure of the first.
    """
    n_trials = len(evaluations) + also_tried
    ratios = [account_sharpe(one.equity) for one in evaluations]
    every = np.array([ratio.per_session for ratio in ratios], dtype=np.float64)
    rows = [
        (one.name, n_trials, ratio.annual, probabilistic_sharpe(ratio),
         deflated_sharpe(ratio, every, n_trials), min_track_record(ratio), ratio.why_not)
        for one, ratio in zip(evaluations, ratios, strict=True)
    ]  # fmt: skip
    columns = [
        "strategy",
        "n_trials",
        "sharpe",
        "probabilistic",
        "deflated",
        "min_track_record",
        "why_not",
    ]
    return pd.DataFrame(rows, columns=columns)
