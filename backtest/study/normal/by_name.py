"""Normal-return models from the words of an experiment file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from backtest.errors import StudyError
from backtest.study.normal.base import NormalModel
from backtest.study.normal.benchmark import benchmark_of
from backtest.study.normal.garch import GarchMarketModel
from backtest.study.normal.market import MarketAdjusted, MarketModel, MeanAdjusted
from backtest.study.normal.multi_factor import FACTORS, MultiFactor, fama_french
from backtest.study.normal.synthetic_control import SyntheticControl
from backtest.study.normal.thin_trading import Dimson, ScholesWilliams
from events.errors import suggest

ON_BENCHMARK: Mapping[str, Callable[..., NormalModel]] = {
    "market": MarketModel,
    "market_adjusted": MarketAdjusted,
    "scholes_williams": ScholesWilliams,
    "dimson": Dimson,
    "garch": GarchMarketModel,
}


def _from_donors(method: str) -> Callable[..., NormalModel]:
    def make(donors: tuple[str, ...] = ()) -> NormalModel:
        from backtest.study.donors import FromDonors  # which stands on the models of this folder

        return FromDonors(method, donors)

    return make


# Models of donors: the tickers stated, or every security of the prices.
OF_DONORS: Mapping[str, Callable[..., NormalModel]] = {
    f"donors_{method}": _from_donors(method)
    for method in ("simplex", "ridge", "interactive", "pca")
}
WITHOUT_BENCHMARK: Mapping[str, Callable[..., NormalModel]] = {
    "mean_adjusted": MeanAdjusted,
    **{name: partial(fama_french, name) for name in FACTORS},
    "synthetic_control": SyntheticControl,
    **OF_DONORS,
}
MODELS: Mapping[str, Callable[..., NormalModel]] = {
    **ON_BENCHMARK,
    "multi_factor": MultiFactor,
    **WITHOUT_BENCHMARK,
}


def named_model(name: str, benchmark: str = "", peers: tuple[str, ...] = ()) -> NormalModel:
    """The model called `name` on a benchmark.

    A ticker, PEERS, or tickers joined by + for `multi_factor`. `peers` are the peers behind PEERS
    and the donors of `synthetic_control` and the `donors_` models, which take every security of the
    prices where there are none. Raises `StudyError` for an unknown name (with the nearest), a
    benchmark that is missing, and one the model has no use for.

    >>> named_model("multi_factor", "SPY+SOXX").design.regressors
    ('SPY', 'SOXX')
    """
    if name not in MODELS:
        raise StudyError(f"no model {name!r}{suggest(name, MODELS)}; there are {', '.join(MODELS)}")
    if name in WITHOUT_BENCHMARK:
        if benchmark:
            raise StudyError(
                f"the model {name!r} takes no benchmark, got {benchmark!r}; leave it out"
            )
        if name == "synthetic_control" or name in OF_DONORS:
            return WITHOUT_BENCHMARK[name](peers)
        return WITHOUT_BENCHMARK[name]()
    if not benchmark:
        raise StudyError(f"the model {name!r} needs a benchmark, for example 'SPY'")
    against = benchmark_of(benchmark, peers)
    if name == "multi_factor":
        return MultiFactor(against.regressors)
    return ON_BENCHMARK[name](benchmark, peers=against.peers)
