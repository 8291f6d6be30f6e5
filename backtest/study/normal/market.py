"""The market model: MacKinlay (1997, equation 3), estimated by ordinary least squares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backtest.study.normal.base import Fit
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares
from backtest.study.running_sums import RunningMoments
from events.arguments import shares, text, texts


@dataclass(frozen=True)
class MarketModel:
    """The normal return is `alpha + beta` times the benchmark's return (two parameters).

    The benchmark is a ticker, or PEERS: the equal-weighted basket of `peers` without the security
    itself. `own_weights` take a security's own weight out of a benchmark that holds it: `{"NVDA":
    0.20}`.

    >>> MarketModel("SPY").benchmark
    'SPY'
    """

    benchmark: str
    peers: tuple[str, ...] = ()
    own_weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    name: str = "market"

    def __post_init__(self) -> None:
        text("benchmark", self.benchmark, "'SPY'")
        texts("peers", self.peers, "('NVDA', 'AMD')")
        shares("own_weights", self.own_weights)

    @property
    def design(self) -> Design:
        """The benchmark alone."""
        return Design((self.benchmark,), peers=self.peers, own_weights=self.own_weights)

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit alpha and beta of every event at once."""
        return least_squares(moments)
