"""Texts that differ by a few words in them, put together many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Ints = NDArray[np.int64]
_FORMS = 10_000  # kept at a time


class Forms:
    """The texts of each kind about their gaps; `made` gives them for one that is of the kind."""

    def __init__(self, made: Callable[[int], Sequence[str]]) -> None:
        self.made, self.known = made, dict[int, Sequence[str]]()

    def filled(self, kinds: Ints, each: Ints, *words: pa.Array) -> pa.Array:
        """Texts (N,) of these kinds for `each`, and in their gaps, one after the other, words."""
        import pyarrow as pa
        from pyarrow.compute import binary_join_element_wise

        asked, first, place = np.unique(kinds, return_index=True, return_inverse=True)
        if len(self.known) + len(asked) > _FORMS:
            self.known.clear()
        for kind, one in zip(asked.tolist(), each[first].tolist(), strict=True):
            if kind not in self.known:
                self.known[kind] = self.made(one)
        about = zip(*(self.known[kind] for kind in asked.tolist()), strict=True)
        columns = [pa.array(texts).take(pa.array(place)) for texts in about]
        mixed = [columns[0]]
        for word, text in zip(words, columns[1:], strict=True):
            mixed += [word, text]
        return binary_join_element_wise(*mixed, "")


def joined(texts: pa.Array, starts: Ints | Sequence[int], between: str) -> pa.Array:
    """The texts from each of the starts to the next (N + 1,), joined: (N,)."""
    import pyarrow as pa
    from pyarrow.compute import binary_join

    offsets = pa.array(starts, pa.int32())
    return binary_join(pa.ListArray.from_arrays(offsets, texts), between)


def quoted(texts: pa.Array) -> pa.Array:
    """Texts as JSON has them between its quotes; null where there is none."""
    import pyarrow as pa

    words = texts.to_pylist()
    return pa.array([word and encode_basestring(word)[1:-1] for word in words], pa.string())
