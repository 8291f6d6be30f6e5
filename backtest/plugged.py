"""Pictures of results, which a package above makes: `result.plot`."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any


def plots_of(kind: str, owner: object) -> Any:
    """The pictures of a result, made by what is installed for its kind.

    An `AttributeError` says how to get them.
    """
    for found in entry_points(group="reactions.plots", name=kind):
        return found.load()(owner)
    raise AttributeError(
        f"the pictures of a {kind} come with the installed package; run: uv sync, or pip install ."
    )
