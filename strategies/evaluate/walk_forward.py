"""Walk-forward: settings chosen on the past alone, judged on what came after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, simulate
from backtest.trading.worth.performance import mean_test
from backtest.trading.worth.sharpe import deflated_sharpe, probabilistic_sharpe
from backtest.trading.worth.summary import account_sharpe
from events.arguments import one_of
from events.words import count
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import Evaluation
from strategies.evaluate.search import Search
from strategies.evaluate.terms import Terms

MIN_TRAIN = 5  # completed bets a variant needs to be chosen
COLUMNS = [
    "fold", "test_from", "test_until", "chosen", "n_train", "n_embargoed", "train_mean", "train_t",
    "n_test", "test_mean", "why_not",
]  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class WalkForward:
    """What one would have earned who chose the best settings so far, fold by fold.

    `table` has one row a fold: its test sessions (both included), the settings chosen, the bets
    they were chosen on, how many were left out since they had not ended when the test began
    (n_embargoed), and mean excess returns before (train) and after (test). `out_of_sample` holds
    the bets of all tests in one account (an account an exchange). `probabilistic` is the
    probability that its true Sharpe ratio is above 0; `deflated` that it is above the best of as
    many worthless variants.
    """

    table: pd.DataFrame
    out_of_sample: Evaluation
    probabilistic: float
    deflated: float
    n_variants: int

    @property
    def mean_lost(self) -> float:
        """How much less a bet earned after the choice than before it (fraction).

        Over the folds that were traded.
        """
        traded = self.table[self.table["n_test"] > 0]
        return float((traded["train_mean"] - traded["test_mean"]).mean())

    def __repr__(self) -> str:
        judged, folds = self.out_of_sample.whole, count(len(self.table), "fold")
        if not judged.n_trades:
            return f"<WalkForward over {folds}: no completed trade out of sample>"
        return (
            f"<WalkForward over {folds} of {count(self.n_variants, 'variant')}: "
            f"{count(judged.n_trades, 'trade')} out of sample, "
            f"mean excess {judged.mean_excess:+.2%}, "
            f"{self.mean_lost:.2%} less than where they were chosen>"
        )


def walk_forward(
    found: Search,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    limits: Limits | None = None,
    benchmark_of: Mapping[str, str] | None = None,
    *,
    splits: int = 4,
) -> WalkForward:
    """Choose among the variants of a search, `splits` times.

    Each on all that had ended before the test began. Events are cut, in the order of their first
    tradable opens, into splits + 1 parts of about as many events; the first is for choosing only. A
    bet counts for a choice when it was closed before the first open of the test (an embargo of its
    whole holding time). The variant with the highest t of at least 5 bets is chosen. Raises
    `StrategyError` where there are too few sessions to cut.

    >>> import reactions as rx
    >>> prices = rx.Prices.sample()
    >>> placed = rx.tradable_events(rx.Catalog.bundled(), prices)
    >>> found = rx.search(rx.STRATEGIES["drift"], {"hold": (2, 5)}, placed, prices)
    >>> len(walk_forward(found, placed, prices, splits=2).table)
    2
    """
    one_of("found", found, (Search,), "rx.search(...)")
    terms = Terms(events, prices, costs, benchmark, limits, benchmark_of)
    return walked(found, terms, splits)


def walked(found: Search, terms: Terms, splits: int) -> WalkForward:
    """`walk_forward`, with what is traded on as one."""
    folds = _folds(terms.events, splits)
    rows, orders = [], dict[str, list[Order]]()
    for number, (start, stop, tested) in enumerate(folds, 1):
        choice = _choose(found, start)
        chosen = None
        if choice.variant >= 0:
            chosen = found.evaluations[choice.variant]
        for account in chosen.accounts if chosen else ():
            asked = [one for one in account.simulation.asked if one.event_id in tested]
            orders.setdefault(account.exchange, []).extend(asked)
        rows.append((number, start, stop, choice, tested))
    nothing = found.evaluations[0].early.iloc[:0]
    accounts = []
    for market in terms.markets:
        own = orders.get(market.exchange, [])
        accounts.append(
            Evaluation(
                name="out_of_sample",
                benchmark=market.benchmark,
                simulation=simulate(
                    own, market.prices, terms.costs, terms.limits, market.benchmark
                ),
                early=nothing,
                source=terms.prices.source,
                simulated=terms.prices.simulated,
                exchange=market.exchange,
            )
        )
    evaluation = replace(accounts[0], others=tuple(accounts[1:]), untraded=terms.untraded)
    return WalkForward(_table(rows, found, evaluation), evaluation, *_sharpes(found, evaluation))


@dataclass(frozen=True)
class _Choice:
    """The best variant so far, -1 where none can be judged."""

    variant: int
    n: int
    n_embargoed: int
    mean: float
    t: float


def _choose(found: Search, start: pd.Timestamp) -> _Choice:
    best = _Choice(-1, 0, 0, np.nan, np.nan)
    for i, bets in enumerate(found.bets):
        begun = bets[bets["entry_session"] < start]
        ended = begun[begun["exit_session"] < start]
        test = mean_test(ended["excess_return"].to_numpy(dtype=np.float64))
        if len(ended) >= MIN_TRAIN and np.isfinite(test.t) and not test.t <= best.t:
            best = _Choice(i, len(ended), len(begun) - len(ended), test.mean, test.t)
    return best


def _folds(
    events: pd.DataFrame, splits: int
) -> list[tuple[pd.Timestamp, pd.Timestamp, frozenset[str]]]:
    """First and last tradable open, and announcements, of each test."""
    if isinstance(splits, bool) or not isinstance(splits, int) or splits < 1:
        raise StrategyError(f"walk-forward: splits is {splits!r}; it must be 1 or more")
    first = events.dropna(subset=["tradable_open"]).groupby("event_id")["tradable_open"].min()
    days, counts = np.unique(first.to_numpy(), return_counts=True)
    if len(days) <= splits:
        raise StrategyError(
            f"walk-forward: {splits} splits need more than {splits} sessions with events, "
            f"there are {len(days)}; take fewer"
        )
    part = np.minimum((np.cumsum(counts) - counts) * (splits + 1) // counts.sum(), splits)
    folds = []
    for number in range(1, splits + 1):
        mine = days[part == number]
        if len(mine):
            tested = frozenset(first.index[first.isin(mine)].astype(str))
            folds.append((pd.Timestamp(mine[0]), pd.Timestamp(mine[-1]), tested))
    return folds


def _table(
    rows: Sequence[tuple[int, pd.Timestamp, pd.Timestamp, _Choice, frozenset[str]]],
    found: Search,
    evaluation: Evaluation,
) -> pd.DataFrame:
    bets = evaluation.every_bet
    out = []
    for number, start, stop, choice, tested in rows:
        excess = bets.loc[
            bets["event_id"].isin(tested) & (bets["status"] != "open"), "excess_return"
        ].dropna()
        known = choice.variant >= 0
        if known:
            why = ""
        else:
            why = f"no variant has {MIN_TRAIN} bets that ended before this test"
        if known and not len(excess):
            why = "no completed bet in this test"
        out.append((
            number, start, stop, found.named(choice.variant) if known else "", choice.n,
            choice.n_embargoed, choice.mean, choice.t, len(excess), float(excess.mean()), why,
        ))  # fmt: skip
    return pd.DataFrame(out, columns=COLUMNS)


def _sharpes(found: Search, evaluation: Evaluation) -> tuple[float, float, int]:
    ratio = account_sharpe(evaluation.whole_equity)
    tried = np.array([account_sharpe(one.whole_equity).per_session for one in found.evaluations])
    deflated = deflated_sharpe(ratio, tried, len(tried))
    return probabilistic_sharpe(ratio), deflated, len(tried)
