"""A strategy of one's own: the example works, and each way to get it wrong says what is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import strategies.example_own
from backtest.prices import Prices
from strategies.asking.loader import find_strategy
from strategies.asking.stranger import orders_of
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import evaluate

ORDER = (
    "__import__('backtest.trading').trading.Order('2025-01-21-stargate', 'ORCL', "
    "prices.sessions[prices.sessions.get_loc('2025-01-22')], 'open', 1.0)"
)
GOOD = Path(strategies.example_own.__file__ or "").read_text(encoding="utf-8")


def test_the_example_runs_as_a_file(tmp_path: Path, events: pd.DataFrame, prices: Prices) -> None:
    path = tmp_path / "mine.py"
    path.write_text(GOOD, encoding="utf-8")
    kind: Any = find_strategy(f"{path}:BigDeals")
    found = evaluate(kind(least_usd=1e9, hold=3), events, prices)
    assert found.summary["n_trades"].iloc[0] > 5


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("x = (", "A", r"mine.py, line 1: '\(' was never closed"),
        ("1 / 0", "A", r"mine.py: ZeroDivisionError: division by zero \(line 1 of mine.py\)"),
        ("import nowhere_at_all", "A", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        (GOOD, "BigDeal", "mine.py has no 'BigDeal'; did you mean 'BigDeals'"),
        ("A = 3", "A", "A is no class"),
        ("class A:\n    name = 'a'\n    def orders(self): ...", "A", "no frozen dataclass"),
        ("from dataclasses import dataclass\n@dataclass\nclass A: ...", "A", "no frozen dataclass"),
        (
            "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass A: ...",
            "A",
            "has no method orders",
        ),
        (GOOD.replace('name = "big_deals"', ""), "BigDeals", "has no name"),
        (GOOD.replace('"big_deals"', '""'), "BigDeals", "has no name"),
        (GOOD.replace('"big_deals"', '"big\\ndeals"'), "BigDeals", "has no name"),
    ],
)
def test_files_that_are_wrong(tmp_path: Path, text: str, name: str, words: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StrategyError, match=words):
        find_strategy(f"{path}:{name}")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("drft", "no strategy 'drft'; did you mean 'drift'"),
        ("mine.py", "write path.py:Name"),
        ("mine.py:", "write path.py:Name"),
        ("nowhere.py:A", "no such file"),
        ("mine.txt:A", "not a Python file"),
    ],
)
def test_names_that_are_wrong(spec: str, words: str) -> None:
    with pytest.raises(StrategyError, match=words):
        find_strategy(spec)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", r"own gave None \(its method orders returns nothing\) in place of its"),
        ("return events", "own gave a DataFrame in place of its orders; return a tuple of orders"),
        ("return events['ticker']", "own gave a Series in place of its orders"),
        ("return {}", "own gave a dict in place of its orders"),
        ("return set()", "own gave a set in place of its orders"),
        ("return 'buy'", "own gave a str in place of its orders"),
        ("return 5", "own gave an int in place of its orders"),
        (f"return {ORDER}", "own gave one Order in place of its orders"),
        ("return ('buy',)", "own gave 'buy' as order 1 of 1, which is no Order"),
        (f"return [{ORDER}, None]", "own gave None as order 2 of 2, which is no Order"),
        ("return (1 / 0 for _ in (1,))", r"own failed: ZeroDivisionError: .*line 8 of mine.py"),
        (f"return [{ORDER}] * 2", "strategy own: two orders of 2025-01-21-stargate in ORCL for"),
        (
            f"return [{ORDER.replace('ORCL', 'METAA')}]",
            "own sent an order of 2025-01-21-stargate in 'METAA', which has no prices; did you mean"
            " 'META'",
        ),
        (
            f"return [{ORDER.replace('stargate', 'stargates')}]",
            "own sent an order of '2025-01-21-stargates', and no event it was given has that "
            "event_id; did you mean '2025-01-21-stargate'",
        ),
        (
            f"return [{ORDER.replace('1.0', 'True')}]",
            r"own failed: TradingError: order of 2025-01-21-stargate in ORCL: target True is no "
            r"finite number \(line 8 of mine.py\)",
        ),
        ("raise KeyError('x')", r"own failed: KeyError: 'x' \(line 8 of mine.py\)"),
        (
            "prices.close.iloc[0] = 1.0\n        return ()",
            r"ValueError: assignment destination is read-only \(line 8 of mine.py\)",
        ),
    ],
)
def test_orders_that_are_wrong(
    tmp_path: Path, events: pd.DataFrame, prices: Prices, body: Any, words: str
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Own:\n"
        f"    name = 'own'\n    def orders(self, events, prices):\n        {body}\n",
        encoding="utf-8",
    )
    with pytest.raises(StrategyError, match=words):
        evaluate(find_strategy(f"{path}:Own")(), events, prices)


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("drift", {"hold": 0}, "strategy drift: hold is 0; it must be a whole number of sessions"),
        ("drift", {"hold": True}, "hold is True"),
        ("drift", {"roles": ("suplier",)}, "roles has 'suplier'; did you mean 'supplier'"),
        ("drift", {"entry": "noon"}, "entry is 'noon'; it must be 'open' or 'close'"),
        ("drift", {"stop": 5}, "stop is 5; write a fraction"),
        ("pair", {"short": "custmer"}, "did you mean 'customer'"),
        ("conditional", {"kinds": ("earning",)}, "did you mean 'earnings'"),
        ("reversal", {"threshold": 0}, "threshold is 0; it must be above 0"),
        ("beta_hedged", {"hedge": "peers"}, "hedge 'peers' and a list of peers go together"),
        ("random_dates", {"delay": (5, 1)}, "delay is"),
    ],
)
def test_settings_that_mean_nothing(name: str, settings: Any, words: str) -> None:
    with pytest.raises(StrategyError, match=words):
        find_strategy(name)(**settings)


@pytest.mark.parametrize("how", ["import os; os._exit(0)", "from os import _exit; _exit(0)"])
def test_a_file_that_ends_the_process_is_told(
    tmp_path: Path, how: str, events: pd.DataFrame, prices: Prices
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(how, encoding="utf-8")
    with pytest.raises(StrategyError, match=r"ends the program while it is read \(exit 0\)"):
        find_strategy(f"{path}:BigDeals")
    head = "def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:"
    assert head in GOOD
    path.write_text(GOOD.replace(head, f"{head}\n        {how}"), encoding="utf-8")
    kind: Any = find_strategy(f"{path}:BigDeals")
    with pytest.raises(StrategyError, match=r"SystemExit: 0 \(line \d+ of mine.py\)"):
        evaluate(kind(least_usd=1e9, hold=3), events, prices)


CLOSES = [
    "sys.stdout.close()",
    "sys.stderr.close()",
    "os.close(1)",
    "os.close(2)",
    "sys.stdout = 0",
]


@pytest.mark.parametrize("how", CLOSES)
def test_a_file_that_closes_a_stream_closes_none_of_ours(
    tmp_path: Path, how: str, events: pd.DataFrame, prices: Prices
) -> None:
    head = "def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:"
    path = tmp_path / "mine.py"
    told = f"import os, sys; {how}"
    text = GOOD.replace(head, f"{head}\n        {told}")
    path.write_text(f"{text}\n{told}\n", encoding="utf-8")
    before = sys.stdout, sys.stderr, *(os.fstat(one).st_ino for one in (1, 2))
    kind: Any = find_strategy(f"{path}:BigDeals")
    assert orders_of(kind(least_usd=1e9, hold=3), events, prices)
    assert (sys.stdout, sys.stderr, *(os.fstat(one).st_ino for one in (1, 2))) == before
    assert not sys.stdout.closed
    assert not sys.stderr.closed


def test_a_stream_taken_away_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("import sys\nsys.stdout.detach()", encoding="utf-8")
    words = r"OSError: standard output .* cannot be taken from the program \(line 2 of mine.py\)"
    with pytest.raises(StrategyError, match=words):
        find_strategy(f"{path}:BigDeals")


def test_other_code_ends_a_process_as_it_did(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(GOOD, encoding="utf-8")
    find_strategy(f"{path}:BigDeals")
    child = os.fork()
    if not child:
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
