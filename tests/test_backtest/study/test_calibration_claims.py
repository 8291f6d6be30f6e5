"""What the recommended pair claims is what the table of its calibration shows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from backtest.study.inference import ABOUT

TABLE = Path(__file__).parents[3] / "docs" / "calibration_headline.csv"
RECOMMENDED = [key for key, about in ABOUT.items() if about.recommended]


@pytest.mark.parametrize("key", RECOMMENDED)
def test_every_claim_is_within_its_bounds(key: str) -> None:
    """Between 3.5 and 7%, but for two Monte Carlo errors, in every window that has an answer."""
    table = pd.read_csv(TABLE)
    null = table[(table["effect"] == 0) & (table["test"] == key) & table["rejected"].notna()]
    for design in ABOUT[key].holds_in:
        rows = null[null["design"] == design]
        assert len(rows), f"{design} is claimed and was not run"
        for rate, n in zip(rows["rejected"], rows["n"], strict=True):
            low = 0.035 - 2 * (0.035 * 0.965 / n) ** 0.5
            high = 0.07 + 2 * (0.07 * 0.93 / n) ** 0.5
            assert low <= rate <= high, (design, rate, n)


@pytest.mark.parametrize(
    ("key", "design"), [("kp_bmp_shared_t", "skewed"), *((key, "opposed") for key in RECOMMENDED)]
)
def test_what_does_not_hold_is_not_claimed(key: str, design: str) -> None:
    assert design not in ABOUT[key].holds_in
