"""Press claims against daily prices.

The announcement of 2026-04-09 on real ones, every rule on made ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.study.claims.check import check_claims, in_words
from events import Announcement, Catalog, Claim

CLOSES = [100.0, 102.0, 101.0, 105.0, 110.0, 108.0, 112.0, 115.0]
DATES = [
    "2026-04-01",
    "2026-04-02",
    "2026-04-06",
    "2026-04-07",
    "2026-04-08",
    "2026-04-09",
    "2026-04-10",
    "2026-04-13",
]


@pytest.fixture(scope="module")
def made() -> Prices:
    close = pd.DataFrame({"META": CLOSES}, index=pd.DatetimeIndex(DATES))
    return Prices(
        open=close - 1,
        high=close + 3,
        low=close - 4,
        close=close,
        adjusted=close * 0.9,
        volume=close,
        source="folder",
    )


def verdict(prices: Prices, **said: object) -> pd.Series:
    claim = {"ticker": "META", "precision": 0.1, "on": "2026-04-10", "said_by": "a paper"} | said
    news = Announcement.model_validate(
        {
            "id": "a",
            "headline": "A",
            "announced_at": "2026-04-09",
            "parties": [{"name": "M", "ticker": "META", "roles": ["customer"]}],
            "claims": [claim],
        }
    )
    return check_claims(Catalog((news,)), prices).iloc[0]


# 112 on 2026-04-10, after 108, 110, 105, 101, 102, 100.
@pytest.mark.parametrize(
    ("said", "expected", "computed"),
    [
        ({"value": 3.7}, "agrees", 112 / 108 - 1),
        ({"value": 3.8}, "near", 112 / 108 - 1),
        ({"value": 5.9}, "disagrees", 112 / 108 - 1),
        ({"value": 4, "precision": 1}, "agrees", 112 / 108 - 1),
        ({"value": 3, "qualifier": "at_least"}, "agrees", 112 / 108 - 1),
        ({"value": 5, "qualifier": "at_least"}, "disagrees", 112 / 108 - 1),
        ({"value": 5, "qualifier": "at_most"}, "agrees", 112 / 108 - 1),
        ({"value": 6.7, "window": 3}, "agrees", 112 / 105 - 1),
        ({"value": 12.0, "window": 9, "window_unit": "calendar_days"}, "agrees", 112 / 100 - 1),
        ({"value": 9.8, "window_unit": "week_to_date"}, "agrees", 112 / 102 - 1),
        ({"value": 0.9, "basis": "open"}, "agrees", 112 / 111 - 1),
        ({"value": 12.0, "basis": "offer_price", "base_price": 100}, "agrees", 0.12),
        ({"value": 6.5, "at": "high"}, "agrees", 115 / 108 - 1),
        ({"value": 3.7, "at": "pre_market", "price": 112.0}, "agrees", 112 / 108 - 1),
        ({"value": 0.9, "at": "after_hours", "price": 113.0}, "agrees", 113 / 112 - 1),
        ({"value": 9.0, "at": "after_hours", "price": 113.0}, "disagrees", 113 / 112 - 1),
        ({"value": 3.7, "at": "unspecified"}, "agrees", 112 / 108 - 1),
        (
            {"value": 6, "precision": 1, "at": "intraday", "qualifier": "at_least"},
            "agrees",
            115 / 108 - 1,
        ),
        ({"value": 112.0, "measure": "level", "precision": 0.01}, "agrees", 112.0),
        ({"value": 112.3, "measure": "level", "precision": 0.01}, "near", 112.0),
        ({"value": 120.0, "measure": "level", "precision": 0.01}, "disagrees", 112.0),
        ({"value": 108.0, "measure": "level", "precision": 0.01, "at": "low"}, "agrees", 108.0),
    ],
)
def test_what_daily_prices_decide(
    made: Prices, said: dict[str, object], expected: str, computed: float
) -> None:
    row = verdict(made, **said)
    assert row["verdict"] == expected
    assert row["computed"] == pytest.approx(computed, abs=1e-12)
    assert row["difference"] == pytest.approx(row["computed"] - row["claimed"], abs=1e-12)


@pytest.mark.parametrize(
    ("said", "basis"),
    [
        ({"value": 5.0, "at": "pre_market"}, "pre market prices are not among daily prices"),
        ({"value": 5.0, "at": "after_hours"}, "after hours prices are not among daily prices"),
        ({"value": 1.0, "at": "intraday"}, "the day's prices range from +0.00% to +6.48%"),
        (
            {"value": 110.0, "measure": "level", "at": "intraday"},
            "the day's prices range from 108.00 to 115.00",
        ),
        ({"value": 1.0, "on": None}, "the source gives no day"),
        ({"value": 1.0, "on": "2026-04-03"}, "no close of META on 2026-04-03"),
        ({"value": 1.0, "ticker": "CRWV"}, "no prices of CRWV"),
        ({"value": 1.0, "window_unit": "year_to_date"}, "no price at the beginning of the window"),
        (
            {"value": 90.0, "measure": "level", "at": "low", "window_unit": "years"},
            "the prices do not reach back",
        ),
        (
            {"value": -1.8, "at": "pre_market"},
            "; -1.8% is the move of the session before, 2026-04-09",
        ),
    ],
)
def test_what_daily_prices_cannot_decide(made: Prices, said: dict[str, object], basis: str) -> None:
    row = verdict(made, **said)
    assert row["verdict"] == "not decidable"
    assert basis in row["basis"]
    assert np.isnan(row["computed"])
    assert np.isnan(row["difference"])


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (
            {"value": 10.9, "window": 5},
            "+10.9% holds over 4 sessions, not 5 (from the close of 2026-04-06 (101.00))",
        ),
        ({"value": 7.7, "window": 5}, "+7.7% holds from the open of 2026-04-07 (104.00)"),
        ({"value": -1.8}, "-1.8% holds for the session of 2026-04-09"),
        ({"value": 6.5}, "+6.5% holds for the day's high"),
        (
            {"value": 105.0, "measure": "level", "precision": 0.01},
            "; 105.00 is the close of 2026-04-07",
        ),
    ],
)
def test_a_wrong_number_is_told_where_it_holds(
    made: Prices, said: dict[str, object], holds: str
) -> None:
    row = verdict(made, **said)
    assert row["verdict"] == "disagrees"
    assert holds in row["basis"]


def test_an_intraday_move_outside_the_days_range_disagrees(made: Prices) -> None:
    assert verdict(made, value=12.0, at="intraday")["verdict"] == "disagrees"
    assert verdict(made, value=130.0, measure="level", at="intraday")["verdict"] == "disagrees"


def test_a_month_is_a_calendar_month_or_thirty_days() -> None:
    days = pd.bdate_range("2026-03-02", "2026-04-10")
    close = pd.DataFrame({"META": np.linspace(100, 130, len(days))}, index=days)
    prices = Prices(
        open=close,
        high=close,
        low=close,
        close=close,
        adjusted=close,
        volume=close,
        source="folder",
    )
    for start in ("2026-03-10", "2026-03-11"):
        moved = 100 * float(close.loc["2026-04-10", "META"] / close.loc[start, "META"] - 1)
        row = verdict(prices, value=round(moved, 2), precision=0.01, window_unit="calendar_months")
        assert row["verdict"] == "agrees"
        assert start in row["basis"]


def test_claims_are_said_in_words() -> None:
    claim = Claim(
        ticker="META",
        value=-18,
        precision=1,
        qualifier="at_least",
        at="intraday",
        said_by="a",
        on="2026-02-27",
    )
    assert in_words(claim) == "-18% or more during the session of 2026-02-27"
    low = Claim(
        ticker="META",
        value=479.8,
        precision=0.01,
        measure="level",
        at="low",
        window_unit="years",
        said_by="a",
    )
    assert (
        in_words(low.model_copy(update={"on": claim.on}))
        == "479.80 as the low of 1 year to 2026-02-27"
    )


def test_simulated_prices_decide_nothing() -> None:
    checked = check_claims(Catalog.bundled(), Prices.sample())
    assert len(checked) > 200
    assert set(checked["verdict"]) == {"not decidable"}
    assert set(checked["basis"]) == {"the prices are simulated"}


@pytest.fixture(scope="module")
def real(real_prices_dir: Path) -> pd.DataFrame:
    return check_claims(Catalog.bundled(), Prices.read(real_prices_dir))


THAT_DAY = [
    ("CRWV", 0.0335, "near", 0.0349, "from the close of 2026-04-08 (88.90)"),
    ("CRWV", 92.0, "agrees", 92.0, "the close of 2026-04-09"),
    ("META", 0.026, "agrees", 0.0261, "from the close of 2026-04-08 (612.42)"),
    ("META", 628.39, "agrees", 628.39, "the close of 2026-04-09"),
    (
        "META",
        0.094,
        "disagrees",
        0.0849,
        "+9.4% holds over 4 sessions, not 5 (from the close of 2026-04-02",
    ),
    ("CRWV", 0.147, "disagrees", 0.1729, "+14.7% holds from the open of 2026-04-07 (80.18)"),
    (
        "META",
        -0.039,
        "agrees",
        -0.0393,
        "30 calendar days (21 sessions) before, the close of 2026-03-10 (654.07)",
    ),
    (
        "CRWV",
        0.228,
        "agrees",
        0.2280,
        "30 calendar days (21 sessions) before, the close of 2026-03-10 (74.92)",
    ),
    ("CRWV", 33.51, "agrees", 33.515, "the low of 2025-04-21"),
    ("CRWV", 187.0, "agrees", 187.0, "the high of 2025-06-20"),
]


@pytest.mark.parametrize(("ticker", "claimed", "expected", "computed", "basis"), THAT_DAY)
def test_the_claims_of_2026_04_09(
    real: pd.DataFrame, ticker: str, claimed: float, expected: str, computed: float, basis: str
) -> None:
    row = _row(real, "2026-04-09-meta-coreweave-21bn", ticker, claimed)
    assert row["verdict"] == expected
    assert row["computed"] == pytest.approx(computed, abs=5e-5)
    assert basis in row["basis"]


def test_the_day_befores_move_is_recognised(real: pd.DataFrame) -> None:
    early = real[
        real["claim"].str.contains("before the open")
        & (real["event_id"] == "2026-04-09-meta-coreweave-21bn")
    ]
    assert (
        early["basis"].str.endswith("+6.5% is the move of the session before, 2026-04-08").sum()
        == 1
    )


@pytest.mark.parametrize(
    ("event", "ticker", "claimed", "expected"),
    [
        ("2026-01-26-nvidia-coreweave-2bn", "CRWV", 0.0573, "agrees"),
        ("2025-09-08-microsoft-nebius-17bn", "MSFT", 0.0081, "disagrees"),
        ("2025-10-06-amd-openai-6gw", "AMD", 0.35, "disagrees"),
        ("2025-09-09-oracle-q1-fy26-backlog-455bn", "ORCL", -0.05, "disagrees"),
        ("2025-10-13-broadcom-openai-10gw", "AVGO", 0.12, "disagrees"),
        ("2026-02-17-meta-nvidia-multiyear", "NVDA", 0.05, "disagrees"),
    ],
)
def test_known_errors_of_the_press(
    real: pd.DataFrame, event: str, ticker: str, claimed: float, expected: str
) -> None:
    assert _row(real, event, ticker, claimed)["verdict"] == expected


def _row(table: pd.DataFrame, event: str, ticker: str, claimed: float) -> pd.Series:
    rows = table[
        (table["event_id"] == event)
        & (table["ticker"] == ticker)
        & np.isclose(table["claimed"], claimed)
    ]
    assert len(rows) >= 1
    return rows.iloc[0]
