"""The same study under the conventions of other packages, where a published number must be matched.

docs/other_packages.md says which package uses which, and what it costs: a naive standard error
makes long windows of a short history reject up to three times too often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.prices.panels.return_prices import ReturnPrices
from backtest.prices.panels.trade_to_trade import trade_to_trade
from backtest.study.fitted import FittedStudy
from events.arguments import text
from events.errors import suggest

Fitted = TypeVar("Fitted", bound=FittedStudy)


@dataclass(frozen=True)
class Convention:
    """How the forecast error is taken, and which returns.

    `divisor` of the residual sum of squares: observations less coefficients ("n-k"), less one
    ("n-1"), or all ("n"). `forecast_error` adds what the estimates may be off by; without it
    `S(CAR)` is `sigma sqrt(L)`. `student` gives the degrees of freedom of the event's t ("n-k" or
    "n-1"). `trade_to_trade` takes returns from one trade to the next where prices say which those
    are.
    """

    words: str
    divisor: Literal["n-k", "n-1", "n"] = "n-k"
    forecast_error: bool = False
    student: Literal["n-k", "n-1"] = "n-k"
    trade_to_trade: bool = False


CONVENTIONS: Mapping[str, Convention] = {
    "full": Convention(
        "this project: sigma with n-k, full forecast covariance", forecast_error=True
    ),
    "full, trade to trade": Convention(
        "the same on returns from trade to trade: eventstudy2 (Stata), which also takes logarithms "
        "of returns; ours stay simple",
        forecast_error=True,
        trade_to_trade=True,
    ),
    "naive": Convention(
        "sigma with n-k times sqrt(L): EventStudy (R), EventStudyTools, WRDS-style code"
    ),
    "n-1": Convention(
        "sigma with n-1 times sqrt(L): estudy2 (R), estudy (Stata)", "n-1", student="n-1"
    ),
    "n-1, forecast": Convention(
        "sigma with n-1, full forecast covariance: the Patell and BMP of estudy2 (R)",
        "n-1",
        forecast_error=True,
        student="n-1",
    ),
    "n": Convention("sigma with n times sqrt(L): eventstudy (Python)", "n", student="n-1"),
}
# a package by its name -> its convention; docs/other_packages.md says where it still differs
PACKAGES: Mapping[str, str] = {
    "eventstudy2": "full, trade to trade",
    "Eventus": "full",
    "estudy2": "n-1, forecast",
    "EventStudy": "naive",
    "EventStudyTools": "naive",
    "WRDS": "naive",
    "estudy": "n-1",
    "eventstudy": "n",
}


def known_convention(name: str) -> Convention:
    """The convention or package of that name; raises `StudyError` for another, with the nearest.

    >>> known_convention("eventstudy2").forecast_error
    True
    """
    text("name", name, "a convention, or a package such as 'estudy2'")
    known = [*CONVENTIONS, *PACKAGES]
    if name not in known:
        raise StudyError(
            f"no convention {name!r}{suggest(name, known)}; there are {', '.join(map(repr, known))}"
        )
    return CONVENTIONS[PACKAGES.get(name, name)]


def returns_under(prices: Prices, name: str) -> Returns:
    """Returns as the convention takes them.

    From trade to trade where it does and prices can say so. Those of one exchange can; a file of
    returns does not know what lay between two of them, and sessions of several exchanges are not
    the same. There, and without a name, returns are of single sessions.

    >>> from backtest import Prices
    >>> returns_under(Prices.sample(), "eventstudy2").spans is None
    False
    """
    bridged = bool(name) and known_convention(name).trade_to_trade
    if bridged and not isinstance(prices, ReturnPrices) and not prices.others:
        return trade_to_trade(prices)
    return prices.returns()


def under_convention(result: Fitted, name: str) -> Fitted:
    """The result with every standard error, SCAR and test as the named convention has them.

    CARs stay what they are. `name` is a convention or a package of PACKAGES; `result.under(name)`
    is the same. Returns are those the study was made of: a convention that takes other ones is
    named at the study.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> ours = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> naive = under_convention(ours, "naive")
    >>> bool((naive.windows["car_se"] < ours.windows["car_se"]).any())
    True
    """
    convention, fit = known_convention(name), result.measured.fit
    divisor = {"n-k": fit.df, "n-1": fit.n_obs - 1, "n": fit.n_obs}[convention.divisor]
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma = fit.sigma * np.sqrt(fit.df / divisor)
    if convention.student == "n-k":
        df = fit.df
    else:
        df = fit.n_obs - 1
    estimated = fit.estimated & convention.forecast_error
    return replace(
        result,
        measured=replace(
            result.measured, fit=replace(fit, sigma=sigma, df=df, estimated=estimated)
        ),
        convention=name,
    )
