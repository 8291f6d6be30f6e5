"""Days of events in one compiled pass are those of tables laid out, ties and gaps included."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtest.prices import Returns
from backtest.study import EventStudy, MarketModel, Window
from backtest.study.inference.days import one_pass
from backtest.study.inference.days.kernels import (
    add_ranks,
    add_signs,
    in_order,
    score,
    tied_ranks,
)
from backtest.study.inference.days.one_pass import (
    all_but_sorted,
    centred_up_to,
    in_one_pass,
    shifts_in_one_pass,
)
from backtest.study.inference.days.table import TableOfDays, centred_ranks, sums_at_shifts
from backtest.study.normal import GarchMarketModel, MeanAdjusted, MultiFactor, NormalModel
from tests.test_backtest.study.test_inference_by_security import WINDOWS, market

VALUES = st.sampled_from([np.nan, -2.0, -1.0, 0.0, 0.5, 0.5000001, 1.0, 3.0])


def stale(returns: Returns) -> Returns:
    """The same with many returns of exactly zero, so that days tie."""
    quiet = np.random.default_rng(3).random(returns.values.shape) < 0.3
    quiet[:, -2:] = False
    return dataclasses.replace(returns, values=np.where(quiet, 0.0, returns.values))


@pytest.mark.parametrize("name", WINDOWS)
@pytest.mark.parametrize(
    "model",
    [MarketModel("MKT"), MultiFactor(("MKT", "IND")), MeanAdjusted(), GarchMarketModel("MKT")],
    ids=lambda model: model.name,
)
def test_one_pass_gives_the_tables_sums(
    model: NormalModel, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_pass, "CHUNK", 31)
    monkeypatch.setattr(one_pass, "_STRETCH", 47)
    returns, events = market(90)
    result = EventStudy(model, Window(-130, -11), WINDOWS).fit(events, stale(returns))
    window = result.cross_section(name).window
    table, passed = TableOfDays(window), in_one_pass(window)
    for one, other in zip(shifts_in_one_pass(window), sums_at_shifts(window), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    for field in dataclasses.fields(passed):
        got, wanted = getattr(passed, field.name), getattr(table, field.name)
        both = zip(got, wanted, strict=True) if isinstance(got, tuple) else [(got, wanted)]
        for one, other in both:
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12, err_msg=field.name)
    assert len(np.unique(window.abnormal.residuals[0])) < window.abnormal.residuals.shape[1]


FINE = st.one_of(st.floats(-3, 3), VALUES)


@settings(deadline=None)  # the first example compiles
@given(st.lists(FINE, min_size=1, max_size=9), st.lists(FINE, min_size=1, max_size=5))
def test_ranks_added_are_those_of_all_values(before: list[float], later: list[float]) -> None:
    values, after = np.array(before), np.array(later)
    order, n = np.argsort(values), int(np.isfinite(values).sum())
    whole = np.concatenate([values, after])
    there, sums = np.isfinite(whole), np.zeros(len(whole))
    middle = add_ranks(values[order], order, n, after, centred_up_to(len(whole)), sums)
    np.testing.assert_array_equal(sums, np.nan_to_num(centred_ranks(whole[None])[0]))
    merged = np.zeros(len(whole))
    assert_same(tied_ranks(values[order], order, n, after, *in_order(after), merged), middle)
    np.testing.assert_array_equal(merged, sums)
    assert_same(middle, np.median(whole[there]) if there.any() else np.nan)
    signs = np.zeros(len(whole))
    add_signs(whole, middle, 0, signs)
    np.testing.assert_array_equal(signs, np.nan_to_num(np.sign(whole - middle)))


def assert_same(one: float, other: float) -> None:
    np.testing.assert_array_equal(one, other)


ROUNDED = st.sampled_from([None, 1, 0])


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7), ROUNDED, st.floats(0, 0.9))
def test_scores_are_those_of_a_table_with_and_without_ties(
    seed: int, n_window: int, decimals: int | None, gaps: float
) -> None:
    rng = np.random.default_rng(seed)
    days = rng.normal(size=(6, 20 + n_window))
    if decimals is not None:
        days[::2] = days[::2].round(decimals)  # the events between keep their own values
    days[rng.random(days.shape) < gaps] = np.nan
    sigma, event = rng.choice([0.5, 0.7, 1.0], 6), rng.choice([np.nan, 0.0, 0.7, 1.4], 6)
    residual, later = days[:, :20].copy(), days[:, 20:].copy()
    scaled, standard = residual / sigma[:, None], later / 0.7
    sums, general = np.zeros((3, days.shape[1])), np.zeros(21)
    place, history, positive = np.empty(6), *np.empty((2, 6), dtype=np.int64)
    score(
        residual, all_but_sorted(residual), sigma, later, standard, event,
        centred_up_to(days.shape[1]), sums, general, place, history, positive,
    )  # fmt: skip
    middle = np.array([[np.median(row[np.isfinite(row)])] if np.isfinite(row).any() else [0.0]
                       for row in days])  # fmt: skip
    wanted = [
        centred_ranks(days), centred_ranks(np.hstack([scaled, standard])), np.sign(days - middle)
    ]  # fmt: skip
    np.testing.assert_allclose(sums, np.nansum(wanted, axis=1), atol=1e-13)
    with_event = centred_ranks(np.hstack([scaled, event[:, None]]))
    np.testing.assert_allclose(general, np.nansum(with_event, axis=0), atol=1e-13)
    below, level = scaled < event[:, None], scaled == event[:, None]
    assert history.tolist() == np.isfinite(residual).sum(axis=1).tolist()
    assert positive.tolist() == (residual > 0).sum(axis=1).tolist()
    ranks = 1 + below.sum(axis=1) + level.sum(axis=1) / 2
    np.testing.assert_array_equal(place, ranks / (history + 2) - 0.5)


BESIDE = (1.0, np.nextafter(1.0, 2), np.nextafter(1.0, 0), -1.0, np.nextafter(-1.0, 0))
CLOSE = st.sampled_from([*BESIDE, 0.0, -0.0, 5e-324, -5e-324, 0.02, -300.0, np.nan])


@settings(deadline=None)
@given(st.lists(CLOSE, min_size=1, max_size=40))
def test_days_whose_returns_differ_in_the_last_bit_have_the_ranks_of_their_order(
    values: list[float],
) -> None:
    row = np.array([values])
    order = all_but_sorted(row)
    assert sorted(order[0].tolist()) == list(range(len(values)))
    n = int(np.isfinite(row).sum())
    assert np.isfinite(row[0, order[0, :n]]).all()  # what is missing stands last
    wanted = centred_ranks(np.hstack([row, [[0.5]]]))[0]
    one, half = np.ones(1), np.array([[0.5]])
    sums, general = np.zeros((3, len(values) + 1)), np.zeros(len(values) + 1)
    places = np.empty(1), *np.empty((2, 1), dtype=np.int64)
    scores = centred_up_to(len(values) + 1)
    score(row, order, one, half, half, half[0], scores, sums, general, *places)
    np.testing.assert_array_equal(sums[0], np.nan_to_num(wanted))
    assert places[1] == n
