"""How good is the best Sharpe ratio, given how many were tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.trading.worth.sharpe import deflated_sharpe, min_track_record, probabilistic_sharpe
from backtest.trading.worth.summary import account_sharpe
from strategies.evaluate.evaluate import Evaluation


def trials(
    evaluations: Sequence[Evaluation], also_tried: NDArray[np.float64] | None = None
) -> pd.DataFrame:
    """One row an evaluation, and how far it survives the number of trials.

    Columns: strategy, n_trials, sharpe (a year), probabilistic, deflated, min_track_record,
    why_not. `also_tried` are the t statistics (n_variants,) of the mean bet of every variant of a
    sweep over the same events, NaN where it has none. `n_trials` counts the evaluations and these,
    with or without a ratio. `probabilistic` is the probability that the true ratio is above 0,
    `deflated` that it is above the best of as many worthless trials, whose ratios vary as those of
    all that was tried do: a variant's ratio a session is its t over the root of the sessions.
    `min_track_record` are the sessions it would take to be 95% sure of the first, infinity for a
    ratio that is not above 0: no number of sessions would make one sure of it.
    """
    tried = np.empty(0) if also_tried is None else also_tried
    n_trials = len(evaluations) + len(tried)
    ratios = [account_sharpe(one.whole_equity) for one in evaluations]
    sessions = np.median([ratio.n_sessions for ratio in ratios])
    every = np.concatenate([[ratio.per_session for ratio in ratios], tried / np.sqrt(sessions)])
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
