"""What a study used, read back from its manifest: the very snapshots, and the days between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backtest.errors import PriceError
from backtest.manifest import load_manifest, manifest_file


@dataclass(frozen=True)
class Pin:
    """The prices of an earlier study.

    Snapshot ids, first and last session (ISO), their digest and notes.
    """

    snapshots: tuple[str, ...]
    first_session: str
    last_session: str
    digest: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorPin:
    """One factor file of an earlier study.

    Its name, the digest of its content, its last session (ISO).
    """

    name: str
    digest: str
    last_session: str
    simulated: bool


def read_pin(path: Path) -> Pin:
    """Read `manifest.json` of a study (or of its folder).

    `PriceError` where it pins no snapshots.
    """
    file = manifest_file(path)
    try:
        prices = load_manifest(file)["prices"]
        found = Pin(
            tuple(map(str, prices["snapshots"])),
            str(prices["first_session"]),
            str(prices["last_session"]),
            str(prices["digest"]),
            tuple(map(str, prices.get("notes", ()))),
        )
    except OSError as error:
        raise PriceError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PriceError(
            f"{file} is no manifest of a study that pins prices; give out/manifest.json of one"
        ) from None
    if not found.snapshots:
        raise PriceError(
            f"{file}: the study used no stored snapshots (its prices were a folder or the sample)"
        )
    return found


def read_factor_pins(path: Path) -> tuple[FactorPin, ...]:
    """The factor files of a study, from its `manifest.json` (or its folder).

    None where it used none.
    """
    file = manifest_file(path)
    try:
        listed = load_manifest(file).get("factors", ())
        return tuple(
            FactorPin(
                str(one["name"]),
                str(one["digest"]),
                str(one["last_session"]),
                bool(one["simulated"]),
            )
            for one in listed
        )
    except OSError as error:
        raise PriceError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PriceError(
            f"{file} does not say which factors the study used; give out/manifest.json of one"
        ) from None
