"""A folder of Parquet parts as one table, whose parts do not contradict one another."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from backtest.errors import PriceError
from backtest.prices.sources.files.shapes.named import COMMON, word


def open_parts(path: Path) -> Any:
    """A Parquet file, or all parts of a folder (`Ticker=META/part-0.parquet`), as an Arrow dataset.

    Arrow would take the columns of the first part for those of all, and fill in nothing where
    another part lacks one. Raises `PriceError` for such a part, for one whose types cannot be
    brought together with the others', and for one in the folder of another key.
    """
    from pyarrow import dataset

    if path.is_file():
        return dataset.dataset(path, format="parquet")
    whole = path.absolute()
    found = [(Path(one.path), one.physical_schema) for one in _listed(whole).get_fragments()]
    if not found:
        raise PriceError(f"{path.name}: has no part with rows")
    known = _prices_of(found[0][1])
    for part, schema in found:
        name = part.relative_to(whole)
        if _prices_of(schema) != known:
            raise PriceError(
                f"{path.name}: {name} has the columns {', '.join(schema.names)}, "
                f"{found[0][0].relative_to(whole)} has {', '.join(found[0][1].names)}; "
                "write all parts alike"
            )
        _held_to_folder(f"{path.name}: {name}", part, _keys(name), schema)
    inside = _together(path.name, [schema for _, schema in found])
    keys = _kinds([_keys(part.relative_to(whole)) for part, _ in found], inside)
    more = [field for field in keys if field.name not in inside.names]
    return dataset.dataset(
        whole,
        format="parquet",
        partitioning=dataset.partitioning(keys, flavor="hive"),
        schema=pa.schema([*inside, *more]),
    )


def _listed(folder: Path) -> Any:
    """The parts alone, without what their folders say."""
    from pyarrow import dataset

    return dataset.dataset(folder, format="parquet")


def _together(file: str, schemas: list[pa.Schema]) -> pa.Schema:
    try:
        return pa.unify_schemas(schemas, promote_options="permissive")
    except (pa.ArrowException, TypeError) as error:
        raise PriceError(
            f"{file}: its parts have columns of different kinds: {error}; write all alike"
        ) from None


def _keys(part: Path) -> dict[str, str]:
    """What the folders above a part say of its rows."""
    named = (one.name.partition("=") for one in reversed(part.parents))
    return {key: unquote(value) for key, equals, value in named if equals and key}


def _kinds(keys: list[dict[str, str]], inside: pa.Schema) -> pa.Schema:
    """The type of each key: that of a column of its name, whole numbers where all are, or text."""
    values: dict[str, list[str]] = {}
    for one in keys:
        for key, value in one.items():
            values.setdefault(key, []).append(value)
    fields = []
    for key, said in values.items():
        number = all(one.isascii() and one.isdigit() and len(one) < 10 for one in said)
        own = None
        if key in inside.names:
            own = inside.field(key).type
        fields.append(pa.field(key, own or (pa.int32() if number else pa.string())))
    return pa.schema(fields)


def _prices_of(schema: pa.Schema) -> set[str]:
    """The columns of a part that a price table is made of."""
    return {name for name in schema.names if word(name) in COMMON}


def _held_to_folder(told: str, part: Path, keys: dict[str, str], schema: pa.Schema) -> None:
    """Refuse a part that says of its rows something else than its folder does."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for key, said in keys.items():
        if key not in schema.names:
            continue
        inside = pc.unique(pq.ParquetFile(part).read(columns=[key]).column(0)).to_pylist()
        others = [one for one in inside if str(one) != said]
        if others:
            raise PriceError(
                f"{told} has {key} {str(others[0])[:40]!r} in the folder of {said[:40]!r}; "
                "move it, or take the column out"
            )
