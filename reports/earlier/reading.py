"""Reading back what an earlier run wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from backtest.manifest import MANIFEST, Manifest, load_manifest
from reports.errors import OutputError
from reports.export.placing import settle

_NAMES = ("event_id", "ticker", "group_value", "benchmark")


def read_manifest(out: Path) -> Manifest:
    """The manifest of a run; raises `OutputError` where the folder holds none.

    A run whose move into the folder was cut off is put in place first.
    """
    settle(out)
    try:
        found = load_manifest(out / MANIFEST)
    except OSError as error:
        raise OutputError(
            f"{out}: no manifest.json to read ({error.strerror}); name the folder of a run"
        ) from None
    except ValueError:
        raise OutputError(f"{out / MANIFEST}: not valid JSON") from None
    except RecursionError:
        raise OutputError(
            f"{out / MANIFEST}: nested too deep to be the manifest of a run; run it again"
        ) from None
    keys = ("experiment", "catalog", "prices", "files", "dependencies", "tool")
    if not isinstance(found, dict) or any(not isinstance(found.get(key), dict) for key in keys):
        raise OutputError(f"{out / MANIFEST}: not the manifest of a run of this tool")
    return found


def read_table(out: Path, name: str) -> pd.DataFrame | None:
    """A table of a run, or nothing where the run did not make it.

    Names stay text, whatever they look like. Raises `OutputError` for a file that is none.
    """
    csv, parquet = (out / "tables" / f"{name}.{suffix}" for suffix in ("csv", "parquet"))
    if csv.exists():
        path = csv
    else:
        path = parquet
    if not path.exists():
        return None
    try:
        if path == parquet:
            return pd.read_parquet(path)
        return pd.read_csv(
            path,
            float_precision="round_trip",
            dtype=dict.fromkeys(_NAMES, str),
            keep_default_na=False,  # a ticker may be NA
            na_values=[""],
        )
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be read: {error}") from None
