"""The numbers of a price file.

How decimals are written is decided from all its prices, never cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Places
from backtest.prices.sources.files.dates import shown

Floats = NDArray[np.float64]

# Adjusted for many reverse splits, old prices of a geared fund come near 1e10; none come nearer.
NO_PRICE = 1e12
POINT, GROUPED, COMMA = "1234.56", "1,234.56", "1.234,56"
_MISSING = frozenset(
    {"", "-", "--", "nan", "-nan", "na", "n/a", "#n/a", "#n/a n/a", "<na>", "null", "none", "nat"}
)
_FORMS = {
    POINT: r"-?\d*\.?\d*(?:[eE][+-]?\d+)?",
    GROUPED: r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?",
    COMMA: r"-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?",
}
# A cell that has one reading only: both signs, or a comma that cannot group thousands.
_PROOF = {
    GROUPED: r"-?\d{1,3}(?:,\d{3})+\.\d*|-?\d{1,3}(?:,\d{3}){2,}",
    COMMA: r"-?\d{1,3}(?:\.\d{3})+,\d*|-?\d+,(?:\d{1,2}|\d{4,})|-?\d{4,},\d*",
}
_THOUSANDS = r"-?\d{1,3}\.\d{3}"
_NEAR = 0.5  # of a neighbour: a mark is a price like those around it
_SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9}


def decimals(columns: Iterable[pd.Series], file: str, delimiter: str = ",") -> str:
    """How a file writes decimals: `POINT`, `GROUPED` or `COMMA`.

    `PriceError` where it cannot be told.
    """
    odd = [bare for column in columns if (bare := _bare(column)) is not None]
    if odd:
        cells = pd.concat(odd).dropna()
    else:
        cells = pd.Series(dtype="string")
    if delimiter == ";" and _all(cells, rf"{_THOUSANDS}|\d+") and _any(cells, _THOUSANDS):
        raise PriceError(
            f"{file}: {shown(cells.iloc[0])} can be a decimal or a thousand, and so can every "
            "price of the file; separate the columns by commas, which makes the point a decimal"
        )
    numbers = cells[_fits(cells, "|".join(_FORMS.values()))]
    if not _all(numbers, _FORMS[POINT]):
        for form, proof in _PROOF.items():
            if _all(numbers, _FORMS[form]) and _any(numbers, proof):
                return form
    return POINT


def parse_numbers(
    column: pd.Series, label: str, places: Places, form: str = POINT, *, counts: bool = False
) -> Floats:
    """Finite numbers, NaN where the cell is empty; of `counts` (shares) also 12.3M and 1,234,567.

    Raises `PriceError` naming file and line for a cell that is none.
    """
    _no_booleans(column, label, places)
    bare = _bare(column)
    values: Floats
    if bare is None:
        values = np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
        empty = column.isna().to_numpy()
    else:
        values = _values(bare, form, counts)
        empty = bare.isna().to_numpy()
    for row in np.flatnonzero((np.isnan(values) & ~empty) | np.isinf(values))[:1]:
        cell = shown(column.iloc[row])
        raise PriceError(f"{places[row]}: {label} is {cell}, which is not a number")
    return values


def without_marks(values: Floats, label: str, places: Places) -> tuple[Floats, str]:
    """Prices without the sign that marks a mean of bid and ask.

    Vendors set it; a note is given where there is one. A negative price is such a mark where its
    size is within a factor of 2 of the nearest price above zero before or after it; any other
    stays, to be refused.
    """
    negative = np.flatnonzero(values < 0)
    if not len(negative):
        return values, ""
    ahead = pd.Series(np.where(values > 0, values, np.nan))
    near = np.column_stack([ahead.ffill(), ahead.bfill()])[negative]
    ratio = -values[negative, None] / near
    marks = negative[((ratio > _NEAR) & (ratio < 1 / _NEAR)).any(axis=1)]
    if not len(marks):
        return values, ""
    out = values.copy()
    out[marks] = -out[marks]
    several = "a price is"
    if len(marks) > 1:
        several = f"{len(marks)} prices are"
    return out, (
        f"{places.file}: {label}: {several} negative, as vendors mark a mean of bid and ask "
        f"where nothing was traded; taken without the sign (first: {places[int(marks[0])]})"
    )


def positive(values: Floats, label: str, places: Places) -> None:
    """Refuse a price of zero or less, and one that nothing honest comes near."""
    for row in np.flatnonzero(values <= 0)[:1]:
        raise PriceError(f"{places[row]}: {label} is {values[row]}; prices must be positive")
    for row in np.flatnonzero(values > NO_PRICE)[:1]:
        raise PriceError(f"{places[row]}: {label} is {values[row]:g}; that is no price")


def not_negative(values: Floats, label: str, places: Places) -> None:
    """Refuse a number of shares below zero."""
    for row in np.flatnonzero(values < 0)[:1]:
        raise PriceError(f"{places[row]}: {label} is {values[row]:g}; it cannot be negative")


def _no_booleans(column: pd.Series, label: str, places: Places) -> None:
    kinds = None
    if column.dtype == object:
        kinds = column.map(lambda cell: isinstance(cell, bool | np.bool_))
    if column.dtype.kind == "b" or (kinds is not None and kinds.any()):
        if kinds is None:
            row = 0
        else:
            row = int(np.flatnonzero(kinds.to_numpy())[0])
        raise PriceError(
            f"{places[row]}: {label} is {shown(column.iloc[row])}, which is not a number"
        )


def _bare(column: pd.Series) -> pd.Series | None:
    """The texts of a column without spaces and a currency's sign, missing where empty.

    None for numbers.
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        return None
    text = column.astype("string").str.strip()
    missing = text.str.lower().isin(_MISSING) | text.isna()
    return text.mask(missing).str.replace(r"^(-?)[$€£¥]\s*", r"\1", regex=True)


def _values(text: pd.Series, form: str, counts: bool) -> Floats:
    times: Floats = np.ones(len(text))
    if counts:
        suffix = text.str.extract(r"\d([KMB])$", expand=False)
        times = np.asarray(suffix.map(_SUFFIXES).fillna(1.0), dtype=np.float64)
        text = text.mask(suffix.notna(), text.str[:-1])
        grouped = _fits(text, r"\d{1,3}(,\d{3})+")  # shares have no decimals
        if form != COMMA:
            text = text.mask(grouped, text.str.replace(",", ""))
    if form != POINT:
        fits = _fits(text, _FORMS[form])
        if form == GROUPED:
            group, point = (",", ".")
        else:
            group, point = (".", ",")
        plain = text.str.replace(group, "", regex=False).str.replace(point, ".", regex=False)
        text = plain.where(fits)
    numbers = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(numbers * times)


def _fits(cells: pd.Series, pattern: str) -> pd.Series:
    """Whether each cell is of a pattern as a whole, an alternative at its ends too."""
    return cells.str.fullmatch(f"(?:{pattern})").fillna(False).astype(bool)


def _all(cells: pd.Series, pattern: str) -> bool:
    return bool(_fits(cells, pattern).all())


def _any(cells: pd.Series, pattern: str) -> bool:
    return bool(_fits(cells, pattern).any())
