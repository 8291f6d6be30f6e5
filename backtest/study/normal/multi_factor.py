"""Several factors at once: any columns of the panel, or those of a factor library by name.

Fama and French (1993, 2015) and Carhart (1997).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from backtest.errors import StudyError
from backtest.study.normal.base import Fit
from backtest.study.normal.benchmark import joined
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares
from backtest.study.running_sums import RunningMoments
from events.arguments import text, texts
from events.errors import suggest

RISK_FREE = "RF"

# Named as Kenneth French's data library names its columns.
FACTORS: Mapping[str, tuple[str, ...]] = {
    # Fama and French (1993): market, size, value
    "ff3": ("Mkt-RF", "SMB", "HML"),
    # Fama and French (2015): those, profitability and investment
    "ff5": ("Mkt-RF", "SMB", "HML", "RMW", "CMA"),
    # Carhart (1997): the three factors and momentum
    "carhart": ("Mkt-RF", "SMB", "HML", "Mom"),
}


@dataclass(frozen=True)
class MultiFactor:
    """The normal return is `alpha + b' f` on the factors' returns.

    One parameter more than there are factors. With `risk_free`, the column of a risk-free return,
    the regression is of the security's return in excess of it, for factors that are excess returns;
    the normal return is then `risk_free + alpha + b' f`.

    >>> MultiFactor(("SPY", "SOXX")).benchmark
    'SPY+SOXX'
    """

    factors: tuple[str, ...]
    risk_free: str = ""
    name: str = "multi_factor"

    def __post_init__(self) -> None:
        if not isinstance(self.risk_free, str):
            text("risk_free", self.risk_free, "'RF'")
        if isinstance(self.factors, str) or (
            isinstance(self.factors, tuple | list) and not self.factors
        ):
            raise StudyError(
                f"factors must be a list of columns, got {self.factors!r}; "
                "for example ('SPY', 'SOXX')"
            )
        texts("factors", self.factors, "('SPY', 'SOXX')")

    @property
    def benchmark(self) -> str:
        """The factors, joined as tables write them."""
        return joined(self.factors)

    @property
    def design(self) -> Design:
        """The factors in the order given, then the risk-free return."""
        if not self.risk_free:
            return Design(self.factors)
        return Design((*self.factors, self.risk_free), benchmark=(0, len(self.factors)))

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit every event at once."""
        if not self.risk_free:
            return least_squares(moments)
        return _with_risk_free(least_squares(_in_excess(moments)))


def _in_excess(moments: RunningMoments) -> RunningMoments:
    """Moments of y less the last regressor, on the other regressors."""
    last = moments.sxx[:, -1]
    return replace(
        moments.first(-1),
        mean_y=moments.mean_y - moments.mean_x[:, -1],
        syy=moments.syy - 2 * moments.sxy[:, -1] + last[:, -1],
        sxy=moments.sxy[:, :-1] - last[:, :-1],
    )


def _with_risk_free(fit: Fit) -> Fit:
    """The same fit with one regressor more, of slope 1, which is known and adds no error."""
    return replace(
        fit,
        slopes=np.pad(fit.slopes, ((0, 0), (0, 1)), constant_values=1.0),
        centre=np.pad(fit.centre, ((0, 0), (0, 1))),
        spread_inverse=np.pad(fit.spread_inverse, ((0, 0), (0, 1), (0, 1))),
    )


def fama_french(name: str) -> MultiFactor:
    """The model called `ff3`, `ff5` or `carhart`, on returns in excess of the risk-free rate.

    The panel needs its factors as columns: `with_factors` puts them there.

    >>> fama_french("carhart").benchmark
    'Mkt-RF+SMB+HML+Mom'
    """
    text("name", name, "'ff3'")
    if name not in FACTORS:
        raise StudyError(
            f"no factor model {name!r}{suggest(name, FACTORS)}; known are {', '.join(FACTORS)}"
        )
    return MultiFactor(FACTORS[name], RISK_FREE, name)
