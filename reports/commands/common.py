"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from backtest import Prices
    from events import Catalog
    from reports.experiment import Experiment

_Command = TypeVar("_Command", bound=Callable[..., Any])

_BEFORE, _AFTER = (
    timedelta(days=600),
    timedelta(days=60),
)  # calendar days of prices around the first and last announcement


def experiment_option(command: _Command) -> _Command:
    """--experiment FILE.toml."""
    return click.option(
        "--experiment",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="What to study; the default comes with the tool.",
    )(command)


def catalog_option(command: _Command) -> _Command:
    """--catalog PATH."""
    return click.option(
        "--catalog",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Announcements: a folder of TOML, a .toml, .csv or .parquet file.",
    )(command)


def run_options(command: _Command) -> _Command:
    """All that a run takes."""
    prices = click.option(
        "--prices", default="yahoo", show_default=True, metavar="yahoo|sample|DIR", help="Where prices come from."
    )
    out = click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path("out"),
        show_default=True,
        metavar="DIR",
        help="Where results go.",
    )
    return experiment_option(catalog_option(prices(out(command))))


def read_experiment(path: Path | None) -> Experiment:
    """The experiment asked for, or the default."""
    from reports.experiment import Experiment

    return Experiment.default() if path is None else Experiment.read(path)


def read_catalog(path: Path | None) -> Catalog:
    """The catalog asked for, or the bundled one."""
    from events import Catalog

    return Catalog.bundled() if path is None else Catalog.read(path)


def selected(experiment: Experiment, catalog: Catalog) -> Catalog:
    """What the experiment's filter keeps; a filter that keeps nothing is wrong input."""
    from events import CatalogError
    from reports.findings import select

    chosen = select(experiment, catalog)
    if not len(chosen):
        raise CatalogError(f"no announcement of {len(catalog)} meets the experiment's filter; widen [filter]")
    return chosen


def read_prices(spec: str, experiment: Experiment, catalog: Catalog) -> Prices:
    """Prices of every ticker of the catalog and every benchmark, around its announcements."""
    from backtest.prices.source import open_prices
    from reports.findings import needed_tickers

    days = [date.fromisoformat(str(news.announced_at)[:10]) for news in catalog]
    start, end = min(days) - _BEFORE, max(days) + _AFTER
    return open_prices(spec, needed_tickers(experiment, catalog), start.isoformat(), end.isoformat())


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line that says what is being done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield lambda text: status.update(text)
