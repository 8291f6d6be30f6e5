"""The agent's door, through the protocol's own client.

In this process, and over standard input and output.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from events import Catalog
from reports.agent.desk import Desk
from reports.agent.server import make_server
from reports.run.findings import Findings

Ask = Callable[..., Any]
DEAL = "2026-04-09-meta-coreweave-21bn"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(Catalog.bundled().filter(since="2026-01-01"), "sample")


@pytest.fixture(scope="module")
def ask(desk: Desk) -> Ask:
    def asked(tool: str, /, **arguments: Any) -> Any:
        async def call() -> Any:
            async with Client(make_server(desk)) as client:
                return await client.call_tool(tool, arguments)

        answer = asyncio.run(call())
        if answer.is_error:
            return answer.content[0].text
        return answer.structured_content

    return asked


def test_one_call_says_whether_a_share_reacted_and_how_sure(ask: Ask, desk: Desk) -> None:
    told = ask("reaction", ticker="CRWV", announcement="2026-04-09-meta-coreweave-21bn")
    assert told["announcement"]["id"] == DEAL
    rows = desk.findings.of_primary("windows")
    mine = rows[(rows["event_id"] == DEAL) & (rows["ticker"] == "CRWV")].set_index("window")
    for window in told["windows"]:
        row = mine.loc[window["window"]]
        assert window["abnormal_return"] == row["car"]
        assert window["p"] == max(row["pvalue"], row["conformal_p"])
        assert window["low"] < row["car"] < window["high"]
        assert set(window["flags"].split(";")) <= set(told["flags"])
    assert any("p = " in line and "95% interval" in line for line in told["answer"])
    assert told["ordinary_days"] > 30
    assert any("SIMULATED" in line for line in told["caveats"])
    assert any(
        one["with_event"] == "2026-04-10-anthropic-coreweave" for one in told["also_happened"]
    )
    alone = [line for line in told["caveats"] if "cannot be told from" in line]
    assert any("$4.25bn of notes" in line for line in alone)  # the same session's other news


def test_the_summary_of_a_large_run_is_short_and_says_where_the_rest_is(ask: Ask) -> None:
    told = ask("results")
    assert {row["group"] for row in told["averages"]} == {"all"}
    assert "table averages" in told["more_averages"]
    assert len(str(told)) < 30_000
    more = ask("results", table="averages", where={"group": "role"})
    assert more["n_rows"] > 10


def test_a_date_will_do_and_several_of_a_day_are_named(ask: Ask) -> None:
    told = ask("reaction", ticker="META", announcement="2026-04-09")
    assert told["announcement"]["id"] == DEAL
    several = ask("reaction", ticker="CRWV", announcement="2026-04-09")
    assert "fits 2 announcements" in several
    assert DEAL in several


def test_wrong_words_are_answered_with_what_is_near(ask: Ask) -> None:
    assert "did you mean" in ask("reaction", ticker="CRWV", announcement=DEAL + "x")
    assert "does not name 'CRWW'; did you mean 'CRWV'?" in ask(
        "reaction", ticker="CRWW", announcement=DEAL
    )
    assert "no announcement" in ask("show_announcement", announcement="")
    assert "did you mean 'windows'" in ask("results", table="window")
    assert "did you mean 'ticker'" in ask("results", table="windows", where={"tickr": "CRWV"})
    assert "no run 'run-99'" in ask("results", run="run-99")
    assert "did you mean 'overlap'" in ask("explain", word="overlapp")


def test_lists_narrow_and_say_how_many_there_are(ask: Ask) -> None:
    every = ask("list_announcements", ticker="CRWV", limit=3)
    assert (every["shown"], len(every["announcements"])) == (3, 3)
    assert every["n"] > 3
    assert all("CRWV" in one["tickers"] for one in every["announcements"])


def test_a_draft_is_checked_and_written_nowhere(ask: Ask, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    told = ask(
        "draft_announcement",
        headline="Meta buys more",
        announced_at="2026-05-04 08:00 ET",
        parties=["META:customer", "CRWV:supplier"],
        amount="about $3bn",
    )
    assert 'id = "2026-05-04-' in told["toml"]
    assert told["in_a_study"]
    assert not list(tmp_path.iterdir())
    wrong = ask(
        "draft_announcement", headline="x", announced_at="yesterday", parties=["META:customer"]
    )
    assert "announced_at" in wrong


def test_a_table_of_ones_own_is_studied_and_its_tables_read(ask: Ask) -> None:
    rows = [
        {"ticker": ticker, "date": date, "size": size}
        for date, size in (("2025-05-06", "big"), ("2025-08-05", "small"), ("2025-11-04", "big"))
        for ticker in ("META", "CRWV")
    ]
    told = ask("study", events=rows, windows={"3-day": [-1, 1]}, by=["size"])
    assert told["events"] + told["dropped"] == len(rows)
    assert {row["window"] for row in told["averages"]} == {"3-day"}
    page = ask("results", run=told["run"], table="windows", where={"ticker": "META"})
    assert page["n_rows"] == 3 * len({(row["model"], row["benchmark"]) for row in page["rows"]})
    assert "no row" in ask("study", events=[])
    assert "ends before it starts" in ask("study", events=rows, windows={"odd": [2, 1]})


def test_rows_of_a_table_are_those_of_the_run(ask: Ask, desk: Desk) -> None:
    findings: Findings = desk.findings
    page = ask("results", table="tests", where={"group": "all"})
    frame = findings.tables["tests"]
    wanted = frame[frame["group"] == "all"]
    assert page["n_rows"] == len(wanted)
    first = wanted.iloc[0]
    assert page["rows"][0]["pvalue"] == (None if pd.isna(first["pvalue"]) else first["pvalue"])


def test_over_standard_input_and_output_as_a_client_starts_it() -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from reports.cli import main; main()", "mcp", "--prices", "sample"],
    )

    async def call() -> tuple[Any, ...]:
        async with Client(stdio_client(server)) as client:
            tools = await client.list_tools()
            found = await client.call_tool("list_announcements", {"ticker": "CRWV", "limit": 1})
            return (
                [tool.name for tool in tools.tools],
                found.structured_content,
                client.instructions,
            )

    tools, found, instructions = asyncio.run(call())
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in tools if f'"{name}"' not in source] == []  # each is asked in this file
    assert found["shown"] == 1
    assert "not shown" in instructions


def test_answers_from_the_catalog_say_their_units(ask: Ask) -> None:
    asked = (
        ask("list_announcements", ticker="CRWV"),
        ask("show_announcement", announcement=DEAL),
        ask("draft_announcement", headline="Meta adds $5bn with CoreWeave",
            announced_at="2026-05-20 08:00 ET", parties=["META:customer", "CRWV:supplier"]),
    )  # fmt: skip
    for told in asked:
        assert told["units"]["amount"] == "US dollars"
