"""Where factors come from, as a user names it.

Files, the store, the simulated ones, or an earlier study's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.factors.files import SAMPLE, STORE, FactorFile, Factors
from backtest.prices.factors.library import read_factor_file
from backtest.prices.sample.market import sample_french_factors
from backtest.prices.store import Snapshot, Store
from backtest.prices.store.pins import FactorPin
from events.errors import suggest


def open_factors(named: Iterable[str], store: str | Path | None = None) -> Factors:
    """Factors from files, from the `store`, or the simulated `sample`.

    The store gives of each kind of file the newest kept. Raises `PriceError` where there are none.
    Nothing falls back to the sample by itself.

    >>> open_factors(["sample"]).simulated
    True
    """
    found: dict[str, FactorFile] = {}
    for name in named:
        for file in _named(name, store):
            found.setdefault(file.digest, file)
    return Factors(tuple(found.values()))


def pinned_factors(
    pins: Sequence[FactorPin], named: Sequence[str] = (), store: str | Path | None = None
) -> Factors:
    """Exactly the factors an earlier study used.

    From the store, or else from the files named. `PriceError` if gone.
    """
    return Factors(tuple(_pinned(pin, named, Store.open(store)) for pin in pins))


def keep(store: Store, paths: Iterable[Path]) -> list[tuple[Snapshot, bool]]:
    """Keep factor files in the store for good, none where one cannot be read.

    With each, whether it is new there.
    """
    tables = [(path.name, read_factor_file(path)) for path in paths]
    return [store.add_factors(name, table) for name, table in tables]


def newest(store: Store) -> tuple[FactorFile, ...]:
    """Of each kind of file (those with the same factors) the newest kept."""
    found: dict[tuple[str, ...], FactorFile] = {}
    contents = {
        snapshot.content: snapshot for snapshot in reversed(store.factors())
    }  # kept again: that one
    for snapshot in sorted(contents.values(), key=lambda kept: kept.fetched_at, reverse=True):
        file = FactorFile(snapshot.detail, store.read(snapshot.id))
        found.setdefault(file.factors, file)
    return tuple(found.values())


def _named(name: str, store: str | Path | None) -> tuple[FactorFile, ...]:
    if name == SAMPLE:
        return (FactorFile("simulated factors", sample_french_factors(), simulated=True),)
    if name == STORE:
        opened = Store.open(store)
        if files := newest(opened):
            return files
        raise PriceError(
            f"the price store {opened.root} has no factors; "
            "keep some with: reactions prices factors FILE"
        )
    if not _is_file(name):
        raise PriceError(f"there is no factor file {name}{suggest(name, (SAMPLE, STORE))}")
    return (FactorFile(Path(name).name, read_factor_file(Path(name))),)


def _is_file(name: str) -> bool:
    with suppress(OSError):  # a name too long for a file
        return Path(name).is_file()
    return False


def _pinned(pin: FactorPin, named: Sequence[str], store: Store) -> FactorFile:
    if pin.simulated:
        candidates = _named(SAMPLE, None)
    elif kept := store.factors(pin.digest):
        return FactorFile(pin.name, store.read(kept[0].id))
    else:
        candidates = tuple(file for name in named if _is_file(name) for file in _named(name, None))
    for file in candidates:
        if file.digest == pin.digest:
            return FactorFile(pin.name, file.table, pin.simulated)
    raise PriceError(
        f"the factors of the earlier run ({pin.name} until {pin.last_session}, "
        f"sha256 {pin.digest[:12]}) are neither in the price store nor the files named; "
        "name that very file with --factors FILE"
    )
