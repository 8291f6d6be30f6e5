"""Which returns a run is made of: of single sessions, or from one trade to the next."""

from __future__ import annotations

import numpy as np

from backtest.prices import Prices, Returns
from backtest.prices.panels.trade_to_trade import trade_to_trade
from backtest.study.normal.by_name import OF_DONORS
from backtest.study.other.conventions import known_convention, returns_under
from events.words import count
from reports.experiment.plan import Study


def returns_taken(plan: Study, prices: Prices) -> tuple[Returns, tuple[str, ...]]:
    """Returns as the experiment asks, and what is to be said of them.

    By `thin_trading` or by its convention. Asked for by `thin_trading`, prices that cannot say when
    they traded are an error; where only the convention does it, they are taken as they are, and the
    note says why.
    """
    if plan.thin_trading == "trade-to-trade":
        return trade_to_trade(prices), ()
    if not plan.convention or not known_convention(plan.convention).trade_to_trade:
        return prices.returns(), ()
    against_donors = any(model in OF_DONORS for model in plan.models)
    if against_donors:
        returns = prices.returns()
    else:
        returns = returns_under(prices, plan.convention)
    begin = f"convention {plan.convention}: "
    if returns.spans is None:
        if against_donors:
            why = "models of donors take single sessions"
        else:
            why = "that needs prices of one exchange, not returns or several"
        return returns, (
            f"{begin}sessions without a trade are left out, not bridged from trade to trade; {why}",
        )
    bridged = int(np.count_nonzero(returns.spans > 1))
    runs = (
        f"{count(bridged, 'return runs', 'returns run') if bridged else 'none runs'} over more "
        "than one session"
    )
    return returns, (f"{begin}returns are taken from trade to trade; {runs}",)
