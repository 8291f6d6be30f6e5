"""The size of the recommended test on a catalog's own residuals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check import own
from backtest.study.check.designs import BENCHMARK, SIMULATED
from backtest.study.check.own import is_quick, own_size, size_in_words
from backtest.study.dependence.shared import sharing
from backtest.study.inference import TESTS, CrossSection

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4)}


def result(design: str, n_events: int, seed: int = 3) -> EventStudyResult:
    market = SIMULATED[design](np.random.default_rng(seed), n_events)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    return study.fit(market.events, market.returns)


@pytest.mark.parametrize("design", ["catalog", "shared_strongly", "dense_ticker"])
def test_drawn_pvalues_are_those_of_the_test_itself(design: str) -> None:
    """A replication's p-value is that of `kp_bmp_shared_t` given its SCARs."""
    studied = result(design, 12)
    windows, refused = own._windows(studied)
    assert not refused
    drawn = own._drawn(windows, *own._standardised(studied), (5, 1))
    for window, scars in zip(windows, drawn, strict=True):
        ours = own._pvalues(window, scars)
        for replication in range(5):
            events = studied.cross_section(window.name)
            section = CrossSection(replace(events.window), events.rho, events.correlation)
            vars(section.window)["scar"] = scars[:, replication]
            assert ours[replication] == pytest.approx(TESTS["kp_bmp_shared_t"](section).pvalue)


def test_drawn_scars_have_the_null_covariance() -> None:
    """That of the errors, and with the shock of their date where events share one."""
    studied = result("catalog", 12)
    windows, _ = own._windows(studied)
    drawn = own._drawn(windows, *own._standardised(studied), (6000, 2))
    for window, scars in zip(windows, drawn, strict=True):
        c, delta = window.events.correlation, window.test.delta
        group = sharing(window.events.window)
        for i in range(0, 12, 3):
            for j in range(i + 1, 12, 2):
                wanted = (1 - delta) * c[i, j] + delta * (group[i] == group[j])
                found = np.corrcoef(scars[i], scars[j])[0, 1]
                assert found == pytest.approx(wanted, abs=0.12)
        assert scars.std(axis=1).mean() == pytest.approx(np.sqrt(window.variance), rel=0.15)


def test_parties_share_a_shock() -> None:
    studied = result("shared_strongly", 30)
    windows, _ = own._windows(studied)
    day = windows[0]
    assert day.test.delta > 0.2
    scars = own._drawn([day], *own._standardised(studied), (3000, 2))[0]
    partners = np.corrcoef(scars)[0, 1]
    assert partners == pytest.approx(day.test.delta + day.events.correlation[0, 1], abs=0.12)


def test_the_table_is_deterministic_and_near_its_level() -> None:
    studied = result("catalog", 24)
    table = studied.own_size(600, seed=4)
    assert table.equals(own_size(studied, 600, seed=4))
    assert not table.equals(own_size(studied, 600, seed=5))
    assert table["rejected"].between(0.02, 0.09).all()
    assert table["mc_error"].between(0.004, 0.013).all()
    assert (table["n_replications"] == 600).all()
    words = size_in_words(table)
    assert "of 600 drawn studies" in words
    assert f"{table['rejected'][0]:.1%} ([0,0])" in words


def test_the_skew_of_the_users_own_residuals_shows() -> None:
    """Ten events of skewness 2.8.

    The headline rejects twice as often as it says, and this tells.
    """
    table = own_size(result("skewed", 10), 1500).set_index("window")
    assert table["skew"].iloc[0] > 2
    assert table.loc["[0,0]", "rejected"] > 0.075
    assert table.loc["[0,4]", "rejected"] < table.loc["[0,0]", "rejected"]


def test_no_rate_without_a_test_or_without_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    two = own_size(result("independent", 2), 100)
    assert two["why_not"].str.contains("at least 3 events").all()
    assert size_in_words(two) == ""
    studied = result("catalog", 12)
    assert is_quick(studied)
    monkeypatch.delattr(own, "_standardised")  # no errors are laid where none are drawn
    none = own_size(studied, 0)
    assert none["why_not"].str.contains("--calibrate").all()
    assert none["rejected"].isna().all()
    with pytest.raises(StudyError, match="-1 replications"):
        own_size(studied, -1)


def test_a_security_without_a_session_takes_one_of_its_own() -> None:
    market = SIMULATED["catalog"](np.random.default_rng(3), 12)
    values = market.returns.values.copy()
    values[::3, 1] = np.nan
    returns = Returns(values, market.returns.sessions, market.returns.tickers)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    table = own_size(study.fit(market.events, returns), 300)
    assert np.isfinite(table["rejected"]).all()
    assert isinstance(table, pd.DataFrame)
