"""From paths to announcements: folders and files of TOML, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from events.errors import CatalogError
from events.files.lists.listed import Listed
from events.files.lists.naming import TABLES, Reading
from events.files.made import Announcements, Held
from events.files.problems import Problem
from events.files.together import finish
from events.files.toml_files import BadFileError, read_announcement
from events.record.announcement import Announcement
from events.record.text import alike

_FORMATS = ".csv, .parquet, .xlsx, .ods, .dta"


class Found(NamedTuple):
    """What could be read, every problem with the rest, and which file an announcement is from."""

    announcements: Held
    problems: list[Problem]
    files: dict[str, str]  # id -> file name
    understood: tuple[str, ...] = ()  # how each table was read, in words


def read_paths(
    paths: Sequence[Path], reading: Reading | None = None
) -> tuple[Held, tuple[str, ...]]:
    """Read all paths; a later one replaces by id. Also how each table was understood, in words.

    Raises `CatalogError` at the first path with problems, and where `reading` says something of
    the columns of a table and no path is one.
    """
    refuse_idle(paths, reading)
    found: list[Held] = []
    understood: tuple[str, ...] = ()
    for path in paths:
        read = read_path(path, reading)
        if read.problems:
            raise CatalogError(_summary(read.problems))
        found.append(read.announcements)
        understood += read.understood
    together = found[0]
    if len(found) > 1:
        together = Announcements({news.id: news for part in found for news in part}.values())
    if two := alike(together.tickers):
        raise CatalogError(f"tickers {two[0]!r} and {two[1]!r} differ by case alone; write one")
    return together, understood


def refuse_idle(paths: Sequence[Path], reading: Reading | None) -> None:
    """Refuse what is said of a table's columns where no path is a table."""
    said = reading is not None and not reading.says_nothing
    if said and not any(path.suffix.lower() in TABLES for path in paths):
        raise CatalogError(
            "columns or the order of dates are given (--map, --dayfirst, --monthfirst), "
            f"but no catalog is a table ({_FORMATS})"
        )


def read_path(path: Path, reading: Reading | None = None) -> Found:
    """Read one path: a folder of TOML files, one TOML file, or a table."""
    try:
        finish(path)
    except OSError as error:
        why = f"an import was cut off and cannot be finished: {error.strerror}"
        return _nothing(str(path)[:200], f"{why}; make the folder writable, or import again")
    try:
        folder, file, there = path.is_dir(), path.is_file(), path.exists()
        if folder:
            files = _toml_files(path)
        else:
            files = []
    except OSError as error:
        return _nothing(str(path)[:200], f"cannot be read: {error.strerror}")
    if not there:
        return _nothing(str(path), "no such file or folder")
    if folder:
        if files:
            return _read_files(files)
        return _nothing(str(path), "an empty catalog: no .toml file in this folder")
    if not file:
        return _nothing(str(path), "is neither a file nor a folder")
    if path.suffix.lower() in TABLES:
        from events.files.lists.table import read_table

        news, problems, understood = read_table(path, reading)
        listed = news if isinstance(news, Listed) else Announcements(news)
        owners = dict.fromkeys(listed.ids, path.name)
        return Found(listed, problems, owners, (understood,) if understood else ())
    if path.suffix.lower() == ".toml":
        return _read_files([path])
    return _nothing(
        path.name, f"a catalog is a folder of .toml files, a .toml file, or a table ({_FORMATS})"
    )


def _nothing(file: str, why: str) -> Found:
    return Found(Announcements(), [Problem(file, "", why)], {})


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
    return Found(Announcements(announcements), problems, owners)


def _summary(problems: Sequence[Problem]) -> str:
    more = ""
    if len(problems) > 1:
        more = f" (and {len(problems) - 1} more; `reactions events check` lists them)"
    return f"{problems[0]}{more}"
