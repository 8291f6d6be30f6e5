"""The cells of a column of returns: numbers, and the marks that stand for a missing one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Places
from backtest.prices.sources.files.numbers import Floats, decimals, parse_numbers

# CRSP writes a letter (A to E, P, S, T), SAS and Stata a point and a letter, older files a number.
_LETTER = re.compile(r"\.?[A-EPST]|\.")
_NUMBERS = (-44.0, -55.0, -66.0, -77.0, -88.0, -99.0)
_WORDS = frozenset({"na", "nan", "n/a", "#n/a", "null", "none", "nat", "<na>", "-"})
_COMMA = re.compile(r"-?\d*,\d+")


@dataclass(frozen=True)
class Numbers:
    """Values (n,), NaN where missing; marks; whether all had a percent sign.

    Of each mark, how often it stood there.
    """

    values: Floats
    marks: Counter[str]
    percent: bool = False


def read_returns(column: pd.Series, label: str, places: Places, *, letters: bool) -> Numbers:
    """The numbers of a column; with `letters` the codes of CRSP are missing returns, and counted.

    A decimal comma is read where no cell of the column has a point. Raises `PriceError` naming
    file and line for a cell that is neither.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        raise PriceError(f"{places.file}: {label} holds yes and no, which are no returns")
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan)).copy()
        return _coded(values, Counter(), letters=letters)
    codes, cells = pd.factorize(column.astype("string").str.strip().fillna(""))
    texts, marks = [str(cell) for cell in cells], Counter[str]()
    counts = np.bincount(codes, minlength=len(texts))
    for at, text in enumerate(texts):
        if letters and _LETTER.fullmatch(text):
            marks[text.lstrip(".") or "."] += int(counts[at])
            texts[at] = ""
        elif text.lower() in _WORDS:
            texts[at] = ""
    first = np.unique(codes, return_index=True)[1]
    signed = _all_signed(texts, label, places.file)
    plain = pd.Series(_with_points([text.removesuffix("%").strip() for text in texts]))
    form = decimals([plain], places.file)
    values = parse_numbers(plain, label, places.of(first), form)
    return _coded(values[codes], marks, letters=letters, percent=signed)


def _all_signed(texts: list[str], label: str, file: str) -> bool:
    """Whether the numbers have a percent sign; some with and some without have no reading."""
    filled = [text for text in texts if text]
    signed = [text for text in filled if text.endswith("%")]
    if signed and len(signed) < len(filled):
        bare = next(text for text in filled if not text.endswith("%"))
        raise PriceError(
            f"{file}: {label} is {signed[0][:20]!r} in one row and {bare[:20]!r} in another; write "
            "all with a percent sign or all without"
        )
    return bool(signed)


def _with_points(texts: list[str]) -> list[str]:
    """Decimal commas as points, where every cell with a sign of decimals has a comma only."""
    if any("." in text for text in texts) or not any(map(_COMMA.fullmatch, texts)):
        return texts
    return [text.replace(",", ".") for text in texts]


def _coded(values: Floats, marks: Counter[str], *, letters: bool, percent: bool = False) -> Numbers:
    """Take the codes that older files write as numbers out of the values."""
    for code in _NUMBERS if letters else ():
        there = values == code
        if there.any():
            marks[f"{code:g}"] += int(there.sum())
            values[there] = np.nan
    return Numbers(values, marks, percent)
