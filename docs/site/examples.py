"""Examples of docstrings (`>>>`) as code: markdown would take them for quotations."""

from __future__ import annotations

import re
from typing import Any

import griffe

# a first line that begins with >>>, and all that follows it up to an empty line
_EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\s*$).+)*", re.MULTILINE)


class Examples(griffe.Extension):
    """Fences every example of every docstring."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called for each object that was read."""
        if obj.docstring and ">>> " in obj.docstring.value and "```" not in obj.docstring.value:
            fenced = _EXAMPLE.sub(lambda found: f"```pycon\n{found[0]}\n```", obj.docstring.value)
            obj.docstring.value = fenced
