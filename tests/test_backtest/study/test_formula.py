"""Regressions by formula.

Estimates held to their formulas, what is left out is named, nothing but columns runs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, EventStudyResult, MarketModel
from backtest.errors import StudyError
from backtest.study.check.designs import independent
from backtest.study.check.formula.allowed import parsed

N = 60


@pytest.fixture(scope="module")
def result() -> EventStudyResult:
    rng = np.random.default_rng(11)
    market = independent(rng, N)
    value = np.exp(rng.normal(0, 1, N))
    events = market.events.assign(
        value=value,
        method=np.where(np.arange(N) % 3 == 0, "cash", "stock"),
        sic=np.arange(N) % 10,
        year=np.arange(N) % 7,
        alone=["only" if i == 5 else "many" for i in range(N)],
    )
    events["Deal Value"] = value
    events["holes"] = np.where(np.arange(N) < 3, np.nan, value)
    events["zero"] = np.where(np.arange(N) == 7, 0.0, value)
    return EventStudy(MarketModel("MKT"), estimation=market.estimation, windows={"w": (0, 1)}).fit(
        events, market.returns
    )


def sandwich(x: np.ndarray, residual: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The clustered variance, summed cluster by cluster, with the small-sample factor."""
    bread = np.linalg.inv(x.T @ x)
    meat = np.zeros_like(bread)
    for one in np.unique(group):
        score = x[group == one].T @ residual[group == one]
        meat += np.outer(score, score)
    g, (n, k) = len(np.unique(group)), x.shape
    return g / (g - 1) * (n - 1) / (n - k) * bread @ meat @ bread


def design(result: EventStudyResult) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    events = result.events
    y = result.window("w").car
    stock = (events["method"] == "stock").to_numpy(dtype=float)
    x = np.column_stack([np.ones(N), np.log(events["value"]), stock])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    return x, beta, y - x @ beta


def test_what_rounding_leaves_of_a_clustered_error_is_no_error(result: EventStudyResult) -> None:
    """The mean of a level that is a cluster does not vary between clusters."""
    table = result.regress("car ~ C(sic)", cluster="sic", placebo_days=False).table
    of_clusters = ["se_cluster", "t_cluster", "pvalue_cluster", "pvalue_wild"]
    assert table[of_clusters].isna().all(axis=None)
    assert table["se"].gt(0).all()
    assert table["why_not"].unique().tolist() == [
        "clustered: 10 coefficients without spread between clusters, as of a level all in one "
        "cluster"
    ]


def test_one_and_two_way_clustered_errors_are_the_formulas(result: EventStudyResult) -> None:
    x, beta, residual = design(result)
    events = result.events
    sic, year = events["sic"].to_numpy(), events["year"].to_numpy()
    one = result.regress("car ~ log(value) + C(method)", cluster="sic").table
    np.testing.assert_allclose(one["coefficient"], beta, rtol=1e-9)
    expected = np.sqrt(np.diag(sandwich(x, residual, sic)))
    np.testing.assert_allclose(one["se_cluster"], expected, rtol=1e-9)
    both = result.regress("car ~ log(value) + C(method)", cluster=["sic", "year"]).table
    pair = sic * 100 + year
    variance = sum(sandwich(x, residual, group) for group in (sic, year))
    variance = variance - sandwich(x, residual, pair)
    np.testing.assert_allclose(both["se_cluster"], np.sqrt(np.diag(variance)), rtol=1e-9)
    assert both["clusters"].unique().tolist() == ["sic (10), year (7)"]
    assert one["df_cluster"].unique().tolist() == [9.0]
    assert both["df_cluster"].unique().tolist() == [6.0]
    assert one["pvalue_wild"].between(0, 1).all()
    assert one["n_placebo"].iloc[0] >= 19
    assert one["pvalue_placebo"].between(0, 1).all()
    assert one["pvalue_gls"].between(0, 1).all()
    assert np.isfinite(one[["coefficient_gls", "se_gls", "se_placebo"]]).all(axis=None)


def test_a_true_slope_is_found(result: EventStudyResult) -> None:
    events = result.events.assign(twice=result.window("w").car * 50)
    study = EventStudyResult(result.measured, result.named_windows, result.dropped)
    study.__dict__["events"] = events
    table = study.regress("car ~ twice", cluster="sic", placebo_days=False).table
    assert table["coefficient"].iloc[1] == pytest.approx(0.02)
    assert table["r_squared"].iloc[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        ("car ~ holes", "3 events left out: a value is missing in 0, 1, 2 (holes)"),
        ("car ~ log(zero)", "1 event left out: no finite number, as the logarithm of nothing"),
        ("car ~ C(alone)", "1 event left out, each the only one of its level: 5"),
        ("car ~ C(alone)", "others already say them: C(alone)[T.only]"),
        ("car ~ value + I(value*2)", "others already say them: I(value * 2)"),
        ("car ~ C(method)", "levels of method: cash (20), stock (40)"),
    ],
)
def test_what_was_left_out_is_named(result: EventStudyResult, formula: str, note: str) -> None:
    found = result.regress(formula, placebo_days=False)
    assert any(note in one for one in found.notes), found.notes
    assert note in "; ".join(found.table["note"])


@pytest.mark.parametrize(
    ("formula", "terms"),
    [
        ("car ~ log(`Deal Value`)", ["constant", "log(Deal Value)"]),
        ("car ~ C(method, base='stock')", ["constant", "C(method, base='stock')[T.cash]"]),
        ("scar ~ value:sic", ["constant", "value:sic"]),
        ("bhar ~ poly(value, 2) - 1", ["poly(value, 2)[1]", "poly(value, 2)[2]"]),
        (
            "car ~ standardize(value) + center(sic)",
            ["constant", "standardize(value)", "center(sic)"],
        ),
        ("car ~ I(value**2) + run_up", ["constant", "I(value ** 2)", "run_up"]),
    ],
)
def test_what_a_formula_may_say(result: EventStudyResult, formula: str, terms: list[str]) -> None:
    table = result.regress(formula, placebo_days=False).table
    assert table["term"].tolist() == terms
    assert np.isfinite(table["coefficient"].astype(float)).all()


@pytest.mark.parametrize(
    "formula",
    [
        "car ~ __import__('os').system('touch broken')",
        "car ~ __import__('os')",
        "car ~ value.to_csv('x')",
        "car ~ eval('1')",
        "car ~ eval(value)",
        "car ~ open(value)",
        "car ~ getattr(value, 'x')",
        "car ~ {value}",
        "car ~ value[0]",
        "car ~ (lambda: 1)()",
        "car ~ [x for x in value]",
        "car ~ I(value if 1 else 2)",
        "car ~ I(9**9**9)",
        "car ~ I(value**999)",
        "car ~ (value+sic)**99",
        "car ~ C(method, contr.treatment(base='x'))",
        "car ~ `value`.values",
        "car ~ log(value, out=value)",
        "car ~ C(method, spans_intercept=1)",
        "car ~ value; import os",
        "car ~ f'{value}'",
        "car ~ value\nimport os",
        "car ~ .",
        "car ~ a ~ b",
        "car",
        "price ~ value",
        "__import__('os') ~ value",
        "car ~ log(method)",
        "car ~ valeu",
    ],
)
def test_nothing_else_is_run(result: EventStudyResult, formula: str) -> None:
    with pytest.raises(StudyError, match="formula"):
        result.regress(formula, placebo_days=False)


def test_an_unknown_column_names_the_nearest(result: EventStudyResult) -> None:
    with pytest.raises(StudyError, match="did you mean 'method'"):
        result.regress("car ~ Methd")
    with pytest.raises(StudyError, match="did you mean 'Deal Value'"):
        result.regress("car ~ deal_value")
    with pytest.raises(StudyError, match="cluster: the events have no column 'sicc'"):
        result.regress("car ~ value", cluster="sicc")
    with pytest.raises(StudyError, match="clustered by one or two"):
        result.regress("car ~ value", cluster="sic,year,method")


def test_few_clusters_and_few_events_say_so(result: EventStudyResult) -> None:
    few = result.regress("car ~ value", cluster="method", placebo_days=False).table
    assert few["why_not"].iloc[0] == "clustered: needs at least 6 clusters, got 2"
    assert few["se_cluster"].isna().all()
    assert few["se"].gt(0).all()
    many = result.regress("car ~ C(ticker)", placebo_days=False).table
    assert many["coefficient"].isna().all()
    assert many["why_not"].str.startswith("needs at least").all()


def test_a_cluster_that_is_missing_leaves_its_event_out(result: EventStudyResult) -> None:
    table = result.regress("car ~ value", cluster="holes", placebo_days=False).table
    assert table["n_events"].unique().tolist() == [N - 3]


def test_a_formula_keeps_its_quoted_names() -> None:
    read = parsed("car ~ `Deal Value` + C(`Pay by`)")
    assert list(read.columns.values()) == ["Deal Value", "Pay by"]
    assert read.written("C(quoted_1)[T.x]") == "C(Pay by)[T.x]"


def test_the_result_shows_itself(result: EventStudyResult) -> None:
    found = result.regress("car ~ value", cluster="sic", placebo_days=False)
    assert repr(found).startswith("<Regression car ~ value, clustered by sic>")
    assert isinstance(found.table, pd.DataFrame)
