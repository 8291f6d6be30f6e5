"""Where packages above plug in what readers expect on objects of this one.

Such as `result.plot`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLUGGED: dict[str, str] = {}


def plug(name: str, maker: str) -> None:
    """Let `name` be made by a function, written `module:function`.

    It is imported when first asked for.
    """
    _PLUGGED[name] = maker


def plugged(name: str, owner: object) -> Any:
    """What a package above makes of an object; an `AttributeError` says how to get it."""
    if name not in _PLUGGED:
        raise AttributeError(f"{name} comes with `import reactions`; import it first")
    module, _, function = _PLUGGED[name].partition(":")
    return getattr(import_module(module), function)(owner)
