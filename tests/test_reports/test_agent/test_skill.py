"""SKILL.md names only tools, tests and columns that exist."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from backtest.study.inference import TESTS
from events import Catalog
from reports.agent.desk import Desk
from reports.agent.server import make_server

TEXT = (Path(__file__).parents[3] / "SKILL.md").read_text(encoding="utf-8")


def test_every_tool_it_names_is_served_and_every_served_tool_is_named() -> None:
    tools = asyncio.run(make_server(Desk(Catalog.bundled(), "sample")).list_tools())
    head = TEXT[TEXT.index("Tools (") : TEXT.index("From a shell")]
    assert set(re.findall(r"`([a-z_]+)`", head)) == {tool.name for tool in tools}


def test_every_statistic_it_names_is_a_test() -> None:
    table = TEXT[TEXT.index("## Which test when") : TEXT.index("Rejection rates")]
    words = set(re.findall(r"`([a-z_]+_[tz])`", table))
    assert len(words) > 4
    assert words <= set(TESTS)
