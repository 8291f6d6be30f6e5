"""The server's tools; each answers from the desk, and says errors in the words of the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import wraps
from importlib.metadata import version
from typing import Any, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from events.errors import ReactionsError
from reports.agent import answers
from reports.agent.desk import Desk

_Tool = TypeVar("_Tool", bound=Callable[..., Any])
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
INSTRUCTIONS = """\
Event studies of announcements. `reaction` answers "did TICKER react to this announcement, and how
sure?"; `list_announcements` finds ids; `study` runs a table of your own events; `results` reads the
tables of a run; `explain` says what a flag or a column means. All returns are fractions. \
Report n, the interval
and the caveats with every number, and say "not shown" rather than "no effect"."""


def _answering(tool: _Tool) -> _Tool:
    """Turn our errors into the protocol's.

    And keep what a library prints off the protocol's channel.
    """

    @wraps(tool)
    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            with redirect_stdout(sys.stderr):
                return tool(*args, **kwargs)
        except ReactionsError as error:
            raise ToolError(str(error)) from None

    return answered  # type: ignore[return-value]  # wraps keeps the signature


def make_server(desk: Desk) -> MCPServer[Any]:
    """A server over one desk; nothing it does writes a file or reads one a client names."""
    server: MCPServer[Any] = MCPServer(
        "market-reactions", version=version("market-reactions"), instructions=INSTRUCTIONS
    )
    for tool in (*_of_catalog(desk), *_of_studies(desk)):
        server.tool(annotations=_READS)(_answering(tool))
    return server


def _of_catalog(desk: Desk) -> tuple[Callable[..., Any], ...]:
    def list_announcements(
        ticker: str = "",
        kind: str = "",
        since: str = "",
        until: str = "",
        text: str = "",
        limit: int = 50,
    ) -> dict[str, Any]:
        """List announcements of the catalog, latest last; every condition narrows. \
Dates: 2026-04-09."""  # noqa: D205, D209  # an agent is shown it as it stands
        asked: dict[str, Any] = {
            "tickers": [ticker] if ticker else [],
            "kinds": [kind] if kind else [],
            "since": since or None,
            "until": until or None,
            "text": text,
        }
        found = list(desk.catalog.filter(**asked))
        shown = found[-max(1, limit) :]
        return {
            "n": len(found),
            "shown": len(shown),
            "announcements": list(map(answers.brief, shown)),
            "units": answers.OF_NEWS,
        }

    def show_announcement(announcement: str) -> dict[str, Any]:
        """Show everything the catalog holds about one announcement, by its id or its date."""
        return answers.announcement(desk.find(announcement))

    def draft_announcement(
        headline: str,
        announced_at: str,
        parties: list[str],
        amount: str = "",
        sources: list[str] | None = None,
        summary: str = "",
        timing: str = "",
        kind: str = "",
    ) -> dict[str, Any]:
        """Draft an announcement as TOML, checked and written nowhere.

        parties: ["META:customer"]; announced_at: an instant with offset, "2026-04-09 08:00 ET", or
        a date; amount: "about $21bn"; sources: web addresses.
        """
        from events.files.toml_files import as_toml
        from events.files.writing.adding import complete, warnings

        said = {
            "headline": headline, "announced_at": announced_at, "parties": parties,
            "amount": amount, "sources": sources or [], "summary": summary, "timing": timing,
            "kind": kind,
        }  # fmt: skip
        draft = complete(said, desk.catalog)
        return {
            "toml": as_toml(draft.news),
            "taken": list(draft.taken),
            "warnings": list(warnings(draft.news, desk.catalog)),
            "in_a_study": answers.announcement(draft.news)["in_a_study"],
            "units": answers.OF_NEWS,
            "next": "a person reads the sources, then: reactions events add --from FILE.toml",
        }

    return list_announcements, show_announcement, draft_announcement


def _of_studies(desk: Desk) -> tuple[Callable[..., Any], ...]:
    def reaction(ticker: str, announcement: str) -> dict[str, Any]:
        """Say how TICKER reacted to one announcement, given by its id or a date such as 2026-04-09.

        Abnormal returns by window with interval, p and the days behind them, what else happened,
        flags in words, caveats.
        """
        return answers.reaction(desk, ticker, announcement)

    def study(
        events: list[dict[str, Any]],
        windows: dict[str, list[int]] | None = None,
        benchmark: str = "",
        by: list[str] | None = None,
    ) -> dict[str, Any]:
        """Run an event study on rows such as {"ticker": "CRWV", "date": "2026-04-09"}.

        Further keys of a row become columns to group `by`. windows: {"5-day": [0, 4]} in sessions;
        benchmark: a ticker. The answer names the run for `results`.
        """
        plan = {"windows": windows, "benchmark": benchmark, "by": by}
        name = desk.study(events, plan)
        return answers.summary(desk.result(name), name)

    def results(
        run: str = "catalog", table: str = "", start: int = 0, where: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Read a run: its summary, or the rows of one of its tables, 200 at a time from `start`.

        where: {"ticker": "CRWV"}. The run `catalog` is the study of the whole catalog.
        """
        found = desk.result(run)
        if not table:
            return answers.summary(found, run)
        return answers.table_rows(found, table, max(0, start), where or {})

    def explain(word: str) -> str:
        """Say what a column of a table, or a word in a column `flags`, means, with its unit."""
        from reports.export.meanings import explain as meaning

        return meaning(word)

    return reaction, study, results, explain
