"""Speed and memory of the study, side by side with a plain per-event statsmodels loop.

python -m benchmarks.study [n_events] (default 100,000): market model on 3,000 securities x 2,520
sessions, windows [0,0], [0,4] and [0,20], fits, CARs and every test.
"""

from __future__ import annotations

import resource
import sys
from time import perf_counter

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study import EventStudy, MarketModel, Window
from backtest.study.check.placebo import placebo

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
STUDY = EventStudy(MarketModel("MKT"), Window(-260, -11), WINDOWS, exclude=None)
LOOPED = 200


def market(n_securities: int, n_sessions: int, n_events: int) -> tuple[Returns, pd.DataFrame]:
    rng = np.random.default_rng(0)
    values = rng.standard_normal((n_sessions, n_securities + 1)) * 0.02
    values[:, :-1] += values[:, -1:] + 0.005 * rng.standard_normal((n_sessions, 1))
    names = [*(f"S{i:04d}" for i in range(n_securities)), "MKT"]
    sessions = pd.bdate_range("2005-01-03", periods=n_sessions)
    cell = rng.choice(n_securities * (n_sessions - 290), n_events, replace=False)
    ticker = np.array(names, dtype=object)[cell % n_securities]
    session = sessions[265 + cell // n_securities]
    events = pd.DataFrame(
        {"event_id": np.arange(n_events), "ticker": ticker, "event_session": session}
    )
    return Returns(np.maximum(values, -0.9), sessions, tuple(names)), events


def loop(returns: Returns, events: pd.DataFrame) -> float:
    """Seconds an event of ordinary least squares by statsmodels and CARs over the three windows."""
    import statsmodels.api as sm

    benchmark = returns.column("MKT")
    begin = perf_counter()
    for ticker, session in zip(
        events["ticker"][:LOOPED], events["event_session"][:LOOPED], strict=True
    ):
        row, y = returns.sessions.get_loc(session), returns.column(ticker)
        fit = sm.OLS(
            y[row - 260 : row - 10], sm.add_constant(benchmark[row - 260 : row - 10])
        ).fit()
        for window in WINDOWS.values():
            inside = slice(row + window.start, row + window.end + 1)
            x = sm.add_constant(benchmark[inside], has_constant="add")
            prediction = fit.get_prediction(x)
            float((y[inside] - prediction.predicted_mean).sum()), fit.scale
    return (perf_counter() - begin) / LOOPED


def main() -> None:
    n_events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    returns, events = market(3_000, 2_520, n_events)
    begin = perf_counter()
    result = STUDY.fit(events, returns)
    for name in WINDOWS:
        assert np.isfinite(result.window(name).car).all(), name
    measured = perf_counter() - begin
    tested = len(result.tests())
    total = perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    each = loop(returns, events)
    print(
        f"{n_events:,} events: CARs {measured:.1f} s, "
        f"with {tested} tests {total:.1f} s, {memory:.1f} GB"
    )
    looped = each * n_events
    print(
        f"statsmodels loop: {each * 1e3:.2f} ms an event = {looped:,.0f} s; "
        f"{looped / measured:,.0f} times fits and CARs"
    )
    small, few = market(40, 10_300, 40)
    late = few.assign(event_session=small.sessions[-25])
    result = STUDY.fit(late, small)
    begin = perf_counter()
    assert len(placebo(result, range(27, 10_027)).tests) == len(WINDOWS)
    print(f"40 events x 10,000 placebo shifts, 3 windows: {perf_counter() - begin:.2f} s")


if __name__ == "__main__":
    main()
