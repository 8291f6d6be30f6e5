"""A large panel of prices in Parquet, read into arrays.

No Python object a row, only what is needed. A file of more than `BIG` rows, or a folder of
partitions (as Arrow, Spark or DuckDB write them), a row a ticker and day. Smaller files take the
way of all files, which can name the row of an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.fields import FIELDS
from backtest.prices.panels.panel import MARGIN, PricePanel, same_hours
from backtest.prices.sources.files.arrow_rows import (
    columns_of,
    day_scalar,
    days_of,
    rows_by_day,
    rows_of_days,
)
from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.numbers import Floats
from backtest.prices.sources.files.parts import open_parts
from backtest.prices.sources.files.shapes import recognised
from backtest.prices.sources.files.shapes.layout import LABELS, Layout
from backtest.prices.sources.files.table import NO_ADJUSTED, NO_CLOSE, PRICES
from backtest.prices.tickers import checked, wanted_of
from events import Sessions
from events.clock.exchanges import HOME, exchange_of

if TYPE_CHECKING:
    import pyarrow as pa

BIG = 1_000_000  # rows; reading them as cells takes some ten seconds and a gigabyte
_BATCH = 1_000_000
_PIECES = "**/*.parquet"


@dataclass(frozen=True)
class Span:
    """The days needed, both included; None where all are."""

    start: str | None = None
    end: str | None = None


def large_panel(path: Path) -> bool:
    """Whether a path is a large Parquet file, or a folder of partitions and nothing else.

    A damaged file is none: whoever reads it says what is wrong.
    """
    import pyarrow.parquet as pq

    if path.is_dir():
        return not any(path.glob("*.csv")) and _is_partitioned(path)
    try:
        return path.suffix.lower() == ".parquet" and pq.ParquetFile(path).metadata.num_rows > BIG
    except (ValueError, OSError):
        return False


def _is_partitioned(folder: Path) -> bool:
    """Whether the Parquet files are an engine's: in subfolders, or named part-... here."""
    if any(path.name.startswith("part") for path in folder.glob("*.parquet")):
        return True
    return any("=" in path.parent.name for path in folder.glob(_PIECES) if path.parent != folder)


def read_large(
    path: Path,
    tickers: tuple[str, ...] | None,
    calendar: str,
    span: Span | None = None,
    exchanges: Mapping[str, str] | None = None,
) -> PricePanel | None:
    """Read the tickers and days needed.

    None if the table has another shape, or dates that are text. Tickers of other exchanges (by
    suffix, or `exchanges`) are in `others`, on their own sessions; those whose days are not their
    exchange's are set aside with a note. Raises `PriceError` for what cannot be used, naming ticker
    and day.
    """
    try:
        data = open_parts(path)
        layout = recognised(Head(path.name, (tuple(data.schema.names),)))
        if layout is None or layout.key is None or not _typed(data.schema, layout):
            return None
        return _Reader(path.name, data, layout).prices(
            tickers, calendar, span or Span(), exchanges or {}
        )
    except (ValueError, OSError) as error:  # ArrowInvalid is a ValueError
        raise PriceError(f"{path.name}: cannot be read: {error}") from None


def _typed(schema: pa.Schema, layout: Layout) -> bool:
    """Whether dates are dates, tickers text and prices numbers.

    So they are in any table made by a program.
    """
    from pyarrow import types

    def number(kind: pa.DataType) -> bool:
        return bool(types.is_floating(kind) or types.is_integer(kind))

    fields = layout.columns[""]
    key = schema.field(layout.key).type
    kind = key.value_type if types.is_dictionary(key) else key
    dated = schema.field(layout.date).type
    return (
        (types.is_date(dated) or types.is_timestamp(dated))
        and (types.is_string(kind) or types.is_large_string(kind))
        and "split" not in fields
        and all(number(schema.field(at).type) for at in fields.values())
    )


class _Reader:
    """One table, and where its columns stand."""

    def __init__(self, file: str, data: Any, layout: Layout) -> None:
        names = data.schema.names
        self.file, self.data = file, data
        self.date, self.key = names[layout.date], names[layout.key or 0]
        self.fields = {field: names[at] for field, at in layout.columns[""].items()}

    def prices(
        self,
        tickers: tuple[str, ...] | None,
        calendar: str,
        span: Span,
        named: Mapping[str, str],
    ) -> PricePanel:
        wanted = wanted_of(tickers, self._tickers(), self.file)
        calendar, own, foreign = self._by_exchange(wanted, calendar, span, named)
        others, notes = [], list[str]()
        for exchange, theirs in sorted(foreign.items()):
            try:
                panel = self._one(theirs, exchange, span)
            except PriceError as error:
                notes.append(f"{', '.join(sorted(theirs))}: set aside ({error})")
                continue
            others.append(panel)
            notes.append(f"{', '.join(theirs)}: on the sessions and hours of {exchange}")
        home = self._one(own, calendar, span)
        told = (note for panel in others for note in panel.notes)
        return replace(home, others=tuple(others), notes=(*home.notes, *notes, *told))

    def _one(self, kept: dict[str, str], calendar: str, span: Span) -> PricePanel:
        """The panel of tickers of one exchange."""
        among = self._among(kept, span)
        sessions = self._sessions(among, calendar)
        return self._panel(self._arrays(kept, among, sessions), kept, sessions, calendar)

    def _by_exchange(
        self, wanted: dict[str, str], calendar: str, span: Span, named: Mapping[str, str]
    ) -> tuple[str, dict[str, str], dict[str, dict[str, str]]]:
        """The panel's calendar and tickers, and those of exchanges of other hours.

        Where all are of others, the exchange of the most tickers is the panel's.
        """
        home_of = {one: named.get(one) or exchange_of(one) for one in wanted}
        plain = {one for one in wanted if one not in named and home_of[one] == HOME}
        odd = {home for one, home in home_of.items() if one not in plain and home != calendar}
        if odd:
            sessions = self._sessions(self._among(wanted, span), calendar)
            odd = {home for home in odd if not same_hours(home, calendar, sessions)}
        own, foreign = dict[str, str](), dict[str, dict[str, str]]()
        for one, name in wanted.items():
            away = home_of[one] in odd and one not in plain
            (foreign.setdefault(home_of[one], {}) if away else own)[one] = name
        if own:
            return calendar, own, foreign
        first = max(sorted(foreign), key=lambda home: len(foreign[home]))
        return first, foreign.pop(first), foreign

    def _tickers(self) -> list[str]:
        import pyarrow.compute as pc

        found: set[str] = set()
        for batch in self.data.to_batches(columns=[self.key], batch_size=_BATCH):
            found |= set(pc.unique(batch.column(0)).to_pylist())
        if None in found:
            raise PriceError(f"{self.file}: a row has no ticker; take it out")
        return [checked(one) for one in found]

    def _among(self, wanted: dict[str, str], span: Span) -> Any:
        """The rows needed, as a filter that skips whole groups of rows.

        Parquet's own statistics answer it.
        """
        import pyarrow.dataset as ds

        rows = ds.field(self.key).isin(sorted(wanted.values()))
        kind = self.data.schema.field(self.date).type
        if span.start is not None:
            rows &= ds.field(self.date) >= day_scalar(span.start, kind)
        if span.end is not None:
            rows &= ds.field(self.date) <= day_scalar(span.end, kind)
        return rows

    def _batches(self, among: Any, columns: list[str]) -> Iterator[pa.RecordBatch]:
        yield from self.data.to_batches(columns=columns, filter=among, batch_size=_BATCH)

    def _sessions(self, among: Any, calendar: str) -> pd.DatetimeIndex:
        """The calendar's sessions from the first row to the last."""
        import pyarrow.compute as pc

        ends: list[Any] = []
        for batch in self._batches(among, [self.date]):
            if batch.column(0).null_count:
                raise PriceError(f"{self.file}: a row has no date; take it out")
            if len(batch):
                ends += [one.as_py() for one in pc.min_max(batch.column(0)).values()]
        if not ends:
            raise PriceError(f"{self.file}: has no row of the tickers and days needed")
        first, last = (pd.Timestamp(str(end)[:10]) for end in (min(ends), max(ends)))
        dates = Sessions.exchange(calendar, first - MARGIN, last + MARGIN).dates
        return dates[(dates >= first) & (dates <= last)]

    def _arrays(
        self, kept: dict[str, str], among: Any, sessions: pd.DatetimeIndex
    ) -> dict[str, Floats]:
        column = {name: at for at, name in enumerate(kept.values())}
        first = int(sessions[0].to_numpy().astype("datetime64[D]").astype(np.int64))
        row_of = rows_by_day(sessions)
        shape = len(sessions), len(kept)
        arrays = {field: np.full(shape, np.nan) for field in self.fields}
        filled = np.zeros(shape, dtype=bool)
        for batch in self._batches(among, [self.date, self.key, *self.fields.values()]):
            days, at = days_of(batch.column(0)), columns_of(batch.column(1), column)
            here = at >= 0
            days, at = days[here], at[here]
            rows = rows_of_days(days - first, row_of)
            names = list(kept)
            self._refuse(rows < 0, days, at, names, "is no session of the exchange")
            cell = rows * shape[1] + at
            twice = filled.ravel()[cell]
            order = np.sort(cell)
            if (order[1:] == order[:-1]).any():
                twice |= pd.Series(cell).duplicated().to_numpy()
            self._refuse(twice, days, at, names, "is there twice")
            filled.ravel()[cell] = True
            for i, field in enumerate(self.fields, 2):
                values = batch.column(i).to_numpy(zero_copy_only=False).astype(np.float64)[here]
                wrong = np.isinf(values) | ((values <= 0) if field in PRICES else (values < 0))
                self._refuse(
                    wrong, days, at, names, f"has a {LABELS[field]} that is no such number"
                )
                arrays[field].ravel()[cell] = values
        return arrays

    def _refuse(
        self, wrong: np.ndarray[Any, Any], days: Any, at: Any, names: list[str], why: str
    ) -> None:
        for i in np.flatnonzero(wrong)[:1]:
            day = np.datetime64(int(days[i]), "D")
            raise PriceError(
                f"{self.file}: {names[at[i]]} on {day} {why}; correct or remove the row"
            )

    def _panel(
        self,
        arrays: dict[str, Floats],
        kept: dict[str, str],
        sessions: pd.DatetimeIndex,
        calendar: str,
    ) -> PricePanel:
        notes: tuple[str, ...] = ()
        if "close" not in arrays:
            arrays["close"] = arrays["adjusted"]
            notes += (f"every ticker: {NO_CLOSE}",)
        if "adjusted" not in arrays:
            arrays["adjusted"] = arrays["close"]
            notes += (f"every ticker: {NO_ADJUSTED}",)
        priced = np.flatnonzero(
            np.any([np.isfinite(one).any(axis=1) for one in arrays.values()], 0)
        )
        if not len(priced):
            raise PriceError(f"{self.file}: every price of the tickers needed is missing")
        span = slice(priced[0], priced[-1] + 1)
        sessions, arrays = sessions[span], {name: one[span] for name, one in arrays.items()}
        missing = np.broadcast_to(np.nan, (len(sessions), len(kept)))  # takes no memory
        columns = pd.Index(list(kept), dtype=object)
        frames: dict[str, Any] = {}
        for name in FIELDS:
            values = arrays.get(name, missing)
            if values is not missing:
                values.flags.writeable = False
            frames[name] = pd.DataFrame(values, index=sessions, columns=columns, copy=False)
        notes += tuple(f"{one}: read from {name}" for one, name in kept.items() if one != name)
        return PricePanel(**frames, source="a table of prices", calendar=calendar, notes=notes)
