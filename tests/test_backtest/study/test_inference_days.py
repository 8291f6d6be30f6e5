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
from backtest.study.inference.days.kernels import add_signs, merged_ranks, score
from backtest.study.inference.days.one_pass import (
    all_but_sorted,
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


@settings(deadline=None)  # the first example compiles
@given(st.lists(VALUES, min_size=1, max_size=9), st.lists(VALUES, min_size=1, max_size=5))
def test_merged_ranks_are_those_of_all_values(before: list[float], later: list[float]) -> None:
    values, after = np.array(before), np.array(later)
    order, n = np.argsort(values), int(np.isfinite(values).sum())
    size = len(values) + len(after)
    sums, counts = np.zeros(size), np.zeros(size, dtype=np.int64)
    middle = merged_ranks(values[order], order, n, after, sums, counts)
    whole = np.concatenate([values, after])
    there = np.isfinite(whole)
    assert counts.tolist() == there.astype(int).tolist()
    np.testing.assert_array_equal(sums[there], centred_ranks(whole[None])[0][there])
    if there.any():
        assert middle == np.median(whole[there])
        add_signs(whole, middle, 0, sums, counts)
        assert counts.sum() == 2 * there.sum()


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
    size, one = (len(values) + 1,), np.ones(1)
    sums, counts = np.zeros((3, *size)), np.zeros((3, *size), dtype=np.int64)
    whole = np.zeros(size), np.zeros(size, dtype=np.int64)
    places = np.empty(1), *np.empty((2, 1), dtype=np.int64)
    half = np.array([[0.5]])
    score(row, order, one, half, half, half[0], sums, counts, *whole, *places)
    np.testing.assert_array_equal(sums[0], np.nan_to_num(wanted))
    assert counts[0].tolist() == [*np.isfinite(row[0]).astype(int), 1]
