"""Shrunken single events.

An algebraic case, an independent one, coverage and error by simulation.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Prices
from backtest.study.other.few_effects import SHARES, few_effects
from backtest.study.other.shrunken import every_effect, posterior, shrunken
from benchmarks.shrunken import CSV, DESIGNS, Design, measured
from events import Catalog


def test_with_equal_errors_all_are_shrunk_by_the_same_share() -> None:
    x = np.random.default_rng(2).normal(0, 2, 30)
    found = every_effect(x, np.ones(30))
    own = found.own
    assert found.mean == pytest.approx(own * x + (1 - own) * x.mean())
    assert np.ptp(own) < 1e-12
    mean, error, low, high, _ = posterior(x, np.ones(30))
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
    found = every_effect(x, s)
    assert found.mean == pytest.approx(brute, abs=1e-6)
    flat = np.exp(prior - np.log(np.maximum(taus, 0.5 * taus[1]).sum()))
    density = np.exp(-0.5 * ((x[:, None, None] - mus) ** 2 / v + np.log(2 * np.pi * v)).sum(axis=0))
    assert found.evidence == pytest.approx(
        np.log((flat * density).sum() * (mus[1] - mus[0])), abs=1e-5
    )


def test_few_effects_are_the_sum_over_who_differs() -> None:
    """The same by brute force: every set of events that may differ, and a fine grid of mu."""
    x, s = np.array([0.1, -0.2, 6.0, 0.3]), np.array([0.6, 1.0, 0.8, 1.2])
    taus = np.linspace(0, 4 * np.std(x) + 2 * np.median(s), 30)
    prior = np.maximum(taus, 0.5 * taus[1])
    mus = np.linspace(-6, 8, 2801)
    total, mean = 0.0, np.zeros(4)
    for who in product((False, True), repeat=4):
        differs = np.array(who)[:, None]
        chance = np.mean([pi ** sum(who) * (1 - pi) ** (4 - sum(who)) for pi in SHARES])
        for tau, weight in zip(taus, prior / prior.sum(), strict=True):
            own = np.where(differs, tau**2, 0.0) / (
                np.where(differs, tau**2, 0.0) + s[:, None] ** 2
            )
            v = np.where(differs, tau**2, 0.0) + s[:, None] ** 2
            each = np.exp(-0.5 * ((x[:, None] - mus) ** 2 / v + np.log(2 * np.pi * v)).sum(axis=0))
            mass = chance * weight * each * (mus[1] - mus[0])
            total += mass.sum()
            mean += ((own * x[:, None] + (1 - own) * mus) * mass).sum(axis=1)
    found = few_effects(x, s, 500)
    assert found.evidence == pytest.approx(np.log(total), abs=0.02)
    assert found.moments.mean == pytest.approx(mean / total, abs=0.02)


def test_the_law_is_found_on_some_of_many_events() -> None:
    random = np.random.default_rng(3)
    x = random.standard_normal(900) + np.where(np.arange(900) % 20 == 7, 8.0, 0.0)
    some, every = few_effects(x, np.ones(900), 300), few_effects(x, np.ones(900), 900)
    assert len(some.sample) == 300
    assert some.sample[0] == 0
    assert some.sample[-1] == 899
    np.testing.assert_allclose(some.moments.mean, every.moments.mean, atol=0.35)


def test_of_many_events_the_parts_and_the_spreads_left_out_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Parts whose own means lie far apart: squares about them are moved to the mean of all."""
    random = np.random.default_rng(5)
    s = random.uniform(0.5, 2.0, 400)
    x = np.where(np.arange(400) < 200, -3.0, 3.0) + s * random.standard_normal(400)
    whole = every_effect(x, s), few_effects(x, s, 100).moments
    monkeypatch.setattr("backtest.study.other.shrunken._PART", 70)
    monkeypatch.setattr("backtest.study.other.shrunken._NOTHING", -1.0)
    monkeypatch.setattr("backtest.study.other.few_effects._PART", 70)
    for one, part in zip(whole, (every_effect(x, s), few_effects(x, s, 100).moments), strict=True):
        np.testing.assert_allclose(part.stacked, one.stacked, rtol=1e-12, atol=1e-13)
        assert part.evidence == pytest.approx(one.evidence, rel=1e-13)


def test_nothing_beyond_the_errors_is_shrunk_to_nearly_the_mean() -> None:
    x = np.array([0.01, -0.01, 0.005, -0.005, 0.0, 0.002])
    mean, *_ = posterior(x, np.full(6, 0.05))
    assert np.ptp(mean) < 0.5 * np.ptp(x)


@pytest.mark.parametrize("design", [one for one in DESIGNS if one.n_events <= 40], ids=str)
def test_intervals_cover_and_the_error_is_near_the_least_there_can_be(design: Design) -> None:
    """95% intervals cover 93 to 97% of the effects.

    The error left is that of whoever knew the law and 10 points more, 15 with 10 events. 70% of
    the raw error is reached wherever whoever knew the law had 65% left or less.
    """
    found = measured(design, 250)
    assert 0.93 <= found["covered"] <= 0.975
    assert (
        found["bound"] <= found["left"] <= found["bound"] + (0.1 if design.n_events > 10 else 0.15)
    )
    if found["bound"] < 0.65:
        assert found["left"] <= 0.7
    if design.share < 1:
        assert found["left"] < 0.85 * found["one_law"]


def test_the_table_in_the_methods_is_that_of_the_simulation() -> None:
    """And in every row intervals cover."""
    table = pd.read_csv(CSV)
    page = (CSV.parent / "methods.md").read_text(encoding="utf-8")
    assert len(table) == len(DESIGNS)
    for row in table.itertuples():
        cells = (
            f"{row.ratio:g}", f"{row.share:.0%}", f"{row.n_events}", f"{row.bound:.0%}",
            f"{row.left:.0%}", f"{row.one_law:.0%}", f"{100 * row.covered:.1f}%",
            f"{100 * row.covered_different:.0f}%",
        )  # fmt: skip
        assert f"| {' | '.join(cells)} |" in page
        assert 0.93 <= row.covered <= 0.975


def test_the_largest_of_many_is_no_longer_too_large() -> None:
    random = np.random.default_rng(8)
    raw, own = [], []
    for _ in range(300):
        theta, s = random.normal(0, 1, 40), np.ones(40)
        x = theta + random.normal(0, s)
        mean, *_ = posterior(x, s)
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
