"""A figure that a notebook shows by itself, without a drawing backend being chosen first."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

_DPI = 144


class Picture(Figure):
    """A matplotlib Figure that a notebook shows.

    `savefig` works as ever, and the last line of a cell shows it.
    """

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """As matplotlib's, but nothing is cut off.

        What stands below the axes belongs to the picture.
        """
        super().savefig(*args, **{"bbox_inches": "tight", "dpi": _DPI, **kwargs})

    def _repr_png_(self) -> bytes:
        sink = BytesIO()
        self.savefig(sink, format="png")
        return sink.getvalue()
