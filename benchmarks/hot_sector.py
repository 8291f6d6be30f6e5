"""What a hot sector does to each counterfactual: the shape of Goldsmith-Pinkham and Lyu (2025).

    python -m benchmarks.hot_sector

writes docs/hot_sector.csv, which docs/methods.md has as a table. Securities load on a factor the
market does not show. While their announcements are made it pays; no announcement moves anything.
Every draw is made twice, with the pay and without: the difference of the two is what the pay does
to a method, next to free of noise.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study import EventStudy, FromDonors, MarketModel, Window
from backtest.study.normal import NormalModel
from backtest.study.running_sums import Floats, Ints

CSV = Path(__file__).parents[1] / "docs" / "hot_sector.csv"
N_TREATED, N_DONORS, SESSIONS, PAY = 40, 200, 320, 0.004
DAYS = pd.bdate_range("2022-01-03", periods=SESSIONS)
ESTIMATION, LENGTH, SEEDS = (-250, -11), 21, 16
LOADINGS, MEAN_LOADING = (0.0, 0.75, 1.5), 0.75  # of the securities, and of the donors
TREATED = tuple(f"T{i}" for i in range(N_TREATED))
DONORS = tuple(f"D{i}" for i in range(N_DONORS))


def market(
    loading: float, seed: int, pay: float
) -> tuple[Returns, Ints, tuple[Floats, Floats, Floats]]:
    """Returns, the rows of day 0 (N,) and loadings (N,).

    The market and the hot sessions as 1 are (T,) each.
    """
    rng = np.random.default_rng(seed)
    of_market, hidden = 0.009 * rng.standard_normal(SESSIONS), 0.008 * rng.standard_normal(SESSIONS)
    day0 = rng.integers(270, 298, N_TREATED)
    hot = (np.arange(SESSIONS) >= day0.min()).astype(np.float64)
    hidden += pay * hot
    to_market = rng.uniform(0.5, 1.5, N_TREATED + N_DONORS)
    to_hidden = np.concatenate([
        rng.uniform(loading - 0.2, loading + 0.2, N_TREATED), rng.uniform(-0.5, 2.0, N_DONORS)
    ])  # fmt: skip
    own = 0.012 * rng.standard_normal((SESSIONS, N_TREATED + N_DONORS))
    values = of_market[:, None] * to_market + hidden[:, None] * to_hidden + own
    names = ["MKT", *TREATED, *DONORS]
    frame = pd.DataFrame(np.column_stack([of_market, values]), columns=names, index=DAYS)
    return Returns.from_frame(frame), day0, (to_hidden[:N_TREATED], of_market, hot)


def cars(model: NormalModel, loading: float, seed: int, pay: float) -> Floats:
    """CARs over 21 sessions of 40 events, (N,)."""
    returns, day0, _ = market(loading, seed, pay)
    events = pd.DataFrame({"event_id": TREATED, "ticker": TREATED, "event_session": DAYS[day0]})
    study = EventStudy(
        model, Window(*ESTIMATION), {"month": Window(0, LENGTH - 1)}, horizon=Window(-1, LENGTH - 1)
    )
    return study.fit(events, returns).window("month").car


def means(model: NormalModel, loading: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Mean CAR with the pay, and its difference to the one without.

    Each with its Monte Carlo error.
    """
    paid, bare = (
        np.array([cars(model, loading, seed, pay).mean() for seed in range(SEEDS)])
        for pay in (PAY, 0.0)
    )
    return of_draws(paid), of_draws(paid - bare)


def of_draws(found: Floats) -> tuple[float, float]:
    return float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found)))


METHODS: dict[str, NormalModel] = {
    "market": MarketModel("MKT"),
    **{f"donors_{name}": FromDonors(name, DONORS)
       for name in ("simplex", "ridge", "interactive", "pca")},
}  # fmt: skip


def main() -> None:
    """Write the table: mean CAR of no effect, with the pay, and what the pay adds to it."""
    rows = []
    for name, model in METHODS.items():
        for loading in LOADINGS:
            (mean, error), (taken, exact) = means(model, loading)
            rows.append((name, loading, mean, error, taken, exact))
    columns = ["model", "loading", "mean_car", "error", "taken", "taken_error"]
    pd.DataFrame(rows, columns=columns).to_csv(CSV, index=False, float_format="%.5f")


if __name__ == "__main__":
    main()
