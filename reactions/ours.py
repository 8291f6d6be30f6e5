"""Whether `events`, `backtest`, `strategies` and `reports` are this project's own packages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("events", "backtest", "strategies", "reports")
HOME = Path(__file__).resolve().parents[1]


class ForeignPackageError(ImportError):
    """Python finds another project's package, or a file of the user's, in the place of ours.

    Raised as `reactions` is imported; it names the file that is found and says what to do.

    >>> check()  # nothing is raised: all four are ours
    """


def check(home: Path = HOME) -> None:
    """Raise `ForeignPackageError` for the first package that would not come from `home`.

    Nothing is imported: only where Python would find each package, or has found it, is looked at.
    The packages ship side by side, so ours are those beside this one.
    """
    for name in PACKAGES:
        found = _found(name)
        if found is None:
            raise ForeignPackageError(
                f"market-reactions has no package {name!r} beside {home / 'reactions'}: "
                "the installation is not whole; install it again"
            )
        if found.resolve().parents[1] != home:
            raise ForeignPackageError(_says(name, found, home))


@contextmanager
def whole(module: str) -> Iterator[None]:
    """Say what it means when a name of ours is missing: another project was installed over it."""
    try:
        yield
    except (AttributeError, ImportError) as error:
        package = module.partition(".")[0]
        missing = error.name if isinstance(error, ImportError) else package
        if missing and missing.partition(".")[0] not in PACKAGES:
            raise  # a library is missing: Python's own words say which
        raise ForeignPackageError(
            f"{_found(package)} is not whole ({error}): another project's package {package!r} may "
            "have been installed over it; install market-reactions again, alone in an environment"
        ) from error


def _found(name: str) -> Path | None:
    """The file a package is, or would be, imported from."""
    loaded = sys.modules.get(name)
    if loaded is not None:
        if loaded.__file__:
            return Path(loaded.__file__)
        return None
    spec = find_spec(name)
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or ())
    if spec.origin is not None:
        return Path(spec.origin)
    if folders:
        return Path(folders[0]) / "__init__.py"
    return None


def _says(name: str, found: Path, home: Path) -> str:
    if found.name != "__init__.py":
        shown = found
    else:
        shown = found.parent
    if "site-packages" in found.parts:
        remedy = (
            f"uninstall the package that brought it, or keep market-reactions in an environment "
            f"of its own ({name!r} cannot be both)"
        )
    else:
        remedy = "rename it, or start Python in another folder"
    return (
        f"{shown} is imported as {name!r} in place of market-reactions' own {home / name}; {remedy}"
    )
