"""What is kept of a study is known by all its numbers rest on; averages day by day, by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from backtest import EventStudy, EventStudyResult, MarketModel, Returns, Window
from backtest.study.inference import by_security, spread
from backtest.study.inference.parametric.shared_shock import mean_test
from backtest.study.inference.spread import content_of
from backtest.study.measure.event_windows import plain_window
from backtest.work import Kept

DAYS = pd.bdate_range("2022-01-03", periods=420)
WINDOWS = {"w": Window(0, 0), "wide": Window(-2, 2)}


@cache
def study() -> EventStudyResult:
    """Events in pairs on a date, of two kinds and one sort; the last lacks its last days."""
    n, names = 8, [f"S{i}" for i in range(8)]
    values = np.random.default_rng(5).normal(0, 0.01, (420, n + 1))
    values[:, 1:] += 0.7 * values[:, [0]]
    rows = [300 + 15 * (i // 2) for i in range(n - 1)] + [417]
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(n)],
            "ticker": names,
            "event_session": DAYS[rows],
            "kind": ["a", "b", "a", "a"] * (n // 4),
            "sort": "one",
        }
    )
    fit = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, None, horizon=Window(-4, 6))
    return fit.fit(events, Returns.from_frame(pd.DataFrame(values, DAYS, ["MKT", *names])))


# What is kept.


def changed(result: EventStudyResult, what: str) -> EventStudyResult:
    """The same result with one of its parts a little different."""
    measured = result.measured
    panel, events, fit = measured.panel, measured.events, measured.fit
    if what in ("y", "x", "estimable"):
        values = getattr(panel, what).copy()
        values[5] = ~values[5] if what == "estimable" else values[5] + 1e-9
        return replace(result, measured=replace(measured, panel=replace(panel, **{what: values})))
    if what == "effect":
        return replace(result, measured=replace(measured, effect=1e-9))
    if what == "sigma":
        return replace(result, measured=replace(measured, fit=replace(fit, sigma=fit.sigma + 1e-9)))
    if what in ("row", "column"):
        moved = replace(events, **{what: getattr(events, what)[::-1]})
        return replace(result, measured=replace(measured, events=moved))
    if what == "kind":
        source = events.source.assign(kind="b")
        return replace(result, measured=replace(measured, events=replace(events, source=source)))
    if what == "model":
        return replace(result, measured=replace(measured, model=MarketModel("MKT", name="other")))
    if what in ("estimation", "horizon"):
        shorter = Window(getattr(measured, what).start, getattr(measured, what).end - 1)
        return replace(result, measured=replace(measured, **{what: shorter}))
    return replace(result, named_windows={"w": Window(0, 0), "wide": Window(-2, 3)})


@pytest.mark.parametrize(
    "what",
    [
        "y", "x", "estimable", "effect", "sigma", "row", "column", "kind", "model",
        "estimation", "horizon", "windows",
    ],
)  # fmt: skip
def test_what_numbers_rest_on_is_in_the_name_they_are_kept_under(what: str) -> None:
    result = study()
    assert content_of(changed(result, what)) != content_of(result)
    assert content_of(result.bare()) == content_of(result)


@pytest.mark.parametrize("many", [False, True])
def test_tests_that_are_kept_are_not_made_again_and_others_are(
    many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if many:
        monkeypatch.setattr(by_security, "PAIRS_UP_TO", 3)
    kept, heard = Kept(tmp_path / "kept", least=0.0), list[tuple[int, int]]()
    made = study().bare().tests("all", "kind", kept=kept, progress=lambda *at: heard.append(at))
    assert set(heard) == {(done, 4) for done in range(5)}
    assert heard[-1] == (4, 4)
    monkeypatch.setattr(spread, "_outcomes", lambda _: pytest.fail("made again"))
    again = study().bare().tests("all", "kind", kept=Kept(tmp_path / "kept", least=0.0))
    pd.testing.assert_frame_equal(again, made)
    with pytest.raises(pytest.fail.Exception, match="made again"):
        changed(study(), "kind").tests("kind", kept=Kept(tmp_path / "kept", least=0.0))


@pytest.mark.parametrize("many", [False, True])
def test_groups_are_tested_as_studies_of_their_own(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positions among the events that can be measured are not those among all."""
    if many:
        monkeypatch.setattr(by_security, "PAIRS_UP_TO", 3)
    result = study()
    table = (
        result.tests("kind", "sort").query("test == 'bmp_t'").set_index(["group_value", "window"])
    )
    kind, numbers = result.events["kind"].to_numpy(), ["statistic", "pvalue", "n_events"]
    for name in WINDOWS:
        scar = result.window(name).scar
        for value in ("a", "b", "one"):
            own = scar[np.isfinite(scar) & ((kind == value) | (value == "one"))]
            t, p = stats.ttest_1samp(own, 0)
            assert table.loc[(value, name), numbers].tolist() == pytest.approx([t, p, len(own)])


# Averages.


def upper_end(events, test, start: float, step: float) -> float:  # type: ignore[no-untyped-def]
    """The effect that, taken from every event, the test rejects at just 5%."""
    bar = stats.t.ppf(0.975, test.df)

    def left(c: float) -> float:
        moved = events.scar - c / events.car_se
        return abs(test.weights @ moved) / np.sqrt(moved @ test.form(moved)) - bar

    return float(optimize.brentq(left, start, start + step))


@pytest.mark.parametrize("day", [-4, -3, -2, -1, 0, 1, 6])
def test_the_average_path_on_each_day(day: int) -> None:
    """Sums from day 0 on, and before it minus what is still to come; the eve is zero."""
    result = study()
    row = result.average_paths().set_index("day").loc[day]
    assert (row["group"], row["model"], row["benchmark"]) == ("all", "market", "MKT")
    if day == -1:
        assert row[["caar", "se", "weighted_mean", "low", "high"]].tolist() == [0] * 5
        return
    window = Window(0, day) if day >= 0 else Window(day + 1, -1)
    sign = 1 if day >= 0 else -1
    seen = plain_window(result.measured, window)
    there = np.isfinite(seen.scar)
    assert row["n_events"] == there.sum() == (7 if day > 2 else 8)
    assert row["caar"] == pytest.approx(sign * seen.car[there].mean())
    events = replace(result, named_windows={"p": window}).cross_section("p")
    variance = events.car_se @ events.correlation @ events.car_se
    assert row["se"] == pytest.approx(np.sqrt(variance) / there.sum())
    test = mean_test(events)
    assert test is not None
    middle = (test.weights @ events.scar) / (test.weights @ (1 / events.car_se))
    assert row["weighted_mean"] == pytest.approx(sign * middle)
    ends = sorted(sign * upper_end(events, test, middle, step) for step in (-0.2, 0.2))
    assert [row["low"], row["high"]] == pytest.approx(ends, rel=1e-6)


@pytest.mark.parametrize("many", [False, True])
def test_paths_of_groups_are_in_order_and_those_of_one_value_are_of_all(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if many:
        monkeypatch.setattr(by_security, "PAIRS_UP_TO", 3)
    result = study().bare()
    assert (result.pair_sums == "by security") is many
    table = result.average_paths("kind", "all", "sort")
    days = list(range(-4, 7))
    assert table["day"].tolist() == days * 4
    assert table["group_value"].tolist() == [v for v in ("a", "b", "all", "one") for _ in days]
    values = ["caar", "se", "weighted_mean", "low", "high", "n_events"]
    by_value = {value: one[values].to_numpy() for value, one in table.groupby("group_value")}
    np.testing.assert_array_equal(by_value["one"], by_value["all"])
    alone = result.average_paths()
    np.testing.assert_allclose(by_value["all"], alone[values].to_numpy(), rtol=1e-6)
    kinds = result.events["kind"].to_numpy()
    path = np.cumsum(result.measured.abnormal[:, 4:], axis=1)[kinds == "b"]
    own = table.query("group_value == 'b' and day >= 0")["caar"]
    np.testing.assert_allclose(own, path.mean(axis=0))
    assert table["benchmark"].eq("MKT").all()


def test_averages_of_a_window_are_those_of_its_cars() -> None:
    result = study()
    row = result.averages().set_index("window").loc["wide"]
    events = result.cross_section("wide")
    test = mean_test(events)
    assert test is not None
    assert row["n_events"] == 8
    assert (row["mean"], row["median"]) == pytest.approx((events.car.mean(), np.median(events.car)))
    assert row["share_positive"] == pytest.approx((events.car > 0).mean())
    assert (row["df"], row["n_eff"], row["delta"]) == pytest.approx(
        (test.df, test.n_eff, test.delta)
    )
    middle = row["weighted_mean"]
    ends = sorted(upper_end(events, test, middle, step) for step in (-0.2, 0.2))
    assert [row["low"], row["high"]] == pytest.approx(ends, rel=1e-6)
