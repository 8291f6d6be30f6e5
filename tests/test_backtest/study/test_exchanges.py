"""A study of several exchanges is the studies of each, event by event.

And one study of all of them by date.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, EventStudyResult, MarketModel, Prices, Window
from backtest.study.normal import Dimson, MeanAdjusted
from events.clock.exchanges import exchange_of, sessions_of

MARKETS = {
    "XLON": ("ISF.L", ("VOD.L", "SHEL.L")),
    "XETR": ("EXS1.DE", ("SAP.DE", "ADS.DE")),
    "XTKS": ("1306.T", ("7203.T", "9984.T")),
    "XHKG": ("2800.HK", ("0700.HK", "9988.HK")),
    "XTAI": ("0050.TW", ("2330.TW", "2317.TW")),
    "24/7": ("BTC-USD", ("ETH-USD", "SOL-USD")),
    "XNYS": ("SPY", ("META", "NVDA")),
}
ANNOUNCED = (
    "2024-03-08T12:00:00+00:00", "2024-03-11T06:30:00+00:00", "2024-04-02T20:45:00+00:00",
    "2024-05-06T03:00:00+00:00",
)  # fmt: skip


def write(folder: Path, seed: int = 5) -> Path:
    """Made-up closes of every ticker on its own sessions, with a shock of each date in common."""
    random = np.random.default_rng(seed)
    dates = pd.date_range("2022-06-01", "2024-07-31")
    world = pd.Series(random.normal(0, 0.01, len(dates)), index=dates)
    folder.mkdir(exist_ok=True)
    for market, tickers in MARKETS.values():
        days = sessions_of(market, "2022-06-01", "2024-07-31").dates
        moves = world.loc[days].to_numpy() + random.normal(0, 0.005, len(days))
        for ticker, beta in ((market, 1.0), *((one, 1.2) for one in tickers)):
            own = beta * moves + (0 if ticker == market else random.normal(0, 0.01, len(days)))
            closes = 100 * np.exp(np.cumsum(own))
            table = pd.DataFrame(
                {"Date": days.strftime("%Y-%m-%d"), "Open": closes, "Close": closes}
            )
            table.to_csv(folder / f"{ticker}.csv", index=False)
    return folder


def announcements(*tickers: str) -> pd.DataFrame:
    rows = [(f"e{n}", t, at) for n, at in enumerate(ANNOUNCED) for t in tickers]
    return pd.DataFrame(rows, columns=["event_id", "ticker", "announced_at"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("prices"))


SHARES = tuple(ticker for _, tickers in MARKETS.values() for ticker in tickers)
BENCHMARK_OF = {name: market for name, (market, _) in MARKETS.items() if name != "XNYS"}


@pytest.fixture(scope="module")
def together(folder: Path) -> EventStudyResult:
    study = EventStudy(MarketModel("SPY"), benchmark_of=BENCHMARK_OF)
    return study.fit(announcements(*SHARES), Prices.read(folder))


@pytest.mark.parametrize("exchange", MARKETS)
def test_every_exchange_is_measured_as_alone(
    folder: Path, together: EventStudyResult, exchange: str
) -> None:
    market, tickers = MARKETS[exchange]
    prices = Prices.read(folder, [market, *tickers], calendar=exchange)
    alone = EventStudy(MarketModel(market)).fit(announcements(*tickers), prices)
    assert len(alone.events) == 8
    keys = ["event_id", "ticker", "window"]
    for table in ("windows", "estimates"):
        one, other = getattr(alone, table), getattr(together, table)
        by = [key for key in keys if key in one.columns]
        other = (
            other[other["ticker"].isin(tickers)]
            .set_index(by)
            .loc[pd.MultiIndex.from_frame(one[by])]
        )
        for column in one.select_dtypes("number").columns:
            np.testing.assert_allclose(
                other[column], one[column], rtol=1e-12, atol=1e-12, err_msg=column
            )
        for column in ("first_session", "last_session", "flags"):
            if column in one.columns:
                assert other[column].tolist() == one[column].tolist()
    mine = together.events[together.events["ticker"].isin(tickers)]
    keys = ["event_id", "ticker", "event_session", "tradable_open", "first_day_end", "timing_flags"]
    left, right = (one[keys].sort_values(["event_id", "ticker"]) for one in (mine, alone.events))
    assert left.to_dict("records") == right.to_dict("records")
    rows = together.abnormal[together.abnormal["ticker"].isin(tickers)]
    assert set(rows["session"]) <= set(sessions_of(market, "2022-06-01", "2024-07-31").dates)
    assert len(rows) == len(alone.abnormal)


@pytest.mark.parametrize("effect", [0.0, 0.02])
def test_windows_of_very_many_events_end_with_their_exchange(
    together: EventStudyResult, effect: float
) -> None:
    """They are added up without a table of days; rows beyond an exchange's last are another's."""
    measured = replace(together.measured, effect=effect, horizon=Window(-40, 160))
    n, days = len(measured.events), measured.days
    start = np.resize([-40, -3, 0, 1], n)
    end = np.resize([160, 2, 0, 160, 5, -1], n)
    inside = (days >= start[:, None]) & (days <= end[:, None]) & measured.valid
    beyond = ~measured.in_panel & (days <= end[:, None])
    assert beyond.sum(axis=1).max() > 40  # further than the rows between two exchanges
    wanted = np.column_stack(
        [
            inside.sum(axis=1),
            np.where(inside, measured.abnormal, 0.0).sum(axis=1),
            np.where(inside[..., None], measured.regressors, 0.0).sum(axis=1),
        ]
    )
    assert not measured.valid[~measured.in_panel].any()
    assert (end < start).any()
    np.testing.assert_allclose(measured.added_up(start, end), wanted, rtol=1e-12, atol=1e-14)


def test_they_depend_by_date(together: EventStudyResult) -> None:
    """Two exchanges' residuals correlate as they do on the dates both have."""
    measured, frame = together.measured, together.events
    one, other = (
        int(np.flatnonzero((frame["ticker"] == ticker) & (frame["event_id"] == "e0"))[0])
        for ticker in ("7203.T", "META")
    )
    series = []
    for event in (one, other):
        rows, left = measured.estimation_rows[event], measured.residuals[event]
        there = np.isfinite(left)
        series.append(pd.Series(left[there], index=measured.panel.sessions[rows[there]]))
    both = pd.concat(series, axis=1, join="inner")
    assert 200 < len(both) < 250
    expected = both[0].corr(both[1])
    assert together.residual_correlation[one, other] == pytest.approx(expected, abs=1e-12)


def test_windows_overlap_by_date(together: EventStudyResult) -> None:
    section = together.cross_section("5-day")
    frame, rows = together.events, together.abnormal
    days = rows[rows["day"].between(0, 4)].groupby(["event_id", "ticker"])["session"].agg(set)
    keys = list(zip(frame["event_id"], frame["ticker"], strict=True))
    for i, j in ((0, 7), (3, 9), (2, 13)):
        common = len(days[keys[i]] & days[keys[j]])
        assert section.overlap[i, j] == pytest.approx(common / 5, abs=1e-12)


def test_every_test_is_made_of_all_of_them(together: EventStudyResult) -> None:
    tests = together.tests("all", "exchange")
    assert set(tests["group_value"]) == {"all", *MARKETS}
    headline = tests[(tests["group"] == "all") & tests["statistic"].notna()]
    assert len(headline["test"].unique()) > 10


def test_sums_by_security_agree_with_those_by_pair_on_dates(together: EventStudyResult) -> None:
    from backtest.study.dependence.securities import SecurityCorrelation, SecuritySums

    section = together.cross_section("5-day")
    alike = SecurityCorrelation(together.measured.panel, np.ones_like(together.securities.rho))
    sums = SecuritySums(section.window, alike)
    ones = np.ones(len(section))
    assert sums.overlap(ones) == pytest.approx(float(section.overlap.sum()), rel=1e-5)


def test_a_market_without_a_benchmark_is_dropped_with_the_reason(folder: Path) -> None:
    study = EventStudy(
        MarketModel("SPY"), benchmark_of={"XTKS": "1306.T", "XLON": "NONE.L", "XETR": "SPY"}
    )
    result = study.fit(announcements(*SHARES), Prices.read(folder))
    assert set(result.events["ticker"]) == {"META", "NVDA", "7203.T", "9984.T"}
    why = dict(zip(result.dropped["ticker"], result.dropped["why"], strict=True))
    assert why["VOD.L"] == "no prices for NONE.L, the benchmark of XLON"
    assert why["SAP.DE"] == "SPY, named as the benchmark of XETR, trades on XNYS"
    assert (
        why["0700.HK"] == "no benchmark for XHKG, the exchange of 0700.HK (benchmark_of names one)"
    )
    assert dict(zip(result.events["ticker"], result.events["market"], strict=True)) == {
        "META": "SPY", "NVDA": "SPY", "7203.T": "1306.T", "9984.T": "1306.T",
    }  # fmt: skip


def test_a_model_without_a_benchmark_needs_none(folder: Path) -> None:
    result = EventStudy(MeanAdjusted()).fit(announcements(*SHARES), Prices.read(folder))
    assert len(result.events) == len(SHARES) * len(ANNOUNCED)


def test_leads_and_lags_stay_on_their_exchange(folder: Path) -> None:
    both = EventStudy(Dimson("SPY"), benchmark_of={"XTKS": "1306.T"})
    result = both.fit(announcements("7203.T", "META"), Prices.read(folder))
    prices = Prices.read(folder, ["7203.T", "1306.T"], calendar="XTKS")
    alone = EventStudy(Dimson("1306.T")).fit(announcements("7203.T"), prices)
    mine = result.estimates[result.estimates["ticker"] == "7203.T"]
    np.testing.assert_allclose(mine["beta"], alone.estimates["beta"], rtol=1e-12)


def test_an_exchange_may_be_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "VODAFONE.csv").write_bytes((folder / "VOD.L.csv").read_bytes())
    (tmp_path / "SPY.csv").write_bytes((folder / "SPY.csv").read_bytes())
    prices = Prices.read(tmp_path, exchanges={"VODAFONE": "xlon"})
    assert prices.tickers == ("SPY",)
    assert [(one.calendar, one.tickers) for one in prices.others] == [("XLON", ("VODAFONE",))]
    assert prices.returns().exchanges == {"SPY": "XNYS", "VODAFONE": "XLON"}
    assert exchange_of("VODAFONE") == "XNYS"
