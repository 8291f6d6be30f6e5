"""Exact sums of many windows in one pass are those taken one by one.

And those pair by pair.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.dependence.correlation import car_correlation
from backtest.study.dependence.securities import SecuritySums
from backtest.study.dependence.sweep import exact_sums, is_less
from backtest.study.inference import together
from backtest.study.measure.event_windows import plain_window
from backtest.study.normal import (
    Dimson,
    GarchMarketModel,
    MarketAdjusted,
    MeanAdjusted,
    MultiFactor,
    NormalModel,
)
from tests.test_backtest.study.test_inference_by_security import market

RULES = ("by_security.PAIRS_UP_TO", "together.PAIRS_UP_TO")
WINDOWS = {"[0,0]": Window(0, 0), "[0,20]": Window(0, 20)}
NEAR = Window(-1, 5)
SINGLE = 2e-5  # lines of securities one by one are in single precision


def _nobody_asks(*_: Any) -> float:
    raise AssertionError("a sum of its own, beside the pass down the sessions")


def fitted(
    monkeypatch: pytest.MonkeyPatch, model: NormalModel, exclude: Window | None = NEAR
) -> EventStudyResult:
    for rule in RULES:
        monkeypatch.setattr(f"backtest.study.inference.{rule}", 50)
    monkeypatch.setattr(together, "is_less", lambda *_: True)
    returns, events = market(90)
    late = events.assign(event_id=range(100, 190), event_session=returns.sessions[-3])
    events = pd.concat([events, late.drop_duplicates("ticker")], ignore_index=True)
    return EventStudy(model, Window(-130, -11), WINDOWS, exclude).fit(events, returns)


@pytest.mark.parametrize("exclude", [None, Window(-1, 5)])
@pytest.mark.parametrize(
    "model",
    [
        MarketModel("MKT"),
        MultiFactor(("MKT", "IND")),
        MeanAdjusted(),
        MarketAdjusted("MKT"),
        Dimson("MKT"),
        GarchMarketModel("MKT"),
    ],
    ids=lambda model: model.name,
)
def test_paths_and_days_are_those_of_window_after_window(
    model: NormalModel, exclude: Window | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fitted(monkeypatch, model, exclude)
    asked: list[int] = []

    def counted(*known: Any) -> Any:
        asked.append(1)
        return exact_sums(*known)

    monkeypatch.setattr(together, "exact_sums", counted)
    monkeypatch.setattr(SecuritySums, "exact", _nobody_asks)  # the headline test's are among them
    got = [result.average_paths("all", "role"), result.average_days()]
    monkeypatch.undo()
    result = fitted(monkeypatch, model, exclude)
    assert len(asked) == 3  # all events, the common ones, and the days; the rare are by pair
    monkeypatch.setattr(together, "is_less", lambda *_: False)
    wanted = [result.average_paths("all", "role"), result.average_days()]
    assert len(asked) == 3
    for one, other in zip(got, wanted, strict=True):
        pd.testing.assert_frame_equal(one, other, rtol=SINGLE, atol=1e-7)


def test_sums_are_those_over_pairs_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    result = fitted(monkeypatch, MarketModel("MKT"))
    measured, between = result.measured, result.securities
    rho = between.rho.astype(np.float64)[np.ix_(measured.events.column, measured.events.column)]
    spans = [Window(0, 0), Window(-4, -1), Window(0, 20)]
    got = together.each_section(
        measured, between, spans, lambda one: one.variance_exact(one.car_se), errors=True
    )
    for span, value in zip(spans, got, strict=True):
        window = plain_window(measured, span)
        usable = np.isfinite(window.scar)
        assert usable.sum() > 80
        pairs = car_correlation(window, rho)[np.ix_(usable, usable)]
        se = window.car_se[usable]
        assert value == pytest.approx(float(se @ pairs @ se), rel=1e-6)  # rho is single


def test_where_benchmarks_differ_windows_go_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    returns, events = market(90)
    own = MarketModel("MKT", own_weights={"S1": 0.05})
    monkeypatch.setattr(together, "exact_sums", pytest.fail)
    for rule in RULES:
        monkeypatch.setattr(f"backtest.study.inference.{rule}", 50)
    result = EventStudy(own, Window(-130, -11), WINDOWS).fit(events, returns)
    assert result.securities.common_x is None
    assert len(result.average_days()) == len(result.measured.days)


def test_very_many_events_go_one_by_one() -> None:
    returns, events = market(90)
    panel = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS).fit(events, returns).measured
    assert not is_less(panel.panel, 100_000, 1, 31)
    assert isinstance(returns, Returns)
