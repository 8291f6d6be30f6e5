"""`reactions events due`: what a nightly run could measure that an earlier one could not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from events.words import count
from reports.commands.options.common import (
    catalog_option,
    experiment_option,
    read_catalog,
    read_experiment,
)
from reports.commands.options.exchanges import event_exchanges
from reports.terminal import json_option, say, say_json, say_table

if TYPE_CHECKING:
    from reports.earlier.due import Earlier

_DAYS = 7


@click.command("due")
@click.option(
    "--since",
    metavar="OUT|DATE",
    help="What was not complete at the run in this folder, or on this day; 7 days ago if left out.",
)
@click.option("--as-of", metavar="DATE", help="As at the end of this day (UTC); now if left out.")
@click.option("--exit-code", "judged", is_flag=True, help="Exit status 1 where anything is due.")
@experiment_option
@catalog_option
@event_exchanges
@json_option
def due(
    since: str | None,
    as_of: str | None,
    judged: bool,
    experiment: Path | None,
    catalog: tuple[str, ...],
    exchanges: dict[str, str],
    as_json: bool,
) -> int:
    """Say which windows of which announcements got complete since an earlier run."""
    from reports.earlier.due import Earlier, earlier, windows_of

    now = _instant(as_of)
    if since:
        before = earlier(since)
    else:
        before = Earlier((now - timedelta(days=_DAYS)).date())
    spans = read_experiment(experiment).study.windows
    windows = windows_of(read_catalog(catalog).on_exchanges(exchanges), spans, now)
    new = [one for one in windows if one.closes <= now and not before.had(one)]
    ahead = [one for one in windows if one.closes > now]
    status = int(judged and bool(new))
    if as_json:
        coming = [one.as_data() for one in ahead[:20]]
        say_json({"since": str(before.last), "due": [one.as_data() for one in new], "next": coming})
        return status
    head = ("complete with", "window", "ticker", "announcement")
    rows = [(str(one.session), one.window, one.ticker, one.event_id) for one in new]
    if rows:
        say_table("", head, rows, head)
    windows_told = count(len(new), "window")
    announcements = count(len({one.event_id for one in new}), "announcement")
    are = "are"
    if len(new) == 1:
        are = "is"
    say(f"{windows_told} of {announcements} {are} complete since {_named(before)}")
    if ahead:
        say(f"next: {ahead[0].session}, the {ahead[0].window} window of {ahead[0].event_id}")
    return status


def _named(before: Earlier) -> str:
    if before.out:
        return f"{before.out}, whose prices end on {before.last}"
    return str(before.last)


def _instant(as_of: str | None) -> datetime:
    from events import CatalogError
    from events.record.instant import day

    if as_of is None:
        return datetime.now(UTC)
    try:
        on = day(as_of)
    except ValueError as error:
        raise CatalogError(f"--as-of: {error}") from None
    return datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(days=1)
