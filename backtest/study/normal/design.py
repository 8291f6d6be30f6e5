"""Which columns of returns a normal-return model stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backtest.errors import StudyError
from backtest.study.normal.benchmark import check_peers
from backtest.study.windows import Window
from events.arguments import shares, text, texts


@dataclass(frozen=True)
class Design:
    """The columns a model predicts from and those it is merely estimated with.

    `regressors` are tickers or factors, in order; the name PEERS stands for the equal-weighted
    basket of `peers` without the security itself. `lags` are leads (+) and lags (-) of the first
    regressor that serve the estimation only, so that an event session never needs tomorrow's
    market. `trim` sessions are cut off both ends of the estimation window to keep the lags inside
    it. The regressors at the positions `benchmark` add up to the benchmark's own return, for
    buy-and-hold comparisons. With `without_self` a regressor that is the security itself is set to
    zero for it, for models that then give it no weight; `without_news` does so for parties of an
    event's announcement and regressors with news of their own in its horizon. `own_weights` are the
    weights of securities in the first regressor; each is taken out for the security itself:
    `(R_m - w R_i) / (1 - w)`.
    """

    regressors: tuple[str, ...] = ()
    lags: tuple[int, ...] = ()
    trim: int = 0
    peers: tuple[str, ...] = ()
    benchmark: tuple[int, ...] = (0,)
    without_self: bool = False
    without_news: bool = False
    own_weights: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in self.regressors:
            if not isinstance(name, str) or not name:
                raise StudyError(f"the benchmark {name!r} is no ticker; write 'SPY'")
        check_peers(self.regressors, self.peers)
        for ticker, weight in self.own_weights.items():
            if not 0 <= weight < 1:
                raise StudyError(
                    f"weight of {ticker!r} in its benchmark is {weight}; "
                    "give a fraction from 0 to below 1"
                )
        for names in (self.regressors, self.peers):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise StudyError(
                    f"{twice!r} is named twice among {', '.join(names)}; name each once"
                )

    def inside(self, estimation: Window) -> Window:
        """The part of the estimation window whose lags lie inside it."""
        if len(estimation) <= 2 * self.trim:
            raise StudyError(
                f"estimation window {estimation} is too short "
                f"for {self.trim} sessions of lead and lag"
            )
        return Window(estimation.start + self.trim, estimation.end - self.trim)


@dataclass(frozen=True)
class OnOneBenchmark:
    """What a model of one benchmark and nothing else is told of it.

    The benchmark is a ticker, or PEERS: the equal-weighted basket of `peers` without the security
    itself. `own_weights` take a security's own weight out of a benchmark that holds it: `{"NVDA":
    0.20}`.
    """

    benchmark: str
    peers: tuple[str, ...] = ()
    own_weights: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        text("benchmark", self.benchmark, "'SPY'")
        texts("peers", self.peers, "('NVDA', 'AMD')")
        shares("own_weights", self.own_weights)

    @property
    def design(self) -> Design:
        """The benchmark alone."""
        return Design((self.benchmark,), peers=self.peers, own_weights=self.own_weights)
