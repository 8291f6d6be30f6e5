"""Strategies of users' files that remember, go by the clock, or go by chance."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest.prices import Prices
from strategies.asking.ask import ask
from strategies.asking.loader import find_strategy
from strategies.base import Strategy
from strategies.errors import StrategyError

HEAD = """
import itertools, os, random, sys, time
from dataclasses import dataclass
from typing import ClassVar
import pandas as pd
from backtest.trading import Order

LONGEST = []
CALLS = itertools.count()


@dataclass(frozen=True)
class Own:
    hold: int = 3
    name = "own"
    seen: ClassVar[dict] = {}

    def orders(self, events, prices):
        out = []
        for event in events.itertuples():
            if event.ticker in prices.tickers and not pd.isna(event.tradable_open):
                if self.likes(event, prices):
                    out.append(
                        Order(event.event_id, event.ticker, event.tradable_open, "open", 1.0)
                    )
        return tuple(out)

    def rises(self, event, close):
        path = close[event.ticker].loc[event.tradable_open :]
        return len(path) > 5 and path.iloc[5] > path.iloc[0]

"""
REMEMBERS_IN_ITS_MODULE = """
    def likes(self, event, prices):
        if not LONGEST or len(LONGEST[0]) < len(prices.close):
            LONGEST[:] = [prices.close]
        return self.rises(event, LONGEST[0])
"""
REMEMBERS_IN_ITS_CLASS = """
    def likes(self, event, prices):
        if len(self.seen.get("close", ())) < len(prices.close):
            self.seen["close"] = prices.close
        return self.rises(event, self.seen["close"])
"""
REMEMBERS_IN_ANOTHER_MODULE = """
    def likes(self, event, prices):
        kept = getattr(sys, "_kept_close", ())
        if len(kept) < len(prices.close):
            sys._kept_close = prices.close
        return self.rises(event, sys._kept_close)
"""
LOOKS_BEHIND_ITS_VIEW = """
    def likes(self, event, prices):
        whole = prices.close.to_numpy()
        while whole.base is not None and whole.base.shape[-1:] == whole.shape[-1:]:
            whole = whole.base
        at = prices.sessions.get_loc(event.tradable_open) if len(prices.close) else 0
        column = prices.tickers.index(event.ticker)
        return at + 5 < len(whole) and whole[at + 5, column] > whole[at, column]
"""
BY_CHANCE = """
    def likes(self, event, prices):
        return random.random() < 0.5
"""
BY_THE_CLOCK = """
    def likes(self, event, prices):
        return time.perf_counter_ns() // 64 % 2 == 0
"""
BY_COUNTING = """
    def likes(self, event, prices):
        return next(CALLS) % 3 == 0
"""
HONEST = """
    def likes(self, event, prices):
        print("thinking")
        return random.Random(event.event_id).random() < 0.7
"""
WANTS_MORE = """
    def likes(self, event, prices):
        return prices.close.index[len(LONGEST) + 600] > event.tradable_open
"""
LEAVES = """
    def likes(self, event, prices):
        if len(prices.close) < 700:
            os._exit(3)
        return True
"""


def own(tmp_path: Path, body: str) -> Strategy:
    path = tmp_path / "mine.py"
    path.write_text(HEAD + body, encoding="utf-8")
    return find_strategy(f"{path}:Own")(hold=4)  # type: ignore[call-arg]  # Own has it


LOOKS = (
    r"strategy own looks ahead: its order of \S+ in \S+ at the open of \d{4}-\d\d-\d\d (has the "
    r"target (1|none \(it is not sent\)) when it is shown prices and news from the open of "
    r"\d{4}-\d\d-\d\d on, and (1|none \(it is not sent\)) when it is not|rests on what is known "
    r"only after the (open|close) of \d{4}-\d\d-\d\d, .*: with it its target is .*, without it .*)"
    r"; docs/strategies.md says what an order may rest on"
)
CHANGES = r"strategy own changes its mind: its order of \S+ in \S+ at the open of .*the same again"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (REMEMBERS_IN_ITS_MODULE, LOOKS),
        (REMEMBERS_IN_ITS_CLASS, LOOKS),
        (REMEMBERS_IN_ANOTHER_MODULE, LOOKS),
        (LOOKS_BEHIND_ITS_VIEW, LOOKS),
        (BY_CHANCE, CHANGES),
        (BY_THE_CLOCK, CHANGES),
        (BY_COUNTING, CHANGES),
        (WANTS_MORE, r"strategy own fails without future prices: IndexError: .*line \d+ of mine"),
        (LEAVES, "strategy own fails without future prices: SystemExit: 3"),
        (
            LEAVES.replace("_exit(3)", "kill(os.getpid(), 9)"),
            "own ended the process it was asked in",
        ),
        ("    def likes(self, event, prices):\n        sys.exit()\n", "own failed: SystemExit"),
    ],
    ids=lambda value: value.split("return")[0][-60:].strip()[:30],
)
def test_what_rests_on_more_than_the_past_is_refused(
    tmp_path: Path, events: pd.DataFrame, prices: Prices, body: Any, words: str
) -> None:
    with pytest.raises(StrategyError, match=words):
        ask(own(tmp_path, body), events, prices)


def test_memory_left_by_an_earlier_run_does_not_help(
    tmp_path: Path, events: pd.DataFrame, prices: Prices
) -> None:
    strategy = own(tmp_path, REMEMBERS_IN_ITS_CLASS)
    strategy.orders(events.copy(), prices)  # now its class holds the whole panel
    with pytest.raises(StrategyError, match=LOOKS) as caught:
        ask(strategy, events, prices)
    # the order that is named is one of an event of the catalog, where it would have been sent
    words = str(caught.value).split("its order of ")[1].split()
    sent = events[(events["event_id"] == words[0]) & (events["ticker"] == words[2])]
    assert sent["tradable_open"].tolist() == [pd.Timestamp(words[7])]


def test_an_honest_one_passes_and_its_fields_go_with_it(
    tmp_path: Path, events: pd.DataFrame, prices: Prices, capfd: Any
) -> None:
    orders = ask(own(tmp_path, HONEST), events, prices)
    assert 5 < len(orders) < len(events)
    said = capfd.readouterr()
    assert "thinking" in said.err
    assert not said.out  # where a command's own words and its `--json` stand


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (
            5,
            r"after the close of (\S+), 5 sessions later: with it its target is 1, without it none",
        ),
        (1, r"after the close of (\S+), 1 session later: "),
        (0, r"after the close of (\S+), the same session: "),
    ],
)
def test_the_session_that_was_needed_is_named(
    tmp_path: Path, events: pd.DataFrame, prices: Prices, ahead: int, words: str
) -> None:
    body = f"""
    def likes(self, event, prices):
        path = prices.close[event.ticker].loc[event.tradable_open :]
        return len(path) > {ahead} and path.iloc[{ahead}] > 0
"""
    with pytest.raises(StrategyError) as caught:
        ask(own(tmp_path, body), events, prices)
    found = re.search(
        r"at the open of (\S+) rests on what is known only " + words, str(caught.value)
    )
    assert found
    sent, needed = prices.sessions.get_indexer(pd.DatetimeIndex(found.groups()))
    assert needed - sent == ahead


def test_a_strategy_that_leaves_for_another_folder_moves_nothing(
    tmp_path: Path, events: pd.DataFrame, prices: Prices, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path)
    body = HONEST.replace('print("thinking")', f"os.chdir({str(tmp_path / 'away')!r})")
    assert ask(own(tmp_path, body), events, prices)
    assert Path.cwd() == tmp_path
    (tmp_path / "mine.py").write_text("import os\nos.chdir('away')\n" + HEAD + HONEST)
    find_strategy(f"{tmp_path / 'mine.py'}:Own")
    assert Path.cwd() == tmp_path


def test_two_files_of_one_name_are_two_strategies(
    tmp_path: Path, events: pd.DataFrame, prices: Prices
) -> None:
    (tmp_path / "other").mkdir()
    honest = own(tmp_path, HONEST)
    cheat = own(tmp_path / "other", REMEMBERS_IN_ITS_CLASS)
    with pytest.raises(StrategyError, match=LOOKS):
        ask(cheat, events, prices)
    assert ask(honest, events, prices)
