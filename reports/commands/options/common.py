"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reports.commands.options.exchanges import exchange_options
from reports.commands.options.tables import reading_options, said_of_tables

if TYPE_CHECKING:
    from backtest import Prices
    from events import Catalog
    from reports.experiment.plan import Experiment

_Command = TypeVar("_Command", bound=Callable[..., Any])

# The vendors of `backtest.prices.sources.network.vendors`, which takes a second to import; a test
# holds the two together.
VENDORS = ("yahoo", "tiingo")
_BEFORE, _AFTER = timedelta(days=600), timedelta(days=60)


class Grouped(click.Group):
    """A group whose misspelt subcommands name the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or say which one is near."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from events.errors import suggest

            near = suggest(args[0], self.commands)
            raise click.UsageError(
                f"no command '{self.name} {args[0]}'"
                f"{near or ': there are ' + ', '.join(self.commands)}"
            )
        return super().resolve_command(ctx, args)


def experiment_option(command: _Command) -> _Command:
    """--experiment FILE.toml."""
    return click.option(
        "--experiment",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="What to study; the default comes with the tool.",
    )(command)


def catalog_option(command: _Command) -> _Command:
    """--catalog PATH, which may be repeated, and what is said of the columns of tables."""
    option = click.option(
        "--catalog",
        multiple=True,
        metavar="PATH",
        help="Announcements: a folder of TOML, a .toml file, a table (.csv, .xlsx, .ods, .dta, "
        ".parquet), or `bundled`; may be repeated.",
    )
    return option(reading_options(command))


def prices_option(command: _Command) -> _Command:
    """--prices, the source."""
    return click.option(
        "--prices",
        default="yahoo",
        show_default=True,
        metavar="|".join((*VENDORS, "sample", "DIR")),
        help="Where prices come from.",
    )(command)


def pin_option(command: _Command) -> _Command:
    """--pin, the manifest of an earlier run."""
    return click.option(
        "--pin",
        type=click.Path(path_type=Path),
        metavar="OUT",
        help="Use the very prices an earlier run used.",
    )(command)


def store_option(command: _Command) -> _Command:
    """--store, the folder of the price store."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The price store; your own if left out.",
    )(command)


def factors_option(command: _Command) -> _Command:
    """--factors FILE, which may be repeated."""
    return click.option(
        "--factors",
        multiple=True,
        metavar="FILE|store|sample",
        help="Daily file of the Ken French library (zip or CSV) for ff3, ff5, carhart; "
        "may be repeated.",
    )(command)


def by_option(command: _Command) -> _Command:
    """--by COLUMN, which may be repeated."""
    return click.option(
        "--by",
        multiple=True,
        metavar="COLUMN",
        help="Test and compare groups by this column of the events too; may be repeated.",
    )(command)


def strategy_option(command: _Command) -> _Command:
    """--strategy NAME, which may be repeated."""
    return click.option(
        "--strategy",
        "strategies",
        multiple=True,
        metavar="NAME|FILE.py:NAME",
        help="Trade this one instead of the experiment's; may be repeated.",
    )(command)


def format_option(command: _Command) -> _Command:
    """--format, which may be repeated."""
    return click.option(
        "--format",
        "formats",
        multiple=True,
        type=click.Choice(["latex", "markdown", "parquet", "svg", "png", "pdf"]),
        help="Also tables and figures for papers; may be repeated.",
    )(command)


def run_options(command: _Command) -> _Command:
    """All that a run takes."""
    out = click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path("out"),
        show_default=True,
        metavar="DIR",
        help="Where results go.",
    )
    confidence = click.option(
        "--confidence",
        type=click.Choice(["verified"]),
        help="Only announcements whose sources were read.",
    )
    conflicts = click.option(
        "--conflicts",
        type=click.Choice(["keep", "exclude", "merge"]),
        help="What to do with events that daily prices cannot tell apart.",
    )
    condition = click.option(
        "--where",
        metavar="EXPR",
        help='Only events whose columns meet a condition, such as "amount_usd > 1e9".',
    )
    options = (
        exchange_options,
        experiment_option,
        catalog_option,
        prices_option,
        pin_option,
        store_option,
        confidence,
        conflicts,
        condition,
        out,
    )
    for option in reversed(options):
        command = option(command)
    return command


def read_experiment(path: Path | None) -> Experiment:
    """The experiment asked for, or the default."""
    from reports.experiment.plan import Experiment

    if path is None:
        return Experiment.default()
    return Experiment.read(path)


def catalog_paths(names: tuple[str, ...]) -> list[Path]:
    """Where the catalogs named are; `bundled` is the one that comes with the tool."""
    import events

    return [
        Path(events.__file__).parent / "announcements" if name == "bundled" else Path(name)
        for name in names
    ]


def read_catalog(names: tuple[str, ...]) -> Catalog:
    """The catalogs asked for together, or the bundled one."""
    from events import Catalog

    said = said_of_tables()
    if not names and said.says_nothing:
        return Catalog.bundled()
    paths = catalog_paths(names or ("bundled",))
    return Catalog.read(*paths, columns=said.columns, dayfirst=said.dayfirst)


def selected(experiment: Experiment, catalog: Catalog) -> Catalog:
    """What the experiment's filter keeps; a filter that keeps nothing is wrong input."""
    from events import CatalogError
    from reports.page.headline import check_headline
    from reports.run.findings import select

    chosen = select(experiment, catalog)
    if not len(chosen):
        raise CatalogError(
            f"no announcement of {len(catalog)} meets the experiment's filter; widen [filter]"
        )
    check_headline(experiment, chosen)
    return chosen


def read_prices(
    spec: str,
    experiment: Experiment,
    catalog: Catalog,
    pin: Path | None = None,
    store: Path | None = None,
) -> Prices:
    """Prices of every ticker of the catalog and every benchmark, around its announcements."""
    from backtest.prices.sources.opening import open_prices
    from reports.run.prices.needed import needed_tickers

    days = [date.fromisoformat(str(at)[:10]) for at in catalog.held.moments]
    start, end = min(days) - _BEFORE, max(days) + _AFTER
    return open_prices(
        spec,
        needed_tickers(experiment, catalog),
        start.isoformat(),
        end.isoformat(),
        pin=pin,
        store=store,
        exchanges={**catalog.exchanges, **experiment.exchanges},
    )


def experiment_prices(
    spec: str,
    experiment: Path | None,
    catalog: tuple[str, ...],
    pin: Path | None,
    *,
    quiet: bool = False,
) -> Prices:
    """The prices a report would use; says so where no market made them."""
    from reports.terminal import say
    from reports.words import SIMULATED

    plan = read_experiment(experiment)
    prices = read_prices(spec, plan, selected(plan, read_catalog(catalog)), pin)
    if prices.simulated and not quiet:
        say(SIMULATED)
    return prices


def needed(
    tickers: tuple[str, ...], experiment: Path | None, catalog: tuple[str, ...]
) -> tuple[str, ...]:
    """The tickers named, or all that a report needs."""
    from reports.run.prices.needed import needed_tickers

    plan = read_experiment(experiment)
    return tickers or needed_tickers(plan, selected(plan, read_catalog(catalog)))
