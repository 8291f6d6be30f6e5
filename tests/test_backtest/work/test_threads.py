from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest
from threadpoolctl import threadpool_info

from backtest.work.cached import cached_property
from backtest.work.threads import beside, both, one_thread


def _threads() -> set[int]:
    import scipy.linalg.blas  # noqa: F401 -- brings a library that multiplies

    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_threads_inside_do_not_lift_the_limit() -> None:
    before = _threads()

    def multiply() -> None:
        with one_thread():
            pass

    with one_thread():
        inside = Thread(target=multiply)
        inside.start()
        inside.join()
        assert _threads() == {1}
    assert _threads() == before


def test_answers_come_in_the_order_of_the_items_and_the_first_is_alone() -> None:
    seen: list[int] = []

    def double(item: int) -> int:
        if item == 0:
            assert not seen
        seen.append(item)
        return 2 * item

    assert beside(double, range(20)) == [2 * item for item in range(20)]
    assert seen[0] == 0
    assert sorted(seen) == list(range(20))
    assert beside(double, []) == []


def test_both_are_done_at_once_each_on_one_thread_and_a_fault_of_either_is_told() -> None:
    before, meeting = _threads(), Barrier(2, timeout=10)

    def meet() -> set[int]:
        meeting.wait()  # only the two together come past here
        found = _threads()
        meeting.wait()
        return found

    assert both(meet, meet) == ({1}, {1})
    assert _threads() == before
    with pytest.raises(ZeroDivisionError):
        both(lambda: 1, lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        both(lambda: 1 // 0, lambda: 1)
    assert _threads() == before


class Slow:
    """Two of these can only come to an end together."""

    meeting = Barrier(2, timeout=10)

    @cached_property
    def value(self) -> int:
        """Waits for the other."""
        return self.meeting.wait() // 2

    @cached_property
    def other(self) -> object:
        """Made once."""
        return object()


def test_properties_of_two_objects_are_worked_out_at_the_same_time() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda one: one.value, [Slow(), Slow()])) == [0, 0]


def test_a_property_is_worked_out_once() -> None:
    one = Slow()
    assert one.other is one.other
    assert Slow.other.__doc__ == "Made once."
