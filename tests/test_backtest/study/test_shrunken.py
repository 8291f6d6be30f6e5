"""Shrunken single events.

An algebraic case, an independent one, coverage and error by simulation.
"""

from __future__ import annotations

import numpy as np
import pytest

from backtest import EventStudy, MarketModel, Prices
from backtest.study.other.shrunken import _posterior, shrunken
from events import Catalog


def test_with_equal_errors_all_are_shrunk_by_the_same_share() -> None:
    x = np.random.default_rng(2).normal(0, 2, 30)
    mean, error, low, high, own = _posterior(x, np.ones(30))
    assert mean == pytest.approx(own * x + (1 - own) * x.mean())
    assert np.ptp(own) < 1e-12
    assert (low + high) / 2 == pytest.approx(mean)
    assert (error < 1).all()


def test_it_is_the_integral_over_mu_and_tau() -> None:
    """The same by brute force: a grid of mu, tau and each effect's own normal."""
    x, s = np.array([0.5, -1.0, 2.0, 0.1]), np.array([0.6, 1.0, 0.8, 1.2])
    taus = np.linspace(0, 4 * np.std(x) + 2 * np.median(s), 200)
    mus = np.linspace(-12, 12, 2401)
    v = s[:, None, None] ** 2 + taus[:, None] ** 2
    prior = np.log(np.maximum(taus, 0.5 * taus[1]))[:, None]  # flat in tau^2
    log = prior - 0.5 * (np.log(v) + (x[:, None, None] - mus) ** 2 / v).sum(axis=0)
    p = np.exp(log - log.max())
    p /= p.sum()
    own = taus[:, None] ** 2 / v
    brute = (p * (own * x[:, None, None] + (1 - own) * mus)).sum(axis=(1, 2))
    assert _posterior(x, s)[0] == pytest.approx(brute, abs=1e-6)


def test_nothing_beyond_the_errors_is_shrunk_to_nearly_the_mean() -> None:
    x = np.array([0.01, -0.01, 0.005, -0.005, 0.0, 0.002])
    mean, *_ = _posterior(x, np.full(6, 0.05))
    assert np.ptp(mean) < 0.5 * np.ptp(x)


@pytest.mark.parametrize(("tau", "n"), [(1.0, 30), (0.5, 60), (2.0, 20), (1.0, 10)])
def test_intervals_cover_and_the_error_is_smaller(tau: float, n: int) -> None:
    """95% intervals cover 93 to 97% of the true effects.

    The mean squared error falls to at most 70% of raw. But where effects differ twice as much as
    their errors: there whoever knew their mean and spread would have 75% left; we have 77.
    """
    random = np.random.default_rng(7)
    inside, raw, own, known = [], [], [], []
    for _ in range(600):
        s = random.uniform(0.7, 1.5, n)
        theta = random.normal(0.3, tau, n)
        x = theta + random.normal(0, s)
        mean, _, low, high, _ = _posterior(x, s)
        inside.append((low <= theta) & (theta <= high))
        raw.append((x - theta) ** 2)
        own.append((mean - theta) ** 2)
        known.append(s**2 * tau**2 / (s**2 + tau**2))
    assert 0.93 <= np.mean(inside) <= 0.97
    left = np.mean(own) / np.mean(raw)
    assert left <= (0.7 if tau <= 1 else np.mean(known) / np.mean(raw) + 0.03)


def test_the_largest_of_many_is_no_longer_too_large() -> None:
    random = np.random.default_rng(8)
    raw, own = [], []
    for _ in range(300):
        theta, s = random.normal(0, 1, 40), np.ones(40)
        x = theta + random.normal(0, s)
        mean, *_ = _posterior(x, s)
        top = int(np.argmax(x))
        raw.append(x[top] - theta[top])
        own.append(mean[top] - theta[top])
    assert np.mean(raw) > 0.8
    assert abs(np.mean(own)) < 0.12


def test_a_study_has_a_row_an_event_and_window_and_few_events_say_why_not() -> None:
    result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    table = shrunken(result)
    assert len(table) == len(result.windows)
    assert (table["car"].to_numpy() == result.windows["car"].to_numpy())[table["car"].notna()].all()
    few = EventStudy(MarketModel("SPY")).fit(
        Catalog.bundled().filter(tickers=["DELL"]), Prices.sample()
    )
    assert few.windows["event_id"].nunique() == 3
    assert shrunken(few)["why_not"].eq("needs at least 4 events, got 3").all()
