"""The fields of daily prices: how they are called here, and at vendors and in files."""

from __future__ import annotations

COLUMN_OF = {
    "open": "Open",
    "high": "High",
    "low": "Low",
    "close": "Close",
    "adjusted": "Adj Close",
    "volume": "Volume",
}
"""Field -> the column of a vendor's answer, of a snapshot and of a file."""

FIELDS = tuple(COLUMN_OF)
PRICED = FIELDS[:-1]  # those in money
