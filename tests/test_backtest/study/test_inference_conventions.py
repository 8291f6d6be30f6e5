"""Other packages' conventions, and their example data where it is at hand.

It is looked for in REACTIONS_PEER_INPUTS.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from backtest.errors import PriceError, StudyError
from backtest.prices import Prices, Returns
from backtest.study import PEERS, EventStudy, EventStudyResult, MarketModel, MeanAdjusted, Window
from backtest.study.other.conventions import CONVENTIONS, under_convention


@pytest.fixture(scope="module")
def peers() -> Path:
    folder = os.environ.get("REACTIONS_PEER_INPUTS")
    if not folder:
        pytest.skip("REACTIONS_PEER_INPUTS names no folder of other packages' example data")
    return Path(folder)


@pytest.fixture(scope="module")
def golden(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    study = EventStudy(
        MarketModel("MKT"),
        Window(-130, -11),
        {"w": Window(0, 4)},
        exclude=None,
        skip_after_listing=0,
    )
    return study.fit(golden_events, golden_returns)


@pytest.mark.parametrize(("name", "off"), [("naive", 2), ("n-1", 1), ("n", 0)])
def test_sigma_root_length(golden: EventStudyResult, name: str, off: int) -> None:
    found = under_convention(golden, name)
    residuals = golden.measured.residuals
    n = np.isfinite(residuals).sum(axis=1)
    sigma = np.sqrt(np.nansum(residuals**2, axis=1) / (n - off))
    np.testing.assert_allclose(
        found.window("w").car_se, sigma * np.sqrt(golden.window("w").n_valid), rtol=1e-9
    )
    np.testing.assert_allclose(found.window("w").car, golden.window("w").car)
    assert set(found.windows["df"]) == set(n - 2 if name == "naive" else n - 1)


def test_full_is_ours(golden: EventStudyResult) -> None:
    for name in ("full", "eventstudy2", "Eventus"):
        pd.testing.assert_frame_equal(under_convention(golden, name).windows, golden.windows)
    assert CONVENTIONS["full"].forecast_error
    with pytest.raises(StudyError, match="no convention 'naiv'; did you mean 'naive'"):
        under_convention(golden, "naiv")


def returns_of(prices: pd.DataFrame) -> Returns:
    return Returns.from_frame(prices.pct_change(fill_method=None))


def car_by_statsmodels(
    returns: Returns, ticker: str, benchmark: str, row: int, estimation: Window
) -> float:
    """CAR over [-2,+2]."""
    y, x = returns.column(ticker), sm.add_constant(returns.column(benchmark))
    used = np.arange(max(row + estimation.start, 0), row + estimation.end + 1)
    used = used[np.isfinite(y[used]) & np.isfinite(x[used]).all(axis=1)]
    fit = sm.OLS(y[used], x[used]).fit()
    inside = slice(row - 2, row + 3)
    return float((y[inside] - fit.predict(x[inside])).sum())


def made_of(closes: pd.DataFrame) -> Prices:
    frames = dict.fromkeys(("adjusted", "close", "open", "high", "low"), closes)
    return Prices(**frames, volume=closes * 0 + 1, source="made", calendar="own dates")


def test_index_additions(peers: Path) -> None:
    """16 additions with dates of their own, and repeat dates.

    Two prices are marked negative by their vendor.
    """
    head = ["firm", "date", "price"]
    read = {
        "sep": ";",
        "header": None,
        "names": head,
        "parse_dates": ["date"],
        "date_format": "%d.%m.%Y",
    }
    long: pd.DataFrame = pd.concat(
        [
            pd.read_csv(peers / "est_sp500" / f, **read)
            for f in ("02_FirmData.csv", "03_MarketData.csv")
        ]
    )
    prices = long.pivot(index="date", columns="firm", values="price")
    assert (prices < 0).sum().sum() == 2
    with pytest.raises(PriceError):
        returns_of(prices)
    request = pd.read_csv(peers / "est_sp500" / "01_RequestFile.csv", sep=";", header=None)
    events = pd.DataFrame(
        {"event_id": request[0].astype(str), "ticker": request[1], "announced_at": request[3]}
    )
    events["announced_at"] = pd.to_datetime(events["announced_at"], format="%d.%m.%Y").dt.strftime(
        "%Y-%m-%d"
    )
    events["timing"] = "before_open"
    returns = returns_of(prices.abs())
    study = EventStudy(
        MarketModel("SP500"),
        Window(-131, -12),
        {"w": Window(-2, 2)},
        exclude=None,
        skip_after_listing=0,
    )
    result = study.fit(events, returns)
    assert len(result.events) == 16
    assert result.dropped.empty
    for i, row in enumerate(result.measured.events.row):
        ticker = result.events["ticker"].iloc[i]
        wanted = car_by_statsmodels(returns, ticker, "SP500", int(row), study.estimation)
        assert result.window("w").car[i] == pytest.approx(wanted, abs=1e-10)
    bridged = replace(study, convention="eventstudy2").fit(events, made_of(prices.abs()))
    pd.testing.assert_frame_equal(bridged.windows, result.windows)  # no gap about these events
    tests = result.tests().set_index("test")
    assert tests.loc["kp_bmp_exact_t", "why_not"] == ""


def test_seven_shares_on_one_date(peers: Path) -> None:
    """The common-date study of estudy2: all events in one cluster; log returns made simple."""
    read = {"index_col": "date", "parse_dates": True, "skipinitialspace": True}
    rates = pd.concat(
        [pd.read_csv(peers / "estudy2" / f, **read) for f in ("rates.csv", "rates_indx.csv")],
        axis=1,
    )
    returns = Returns.from_frame(np.expm1(rates))
    events = pd.DataFrame({"event_id": rates.columns[:7], "ticker": rates.columns[:7]})
    events["event_session"] = pd.Timestamp("2020-03-16")
    study = EventStudy(
        MarketModel("^GSPC"), Window(-245, -1), {"1": Window(0, 0), "5": Window(0, 4)}, exclude=None
    )
    result = study.fit(events, returns)
    assert len(result.events) == 7
    assert result.cross_section("5").clusters.max() == 0
    tests = result.tests().set_index(["window", "test"])
    assert tests.loc[("1", "wild_cluster"), "why_not"]
    exact, plain = tests.loc[("1", "kp_bmp_exact_t")], tests.loc[("1", "bmp_t")]
    assert exact["n_eff"] < 7
    assert abs(exact["statistic"]) < abs(plain["statistic"])
    own = EventStudy(
        MarketModel("^GSPC"),
        Window(-245, -1),
        {"1": Window(0, 0)},
        exclude=None,
        skip_after_listing=0,
    ).fit(events, Returns.from_frame(rates))  # log returns, as the package takes them
    patell = {
        name: float(own.under(name).tests().set_index("test").loc["patell_z", "statistic"])
        for name in ("full", "n-1", "estudy2")
    }
    assert {name: round(z, 3) for name, z in patell.items()} == {
        "full": 2.544, "n-1": 2.926, "estudy2": 2.55,
    }  # fmt: skip
    assert patell["estudy2"] == pytest.approx(2.551, abs=0.0015)  # the package's own
    row = int(rates.index.get_loc(pd.Timestamp("2020-03-16")))
    assert round(_patell_by_hand(rates, row), 4) == 2.5513
    naive = under_convention(result, "n-1").window("5")
    assert (naive.car_se < result.window("5").car_se).all()


def _patell_by_hand(rates: pd.DataFrame, row: int) -> float:
    """Patell of a day with sigma over M - 1 and the leverage over M times the variance."""
    total, variance = 0.0, 0.0
    for name in rates.columns[:7]:
        y, x = rates[[name, "^GSPC"]].iloc[max(row - 245, 0) : row].dropna().to_numpy().T
        m, (slope, level) = len(x), np.polyfit(x, y, 1)
        sigma = np.sqrt(((y - level - slope * x) ** 2).sum() / (m - 1))
        day, market = rates[name].iloc[row], rates["^GSPC"].iloc[row]
        leverage = (market - x.mean()) ** 2 / (m * x.var(ddof=1))
        total += (day - level - slope * market) / (sigma * np.sqrt(1 + 1 / m + leverage))
        variance += (m - 1) / (m - 3)
    return float(total / np.sqrt(variance))


def test_indices_around_one_shock(peers: Path) -> None:
    """33 stock indices around one shock, percent returns, days on which some were closed."""
    folder = peers / "nipfp"
    percent = pd.read_csv(folder / "TerrorIndiceReturns.csv", index_col="date", parse_dates=True)
    when = pd.read_csv(folder / "TerrorAttack.csv").rename(
        columns={"name": "ticker", "when": "announced_at"}
    )
    events = when.assign(event_id=when["ticker"], timing="before_open")
    result = EventStudy(MeanAdjusted(), Window(-120, -11), {"w": Window(0, 4)}, exclude=None).fit(
        events, Returns.from_frame(percent / 100)
    )
    assert len(result.events) + len(result.dropped) == 33
    assert len(result.events) >= 30
    assert result.window("w").car[np.isfinite(result.window("w").car)].mean() < -0.02
    assert result.cross_section("w").n_eff < len(result.events) / 2  # they fell together


def test_share_splits(peers: Path) -> None:
    """Split dates of Indian shares against an equal-weighted basket.

    Dates outside the returns are dropped.
    """
    folder = peers / "nipfp"
    percent = pd.read_csv(folder / "StockPriceReturns.csv", index_col="date", parse_dates=True)
    when = pd.read_csv(folder / "SplitDates.csv").rename(
        columns={"name": "ticker", "when": "announced_at"}
    )
    events = when.assign(
        event_id=when["ticker"] + when["announced_at"].astype(str), timing="before_open"
    )
    model = MarketModel(PEERS, peers=tuple(percent.columns))
    result = EventStudy(model, Window(-130, -11), {"w": Window(0, 4)}).fit(
        events, Returns.from_frame(percent / 100)
    )
    assert len(result.events) + len(result.dropped) == len(events)
    assert len(result.events) >= 3
    assert result.dropped["why"].str.len().gt(0).all()
