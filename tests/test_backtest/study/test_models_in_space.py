"""In-space placebos of a synthetic control."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, MarketModel, SyntheticControl, Window
from backtest.study.check.in_space import in_space_placebos, misfit

DATES = pd.bdate_range("2024-01-02", periods=360)
DONORS = tuple("BCDEFGH")
STUDY = EventStudy(
    SyntheticControl(DONORS), Window(-250, -11), {"1-day": Window(0, 0), "5-day": Window(0, 4)}
)


def made_returns(jump: float = 0.0) -> Returns:
    rng = np.random.default_rng(15)
    values = rng.normal(0, 0.01, (360, 1)) + rng.normal(0, 0.01, (360, 8))
    values[300, 0] += jump
    return Returns(values, DATES, ("A", *DONORS))


def events(*rows: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"event_id": f"e{t}", "ticker": t, "event_session": DATES[row]} for t, row in rows]
    )


def placebos(returns: Returns, *rows: tuple[str, int]) -> pd.DataFrame:
    return in_space_placebos(STUDY, STUDY.fit(events(*rows), returns), returns).set_index(
        ["event_id", "window"]
    )


def test_a_jump_stands_out_among_the_donors() -> None:
    table = placebos(made_returns(0.2), ("A", 300))
    assert table["n_placebos"].tolist() == [7, 7]
    assert table["pvalue"].isna().all()
    assert table["why_not"].str.contains("at least 19 placebos, got 7").all()
    assert table.loc[("eA", "1-day"), "ratio"] > 10


def test_the_p_value_is_a_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted by hand: the misfit of every donor on the others, on the same session."""
    monkeypatch.setattr("backtest.study.check.in_space.LEAST", 7)
    returns = made_returns()
    others = [
        EventStudy(
            SyntheticControl(tuple(d for d in DONORS if d != donor)),
            Window(-250, -11),
            {"1-day": Window(0, 0)},
        ).fit(events((donor, 300)), returns)
        for donor in DONORS
    ]
    ratios = np.array([misfit(result.window("1-day"))[0] for result in others])
    row = placebos(returns, ("A", 300)).loc[("eA", "1-day")]
    assert row["pvalue"] == pytest.approx((1 + (ratios >= row["ratio"]).sum()) / 8)
    assert 1 / 8 < row["pvalue"] <= 1


def test_the_ratio_is_that_of_the_study() -> None:
    returns = made_returns()
    result = STUDY.fit(events(("A", 300), ("C", 250)), returns)
    table = in_space_placebos(STUDY, result, returns).set_index(["event_id", "window"])
    for name in ("1-day", "5-day"):
        np.testing.assert_allclose(
            table.xs(name, level="window")["ratio"], misfit(result.window(name))
        )


def test_a_donor_with_news_of_its_own_is_no_placebo() -> None:
    table = placebos(made_returns(), ("A", 300), ("B", 302))
    assert table.loc[("eA", "1-day"), "n_placebos"] == 6
    assert table.loc[("eA", "5-day"), "n_placebos"] == 6


def test_a_donor_may_be_studied_too() -> None:
    assert placebos(made_returns(), ("B", 300)).loc[("eB", "1-day"), "n_placebos"] == 6


def test_only_for_synthetic_controls() -> None:
    study = EventStudy(MarketModel("B"))
    with pytest.raises(StudyError, match="not of the market model"):
        in_space_placebos(study, study.fit(events(("A", 300)), made_returns()), made_returns())
