"""Averages for table packages, and flags in words."""

from __future__ import annotations

import numpy as np
import pytest

import reactions as rx


def test_tidy_is_the_headline_test() -> None:
    study = rx.EventStudy(rx.MarketModel("SPY"), windows={"1-day": (0, 0)})
    result = study.fit(rx.Catalog.bundled(), rx.Prices.sample())
    row = rx.tidy(result).iloc[0]
    tests = result.tests()
    headline = tests[tests["test"] == rx.HEADLINE_TEST].iloc[0]
    assert row["statistic"] == pytest.approx(headline["statistic"])
    assert row["p_value"] == pytest.approx(headline["pvalue"])
    assert np.isclose(row["estimate"] / row["std_error"], row["statistic"])
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert (row["p_value"] < 0.05) == (row["conf_low"] > 0 or row["conf_high"] < 0)
