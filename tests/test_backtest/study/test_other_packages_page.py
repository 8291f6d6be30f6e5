"""Every number and formula of docs/other_packages.md, reproduced."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, one_by_one
from backtest.study.other.conventions import CONVENTIONS, PACKAGES, known_convention

PAGE = (Path(__file__).parents[3] / "docs" / "other_packages.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def golden(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    windows = {"1": Window(0, 0), "5": Window(0, 4)}
    return EventStudy(MarketModel("MKT"), Window(-130, -11), windows, exclude=None).fit(
        golden_events, golden_returns
    )


def test_the_page_has_every_convention_and_package() -> None:
    for name, one in CONVENTIONS.items():
        assert f"`{name}`" in PAGE
        divisor = {"n-k": "n − k", "n-1": "n − 1", "n": "n"}[one.divisor]
        line = next(row for row in PAGE.splitlines() if row.startswith(f"| `{name}`"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[3] == one.student.replace("-", " − ")
        if name.startswith("full, "):
            assert cells[2] == "as `full`, of returns from trade to trade"
        else:
            assert (cells[2] == "σ √L") == (not one.forecast_error)
        assert cells[1] == divisor
    packages = PAGE.split("## Package by package")[1]
    for package, convention in PACKAGES.items():
        rows = [row for row in packages.splitlines() if row.startswith("| ") and package in row]
        assert any(f"| `{convention}` |" in row for row in rows), package


@pytest.mark.parametrize(
    ("written", "meant"),
    [("eventstud2", "eventstudy2"), ("EVENTSTUDYTOOLS", "EventStudyTools"), ("wrds", "WRDS"),
     ("eventus", "Eventus"), ("Estudy2", "estudy2"), ("naiv", "naive"), ("N-1", "n-1")],
)  # fmt: skip
def test_a_package_misspelt_is_told_the_nearest(written: str, meant: str) -> None:
    with pytest.raises(StudyError) as told:
        known_convention(written)
    assert f"no convention '{written}'; did you mean '{meant}'?" in str(told.value)
    assert "'full, trade to trade', 'naive', 'n-1', 'n-1, forecast'" in str(told.value)


def test_from_ours_to_theirs(golden: EventStudyResult) -> None:
    """The three formulas under the table, from the columns they name."""
    m = np.isfinite(golden.measured.residuals).sum(axis=1)
    sigma = golden.estimates["sigma"].to_numpy()
    for name, factor in (("n-1", (m - 2) / (m - 1)), ("n", (m - 2) / m)):
        theirs = golden.under(name).estimates["sigma"].to_numpy()
        np.testing.assert_allclose(theirs, sigma * np.sqrt(factor), rtol=1e-12)
    ours = golden.windows[golden.windows["window"] == "5"]
    under = golden.under("naive").windows
    under = under[under["window"] == "5"]
    factor = ours["car_se"].to_numpy() / (sigma * np.sqrt(ours["n_valid"].to_numpy()))
    np.testing.assert_allclose(under["t"], ours["t"] * factor, rtol=1e-9)


def test_patell_without_its_variance_and_r_bar_with_the_diagonal(golden: EventStudyResult) -> None:
    """WRDS-style Patell is ours times the root of Q; eventstudy2's old r-bar counted i = j."""
    section = golden.cross_section("1")
    n = len(section)
    patell = golden.tests().set_index(["window", "test"]).loc[("1", "patell_z"), "statistic"]
    assert section.scar.mean() * np.sqrt(n) == pytest.approx(
        patell * np.sqrt(section.q.mean()), rel=1e-9
    )
    assert section.rho.mean() == pytest.approx((1 + (n - 1) * section.r_bar) / n)


@pytest.mark.parametrize(
    ("history", "window", "least", "most"),
    [(60, Window(0, 20), 0.08, 0.115), (30, Window(0, 20), 0.12, 0.16), (250, Window(0, 0), 0, 1)],
)
def test_what_the_naive_error_costs(
    history: int, window: Window, least: float, most: float
) -> None:
    """10% with 60 sessions of history and 21 of window, 13 to 15% with 30.

    A day after 250: nothing.
    """
    market = one_by_one(np.random.default_rng(5), 6000, Window(-history - 10, -11), volatile=False)
    study = EventStudy(
        MarketModel(BENCHMARK), market.estimation, {"w": window}, exclude=None, skip_after_listing=0
    )
    ours = study.fit(market.events, market.returns)
    rate, full = (
        float((one.windows["pvalue"] <= 0.05).mean()) for one in (ours.under("naive"), ours)
    )
    assert least <= rate <= most
    if history == 250:
        assert abs(rate - full) < 0.005
    else:
        assert rate > full + 0.025
    assert "about 10% of the time instead of 5, with 30\nsessions 13 to 15%" in PAGE
