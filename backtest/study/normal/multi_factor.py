"""Several factors at once: Fama and French (1993, 2015), Carhart (1997), or any columns of the panel."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.study.moments import Moments
from backtest.study.normal.base import Fit
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares


@dataclass(frozen=True)
class MultiFactor:
    """The normal return is `alpha + b' f` on the factors' returns (one parameter more than there are factors).

    >>> MultiFactor(("SPY", "SOXX")).benchmark
    'SPY+SOXX'
    """

    factors: tuple[str, ...]
    name: str = "multi_factor"

    @property
    def benchmark(self) -> str:
        """The factors, joined as tables write them."""
        return "+".join(self.factors)

    @property
    def design(self) -> Design:
        """The factors in the order given."""
        return Design(self.factors)

    def fit(self, moments: Moments) -> Fit:
        """Fit every event at once."""
        return least_squares(moments)
