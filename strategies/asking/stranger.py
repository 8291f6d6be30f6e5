"""A stranger's code at work: what it prints, where it stands, and what it hands over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from strategies.base import Strategy
from strategies.errors import StrategyError

ABOUT = "docs/strategies.md"
Orders = tuple[Order, ...]


class _Lent:
    """A stream lent to a stranger: what is printed arrives, closing it closes nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Leave it open: the program goes on printing to it."""

    def detach(self) -> None:
        """Refuse what would leave the program without its stream."""
        raise OSError("standard output and standard error cannot be taken from the program")


@contextmanager
def kept_apart() -> Iterator[None]:
    """What runs in here prints to standard error; streams and folder are after it as before.

    The results of a command stand on standard output, where `--json` must stay readable, and in a
    folder that may be named from the current one.
    """
    here = _folder()
    lent: Any = _Lent(sys.stderr)
    try:
        with _standing(1), _standing(2), redirect_stdout(lent), redirect_stderr(lent):
            yield
    except (Exception, SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # of a kind that nobody who asks would look for
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        if here and _folder() != here:
            with suppress(OSError):  # gone meanwhile
                os.chdir(here)


@contextmanager
def _standing(descriptor: int) -> Iterator[None]:
    """A descriptor leads after it where it led before, whether it was closed or turned."""
    try:
        kept = os.dup(descriptor)
    except OSError:  # there is none
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):  # all that was open has been closed
            os.dup2(kept, descriptor)
            os.close(kept)


def orders_of(strategy: Strategy, events: pd.DataFrame, prices: Prices) -> Orders:
    """The orders of a strategy, whose code runs kept apart.

    It gets a copy of the events, which it may change as it likes. Raises `StrategyError` where it
    gives anything but orders in a row.
    """
    with kept_apart():
        given: Any = strategy.orders(events.copy(), prices)
        odd = isinstance(given, str | bytes | Mapping | Set | pd.DataFrame | pd.Series)
        if odd or not isinstance(given, Iterable):
            raise StrategyError(
                f"strategy {strategy.name} gave {_kind(given)} in place of its orders; return a "
                f"tuple of orders (backtest.trading.Order), () for none: {ABOUT} shows one"
            )
        orders = tuple(given)  # here, since a generator is the strategy's code too
    for number, order in enumerate(orders, start=1):
        if not isinstance(order, Order):
            raise StrategyError(
                f"strategy {strategy.name} gave {order!r:.60} as order {number} of {len(orders)}, "
                f"which is no Order (backtest.trading.Order): {ABOUT} shows one"
            )
    return orders


def _kind(given: object) -> str:
    if given is None:
        return "None (its method orders returns nothing)"
    if isinstance(given, Order):
        return "one Order"
    kind = type(given).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was removed
        return None
