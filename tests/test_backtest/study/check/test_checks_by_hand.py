"""Parts of the checks counted by hand: levels of words, rejections, curves, errors by group."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest import EventStudy, EventStudyResult, MeanAdjusted, Returns, Window
from backtest.errors import StudyError
from backtest.study.check.attributes import attribute_columns, attribute_values
from backtest.study.check.curve import SUMMARIES, aligned, joint_table, summaries
from backtest.study.check.groups import compare_groups, differences, pairs
from backtest.study.check.matched import clustered_error
from backtest.study.check.regression import Clusters, robust, wild
from backtest.study.check.rejections import LEAST, pvalues, rejection_table
from backtest.study.inference.nonparametric.bmp_shift import Shifted
from backtest.study.running_sums import Floats

DAYS = pd.bdate_range("2023-01-02", periods=320)
NAN = float("nan")


def study(n: int, **columns: object) -> EventStudyResult:
    """So many events of as many securities, 8 sessions apart, with columns of their own."""
    names = [f"S{i}" for i in range(n)]
    values = np.random.default_rng(3).normal(0.001, 0.01, (320, n))
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(n)],
            "ticker": names,
            "event_session": DAYS[[140 + 8 * i for i in range(n)]],
            **columns,
        }
    )
    windows = {"w": Window(0, 0), "wide": Window(-1, 3)}
    returns = Returns.from_frame(pd.DataFrame(values, index=DAYS, columns=names))
    return EventStudy(MeanAdjusted(), Window(-130, -11), windows, None).fit(events, returns)


# Attributes.


@pytest.mark.parametrize(
    ("words", "columns", "note"),
    [
        ("aaaabbb", {"=b": "b"}, "compared with a"),
        ("aaaabbbbc", {"=b": "b"}, "compared with other; other joins c (1), a (4), as"),
        ("aaaabbbbbcd", {"=b": "b"}, "compared with other; other joins c (1), d (1), a (4)"),
        ("aaaabbbcde", {"=b": "b", "=other": "cde"}, "compared with a; other joins c (1), d (1)"),
        ("aaaabbbcdd", {"=b": "b", "=other": "cdd"}, "compared with a; other joins c (1), d (2)"),
        ("aaaa", {}, "left out, every event is a"),
        ("aabb", {}, "left out, every event is other; other joins a (2), b (2), as fewer than 3"),
        ("    aaa", {"=a": "a"}, "compared with empty"),
    ],
)  # fmt: skip
def test_levels_of_a_column_of_words(words: str, columns: dict[str, str], note: str) -> None:
    """Most frequent first; what fewer than three have joins, and is no single event."""
    values = [None if word == " " else word for word in words]
    found = attribute_columns(study(len(words), kind=values), ["kind"])
    wanted = {f"kind{end}": [float(one in of) for one in words] for end, of in columns.items()}
    assert {name: found.columns[name].tolist() for name in found.columns} == wanted
    assert found.notes["kind"].startswith(f"kind: {note}")
    assert found.covered.all()


def test_numbers_are_as_they_are_and_events_without_one_are_left_out() -> None:
    size = [1.0, 2.0, NAN, 4.0, np.inf, 6.0]
    kind = ["a", "a", "a", "b", "b", "b"]
    result = study(6, size=size, kind=kind)
    found = attribute_columns(result, ["size", "kind"])
    assert found.covered.tolist() == [True, True, False, True, False, True]
    assert found.columns["size"].tolist() == [1, 2, 4, 6]
    assert list(found.columns) == ["size"]  # two a's and two b's are no levels
    some = attribute_columns(result, ["size"], np.array([True, False, True, True, True, True]))
    assert some.columns["size"].tolist() == [1, 4, 6]
    assert attribute_columns(result, []).columns.shape == (6, 0)


def test_the_log_of_an_amount_and_the_run_up() -> None:
    result = study(5, amount_usd=[math.e, 1.0, 0.0, -5.0, NAN])
    found = attribute_values(result, "log_amount")
    np.testing.assert_allclose(found, [1.0, 0.0, NAN, NAN, NAN])
    measured = result.measured
    before = (measured.days >= -5) & (measured.days <= -1)
    np.testing.assert_allclose(
        attribute_values(result, "run_up"), measured.abnormal[:, before].sum(axis=1)
    )
    with pytest.raises(StudyError, match=r"'run-up' of the .*did you mean 'run_up'"):
        attribute_values(result, "run-up")


# Rejections.


@pytest.mark.parametrize(("n", "rate"), [(LEAST - 1, False), (LEAST, True)])
def test_a_rate_needs_twenty_answers(n: int, rate: bool) -> None:
    drawn = [np.array([[[p]]]) for p in [*([0.05] * n), *([NAN] * 7)]]
    found = rejection_table(drawn, [0.0], ["w"], ["t"]).set_index("level")
    assert found["n_replications"].tolist() == [n] * 3
    if not rate:
        assert found["rejected"].isna().all()
        assert found["why_not"].eq("only 19 replications gave an answer").all()
        return
    assert found["rejected"].tolist() == [0, 1, 1]  # 0.05 is rejected at 5%
    about = np.sqrt(np.array([0.01 * 0.99, 0.05 * 0.95, 0.1 * 0.9]) / n)
    np.testing.assert_allclose(found["mc_error"], about)  # that of the level at 0 and at 1


def test_rejections_are_counted_cell_by_cell() -> None:
    drawn = np.full((40, 2, 1, 2), 0.5)
    drawn[:10, 1, 0, 0] = 0.03
    drawn[:30, 0, 0, 1] = 0.005
    drawn[35:, 0, 0, 1] = NAN
    found = rejection_table(list(drawn), [0.0, 0.02], ["w"], ["s", "t"])
    table = found.set_index(["effect", "test", "level"])["rejected"]
    assert table[0.02, "s"].tolist() == [0, 0.25, 0.25]
    assert table[0.0, "t"].tolist() == pytest.approx([30 / 35] * 3)
    assert table[0.0, "s"].tolist() == table[0.02, "t"].tolist() == [0, 0, 0]
    error = found.set_index(["effect", "test", "level"])["mc_error"][0.02, "s", 0.05]
    assert error == pytest.approx(np.sqrt(0.25 * 0.75 / 40))


def test_an_effect_is_added_to_day_0_of_every_event() -> None:
    result = study(8)
    found = pvalues(result, [0.0, 0.02], ["cross_t", "bmp_t"])
    assert found.shape == (2, 2, 2)
    for w, name in enumerate(result.named_windows):
        window = result.window(name)
        for e, effect in enumerate([0.0, 0.02]):
            cars = window.car + effect
            assert found[e, w, 0] == pytest.approx(stats.ttest_1samp(cars, 0).pvalue)
            assert found[e, w, 1] == pytest.approx(
                stats.ttest_1samp(cars / window.car_se, 0).pvalue
            )


# Curves.


def shifted(score: float, first: int, scores: list[float]) -> Shifted:
    return Shifted(score, 9.0, score, np.arange(first, first + len(scores)), np.array(scores))


def test_specifications_are_held_to_the_shifts_that_all_have() -> None:
    own, drawn = aligned([shifted(1.0, -9, [1, 2, 3, 4]), shifted(2.0, -8, [5, 6, 7])])
    assert own.tolist() == [1, 2]
    assert drawn.tolist() == [[2, 5], [3, 6], [4, 7]]


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ([2.0, 2.0, 0.0], [2.0, 2 / 3, 4 / 3]),
        ([-2.0, -2.0, 0.0], [-2.0, 2 / 3, -4 / 3]),
        ([-2.0, 2.0], [0.0, 0.5, 0.0]),  # a median of 0 counts what is above
        ([1.959, 1.961], [1.96, 0.5, 1.96]),
    ],
)
def test_summaries_of_a_curve(scores: list[float], found: list[float]) -> None:
    assert summaries(np.array([scores]))[0].tolist() == pytest.approx(found)


@pytest.mark.parametrize(("n", "there"), [(18, False), (19, True)])
def test_nineteen_shifts_judge_a_curve(n: int, there: bool) -> None:
    draws = np.linspace(-3, 3, n)
    table = joint_table([("w", shifted(3.0, -200, list(draws))), ("w", "no shifts at all")])
    assert table["summary"].tolist() == list(SUMMARIES)
    assert table["n_specifications"].tolist() == [1] * 3
    assert table["n_shifts"].tolist() == [n] * 3
    if there:
        assert table["value"].tolist() == [3, 1, 3]
        beyond = (np.abs(draws) > 1.96).sum()
        assert table["pvalue"].tolist() == pytest.approx([3 / 20, (1 + beyond) / 20, 3 / 20])
    else:
        why = "needs at least 19 shifts that all specifications have, got 18"
        assert table["why_not"].eq(why).all()
        assert table[["value", "pvalue"]].isna().all(axis=None)


def test_curves_of_two_windows_and_of_both_together() -> None:
    draws = list(np.linspace(-1, 1, 30))
    found = [("a", shifted(3.0, -200, draws)), ("b", shifted(0.0, -200, draws)), ("b", "too short")]
    table = joint_table(found).set_index(["window", "summary"])
    assert list(dict.fromkeys(table.index.get_level_values(0))) == ["a", "b", "all"]
    assert table["value"].xs("mean score", level=1).tolist() == [3.0, 0.0, 1.5]
    assert table["n_specifications"].xs("mean score", level=1).tolist() == [1, 1, 2]
    nothing = joint_table([("a", "too short"), ("a", "no events")])
    assert nothing["why_not"].eq("no specification has shifts: too short").all()


# Errors by group, regressions.


def test_the_error_of_a_mean_by_groups() -> None:
    values = np.array([1.0, 3.0, -2.0, 0.0, 5.0])
    away = values - values.mean()
    sums = np.array([away[[0, 2]].sum(), away[[1]].sum(), away[[3, 4]].sum()]) / 5
    wanted = np.sqrt(3 / 2 * (sums**2).sum())
    assert clustered_error(values, ["x", "y", "x", "z", "z"]) == pytest.approx(wanted)
    weights = np.array([0.1, 0.2, 0.3, 0.3, 0.1])
    away = weights * (values - weights @ values)
    sums = np.array([away[[0, 2]].sum(), away[1], away[[3, 4]].sum()])
    wanted = np.sqrt(3 / 2 * (sums**2).sum())
    assert clustered_error(values, ["x", "y", "x", "z", "z"], weights) == pytest.approx(wanted)
    alone = clustered_error(values, list("abcde"))
    assert alone == pytest.approx(values.std(ddof=1) / np.sqrt(5))
    assert np.isnan(clustered_error(values, ["x"] * 5))
    assert np.isnan(clustered_error(values[:0], []))


X = np.column_stack([np.ones(9), [1, 2, 3, 4, 5, 6, 7, 8, 10.0]])
Y = np.array([0.1, 0.3, 0.2, 0.5, 0.4, 0.9, 0.6, 0.8, 1.3])
CLUSTER = np.array([0, 0, 1, 2, 2, 3, 4, 5, 5])


def sandwich(y: Floats, member: Floats, scale: float) -> Floats:
    bread = np.linalg.inv(X.T @ X)
    left = y - X @ bread @ X.T @ y
    scores = member.T @ (left[:, None] * X)
    return np.asarray(bread @ X.T @ y / np.sqrt(scale * np.diag(bread @ scores.T @ scores @ bread)))


def test_slopes_over_their_errors_by_cluster() -> None:
    member = (CLUSTER[:, None] == np.arange(6)).astype(float)
    scale, fitted = 6 / 5 * 8 / 7, 2 - X[:, 1]
    flips = np.array([np.ones(6), [1, -1, 1, 1, -1, 1]])
    for term in range(2):
        found = Clusters(X, CLUSTER).flipped_ts(fitted, Y, flips, term)
        wanted = [sandwich(fitted + signs[CLUSTER] * Y, member, scale)[term] for signs in flips]
        np.testing.assert_allclose(found, wanted)


def test_wild_p_values_over_all_flips() -> None:
    """The null imposed: residuals of the other columns alone, flipped cluster by cluster."""
    member = (CLUSTER[:, None] == np.arange(6)).astype(float)
    scale = 6 / 5 * 8 / 7
    own, wanted = sandwich(Y, member, scale), []
    for j in range(2):
        other = X[:, [1 - j]]
        fitted = other @ np.linalg.lstsq(other, Y, rcond=None)[0]
        drawn = [
            sandwich(fitted + np.array(signs)[CLUSTER] * (Y - fitted), member, scale)[j]
            for signs in product([1, -1], repeat=6)
        ]
        wanted.append(np.mean(np.abs(drawn) >= abs(own[j]) * (1 - 1e-9)))
    np.testing.assert_allclose(wild(Y, X, CLUSTER), wanted)


def test_robust_errors_are_hc3() -> None:
    bread = np.linalg.inv(X.T @ X)
    left = (Y - X @ bread @ X.T @ Y) / (1 - np.diag(X @ bread @ X.T))
    error = np.sqrt(np.diag(bread @ (X.T * left**2) @ X @ bread))
    found = robust(Y, X)
    np.testing.assert_allclose(found["se"], error)
    t = np.asarray(found["t"])
    np.testing.assert_allclose(found["pvalue"], 2 * stats.t.sf(np.abs(t), 7))
    assert found["df"] == 7


# Groups.


def test_groups_are_held_against_all_others_and_against_one_another() -> None:
    kind = ["a"] * 3 + ["b"] * 4 + ["c"] * 2 + ["d"] * 3
    result = study(12, kind=kind)
    car = result.window("wide").car
    of = {level: car[np.array(kind) == level] for level in "abcd"}
    table = differences(result, "kind").query("window == 'wide'").set_index("group_value")
    assert table["n_events"].to_dict() == {"a": 3, "b": 4, "c": 2, "d": 3}
    assert table.loc["a", "n_others"] == 9
    assert table.loc["a", "mean_car"] == pytest.approx(of["a"].mean())
    assert table.loc["a", "mean_car_others"] == pytest.approx(car[3:].mean())
    assert "needs at least 3 events in either group" in table.loc["c", "why_not"]
    two = pairs(result, "kind").query("window == 'wide'")
    assert [*zip(two["group_value"], two["other_value"], strict=True)] == [
        ("b", "a"), ("b", "d"), ("a", "d"),
    ]  # fmt: skip
    assert two["mean_car_others"].tolist() == pytest.approx([of["a"].mean(), *[of["d"].mean()] * 2])
    largest = pairs(result, "kind", most=2)
    assert set(zip(largest["group_value"], largest["other_value"], strict=True)) == {("b", "a")}
    one = compare_groups(result, "kind", "d", "b").query("window == 'wide'").iloc[0]
    assert (one["n_events"], one["n_others"]) == (3, 4)
    assert one["mean_car"] == pytest.approx(of["d"].mean())
    assert one["difference"] == pytest.approx(
        -compare_groups(result, "kind", "b", "d").iloc[1]["difference"]
    )
