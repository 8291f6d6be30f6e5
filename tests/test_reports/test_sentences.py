"""Where placebos drift over 0.3 points it is said.

On the terminal and the page, by the same words.
"""

from __future__ import annotations

import pandas as pd
import pytest

from reports.run.sentences import READ, drift_in_words

WINDOWS = {"1-day": (0, 0), "5-day": (0, 4), "1-month": (0, 20)}


def month(first: float, second: float, week: float = 0.0) -> pd.DataFrame:
    """Mean CARs over a month at random dates and at those after the same run-up.

    Over a week the same at both.
    """
    rows = [
        ("market", "SPY", kind, window, mean, 0.004, 40, 0.04, abs(mean) > 0.003)
        for kind, at in (("random dates", first), ("same run-up", second))
        for window, mean in (("5-day", week), ("1-month", at))
    ]
    columns = [
        "model", "benchmark", "placebos", "window", "mean_car", "se", "n_securities", "pvalue",
        "drifts",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def test_a_drift_over_the_longest_window_is_said_with_its_error() -> None:
    (told,) = drift_in_words(month(-0.011, 0.002, 0.006), WINDOWS, over=True)
    assert told == (
        "Where nothing was announced the market model on SPY drifts over 1-month by −1.1% "
        "at random dates (error 0.4 points) and +0.2% at dates with the same run-up "
        f"(error 0.4 points), more than 0.3 points: {READ}; over 0.3 points also 5-day."
    )


def test_a_drift_in_another_window_alone_is_said_too() -> None:
    (told,) = drift_in_words(month(0.001, 0.002, -0.006), WINDOWS, over=True)
    assert "within 0.3 points; over 0.3 points also 5-day." in told
    assert READ not in told


def test_no_drift_is_left_out_on_the_terminal_and_said_on_the_page() -> None:
    table = month(0.001, 0.002)
    assert drift_in_words(table, WINDOWS, over=True) == ()
    (told,) = drift_in_words(table, WINDOWS)
    assert told.endswith("within 0.3 points.")


def test_each_model_has_its_sentence() -> None:
    both = pd.concat([month(-0.011, 0.002), month(0.0, 0.0).assign(model="market_adjusted")])
    assert len(drift_in_words(both, WINDOWS)) == 2
    assert len(drift_in_words(both, WINDOWS, over=True)) == 1


def test_without_dates_it_says_so() -> None:
    table = month(0.0, 0.0).assign(mean_car=float("nan"))
    assert drift_in_words(table, WINDOWS) == ("The market model on SPY has no dates without news.",)


@pytest.mark.parametrize(("n", "which"), [(1, "one security"), (2, "two securities")])
def test_no_drift_is_claimed_of_so_few_securities(n: int, which: str) -> None:
    table = month(-0.011, 0.002, 0.006).assign(n_securities=n, pvalue=float("nan"))
    (told,) = drift_in_words(table, WINDOWS)
    assert f"dates without news are of {which}, which cannot tell a drift" in told
    assert told.endswith("own: none is claimed.")
    assert "%" not in told
    assert drift_in_words(table, WINDOWS, over=True) == ()


def test_a_mean_that_chance_explains_is_no_drift() -> None:
    table = month(-0.011, 0.002, 0.006).assign(pvalue=0.06)
    (told,) = drift_in_words(table, WINDOWS)
    assert "finds over 1-month −1.1% at random dates (error 0.4 points)" in told
    assert told.endswith("over 0.3 points, but no further from zero than chance takes it.")
    assert "drifts" not in told
    assert drift_in_words(table, WINDOWS, over=True) == ()
