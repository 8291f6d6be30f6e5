"""Pairs of events within a window, against the double loop they replace."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from events.conflicts import NEAREST, nearest_pairs

EVENTS = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-1, 12)), max_size=NEAREST)


@given(EVENTS, st.integers(-4, 0), st.integers(0, 4))
def test_pairs_are_those_of_a_double_loop(
    events: list[tuple[str, int]], before: int, after: int
) -> None:
    tickers = np.array([ticker for ticker, _ in events], dtype=object)
    position = np.array([where for _, where in events], dtype=np.int64)
    own, other = nearest_pairs(tickers, position, (before, after))
    expected = {
        (i, j)
        for i, (one, a) in enumerate(events)
        for j, (two, b) in enumerate(events)
        if i != j and one == two and a >= 0 and b >= 0 and before <= b - a <= after
    }
    assert set(zip(own.tolist(), other.tolist(), strict=True)) == expected
    assert len(own) == len(expected)
    assert own.tolist() == sorted(own.tolist())


def test_a_crowd_lists_the_nearest_only() -> None:
    crowd = 500
    own, other = nearest_pairs(np.array(["A"] * crowd, dtype=object), np.arange(crowd), (-400, 400))
    assert np.abs(other - own).max() == NEAREST
    assert (np.bincount(own) <= 2 * NEAREST).all()
    assert (np.bincount(own) >= NEAREST).all()
