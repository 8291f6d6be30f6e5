"""Tests over many events agree with the study of a few, given the same correlation of securities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import TESTS, Dimson, EventStudy, MarketModel, MultiFactor, Window
from backtest.study.dependence.correlation import car_correlation
from backtest.study.inference import CrossSection
from backtest.study.many_days import calendar_time, daily_tests
from backtest.study.many_events import MANY_TESTS, ManyEvents, many_events

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def market(n_events: int, missing: float = 0.0) -> tuple[Returns, pd.DataFrame]:
    rng = np.random.default_rng(4)
    y = rng.standard_t(5, (500, 12)) * 0.01 + 0.006 * rng.standard_normal((500, 1))
    y[rng.random(y.shape) < missing] = np.nan
    y[:, -2:] = rng.normal(0, 0.01, (500, 2))
    frame = pd.DataFrame(
        y,
        index=pd.bdate_range("2015-01-01", periods=500),
        columns=[*map("S{}".format, range(10)), "MKT", "IND"],
    )
    where = rng.choice(10 * 220, n_events, replace=False)
    session = frame.index[130 + where // 10 + 100]
    events = pd.DataFrame(
        {"event_id": range(n_events), "ticker": frame.columns[where % 10], "event_session": session}
    )
    return Returns.from_frame(frame), events


@pytest.mark.parametrize("model", [MarketModel("MKT"), MultiFactor(("MKT", "IND"))])
@pytest.mark.parametrize("missing", [0.0, 0.02])
@pytest.mark.parametrize("window", WINDOWS)
def test_agrees_with_the_study_of_a_few(model: MarketModel, missing: float, window: str) -> None:
    returns, events = market(60, missing)
    study = EventStudy(model, Window(-130, -11), WINDOWS, exclude=None, skip_after_listing=0)
    result, many = study.fit(events, returns), many_events(study, events, returns)[window]
    seen = result.window(window)
    usable = np.flatnonzero(np.isfinite(seen.scar))
    assert len(usable) == len(many)
    np.testing.assert_allclose(many.scar, seen.scar[usable], rtol=1e-9)
    rho = many.between.rho.astype(np.float64)[
        np.ix_(result.measured.events.column, result.measured.events.column)
    ]
    section = CrossSection(seen, rho, car_correlation(seen, rho)).take(usable)
    for key in MANY_TESTS:
        mine, theirs = many.test(key), TESTS[key](section)
        assert mine.statistic == pytest.approx(theirs.statistic, rel=2e-4), key
        assert mine.pvalue == pytest.approx(theirs.pvalue, abs=2e-4), key


@pytest.mark.parametrize("missing", [0.0, 0.02])
@pytest.mark.parametrize("chunk", [7, 20_000])
def test_day_by_day_agrees(missing: float, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backtest.study.many_days.CHUNK", chunk)
    returns, events = market(60, missing)
    study = EventStudy(
        MarketModel("MKT"), Window(-130, -11), WINDOWS, exclude=None, skip_after_listing=0
    )
    section = study.fit(events, returns).cross_section("[0,4]")
    many = many_events(study, events, returns)["[0,4]"]
    for key, mine in daily_tests(many).items():
        theirs = TESTS[key](section)
        scale = np.sqrt(many.inflation / section.inflation) if "exact" in key else 1.0
        assert mine.statistic * scale == pytest.approx(theirs.statistic, rel=1e-6), key
    column = section.window.abnormal.events.column
    same = CrossSection(
        section.window,
        many.between.rho.astype(np.float64)[np.ix_(column, column)],
        section.correlation,
    )
    wanted = TESTS["calendar_time_z"](same).statistic
    assert calendar_time(many).statistic == pytest.approx(wanted, rel=1e-4)


def test_correlation_of_securities_is_near_that_of_estimation_windows() -> None:
    returns, events = market(200)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, exclude=None)
    own = TESTS["kp_bmp_exact_t"](study.fit(events, returns).cross_section("[0,4]"))
    assert many_events(study, events, returns)["[0,4]"].test(
        "kp_bmp_exact_t"
    ).statistic == pytest.approx(own.statistic, rel=0.1)


def test_what_it_is_not_made_for() -> None:
    returns, events = market(20)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS)
    seen: ManyEvents = many_events(study, events, returns)["[0,0]"]
    with pytest.raises(StudyError, match="'grank_t' is not made for many events"):
        seen.test("grank_t")
    with pytest.raises(StudyError, match="'dimson' uses leads and lags"):
        many_events(EventStudy(Dimson("MKT"), Window(-130, -11), WINDOWS), events, returns)
