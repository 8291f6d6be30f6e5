"""From paths to announcements: folders and files of TOML, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from events.errors import CatalogError
from events.files.problems import Problem
from events.files.toml_files import BadFileError, read_announcement
from events.record.announcement import Announcement

_TABLES = {".csv", ".parquet"}


class Found(NamedTuple):
    """What could be read, every problem with the rest, and which file an announcement is from."""

    announcements: list[Announcement]
    problems: list[Problem]
    files: dict[str, str]  # id -> file name


def read_paths(paths: Sequence[Path]) -> tuple[Announcement, ...]:
    """Read all paths; a later one replaces by id. Raises `CatalogError` at the first path with problems."""
    found: dict[str, Announcement] = {}
    for path in paths:
        read = read_path(path)
        if read.problems:
            raise CatalogError(_summary(read.problems))
        found.update((news.id, news) for news in read.announcements)
    return tuple(found.values())


def read_path(path: Path) -> Found:
    """Read one path: a folder of TOML files, one TOML file, or a table."""
    try:
        folder, file, there = path.is_dir(), path.is_file(), path.exists()
        files = _toml_files(path) if folder else []
    except OSError as error:
        return _nothing(str(path)[:200], f"cannot be read: {error.strerror}")
    if not there:
        return _nothing(str(path), "no such file or folder")
    if folder:
        return (
            _read_files(files)
            if files
            else _nothing(str(path), "an empty catalog: no .toml file in this folder")
        )
    if not file:
        return _nothing(str(path), "is neither a file nor a folder")
    if path.suffix.lower() in _TABLES:
        from events.files.table import read_table

        announcements, problems = read_table(path)
        return Found(
            announcements, problems, dict.fromkeys((news.id for news in announcements), path.name)
        )
    if path.suffix.lower() == ".toml":
        return _read_files([path])
    return _nothing(
        path.name, "a catalog is a folder of .toml files, a .toml file, a .csv or a .parquet"
    )


def _nothing(file: str, why: str) -> Found:
    return Found([], [Problem(file, "", why)], {})


def _toml_files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.suffix.lower() == ".toml" and path.is_file()
    )


def _read_files(files: Sequence[Path]) -> Found:
    owners: dict[str, str] = {}
    announcements: list[Announcement] = []
    problems: list[Problem] = []
    for path in files:
        try:
            news = read_announcement(path)
        except BadFileError as error:
            problems.extend(error.problems)
            continue
        if news.id in owners:
            problems.append(
                Problem(path.name, "id", f"'{news.id}' is the id of {owners[news.id]} already")
            )
        owners.setdefault(news.id, path.name)
        announcements.append(news)
    return Found(announcements, problems, owners)


def _summary(problems: Sequence[Problem]) -> str:
    more = (
        f" (and {len(problems) - 1} more; `reactions events check` lists them)"
        if len(problems) > 1
        else ""
    )
    return f"{problems[0]}{more}"
