"""The shape of Goldsmith-Pinkham and Lyu (2025): a hot sector biases the market model, and donors do not let it.

Securities load on a factor the market does not show. While their announcements are made it pays; no
announcement moves anything. The market model takes the sector's pay for the effect of the news, in
proportion to the loading; what is learnt from donors that load on the factor too does not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, FromDonors, MarketModel, Window
from backtest.study.normal import NormalModel

N_TREATED, N_DONORS, SESSIONS, PAY = 40, 200, 320, 0.004
DAYS = pd.bdate_range("2022-01-03", periods=SESSIONS)


def mean_and_error(model: NormalModel, loading: float, seed: int) -> tuple[float, float]:
    """Mean 21-session CAR of 40 events and the spread of their mean."""
    rng = np.random.default_rng(seed)
    market, hidden = 0.009 * rng.standard_normal(SESSIONS), 0.008 * rng.standard_normal(SESSIONS)
    day0 = rng.integers(270, 298, N_TREATED)
    hot = slice(int(day0.min()), None)
    hidden[hot] += PAY
    to_market = rng.uniform(0.5, 1.5, N_TREATED + N_DONORS)
    to_hidden = np.concatenate([
        rng.uniform(loading - 0.2, loading + 0.2, N_TREATED), rng.uniform(-0.5, 2.0, N_DONORS)
    ])  # fmt: skip
    own = 0.012 * rng.standard_normal((SESSIONS, N_TREATED + N_DONORS))
    values = market[:, None] * to_market + hidden[:, None] * to_hidden + own
    treated = [f"T{i}" for i in range(N_TREATED)]
    names = ["MKT", *treated, *(f"D{i}" for i in range(N_DONORS))]
    returns = Returns.from_frame(
        pd.DataFrame(np.column_stack([market, values]), columns=names, index=DAYS)
    )
    events = pd.DataFrame({"event_id": treated, "ticker": treated, "event_session": DAYS[day0]})
    study = EventStudy(model, Window(-250, -11), {"month": Window(0, 20)}, horizon=Window(-1, 20))
    car = study.fit(events, returns).window("month").car
    return float(car.mean()), float(car.std(ddof=1) / np.sqrt(len(car)))


DONORS = tuple(f"D{i}" for i in range(N_DONORS))


@pytest.mark.slow
def test_the_market_model_is_biased_where_loadings_meet_a_hot_sector() -> None:
    for loading in (0.0, 0.75, 1.5):
        found = np.mean([mean_and_error(MarketModel("MKT"), loading, s)[0] for s in range(6)])
        bias = loading * 21 * PAY
        assert 0.6 * bias - 0.02 < found < 1.4 * bias + 0.02


@pytest.mark.slow
@pytest.mark.parametrize("method", ["simplex", "ridge", "interactive", "pca"])
@pytest.mark.parametrize("loading", [0.0, 0.75, 1.5])
def test_counterfactuals_from_donors_are_not(method: str, loading: float) -> None:
    found = [mean_and_error(FromDonors(method, DONORS), loading, s)[0] for s in range(6)]
    error = float(np.std(found, ddof=1) / np.sqrt(len(found)))
    assert abs(np.mean(found)) < 0.010 + 3 * error < 0.03
    assert abs(np.mean(found)) < 0.25 * max(loading, 0.75) * 21 * PAY
