"""The normal-return model whose normal return is a counterfactual from donors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backtest.errors import StudyError
from backtest.study.donors import interactive, principal, ridge, simplex
from backtest.study.donors.solution import Refit, Solution, Solve
from backtest.study.normal.base import Fit, residual_sigma
from backtest.study.normal.design import Design
from backtest.study.running_sums import Floats, RunningMoments
from events.arguments import text, texts
from events.errors import suggest


class _Method(NamedTuple):
    words: str
    solver: Callable[[Floats, Floats], Solve]
    refit: Callable[[Floats, Solution], Refit]


METHODS: Mapping[str, _Method] = {
    "simplex": _Method("synthetic control", simplex.solver, simplex.refit),
    "ridge": _Method("ridge-augmented synthetic control", ridge.solver, ridge.refit),
    "interactive": _Method("generalised synthetic control", interactive.solver, interactive.refit),
    "pca": _Method("principal components of donors", principal.solver, principal.refit),
}
# In models of these weights do the work; docs/methods.md and docs/hot_sector.csv have the numbers.
PULLED = ("synthetic_control", "donors_simplex", "donors_ridge")
PULL = (
    "Weights on donors are pulled towards all of them alike: where a security loads on what "
    "the market does not show more than its donors do on average, or less, they take a tenth "
    "to a fifth of what a hot sector pays for the difference for an effect. Factors of donors "
    "(donors_interactive, donors_pca) take under a twentieth of it: prefer them there."
)


@dataclass(frozen=True)
class FromDonors:
    """The normal return is what the donors say.

    By weights (`simplex`, `ridge`) or factors (`interactive`, `pca`). `donors` are tickers of the
    panel; none means every security of it. Of every event the parties of its announcement are left
    out, and donors with news of their own in its horizon or a return missing; a donor's sessions
    around its own news in the estimation window count as its regression on the other donors has
    them. `sigma` is the error at sessions left out of the fit (`simplex`: of the residuals, less
    the donors in use). Raises `StudyError` for an unknown method and under 2 donors.

    >>> FromDonors("interactive", ("NVDA", "AMD", "AVGO")).benchmark
    '3 donors'
    """

    method: str
    donors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        text("method", self.method, "'ridge'")
        if self.method not in METHODS:
            raise StudyError(
                f"no method {self.method!r} of donors{suggest(str(self.method), METHODS)}; "
                f"there are {', '.join(METHODS)}"
            )
        if not isinstance(self.donors, str):
            texts("donors", self.donors, "('MSFT', 'ORCL')")
        if isinstance(self.donors, str) or len(self.donors) == 1:
            raise StudyError(
                f"a counterfactual needs at least 2 donors, got {self.donors!r}; "
                "leave them out to take every security of the panel"
            )
        twice = next((one for one in self.donors if self.donors.count(one) > 1), None)
        if twice is not None:
            raise StudyError(f"the donor {twice!r} is named twice; name each once")

    @property
    def name(self) -> str:
        """The name used in tables and experiments."""
        return f"donors_{self.method}"

    @property
    def words(self) -> str:
        """The method in words."""
        return METHODS[self.method].words

    @property
    def benchmark(self) -> str:
        """How many donors there are to choose from."""
        if self.donors:
            return f"{len(self.donors)} donors"
        return "all donors"

    @property
    def design(self) -> Design:
        """No columns of the panel: the counterfactual is made event by event."""
        return Design(benchmark=())

    def solver(self, x: Floats, ahead: Floats) -> Solve:
        """What makes counterfactuals of returns (M,) from donors x (M, J).

        Over the sessions `ahead` (H, J) too.
        """
        return METHODS[self.method].solver(x, ahead)

    def refit(self, x: Floats, like: Solution) -> Refit:
        """The same method on other sessions x (P, J), as many factors and the penalty of `like`."""
        return METHODS[self.method].refit(x, like)

    def fit(self, moments: RunningMoments) -> Fit:
        """The difference to a counterfactual that is there: the one regressor, with slope 1."""
        n_events, width = moments.mean_x.shape
        squares = moments.syy + moments.n * moments.mean_y**2
        if width:
            away = moments.mean_y - moments.mean_x[:, 0]
            squares = (
                moments.syy - 2 * moments.sxy[:, 0] + moments.sxx[:, 0, 0] + moments.n * away**2
            )
        return Fit(
            intercept=np.zeros(n_events),
            slopes=np.ones((n_events, width)),
            centre=np.zeros((n_events, width)),
            spread_inverse=np.zeros((n_events, width, width)),
            estimated=np.zeros(n_events, dtype=bool),
            sigma=residual_sigma(squares, moments.n),
            df=moments.n,
            n_obs=moments.n,
            r2=np.full(n_events, np.nan),
        )
