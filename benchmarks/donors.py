"""Milliseconds an event of each counterfactual, 500 donors and 250 sessions, against the aim of 10.

    python -m benchmarks.donors [N_EVENTS]

CPU time of one thread, from the rows of the panel to CARs; the ratio is to the market model's study
of the same events.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import time

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study import EventStudy, FromDonors, MarketModel, Window
from backtest.study.donors import METHODS
from backtest.study.normal import NormalModel

N_DONORS, SESSIONS, AIM = 500, 400, 10.0


def market() -> tuple[Returns, tuple[str, ...]]:
    """500 donors and 20 securities that load on five factors."""
    rng = np.random.default_rng(7)
    factors = 0.01 * rng.standard_normal((SESSIONS, 5))
    loadings = np.vstack([rng.normal(1, 0.3, (1, 520)), rng.normal(0, 0.5, (4, 520))])
    values = factors @ loadings + 0.02 * rng.standard_normal((SESSIONS, 520))
    names = [*(f"D{i}" for i in range(N_DONORS)), *(f"T{i}" for i in range(20))]
    days = pd.bdate_range("2023-01-02", periods=SESSIONS)
    frame = pd.DataFrame(np.column_stack([factors[:, 0], values]), days, ["MKT", *names])
    return Returns.from_frame(frame), tuple(names[:N_DONORS])


def measured(model: NormalModel, events: pd.DataFrame, returns: Returns) -> float:
    """CPU milliseconds an event, the best of three."""
    study = EventStudy(model, Window(-260, -11), {"month": Window(0, 20)})
    spent = []
    for _ in range(3):
        begin = time.process_time()
        study.fit(events, returns).window("month").car.sum()
        spent.append(time.process_time() - begin)
    return 1000 * min(spent) / len(events)


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    returns, donors = market()
    rng = np.random.default_rng(1)
    events = pd.DataFrame({
        "event_id": [f"e{i}" for i in range(n)],
        "ticker": [f"T{i % 20}" for i in range(n)],
        "event_session": returns.sessions[rng.integers(270, SESSIONS - 22, n)],
    })  # fmt: skip
    base = measured(MarketModel("MKT"), events, returns)
    print(f"market model: {base:.2f} ms an event")
    for method in METHODS:
        found = measured(FromDonors(method, donors), events, returns)
        print(
            f"{method}: {found:.1f} ms an event, {found / AIM:.2f} of the aim, {found / base:.0f} x"
        )


if __name__ == "__main__":
    main()
