"""Stata files, whose reader stumbles over damaged ones in many ways."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import pandas as pd

# What pandas' reader raises where lengths and kinds in the file are not what they should be.
_STUMBLES = (
    struct.error, LookupError, TypeError, AttributeError, MemoryError, OverflowError,
    ArithmeticError, AssertionError,
)  # fmt: skip


def read_stata(path: Path) -> pd.DataFrame:
    """Read a .dta; labelled values are their labels.

    Raises `ValueError` where it is damaged or none.
    """
    if not path.stat().st_size:
        raise ValueError("it is empty")
    try:
        with warnings.catch_warnings():
            # of text in another encoding than the file says, of numbers in damaged heads
            warnings.simplefilter("ignore")
            frame = pd.read_stata(path)
    except _STUMBLES:
        raise ValueError("it is no sound Stata file; save it anew, or export it as CSV") from None
    labelled = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(labelled, object))
