"""One row that says what a strategy's bets are worth."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from backtest.trading.worth.performance import (
    best_share,
    break_even_bps,
    clusters,
    flips_too_few,
    hit_rate,
    leave_one_out,
    mean_test,
    sign_flip_p,
    weighted_mean,
)
from backtest.trading.worth.sharpe import Sharpe, probabilistic_sharpe, sharpe
from events.words import count


@dataclass(frozen=True)
class Judgement:
    """Statistics of the completed bets and of the account.

    `excess` is net of costs and of the benchmark or hedge. `mean_excess` counts every bet alike,
    `weighted_excess` by the money in it: where sizing helps, the second is larger. `pvalue` and
    `mde80` (the smallest mean found four times in five) take bets as independent; `sign_flip_p`
    keeps bets whose holding times overlap together, and is NaN under 6 clusters of them, which
    could not make it 5%. `exposure` is the share of sessions with a position, `mean_gross` the mean
    gross exposure over them, `turnover` the money traded a year over the account. `sharpe` is of
    the whole account, NaN with the reason in `sharpe_why_not`.
    """

    n_trades: int
    n_open: int
    n_clusters: int
    hit_rate: float
    hit_low: float
    hit_high: float
    mean_net: float
    mean_excess: float
    median_excess: float
    weighted_excess: float
    weighted_t: float
    t: float
    df: float
    pvalue: float
    mde80: float
    sign_flip_p: float
    leave_one_out_low: float
    leave_one_out_high: float
    worst_excess: float
    mean_adverse_excursion: float
    worst_adverse_excursion: float
    best_trade_share: float
    break_even_bps: float
    net_pnl: float
    costs: float
    total_return: float
    benchmark_total_return: float
    max_drawdown: float
    exposure: float
    mean_gross: float
    turnover: float
    invested_sessions: int
    n_sessions: int
    sharpe: float
    sharpe_low: float
    sharpe_high: float
    probabilistic_sharpe: float
    sharpe_why_not: str
    why_not: str

    def row(self) -> dict[str, float | int | str]:
        """The statistics by name."""
        return asdict(self)


def judge(bets: pd.DataFrame, equity: pd.DataFrame) -> Judgement:
    """Judge the bets that were completed; open ones are counted and left out."""
    done = bets[bets["status"] != "open"]
    known = done[np.isfinite(done["excess_return"].to_numpy(dtype=np.float64))]
    excess = known["excess_return"].to_numpy(dtype=np.float64)
    group = clusters(known["entry_session"], known["exit_session"])
    hits, mean, ratio = hit_rate(excess), mean_test(excess), account_sharpe(equity)
    low, high = leave_one_out(excess)
    weighed, weighed_t = weighted_mean(excess, known["value"].to_numpy(dtype=np.float64))
    sharpe_low, sharpe_high = ratio.interval()
    powerless = flips_too_few(len(np.unique(group)))
    return Judgement(
        n_trades=len(done),
        n_open=len(bets) - len(done),
        n_clusters=len(np.unique(group)),
        hit_rate=hits.rate,
        hit_low=hits.low,
        hit_high=hits.high,
        mean_net=float(done["net_return"].mean()),
        mean_excess=mean.mean,
        median_excess=float(known["excess_return"].median()),
        weighted_excess=weighed,
        weighted_t=weighed_t,
        t=mean.t,
        df=mean.df,
        pvalue=mean.pvalue,
        mde80=mean.mde80,
        sign_flip_p=math.nan if powerless else sign_flip_p(excess, group),
        leave_one_out_low=low,
        leave_one_out_high=high,
        worst_excess=float(known["excess_return"].min()),
        mean_adverse_excursion=float(done["adverse_excursion"].mean()),
        worst_adverse_excursion=float(done["adverse_excursion"].min()),
        best_trade_share=best_share(done["net_pnl"].to_numpy(dtype=np.float64)),
        break_even_bps=_break_even(known),
        sharpe=ratio.annual,
        sharpe_low=sharpe_low,
        sharpe_high=sharpe_high,
        probabilistic_sharpe=probabilistic_sharpe(ratio),
        sharpe_why_not=ratio.why_not,
        why_not=_why_not(mean.why_not, len(done) - len(known), powerless),
        **_account(bets, equity),
    )


def account_sharpe(equity: pd.DataFrame) -> Sharpe:
    """The Sharpe ratio of the account's daily returns."""
    return sharpe(daily_returns(equity), int((equity["n_positions"] > 0).sum()))


def daily_returns(equity: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Daily returns of the account, (n_sessions - 1,)."""
    worth = equity["equity"].to_numpy(dtype=np.float64)
    return np.asarray(worth[1:] / worth[:-1] - 1)


def _account(bets: pd.DataFrame, equity: pd.DataFrame) -> dict[str, Any]:
    worth, passive = (
        equity[name].to_numpy(dtype=np.float64) for name in ("equity", "benchmark_equity")
    )
    held = equity["n_positions"].to_numpy() > 0
    years = max(len(worth) - 1, 1) / 252
    return {
        "net_pnl": float(bets["net_pnl"].sum()),
        "costs": float(bets["costs"].sum()),
        "total_return": float(worth[-1] / worth[0] - 1),
        "benchmark_total_return": float(passive[-1] / passive[0] - 1),
        "max_drawdown": float((worth / np.maximum.accumulate(worth) - 1).min()),
        "exposure": float(held.sum() / max(len(worth) - 1, 1)),
        "mean_gross": float(equity["gross_exposure"][held].mean()),
        "turnover": float(bets["traded"].sum() / worth.mean() / years),
        "invested_sessions": int(held.sum()),
        "n_sessions": len(worth) - 1,
    }


def _break_even(known: pd.DataFrame) -> float:
    passive = (known["net_return"] - known["excess_return"]).to_numpy(dtype=np.float64)
    traded = (known["traded"] / known["value"]).to_numpy(dtype=np.float64)
    return break_even_bps(known["gross_return"].to_numpy(dtype=np.float64), passive, traded)


def _why_not(mean: str, unknown: int, flips: str) -> str:
    without = ""
    if unknown:
        have = "has" if unknown == 1 else "have"
        without = f"{count(unknown, 'trade')} {have} no benchmark price at their entry or exit"
    return "; ".join(part for part in (mean, flips, without) if part)
