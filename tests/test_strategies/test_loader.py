"""A strategy of one's own: the example works, and each way to get it wrong says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import strategies.example_own
from strategies.errors import StrategyError
from strategies.evaluate import evaluate
from strategies.loader import find_strategy

GOOD = Path(strategies.example_own.__file__ or "").read_text(encoding="utf-8")


def test_the_example_runs_as_a_file(tmp_path, events, prices) -> None:
    path = tmp_path / "mine.py"
    path.write_text(GOOD, encoding="utf-8")
    kind = find_strategy(f"{path}:BigDeals")
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
    ],
)
def test_files_that_are_wrong(tmp_path, text, name, words) -> None:
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
def test_names_that_are_wrong(spec, words) -> None:
    with pytest.raises(StrategyError, match=words):
        find_strategy(spec)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "TypeError: 'NoneType' object is not iterable"),
        ("return ('buy',)", "gave 'buy', no Order"),
        ("raise KeyError('x')", r"own failed: KeyError: 'x' \(line 8 of mine.py\)"),
        (
            "prices.close.iloc[0] = 1.0\n        return ()",
            r"ValueError: assignment destination is read-only \(line 8 of mine.py\)",
        ),
    ],
)
def test_orders_that_are_wrong(tmp_path, events, prices, body, words) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Own:\n    name = 'own'\n"
        f"    def orders(self, events, prices):\n        {body}\n",
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
def test_settings_that_mean_nothing(name, settings, words) -> None:
    with pytest.raises(StrategyError, match=words):
        find_strategy(name)(**settings)
