"""Texts that differ in their numbers alone.

Stored once as what they share, and each as its numbers.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+−±]?\d[\d.,]*%?")
_HOLE, _NEXT = "\x00", "\x01"
CELL = "\x02"  # between the cells of a row, or the sentences of an answer


class Texts:
    r"""Texts by their templates, in the order they were first met.

    >>> texts = Texts()
    >>> texts.add("+1.2% over 3 events"), texts.add("−0.4% over 12 events")
    ('0\x01+1.2%\x013', '0\x01−0.4%\x0112')
    >>> texts.templates
    ['\x00 over \x00 events']
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def templates(self) -> list[str]:
        """What texts share, a hole for each number."""
        return list(self._places)

    def add(self, text: str) -> str:
        """A text as the place of its template and its numbers."""
        text = text.replace(_HOLE, "").replace(_NEXT, "")
        place = self._places.setdefault(_NUMBER.sub(_HOLE, text), len(self._places))
        return _NEXT.join([str(place), *_NUMBER.findall(text)])
