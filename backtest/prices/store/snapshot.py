"""One answer of a vendor for one ticker, as it was received.

A Parquet file that describes itself.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from backtest.errors import PriceError

_KEY = b"reactions.snapshot"
FACTORS = ""  # the ticker of a table of factors, which has none


@dataclass(frozen=True)
class Snapshot:
    """What the manifest knows of a stored answer. Dates are ISO texts, times UTC.

    `start` and `end` are what was asked for, both included; `follows` names the snapshot this one
    continues ("" for a whole history), `change` and `detail` say what the overlap with what was
    known before showed. A table of factors has the ticker FACTORS, and the name of its file as
    `detail`.
    """

    id: str
    ticker: str
    vendor: str
    library: str
    fetched_at: str
    start: str
    end: str
    first_session: str
    last_session: str
    rows: int
    follows: str
    change: str
    detail: str
    content: str


def content_digest(table: pd.DataFrame) -> str:
    """The sha256 (hex) of dates, column names and numbers."""
    total = hashlib.sha256("\x1f".join(map(str, table.columns)).encode())
    total.update(pd.DatetimeIndex(table.index).as_unit("us").asi8.astype("<i8").tobytes())
    values = table.to_numpy(dtype="<f8")
    total.update(np.where(np.isnan(values), np.nan, values).tobytes())
    return total.hexdigest()


def to_bytes(snapshot: Snapshot, table: pd.DataFrame) -> bytes:
    """A Parquet file of the table with its own description in it."""
    arrow = pa.Table.from_pandas(table.rename_axis("Date"))
    described = {
        **(arrow.schema.metadata or {}),
        _KEY: json.dumps(asdict(snapshot), sort_keys=True).encode(),
    }
    sink = BytesIO()
    pq.write_table(arrow.replace_schema_metadata(described), sink, compression="zstd")
    return sink.getvalue()


def from_bytes(data: bytes, name: str) -> tuple[Snapshot, pd.DataFrame]:
    """What `to_bytes` made; `PriceError` where it is anything else."""
    try:
        # Arrow's threads abort the end of a program if one still holds an object of Python's.
        arrow = pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
        described: dict[str, Any] = json.loads((arrow.schema.metadata or {})[_KEY])
        snapshot = Snapshot(**described)
        table = arrow.to_pandas(use_threads=False).rename_axis(None)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise PriceError(
            f"{name} is no snapshot of a price store ({type(error).__name__})"
        ) from None
    if content_digest(table) != snapshot.content:
        raise PriceError(f"{name}: its prices are not the ones that were stored")
    return snapshot, table
