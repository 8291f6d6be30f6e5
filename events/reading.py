"""From paths to announcements: folders and files of TOML, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from events.announcement import Announcement
from events.errors import CatalogError
from events.problems import Problem
from events.toml_files import BadFileError, read_announcement

_TABLES = {".csv", ".parquet"}


def read_paths(paths: Sequence[Path]) -> tuple[Announcement, ...]:
    """Read all paths; a later one replaces by id. Raises `CatalogError` at the first path with problems."""
    found: dict[str, Announcement] = {}
    for path in paths:
        announcements, problems = read_path(path)
        if problems:
            raise CatalogError(_summary(problems))
        found.update((news.id, news) for news in announcements)
    return tuple(found.values())


def read_path(path: Path) -> tuple[list[Announcement], list[Problem]]:
    """Read one path; give what could be read, and every problem with the rest."""
    if not path.exists():
        return [], [Problem(str(path), "", "no such file or folder")]
    if path.is_dir():
        return _read_folder(path)
    if path.suffix.lower() in _TABLES:
        from events.table import read_table

        return read_table(path)
    if path.suffix.lower() == ".toml":
        return _read_files([path])
    return [], [Problem(path.name, "", "a catalog is a folder of .toml files, a .toml file, a .csv or a .parquet")]


def _read_folder(folder: Path) -> tuple[list[Announcement], list[Problem]]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".toml" and path.is_file())
    if not files:
        return [], [Problem(str(folder), "", "an empty catalog: no .toml file in this folder")]
    return _read_files(files)


def _read_files(files: Sequence[Path]) -> tuple[list[Announcement], list[Problem]]:
    owners: dict[str, Path] = {}
    announcements: list[Announcement] = []
    problems: list[Problem] = []
    for path in files:
        try:
            news = read_announcement(path)
        except BadFileError as error:
            problems.extend(error.problems)
            continue
        if news.id in owners:
            problems.append(Problem(path.name, "id", f"'{news.id}' is the id of {owners[news.id].name} already"))
        owners.setdefault(news.id, path)
        announcements.append(news)
    return announcements, problems


def _summary(problems: Sequence[Problem]) -> str:
    more = f" (and {len(problems) - 1} more; `reactions events check` lists them)" if len(problems) > 1 else ""
    return f"{problems[0]}{more}"
