"""The JSON Schema of an announcement, by which editors complete and check the TOML."""

from __future__ import annotations

from typing import Any

from events.record.announcement import Announcement


def json_schema() -> dict[str, Any]:
    """Give the schema (draft 2020-12) of one announcement file.

    >>> sorted(json_schema()["required"])
    ['announced_at', 'headline', 'id', 'parties']
    """
    schema = Announcement.model_json_schema(mode="validation")
    for part in (schema, *schema["$defs"].values()):
        said = str(part.get("description", "")).split("\n\n", maxsplit=1)  # doctests come after
        part["description"] = " ".join(said[0].split())
    head: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An announcement of the reactions catalog",
        "description": "One file an announcement, named <id>.toml; "
        "every key but the required ones may be left out.",
    }
    return head | {key: value for key, value in schema.items() if key not in head}
