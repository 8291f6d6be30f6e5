"""Every combination of a strategy's settings, tried at once, and what the best of them is worth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices import Prices
from backtest.trading import Costs, Limits
from backtest.trading.worth.reality_check import DRAWS, reality_check
from backtest.work import Way, run_chunks
from events.arguments import one_of
from events.errors import suggest
from strategies.asking.given import check_kind
from strategies.asking.loader import executor_for, set_up
from strategies.base import Strategy
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import Evaluation, traded
from strategies.evaluate.sweep import BLOCK
from strategies.evaluate.terms import Terms

MOST = 2_000  # variants
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Search:
    """All variants of one strategy on the same events.

    `table` has one row a variant: variant (its number), the fields that vary, n_trades,
    mean_excess, weighted_excess, t (robust to bets of 21 sessions sharing a fate) and
    pvalue_adjusted (Romano and Wolf, two-sided, over all variants). `best_p` is White's reality
    check: that the best is no more than luck. `evaluations` are the variants' own, in order.
    """

    table: pd.DataFrame
    best_p: float
    n_blocks: int
    fields: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]

    @property
    def best(self) -> pd.DataFrame:
        """The variant with the highest t: one row, none if no variant has a t."""
        return self.table.dropna(subset=["t"]).nlargest(1, "t")

    def named(self, variant: int) -> str:
        """The settings of a variant in words.

        Such as "hold=5, entry=close".
        """
        columns = self.table[
            list(self.fields)
        ]  # each by itself: a row of the table turns 5 into 5.0
        return ", ".join(f"{name}={columns[name].iloc[variant]}" for name in self.fields)

    @cached_property
    def bets(self) -> tuple[pd.DataFrame, ...]:
        """The completed bets of each variant."""
        return tuple(completed(one.every_bet) for one in self.evaluations)

    def __repr__(self) -> str:
        if self.best.empty:
            return f"<Search of {len(self.table)} variants: none with enough trades>"
        best = self.best.iloc[0]
        return (
            f"<Search of {len(self.table)} variants: best {self.named(int(best['variant']))}, "
            f"mean excess {best['mean_excess']:+.2%} (t = {best['t']:.2f}); "
            f"as good by luck alone with p = {self.best_p:.3f}>"
        )


def search(
    kind: type[Strategy],
    over: Mapping[str, Sequence[Any]],
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    limits: Limits | None = None,
    benchmark_of: Mapping[str, str] | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
    executor: Executor | None = None,
) -> Search:
    """Trade every combination of the values in `over` (field -> values).

    `settings` fixes other fields. Works for any strategy that is a dataclass, a user's own too.
    Raises `StrategyError` for a field it does not have, a value it refuses, or more than 2,000
    variants. Over several exchanges the bets of all of them count, each made as `evaluate` makes
    it. `pvalue_adjusted` is Romano and Wolf's (2005) over all variants, `best_p` White's (2000).
    `executor` (any `concurrent.futures.Executor`) trades variants beside each other and changes no
    number; a strategy of a user's own file trades in this process.

    >>> import reactions as rx
    >>> prices = rx.Prices.sample()
    >>> placed = rx.tradable_events(rx.Catalog.bundled().filter(tickers=["META"]), prices)
    >>> found = search(rx.STRATEGIES["drift"], {"hold": (2, 5)}, placed, prices)
    >>> found.table["hold"].tolist(), 0 <= found.best_p <= 1
    ([2, 5], False)
    """
    check_kind(kind)
    terms = Terms(events, prices, costs, benchmark, limits, benchmark_of)
    return searched(kind, over, terms, settings, seed=seed, tell=tell, executor=executor)


def searched(
    kind: type[Strategy],
    over: Mapping[str, Sequence[Any]],
    terms: Terms,
    settings: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
    executor: Executor | None = None,
) -> Search:
    """`search`, with what is traded on as one."""
    one_of("over", over, (Mapping,), "{'hold': [2, 5]}")
    one_of("settings", settings, (Mapping, type(None)), "{'entry': 'close'}")
    variants = variants_of(kind, over, settings or {})
    way = Way(
        executor_for(kind, executor),
        None,
        lambda done, of: tell(f"trading {kind.name}, {done} of {of} variants"),
    )
    evaluations = run_chunks(_evaluated, terms, variants, way)
    returns, block = _side_by_side([completed(one.every_bet) for one in evaluations], terms.prices)
    found = reality_check(returns, block, DRAWS, seed)
    rows = [
        (i, *(_told(getattr(one, name)) for name in over), judged.n_trades, judged.mean_excess,
         judged.weighted_excess, found.t[i], found.pvalue[i])
        for i, (one, judged) in enumerate(
            zip(variants, (evaluation.whole for evaluation in evaluations), strict=True)
        )
    ]  # fmt: skip
    columns = [
        "variant", *over, "n_trades", "mean_excess", "weighted_excess", "t", "pvalue_adjusted",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return Search(table, found.best_p, len(np.unique(block)), tuple(over), tuple(evaluations))


def _evaluated(terms: Terms, strategy: Strategy) -> Evaluation:
    """One variant."""
    return traded(strategy, terms)


def variants_of(
    kind: type[Strategy], over: Mapping[str, Sequence[Any]], settings: Mapping[str, Any]
) -> tuple[Strategy, ...]:
    """The strategies of all combinations, the last field varying fastest.

    >>> from strategies import Drift
    >>> [one.hold for one in variants_of(Drift, {"hold": [1, 5]}, {"entry": "close"})]
    [1, 5]
    """
    # the loader checked it
    defaults = {one.name: one for one in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for name in (*over, *settings):
        if name not in defaults:
            has = ", ".join(defaults) or "no field"
            raise StrategyError(
                f"strategy {kind.name}: no field '{name}'{suggest(name, defaults)}; it has {has}"
            )
    if both := [name for name in over if name in settings]:
        raise StrategyError(f"strategy {kind.name}: {both[0]} is both fixed and varied; choose one")
    for name, values in over.items():
        if isinstance(values, str) or not len(values):
            raise StrategyError(f"search: {name} needs a list of values, not {values!r}")
        told = list(map(repr, values))
        if twice := next((one for one in told if told.count(one) > 1), ""):
            raise StrategyError(f"search: {name} has {twice} twice, which is one variant, not two")
    if (n := int(np.prod([len(values) for values in over.values()]))) > MOST:
        raise StrategyError(f"search: {n:,} variants; {MOST:,} is the most. Vary less")
    shaped = {name: [_shaped(one, defaults[name]) for one in vs] for name, vs in over.items()}
    fixed = {name: _shaped(value, defaults[name]) for name, value in settings.items()}
    return tuple(
        set_up(kind, fixed | dict(zip(shaped, values, strict=True)))
        for values in product(*shaped.values())
    )


def completed(bets: pd.DataFrame) -> pd.DataFrame:
    """The bets that ended and have an excess return."""
    done = (bets["status"] != "open") & bets["excess_return"].notna()
    return bets.loc[done]


def _shaped(value: Any, field: dataclasses.Field[Any]) -> Any:
    """A list as the tuple a frozen dataclass holds; one word where the field holds several."""
    if isinstance(value, list):
        return tuple(value)
    several = isinstance(field.default, tuple) and not isinstance(value, tuple)
    if several:
        return (value,)
    return value


def _told(value: Any) -> Any:
    if isinstance(value, tuple):
        return "+".join(map(str, value))
    return value


def _side_by_side(bets: Sequence[pd.DataFrame], prices: Prices) -> tuple[Floats, NDArray[np.int64]]:
    """Excess returns (n_variants, n_bets of any), and the bets' blocks.

    NaN where a variant has no such bet.
    """
    every = pd.concat([one.assign(variant=i) for i, one in enumerate(bets)], ignore_index=True)
    named = ["event_id", "bet", *(["exchange"] if "exchange" in every else [])]
    keys = pd.MultiIndex.from_frame(every[named])
    codes, known = pd.factorize(keys)
    returns = np.full((len(bets), len(known)), np.nan)
    returns[every["variant"], codes] = every["excess_return"]
    entry = prices.sessions.searchsorted(pd.DatetimeIndex(every["entry_session"]))
    first = pd.Series(entry).groupby(codes).min().to_numpy(dtype=np.int64)
    return returns, first // BLOCK
