"""What is being done, how far it is, and how long it will take: on a terminal only."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_COUNT = re.compile(r",? (\d+) of (\d+)$")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line that says what is being done, since when, and, of what is counted, how much is left.

    A text that ends in "3 of 9" is counted.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from reports.terminal import shown

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, count="", left="")
        said = "reading"

        def tell(text: str) -> None:
            nonlocal said
            what, done, of = counted(text)
            if what != said:
                bar.reset(task, total=of or None, description=shown(what), count="", left="")
                said = what
            if of:
                left = _left(done, of, bar.tasks[0].elapsed or 0.0)
                bar.update(task, completed=done, total=of, count=f"{done} of {of}", left=left)

        yield tell


def counted(text: str) -> tuple[str, int, int]:
    """What is done, and how far: 0 of 0 for what is not counted.

    >>> counted("calibrating the tests, 5 of 200"), counted("writing the page")
    (('calibrating the tests', 5, 200), ('writing the page', 0, 0))
    """
    found = _COUNT.search(text)
    if found is None:
        return text, 0, 0
    return text[: found.start()], int(found[1]), int(found[2])


def _left(done: int, of: int, elapsed: float) -> str:
    """The time that remains at the pace so far.

    >>> _left(1, 4, 30.0), _left(0, 4, 30.0)
    ('0:01:30 left', '')
    """
    if not done:
        return ""
    seconds = round(elapsed * (of - done) / done)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"
