"""Whether the package `events` is ours: it is looked at before anything of it is imported.

`import reactions` looks at all packages; this says it to those who begin with `backtest`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

_HOME = Path(__file__).resolve().parents[1]


def _foreign() -> Path | None:
    """Where Python finds `events`, or has found it, if that is another project's."""
    loaded = sys.modules.get("events")
    spec = loaded.__spec__ if loaded is not None else find_spec("events")
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).resolve()
    return None if found.parents[1] == _HOME else found


if (_found := _foreign()) is not None:
    raise ImportError(
        f"{_found} is imported as 'events' in place of market-reactions' own {_HOME / 'events'}; "
        "rename or uninstall it, or start Python in another folder"
    )
