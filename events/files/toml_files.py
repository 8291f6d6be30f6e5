"""Announcements as TOML: read with one line per problem, written as people would; their schema."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.items import AoT, InlineTable, Item, Table

from events.errors import CatalogError
from events.files.disk import read_bounded_text
from events.files.problems import Problem, problems_of
from events.files.together import put_together
from events.record.announcement import Announcement
from events.record.text import alike

MAX_BYTES = 250_000  # the longest announcement of the catalog has 8 thousand
# Sixteen dots in one key: the parser's time grows with their square, and no announcement nests
# deeper than three.
_DEEP_KEY = re.compile(
    r"(?:^[ \t]*\[{0,2}|[{,])[ \t]*(?:[^\s.=#,{}]{0,80}[ \t]*\.[ \t]*){16}", re.MULTILINE
)
_TOO_DEEP = "nested too deeply, or a number out of all range"
_TABLES = ("parties", "later", "links", "contamination", "sources", "claims")


class BadFileError(Exception):
    """A file with problems; only `read` and `check` see it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def read_announcement(path: Path) -> Announcement:
    """Read and check one file; raises `BadFileError` with every problem in it."""
    data = read_toml(path)
    try:
        return Announcement.model_validate(data)
    except ValidationError as error:
        raise BadFileError(*problems_of(path.name, error)) from None
    except (RecursionError, OverflowError):
        raise BadFileError(Problem(path.name, "", _TOO_DEEP)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Parse one TOML file of bounded size; raises `BadFileError`."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            why = f"{size / 1e6:.1f} MB; an announcement has at most {MAX_BYTES / 1e6} MB"
            raise BadFileError(Problem(path.name, "", why))
        text = read_bounded_text(path, MAX_BYTES)
        if _DEEP_KEY.search(text):
            raise BadFileError(Problem(path.name, "", _TOO_DEEP))
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadFileError(Problem(path.name, "", f"not UTF-8 text (byte {error.start})")) from None
    except tomllib.TOMLDecodeError as error:
        raise BadFileError(Problem(path.name, "", f"not valid TOML: {error}")) from None
    except (RecursionError, OverflowError, ValueError):  # tomllib lets these through
        raise BadFileError(Problem(path.name, "", _TOO_DEEP)) from None
    except OSError as error:
        raise BadFileError(Problem(path.name, "", f"cannot be read: {error.strerror}")) from None


def as_toml(announcement: Announcement) -> str:
    """Write an announcement as TOML text: only what is said, in the model's order.

    >>> from events.record.party import Party
    >>> buyer = Party(name="B", roles=["acquirer"])
    >>> news = Announcement(id="a", headline="A", announced_at="2026-04-09", parties=[buyer])
    >>> print(as_toml(news).splitlines()[2])
    announced_at = 2026-04-09
    """
    said = announcement.model_dump(exclude_unset=True, exclude_none=True)
    document = tomlkit.document()
    for key, value in said.items():
        if key not in _TABLES and not isinstance(value, dict):
            document.add(key, _item(value))
    for key in ("not_before", "not_after", "amount", "confidence"):
        if said.get(key):
            document.add(key, _table(said[key]))
    for key in _TABLES:
        if said.get(key):
            document.add(key, _rows(said[key]))
    return tomlkit.dumps(document)


def _rows(rows: tuple[dict[str, Any], ...]) -> AoT:
    out = tomlkit.aot()
    for row in rows:
        out.append(_table(row))
    return out


def _table(row: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in row.items():
        if isinstance(value, dict):
            table.add(key, _inline(value))
        else:
            table.add(key, tomlkit.item(value) if key == "cik" else _item(value))  # no quantity
    return table


def _inline(values: dict[str, Any]) -> InlineTable:
    inline = tomlkit.inline_table()
    inline.update({name: _item(one) for name, one in values.items()})
    return inline


def _item(value: Any) -> Item:
    if isinstance(value, str) and len(value) > 200 and '"""' not in value and "\\" not in value:
        return tomlkit.string(value, multiline=True)
    if isinstance(value, str):
        return tomlkit.item(str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, tuple | list):
        array = tomlkit.array()
        array.extend(_inline(one) if isinstance(one, dict) else _item(one) for one in value)
        return array.multiline(len(str(value)) > 80)
    if isinstance(value, date | bool):
        return tomlkit.item(value)
    raise TypeError(f"no TOML for {type(value)}")


def _number(value: int | float) -> Item:
    if not float(value).is_integer() or abs(value) >= 1e15:
        return tomlkit.item(value)
    return tomlkit.value(f"{int(value):_}" if abs(value) >= 10_000 else str(int(value)))


def write_all(folder: Path, announcements: Iterable[Announcement]) -> tuple[Path, ...]:
    """Write announcements as `<id>.toml` into a folder, all of them or none: the files' paths.

    Raises `CatalogError` where the folder cannot be written, and for ids that differ by case alone.
    """
    texts = {news.id: as_toml(news) for news in announcements}
    if two := alike(texts):
        raise CatalogError(
            f"ids {two[0]!r} and {two[1]!r} differ by case alone, and so would their files, "
            "which many disks take for one; rename one"
        )
    try:
        put_together(folder, {f"{name}.toml": text for name, text in texts.items()})
    except OSError as error:
        why = error.strerror or error
        raise CatalogError(f"{folder} cannot be written: {why}; name another folder") from None
    return tuple(folder / f"{name}.toml" for name in texts)


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
