"""A chart: what is drawn, what it says in words, and the numbers behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Json = dict[str, Any]
_DIGITS = 5


@dataclass(frozen=True)
class Chart:
    """Traces and layout in plotly's words, with colours as tokens (`@c0`, `@ink/0.2`) that a theme resolves.

    `alt` is the text alternative; `columns` and `rows` are the data table behind the picture.
    """

    name: str
    title: str
    alt: str
    traces: tuple[Json, ...]
    layout: Json
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    note: str = ""

    def as_json(self) -> Json:
        """What the page carries: numbers rounded to a hundred-thousandth, dates as YYYY-MM-DD."""
        return {
            "data": [_compact(trace) for trace in self.traces],
            "layout": _compact(self.layout),
            "columns": list(self.columns),
            "rows": _compact(self.rows),
        }


def _compact(value: Any) -> Any:
    if type(value) is float:  # most of what there is
        return round(value, _DIGITS) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _compact(one) for key, one in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Sequence):
        return [_compact(one) for one in value]
    if isinstance(value, int):
        return int(value)
    number = float(value)
    return round(number, _DIGITS) if math.isfinite(number) else None
