"""One strategy of a run: as set up, what it earned, and that in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.words import count, equal, percent

if TYPE_CHECKING:
    from strategies.evaluate.bridge import Bridge
    from strategies.evaluate.evaluate import Evaluation
    from strategies.evaluate.placebo import Placebo


@dataclass(frozen=True, eq=False)
class Backtest:
    """One strategy of the experiment, as set up.

    What it earned, what luck earns, and where the rest went. Over several exchanges it is one
    account of the strategy, that of its evaluation's exchange; `first` is the strategy's first
    account, whose evaluation knows the others.
    """

    name: str
    settings: Mapping[str, Any]
    benchmark: str
    evaluation: Evaluation
    placebo: Placebo | None
    bridge: Bridge
    first: bool = True

    @property
    def together_name(self) -> str:
        """What all accounts of the strategy together are called in tables."""
        own = self.name.removesuffix(f" on {self.evaluation.exchange}")
        return f"{own} on {len(self.evaluation.accounts)} exchanges"

    def together_words(self, digits: int = 1) -> str:
        """What the bets of all accounts earned, in words.

        "" where there is one account, or another has said it.
        """
        if not self.first or not self.evaluation.others:
            return ""
        judged = self.evaluation.whole
        if not judged.n_trades:
            return f"no completed trade, {judged.n_open} open"
        luck = judged.why_not
        if math.isfinite(judged.sign_flip_p):
            luck = f"p {equal(judged.sign_flip_p)} by cluster sign flips"
        return (
            f"{count(judged.n_trades, 'trade')}, {percent(judged.mean_net, digits)} each "
            f"after costs, {percent(judged.mean_excess, digits)} against the benchmark "
            f"of its own exchange ({luck})"
        )

    def against(self, digits: int = 1) -> str:
        """The mean excess return of a trade, and over what.

        A hedged bet is measured after its hedge.
        """
        excess, hedged = self.evaluation.judgement.mean_excess, self.evaluation.bets["hedged"]
        if hedged.all():
            return "its hedge counted in"
        if hedged.any():
            also = " (hedged ones: after the hedge)"
        else:
            also = ""
        return f"{percent(excess, digits)} against {self.benchmark} over the same hours{also}"
