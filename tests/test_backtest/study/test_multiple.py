"""Our Holm, which works on all families at once, is statsmodels' Holm family by family."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from backtest.study.inference.joint.multiple import holm

PVALUE = st.floats(0, 1) | st.just(float("nan"))


@given(st.lists(st.tuples(PVALUE, st.integers(0, 3)), max_size=20))
def test_holm_agrees_with_statsmodels(drawn: list[tuple[float, int]]) -> None:
    pvalues = np.array([p for p, _ in drawn], dtype=float)
    family = np.array([f for _, f in drawn], dtype=np.int64)
    found = holm(pvalues, family)
    for member in np.unique(family):
        mine = (family == member) & np.isfinite(pvalues)
        if mine.any():
            with patch("gc.collect"):  # statsmodels collects garbage on every call
                theirs = multipletests(pvalues[mine], method="holm")[1]
            np.testing.assert_allclose(found[mine], theirs, rtol=1e-12)
    assert np.isnan(found[~np.isfinite(pvalues)]).all()
