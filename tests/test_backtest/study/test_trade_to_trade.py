"""Returns from trade to trade, and the study on them, against sums and regressions written out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, FromDonors, MarketModel, Prices
from backtest.errors import StudyError
from backtest.prices.panels.return_prices import ReturnPrices
from backtest.prices.panels.trade_to_trade import trade_to_trade
from backtest.study.windows import Window
from reports.cli import main
from reports.experiment.plan import Experiment
from reports.run.prices.returns_taken import returns_taken

GAPS = (300, 305, 306, 420)


def thin() -> Prices:
    """META does not trade on four sessions.

    One has no price, three a volume of zero and an old price.
    """
    prices = Prices.sample()
    adjusted, volume = prices.adjusted.copy(), prices.volume.copy()
    at = adjusted.columns.get_loc("META")
    adjusted.iloc[GAPS[0], at] = np.nan
    for row in GAPS[1:]:
        adjusted.iloc[row, at] = float(adjusted.iloc[row - 1, at])
        volume.iloc[row, at] = 0.0
    return replace(prices, adjusted=adjusted, volume=volume)


def test_a_return_runs_from_trade_to_trade() -> None:
    prices = thin()
    found, closes = trade_to_trade(prices), prices.adjusted["META"].to_numpy()
    own = found.column("META")
    assert np.isnan(own[list(GAPS)]).all()
    assert own[301] == pytest.approx(closes[301] / closes[299] - 1)
    assert own[307] == pytest.approx(closes[307] / closes[304] - 1)
    assert found.spans is not None
    assert found.spans[[301, 302, 307, 421], found.position("META")].tolist() == [2, 1, 3, 2]
    np.testing.assert_allclose(found.column("SPY"), prices.returns().column("SPY"))


def test_the_market_is_held_over_the_same_sessions() -> None:
    returns = trade_to_trade(thin())
    day0 = 430
    events = pd.DataFrame(
        {"event_id": ["e"], "ticker": ["META"], "event_session": [returns.sessions[day0]]}
    )
    study = EventStudy(MarketModel("SPY"), Window(-200, -11), {"w": Window(-10, 0)})
    result = study.fit(events, returns)
    own, market = returns.column("META"), returns.column("SPY")
    held = market.copy()
    for row, span in ((301, 2), (307, 3), (421, 2)):
        held[row] = np.prod(1 + market[row - span + 1 : row + 1]) - 1
    rows = np.arange(day0 - 200, day0 - 10)
    rows = rows[np.isfinite(own[rows])]
    x = np.column_stack([np.ones(len(rows)), held[rows]])
    (alpha, beta), *_ = np.linalg.lstsq(x, own[rows], rcond=None)
    inside = np.arange(day0 - 10, day0 + 1)
    inside = inside[np.isfinite(own[inside])]
    car = (own[inside] - alpha - beta * held[inside]).sum()
    assert len(rows) == 190 - 4 + 1  # the fourth session without a trade lies in the window
    assert result.windows["car"].iloc[0] == pytest.approx(car)


EVENTS = pd.DataFrame({"event_id": ["e"], "ticker": ["META"], "event_session": ["2025-09-30"]})


def test_eventstudy2_by_name_bridges_as_that_package_does_by_default() -> None:
    """Its help: thin trading is accounted for from trade to trade unless told otherwise."""
    windows = {"w": Window(-10, 0)}
    named = EventStudy(MarketModel("SPY"), windows=windows, convention="eventstudy2")
    assert "on returns from trade to trade: eventstudy2 (Stata)" in named.explain()
    plain = EventStudy(MarketModel("SPY"), windows=windows)
    found = named.fit(EVENTS, thin()).windows
    pd.testing.assert_frame_equal(found, plain.fit(EVENTS, trade_to_trade(thin())).windows)
    left_out = replace(plain, convention="full").fit(EVENTS, thin()).windows
    assert found["car"].iloc[0] != left_out["car"].iloc[0]


def test_what_cannot_be_bridged_is_taken_by_single_sessions() -> None:
    """Returns do not say what lay between, and donors are compared day by day."""
    own = thin()
    named = EventStudy(MarketModel("SPY"), convention="eventstudy2")
    given = ReturnPrices(**{**vars(own), "given": own.returns()})
    for prices in (given, own.returns()):
        pd.testing.assert_frame_equal(
            named.fit(EVENTS, prices).windows,
            replace(named, convention="full").fit(EVENTS, own).windows,
        )
    donors = replace(named, model=FromDonors("pca"))
    assert donors.returns_of(own).spans is None
    assert len(donors.fit(EVENTS, own).windows)


def test_donors_take_single_sessions() -> None:
    with pytest.raises(StudyError, match="trade to trade"):
        EventStudy(FromDonors("pca")).fit(EVENTS, trade_to_trade(thin()))


def test_the_command_takes_it(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[filter]\ntickers = ["META"]\n[study]\nsensitivity = false\nmodels = ["market"]\n'
    )
    with pytest.raises(SystemExit) as done:
        main(["study", "--prices", "sample", "--experiment", str(own), "--out", str(tmp_path / "o"),
              "--trade-to-trade"])  # fmt: skip
    assert done.value.code == 0
    assert "trade-to-trade" in (tmp_path / "o/manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("models", "thin_trading", "told"),
    [
        (("market",), "leave-out", "convention eventstudy2: returns are taken from trade to trade; "
         "3 returns run over more than one session"),
        (("market", "donors_pca"), "leave-out",
         "convention eventstudy2: sessions without a trade are "
         "left out, not bridged from trade to trade; models of donors take single sessions"),
        (("market",), "trade-to-trade", ""),
    ],
)  # fmt: skip
def test_a_run_says_what_its_convention_bridges(
    models: tuple[str, ...], thin_trading: str, told: str
) -> None:
    plan = Experiment.default().study.model_copy(
        update={"models": models, "convention": "eventstudy2", "thin_trading": thin_trading}
    )
    returns, notes = returns_taken(plan, thin())
    assert notes == ((told,) if told else ())
    assert (returns.spans is None) == ("donors_pca" in models)
    own = thin()
    given = ReturnPrices(**{**vars(own), "given": own.returns()})
    if thin_trading == "leave-out" and "donors_pca" not in models:
        assert returns_taken(plan, given)[1][0].endswith("not returns or several")
        assert returns_taken(plan.model_copy(update={"convention": "full"}), own)[1] == ()
