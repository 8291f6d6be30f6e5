"""Every table that a run writes is the same by pairs of events and by pairs of securities.

Up to what docs/methods.md allows. A new table of a study is compared without being named here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest import Prices
from events import Catalog
from reports.experiment.plan import Experiment
from reports.export.tables import TABLES
from reports.run.findings import Findings, run, select
from tests.test_backtest.study.either_way import RULE, near

PLAN = """
strategies = []
sweep = false
[study]
models = ["market"]
benchmarks = ["SPY"]
primary = { model = "market", benchmark = "SPY" }
estimation = [-70, -11]
exclude = []
horizon = [-6, 5]
by = ["Payment"]
compare = ["Payment=cash,stock"]
regress = ["car ~ log(Size) + C(Payment)"]
calibrate = 2
also = ["outcomes", "buy_and_hold"]
[study.windows]
1-day = [0, 0]
2-day = [0, 1]
"""
N, BY_SECURITY = 90, 60
OVER_EVENTS = ("tests", "averages", "differences", "pairs")
JOINT = ("joint", "sensitivity", "sensitivity_joint", "calibration")
# Tables that no sum over pairs of events goes into, or none of a study by security.
OF_TRADING = (
    "strategies", "trades", "orders", "placebo", "bridge", "trials", "sweep", "variants",
    "walk_forward", "out_of_sample", "equity", "positions",
)  # fmt: skip
OF_DONORS = ("counterfactuals", "counterfactual_paths")  # refused of so many events
ELSEWHERE = ("in_space",)  # of a synthetic control: in the test of public results


@pytest.fixture(scope="module")
def catalog(prices: Prices, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    rng = np.random.default_rng(5)
    # Names with a whole history, on days of which no two are one security's.
    usual = ("META", "MSFT", "GOOGL", "AMZN", "ORCL", "NVDA", "AVGO", "AMD", "ANET", "DELL")
    tickers = [one for one in usual if one in prices.all_tickers]
    days = pd.bdate_range("2025-06-02", "2026-04-30")
    where = rng.choice(len(tickers) * len(days), N, replace=False)
    path = tmp_path_factory.mktemp("deals") / "deals.csv"
    pd.DataFrame({
        "event_id": [f"E{i:03}" for i in range(N)],
        "ticker": np.array(tickers)[where % len(tickers)],
        "announced_at": days[where // len(tickers)].strftime("%Y-%m-%d"),
        "Payment": rng.choice(["cash", "stock", "mixed"], N),
        "Size": np.exp(rng.normal(size=N)),
    }).to_csv(path, index=False)  # fmt: skip
    return Catalog.read(path)


def found(catalog: Catalog, prices: Prices) -> Findings:
    experiment = Experiment.parse(PLAN, "own.toml")
    return run(experiment, select(experiment, catalog), prices, trade=False)


def test_every_written_table_is_the_same_either_way(
    catalog: Catalog, prices: Prices, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = found(catalog, prices)
    assert wanted.primary.pair_sums == "by pair"
    monkeypatch.setattr(RULE, BY_SECURITY)
    got = found(catalog, prices)
    assert got.primary.pair_sums == "by security"
    assert set(TABLES) - set(wanted.tables) == {*OF_TRADING, *OF_DONORS, *ELSEWHERE}
    for name, table in wanted.tables.items():
        if name in OVER_EVENTS + JOINT:
            assert table["pvalue" if "pvalue" in table else table.columns[-1]].notna().any(), name
            near(got.tables[name], table, joint=name in JOINT)
        elif name == "own_size":
            assert got.tables[name]["why_not"].str.contains("too many to draw").all()
        else:
            pd.testing.assert_frame_equal(got.tables[name], table, check_exact=True, obj=name)
    for name, paths in wanted.averages.items():
        near(got.averages[name], paths)
