"""Axes of a drawing: what values span, where ticks stand, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.draw.chart import Json
from reports.words import number, percent

_CHAR = 6.6  # pixels a letter of an 11-pixel label takes, on the safe side
_WIDER, _CAPITAL = 3.5, 1.4  # more for a sign or a percent sign, and for a capital
_MONTHS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Scale:
    """From values to pixels, with ticks as (pixel, label)."""

    low: float
    high: float
    start: float
    end: float
    kind: str = "number"
    names: tuple[str, ...] = ()

    def at(self, value: Any) -> float:
        """The pixel of a value, NaN for one that is missing."""
        share = (self.number(value) - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)

    def number(self, value: Any) -> float:
        """A value as a number: days for dates, the place in the list for names."""
        return as_number(value, self.kind, self.names)


def as_number(value: Any, kind: str, names: Sequence[str] = ()) -> float:
    """A value of an axis as a number, NaN where there is none.

    >>> as_number("2026-04-09", "date")
    739715.0
    """
    if value is None:
        return math.nan
    if isinstance(value, int | float):  # a tick, or a number already
        return float(value)
    if kind == "date":
        return float(date.fromisoformat(str(value)[:10]).toordinal())
    if kind == "category" and isinstance(value, str):
        return float(names.index(value))
    return float(value)


def kind_of(axis: Json, values: Sequence[Any]) -> str:
    """Whether an axis counts numbers, days or names."""
    if axis.get("type") in ("date", "category"):
        return str(axis["type"])
    if any(isinstance(value, str) for value in values):
        return "category"
    return "number"


def spanned(axis: Json, values: Sequence[float], *, zero: bool, tight: bool) -> tuple[float, float]:
    """What an axis shows: its own range, or the values with a little air."""
    if "range" in axis:
        return float(axis["range"][0]), float(axis["range"][1])
    known = [value for value in values if math.isfinite(value)]
    if zero:
        known.append(0.0)
    low, high = min(known, default=0.0), max(known, default=1.0)
    if low == high:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    if tight:
        air = 0.0
    else:
        air = 0.06 * (high - low)
    low, high = low - air, high + air
    if axis.get("autorange") == "reversed":
        return (high, low)
    return (low, high)


def ticks(axis: Json, scale: Scale, most: int) -> list[tuple[float, str]]:
    """Where labels stand on an axis and what they say, at most about `most` of them."""
    if axis.get("showticklabels") is False and "tickvals" not in axis:
        axis = {**axis, "blank": True}
    if "tickvals" in axis:
        pairs = zip(axis["tickvals"], axis["ticktext"], strict=True)
        return [(float(at), str(text)) for at, text in pairs]
    if scale.kind == "category":
        return [(float(i), name) for i, name in enumerate(scale.names)]
    if scale.kind == "date":
        return _months(scale, most)
    low, high = sorted((scale.low, scale.high))
    step = _step((high - low) / max(most, 1))
    if axis.get("dtick", 0) and (high - low) / axis["dtick"] <= most:
        step = float(axis["dtick"])
    found = _multiples(low, high, step)
    while len(found) < 2 and step > (high - low) / 8:  # one label alone says nothing of a scale
        step /= 2
        found = _multiples(low, high, step)
    return [(value, _written(value, step, axis)) for value in found]


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def wide(labels: Sequence[str]) -> float:
    """Pixels the longest of some labels takes."""
    return max(map(_length, labels), default=0.0)


def _length(label: str) -> float:
    signs, capitals = sum(map(label.count, "%+−@mw")), sum(map(str.isupper, label))
    return _CHAR * len(label) + _WIDER * signs + _CAPITAL * capitals


def _written(value: float, step: float, axis: Json) -> str:
    if axis.get("blank"):
        return ""
    if "%" in axis.get("tickformat", ""):
        digits = _digits(100 * step)
        if abs(value) > step / 1e6:
            return percent(value, digits)
        return "0%"
    digits = _digits(step)
    return number(value if abs(value) > step / 1e6 else 0.0, digits)


def _digits(step: float) -> int:
    """Digits after the point that tell one multiple of a step from the next.

    >>> _digits(5), _digits(0.5), _digits(2.5), _digits(0.25)
    (0, 1, 1, 2)
    """
    return next((n for n in range(7) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 7)


def _step(rough: float) -> float:
    """The next of 1, 2, 5, 10 ... not below a rough step."""
    if not math.isfinite(rough) or rough <= 0:
        return 1.0
    base = float(10.0 ** math.floor(math.log10(rough)))
    return next(base * by for by in (1, 2, 5, 10) if base * by >= rough * 0.999)


def _months(scale: Scale, most: int) -> list[tuple[float, str]]:
    """Firsts of months, as far apart as the room asks for; days where the span is short."""
    first, last = date.fromordinal(int(scale.low)), date.fromordinal(int(scale.high))
    length = (last.year - first.year) * 12 + last.month - first.month
    by = next((by for by in _MONTHS if length / by <= most), 120)
    if by >= 12:
        form = "%Y"
    else:
        form = "%Y-%m"
    found = []
    for month in range(first.year * 12 + first.month, last.year * 12 + last.month):
        day = date(month // 12, month % 12 + 1, 1)
        if month % by == 0 and first <= day <= last:
            found.append((float(day.toordinal()), day.strftime(form)))
    return found
