"""A run over several exchanges: what is said of it, and what is odd about prices on each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backtest import Prices
from backtest.prices.currency import rates_needed
from backtest.prices.quality.check import check
from backtest.prices.quality.findings import Finding
from events import Catalog
from events.clock.exchanges import MONEY, currency_of, exchange_of
from reports.experiment.plan import Experiment
from reports.run.trading.backtests import trading_benchmark
from reports.words import count, listed

if TYPE_CHECKING:
    from strategies.evaluate.terms import Terms


def odd_prices(experiment: Experiment, prices: Prices) -> tuple[Finding, ...]:
    """Every finding about prices, each exchange's against its own calendar and benchmark."""
    found = list(check(prices, trading_benchmark(experiment)))
    for panel in prices.others:
        if panel.calendar == MONEY:
            continue
        found += check(panel, experiment.study.benchmark_of.get(panel.calendar, ""))
    return tuple(found)


def in_one_currency(experiment: Experiment, prices: Prices) -> tuple[Prices, tuple[str, ...]]:
    """The prices that are studied, and what is said of them.

    In the experiment's currency if it names one.
    """
    if not experiment.currency:
        return prices, ()
    found = prices.in_currency(experiment.currency)
    said = found.notes[len(prices.notes) :]
    about = (
        f"Returns studied are in {experiment.currency}; "
        "backtests and prices shown are not converted.",
    )
    return found, (*about, *said)


def rates_of(tickers: Sequence[str], experiment: Experiment, catalog: Catalog) -> tuple[str, ...]:
    """The rates between currencies that a run needs beside these tickers."""
    if not experiment.currency:
        return ()
    named = {**catalog.exchanges, **experiment.exchanges}
    owns = (currency_of(one, named.get(one) or exchange_of(one)) for one in tickers)
    wanted = [rate for own in owns for rate in rates_needed(own, experiment.currency)]
    return tuple(one for one in dict.fromkeys(wanted) if one not in tickers)


def currencies(panel: Prices) -> str:
    """The currencies of a panel's tickers, in words."""
    known = sorted({currency_of(ticker, panel.calendar) for ticker in panel.tickers} - {""})
    if known:
        return listed(known)
    return "its own currency"


def exchange_notes(experiment: Experiment, prices: Prices, *, trade: bool) -> tuple[str, ...]:
    """What a reader must know of a run over several exchanges."""
    names = [panel.calendar for panel in prices.panels if panel.calendar != MONEY]
    if len(names) < 2:
        return ()
    money = experiment.currency or "local currency"
    said = [
        f"Securities trade on {count(len(names), 'exchange')}: {listed(names)}. "
        "Day 0, windows and estimation are of each one's own sessions; "
        f"events depend on each other by calendar date. Returns are in {money}."
    ]
    if trade and (experiment.strategies or experiment.sweep or experiment.search):
        said.append(
            "Backtests trade on each exchange at its own opens and closes, an account each "
            "in its own currency, held to its own benchmark: one account would mix currencies, "
            "and prices of one date that are made at different instants. So no bet has legs "
            "on two exchanges, and costs, stakes and limits count in each account's currency."
        )
    return tuple(said)


def untraded_notes(experiment: Experiment, terms: Terms) -> tuple[str, ...]:
    """Which tickers of other exchanges backtests leave out, and why."""
    if not (experiment.strategies or experiment.sweep or experiment.search):
        return ()
    return tuple(f"Left out of backtests: {why}." for why in terms.untraded)
