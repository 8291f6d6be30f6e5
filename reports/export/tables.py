"""The files beside the page: CSV tables and the manifest, written whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from backtest.manifest import MANIFEST, Manifest
from events.files.together import Content, put_digested, sweep
from reports.errors import OutputError
from reports.export.placing import check_targets, place, settle
from reports.process import stop_if_interrupted
from reports.run.findings import Findings
from reports.run.manifest import manifest

TABLES = (
    "events", "windows", "abnormal", "estimates", "tests", "averages", "claims", "conflicts",
    "ledger", "strategies", "trades", "orders", "placebo", "bridge", "trials", "sweep", "variants",
    "walk_forward", "out_of_sample", "equity", "positions", "placebo_positions", "shrunken",
    "joint", "own_size", "sensitivity", "sensitivity_joint", "placebo_drift", "placebo_paths",
    "counterfactuals", "counterfactual_paths", "calibration", "outcomes", "buy_and_hold",
    "in_space", "regression", "regressions", "differences", "pairs", "dropped",
)  # fmt: skip
PARQUET_BEYOND = 200_000  # rows: no spreadsheet's table, and ten times as long to write as CSV
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_files(findings: Findings) -> dict[str, Content]:
    """Every table the findings have, as the content of a file by its path in the output folder.

    A CSV; of more than `PARQUET_BEYOND` rows a Parquet file, written some rows at a time.
    """
    tables, files = findings.tables, dict[str, Content]()
    large = large_tables(findings)
    for name in written(findings):
        if name in large:
            files[f"tables/{name}.parquet"] = parquet(partial(tables.parts, name))
        else:
            files[f"tables/{name}.csv"] = csv_bytes(tables[name])
    return files


def written(findings: Findings) -> list[str]:
    """The names of the tables that are written, in the order of `TABLES`."""
    return [name for name in TABLES if name in findings.tables]


def large_tables(findings: Findings) -> dict[str, int]:
    """The tables that are written as Parquet, and how many rows they have."""
    sizes = {name: findings.tables.rows(name) for name in written(findings)}
    return {name: rows for name, rows in sizes.items() if rows > PARQUET_BEYOND}


def csv_bytes(table: pd.DataFrame) -> bytes:
    r"""A CSV in UTF-8.

    Full float precision, ISO dates, text that a spreadsheet would run made harmless.

    >>> csv_bytes(pd.DataFrame({"a": ["=1+1"], "b": [0.1]}))
    b"a,b\n'=1+1,0.1\n"
    """
    safe = table.copy(deep=False)
    for at, column in enumerate(table.columns):
        if not pd.api.types.is_numeric_dtype(
            table[column]
        ) and not pd.api.types.is_datetime64_any_dtype(table[column]):
            values = table.iloc[:, at].tolist()
            harmless = {value: _harmless(value) for value in set(values)}
            safe.isetitem(at, [harmless[value] for value in values])
    safe.columns = pd.Index([_harmless(str(name)) for name in table.columns])
    return str(safe.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")).encode(
        "utf-8", "replace"
    )


def parquet(parts: Callable[[], Iterable[pd.DataFrame]]) -> Content:
    """What writes a table as Parquet, part by part; what is neither number nor date as text."""

    def content(file: BinaryIO) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        rest = iter(parts())
        first = pa.Table.from_pandas(_with_text(next(rest)), preserve_index=False)
        # numbers of which each row has its own gain nothing by a list of those that differ
        few = [one.name for one in first.schema if not pa.types.is_floating(one.type)]
        with ParquetWriter(file, first.schema, use_dictionary=few) as writer:
            writer.write_table(first)
            for part in rest:
                stop_if_interrupted()  # on a thread of its own, of which Ctrl-C knows nothing
                same = pa.Table.from_pandas(_with_text(part), first.schema, preserve_index=False)
                writer.write_table(same)

    return content


def _with_text(table: pd.DataFrame) -> pd.DataFrame:
    text = {str(name): table[name].astype(str) for name in table if table[name].dtype == object}
    return table.assign(**text)


def write_run(out: Path, findings: Findings, more: Mapping[str, Content]) -> None:
    """Write tables, manifest and `more` (path -> content) into a folder.

    Nothing changes there if anything fails. Files that an earlier run listed in its manifest and
    this one does not make are removed. Raises `OutputError`.
    """
    digests: dict[str, str] = {}
    files = {
        name: _noted(name, content, digests)
        for name, content in {**table_files(findings), **more}.items()
    }
    made = manifest(findings)  # before anything is written: what is wrong with it shows here
    files[MANIFEST] = lambda file: file.write(_described({**made, "files": digests}))
    try:
        place(out, files)
    except OSError as error:
        raise OutputError(
            f"--out {out}: cannot be written: {error.strerror or error}; name another folder"
        ) from None


def check_writable(out: Path) -> None:
    """Say before an hour of work, not after it, that a folder cannot be written to.

    Nothing is made yet. What a killed run left is swept or finished. Raises `OutputError`.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"--out {out}: is a file; name a folder")
    if out.is_symlink() and not out.exists():
        raise OutputError(f"--out {out}: is a link that leads nowhere; name another folder")
    there = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise OutputError(
            f"--out {out}: cannot be written: {error.strerror or error}; name another folder"
        ) from None
    settle(out)
    sweep(out)
    check_targets(out, ("report.html", MANIFEST, *(f"tables/{name}.csv" for name in TABLES)))


def _noted(name: str, content: Content, digests: dict[str, str]) -> Content:
    """A content whose digest is noted as it is written."""

    def noting(file: BinaryIO) -> None:
        digests[name] = put_digested(file, content)

    return noting


def _described(made: Manifest) -> bytes:
    in_order: Manifest = {**made, "files": dict(sorted(made["files"].items()))}
    text = json.dumps(in_order, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "replace")


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
