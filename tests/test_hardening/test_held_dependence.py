"""What events have in common, by hand: lines whose change no test saw (docs/mutation.md)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Returns, Window
from backtest.study import EventStudyResult
from backtest.study.dependence.correlation import chained_windows
from backtest.study.dependence.securities import (
    SecuritySums,
    security_correlation,
    security_residuals,
)
from backtest.study.dependence.shared import (
    Partners,
    own_pairs,
    partners,
    shared_shock,
    shared_shock_of_sums,
)
from backtest.study.running_sums import Floats

DAYS = pd.bdate_range("2024-01-02", periods=300)
TICKERS = ["SPY", "A", "B", "C"]


def study(gone: dict[str, list[int]], *places: tuple[str, int]) -> EventStudyResult:
    """Events of tickers at rows, on returns that drift; `gone` are rows without a return."""
    drift = [0.0, 0.004, -0.003, 0.002]
    values = np.random.default_rng(4).normal(drift, 0.01, (len(DAYS), 4))
    frame = pd.DataFrame(values, index=DAYS, columns=TICKERS)
    for ticker, rows in gone.items():
        frame.loc[DAYS[rows], ticker] = np.nan
    events = pd.DataFrame(
        [(f"e{i}", ticker, DAYS[row]) for i, (ticker, row) in enumerate(places)],
        columns=["event_id", "ticker", "event_session"],
    )
    windows = {"w": Window(0, 4), "wide": Window(-5, 9)}
    return EventStudy(MarketModel("SPY"), Window(-130, -11), windows, None).fit(
        events, Returns.from_frame(frame)
    )


def test_windows_without_any_session_are_chained_to_nothing() -> None:
    """And not to each other."""
    gone = {"A": [*range(200, 206), *range(240, 246)]}
    found = study(gone, ("B", 200), ("A", 200), ("A", 240), ("C", 204), ("B", 250))
    window = found.window("w")
    assert window.n_valid.tolist() == [5, 0, 0, 5, 5]
    assert chained_windows(window).tolist() == [0, 1, 2, 0, 3]


def test_an_event_without_an_estimation_beside_others_has_its_window_alone() -> None:
    """As one that a GARCH model found no estimates for: nothing is taken from earlier sessions."""
    found = study({}, ("A", 200), ("B", 202), ("A", 260))
    seen, weights = found.window("w"), np.array([1.0, 2.0, -3.0])
    before = SecuritySums(seen, found.securities).exact_weights(weights)
    fit = replace(seen.abnormal.fit, estimated=np.array([True, False, True]))
    mixed = replace(seen, abnormal=replace(seen.abnormal, fit=fit))
    estimation, weight = SecuritySums(mixed, found.securities).exact_weights(weights)
    assert estimation[1].tolist() == [0.0, 0.0]
    assert weight[1] == pytest.approx(2.0 / np.sqrt(5))
    for event in (0, 2):
        np.testing.assert_array_equal(estimation[event], before[0][event])
        assert weight[event] == before[1][event] != weights[event] / np.sqrt(5)


def test_residuals_of_securities_have_their_mean_taken_off() -> None:
    panel = study({}, ("A", 200)).measured.panel
    residuals, there = security_residuals(panel, MarketModel("SPY"))
    assert there.all()
    np.testing.assert_allclose(residuals.mean(axis=0), 0.0, atol=1e-8)
    x = np.column_stack([np.ones(len(panel.y)), panel.x[:, 0, 0]])
    for column in range(panel.y.shape[1]):
        own = panel.y[:, column]
        by_hand = own - x @ np.linalg.lstsq(x, own, rcond=None)[0]
        np.testing.assert_allclose(residuals[:, column], by_hand, atol=1e-8)


def test_a_security_without_a_return_is_correlated_with_nothing() -> None:
    panel = study({}, ("A", 200), ("B", 200)).measured.panel
    y = panel.y.copy()
    y[50, 0] = np.nan  # among the sessions that are said to be estimable
    gone = replace(panel, y=y)
    residuals, there = security_residuals(gone, MarketModel("SPY"))
    assert not there[:, 0].any()
    assert not residuals[:, 0].any()
    assert there[:, 1:].all()
    rho = security_correlation(gone, MarketModel("SPY")).rho
    np.testing.assert_array_equal(rho[0], np.eye(len(rho))[0])


def test_sessions_out_of_estimation_are_in_no_correlation() -> None:
    panel = study({}, ("A", 200), ("B", 200)).measured.panel
    kept = panel.estimable.copy()
    kept[10:30, 0] = False
    residuals, there = security_residuals(replace(panel, estimable=kept), MarketModel("SPY"))
    np.testing.assert_array_equal(there, kept)
    assert not residuals[10:30, 0].any()
    assert residuals[30:, 0].all()


def by_traces(scar: Floats, correlation: Floats, partner: Floats) -> float:
    """Delta of the two moments in the head of `dependence/shared.py`, matrix by matrix."""
    m = np.eye(len(scar)) - 1 / len(scar)
    away = m @ scar
    ratio = float(away @ partner @ away) / float(away @ away)
    excess = ratio * np.trace(m @ correlation) - np.trace(partner @ m @ correlation @ m)
    return float(excess / (np.trace(partner @ m @ partner @ m) - ratio * np.trace(m @ partner)))


def both_ways(scar: Floats, correlation: Floats, group: list[int]) -> list[float]:
    """The shock that all events of one group share, from matrices and from sums."""
    groups, column = np.array(group), np.arange(len(scar))
    partner = partners(groups, column)
    among = correlation[partner > 0]
    of_all = (float(correlation.sum()), float(partner.sum(axis=1) @ correlation.sum(axis=1)))
    of_partners = (float(among.sum()), float(among.max(initial=-1.0)))
    sums = Partners(groups, own_pairs(groups, column))
    return [
        shared_shock(scar, correlation, partner),
        shared_shock_of_sums(scar, sums, of_all, of_partners),
    ]


ONE_PAIR = [0, 0, 1, 2, 3]


@pytest.mark.parametrize("size", [0.01, 0.3, 1.0, 100.0])
def test_a_shock_of_a_single_pair_whatever_the_size_of_results(size: float) -> None:
    scar = size * np.array([0.5, 0.4, -0.9, -0.2, 0.4])
    correlation = np.full((5, 5), 0.05) + 0.95 * np.eye(5)
    wanted = by_traces(scar, correlation, partners(np.array(ONE_PAIR), np.arange(5)))
    assert 0.1 < wanted < 0.95
    assert both_ways(scar, correlation, ONE_PAIR) == pytest.approx([wanted] * 2)


def test_a_shock_leaves_no_correlation_above_one() -> None:
    scar = np.array([2.0, 2.0, -1.0, -2.0, -1.0])
    correlation = np.eye(5)
    correlation[0, 1] = correlation[1, 0] = 0.9
    assert both_ways(scar, correlation, ONE_PAIR) == pytest.approx([0.1] * 2)
    correlation[0, 1] = correlation[1, 0] = 1.0
    assert both_ways(scar, correlation, ONE_PAIR) == [0.0] * 2


@pytest.mark.parametrize("n", [2, 3, 7])
def test_where_everybody_is_a_partner_or_nobody_there_is_no_shock(n: int) -> None:
    scar = np.random.default_rng(n).normal(size=n)
    assert both_ways(scar, np.eye(n), [0] * n) == [0.0] * 2
    assert both_ways(scar, np.eye(n), list(range(n))) == [0.0] * 2
    assert both_ways(np.full(n, 0.5), np.eye(n), [0] * n) == [0.0] * 2
