"""`--exchange` and `--benchmark-of`: where tickers trade, and what each exchange is held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reports.errors import ExperimentError

if TYPE_CHECKING:
    from reports.experiment.plan import Experiment

_Command = TypeVar("_Command", bound=Callable[..., Any])


def event_exchanges(command: _Command) -> _Command:
    """--exchange TICKER=EXCHANGE alone, which may be repeated, for commands on announcements."""
    return click.option(
        "--exchange",
        "exchanges",
        multiple=True,
        metavar="TICKER=EXCHANGE",
        callback=lambda _context, _option, given: exchange_pairs(given),
        help="Where a party's ticker trades, if its suffix does not say so: VOD=XLON; "
        "may be repeated.",
    )(command)


def exchange_pairs(given: Sequence[str]) -> dict[str, str]:
    """Exchanges by ticker, as calendars know them."""
    from events.clock.exchanges import exchanges_of

    return exchanges_of(_pairs("--exchange", "VOD=XLON", given))


def exchange_options(command: _Command) -> _Command:
    """--exchange TICKER=EXCHANGE and --benchmark-of EXCHANGE=TICKER, and --currency.

    The first two may be repeated.
    """
    exchange = click.option(
        "--exchange",
        multiple=True,
        metavar="TICKER=EXCHANGE",
        help="Where a ticker trades, if its suffix does not say so: VOD=XLON; may be repeated.",
    )
    benchmark = click.option(
        "--benchmark-of",
        multiple=True,
        metavar="EXCHANGE=TICKER",
        help="The benchmark of another exchange's securities: XTKS=1306.T; may be repeated.",
    )
    money = click.option(
        "--currency",
        metavar="USD",
        help="Study returns in this currency, by rates among the prices (JPYUSD=X); "
        "local if left out.",
    )
    return exchange(benchmark(money(command)))


def with_exchanges(experiment: Experiment, narrowed: Mapping[str, Any]) -> Experiment:
    """The experiment with what the options say in place of its keys.

    Raises `ExperimentError` for what is no pair, and `CalendarError` for an unknown exchange.
    """
    from backtest.prices.currency import checked_currency
    from events.clock.exchanges import known_exchange

    named = exchange_pairs(narrowed.get("exchange") or ())
    of = _pairs("--benchmark-of", "XTKS=1306.T", narrowed.get("benchmark_of") or ())
    held = {known_exchange(name): ticker for name, ticker in of.items()}
    plan = experiment.study
    changes: dict[str, Any] = {
        "exchanges": {**experiment.exchanges, **named},
        "study": plan.model_copy(update={"benchmark_of": {**plan.benchmark_of, **held}}),
    }
    if money := narrowed.get("currency"):
        changes["currency"] = checked_currency(money)
    if named or held or money:
        return experiment.model_copy(update=changes)
    return experiment


def _pairs(option: str, example: str, given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        left, equals, right = (part.strip() for part in text.partition("="))
        if not (left and equals and right):
            raise ExperimentError(f"{option} {text[:60]}: write it as in {option} {example}")
        if found.get(left, right) != right:
            raise ExperimentError(f"{option}: {left} is given twice; leave one out")
        found[left] = right
    return found
