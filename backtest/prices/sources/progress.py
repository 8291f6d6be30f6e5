"""A progress bar on standard error for fetches, where somebody is looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backtest.prices.sources.fetch import Outcome


@contextmanager
def shown(label: str, n_tickers: int) -> Iterator[Callable[[Outcome], None]]:
    """Give the `tell` of `fetch`; the bar goes when it is done, and is silent when not on a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(label, total=n_tickers)
        yield lambda outcome: progress.update(
            task, advance=1, description=f"{label} {outcome.ticker}"
        )
