"""What trading came to, in the words of the terminal: each kind of line, its numbers by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from reports.commands.terminal.trading_lines import searched_lines, strategy_lines
from reports.run.findings import Findings
from reports.run.trading.backtest import Backtest
from strategies.evaluate.search import Search

TABLE = pd.DataFrame({
    "variant": [0, 1],
    "hold": [5, 10],
    "mean_excess": [0.0123, -0.02],
    "t": [2.125, -1.0],
})  # fmt: skip


def findings(*, backtests: tuple[Backtest, ...] = (), searched: Any = None) -> Findings:
    return cast("Findings", SimpleNamespace(backtests=backtests, searched=searched))


def judged(**known: Any) -> Any:
    usual = {
        "n_trades": 0, "n_open": 0, "mean_net": math.nan, "mean_excess": math.nan,
        "total_return": 0.0, "sign_flip_p": math.nan, "why_not": "", "sharpe": math.nan,
        "sharpe_why_not": "",
    }  # fmt: skip
    return SimpleNamespace(**usual | known)


def backtest(hedged: tuple[bool, ...], **known: Any) -> Backtest:
    evaluation = SimpleNamespace(
        judgement=judged(**known), bets=pd.DataFrame({"hedged": hedged}, dtype=bool), others=()
    )
    return Backtest("drift", {}, "SPY", cast("Any", evaluation), None, cast("Any", None))


@pytest.mark.parametrize(
    ("hedged", "against"),
    [
        ((False, False), "+0.40% against SPY over the same hours"),
        ((True, False), "+0.40% against SPY over the same hours (hedged ones: after the hedge)"),
        ((True, True), "its hedge counted in"),
    ],
)
def test_a_strategy_says_what_a_trade_earned_and_over_what(
    hedged: tuple[bool, ...], against: str
) -> None:
    one = backtest(hedged, n_trades=2, mean_net=-0.0123, mean_excess=0.004)
    line = f"drift: 2 trades, −1.23% each after costs, {against}"
    assert list(strategy_lines(findings(backtests=(one,)))) == [line]
    still = backtest(hedged, n_trades=2, n_open=1, mean_net=-0.0123, mean_excess=0.004)
    assert list(strategy_lines(findings(backtests=(still,)))) == [f"{line}; 1 still open"]


def test_a_strategy_without_a_completed_trade_says_what_its_account_did() -> None:
    one = backtest((), n_open=3, total_return=0.015)
    assert list(strategy_lines(findings(backtests=(one,)))) == [
        "drift: no completed trade, 3 open, account +1.50%"
    ]


def searched(table: pd.DataFrame, forward: Any = None) -> Any:
    search = Search(table, 0.0312, 7, ("hold",), ())
    return SimpleNamespace(strategy="drift", search=search, forward=forward)


def test_a_search_names_its_best_and_what_luck_gives() -> None:
    assert list(searched_lines(findings(searched=searched(TABLE)))) == [
        "search: 2 variants of drift, best hold=5 with +1.23% a bet (t 2.12); "
        "as good by luck alone with p = 0.031"
    ]


def test_a_search_in_which_nothing_can_be_judged_names_no_best() -> None:
    none = TABLE.assign(t=np.nan)
    assert list(searched_lines(findings(searched=searched(none)))) == [
        "search: 2 variants, none with enough trades to judge"
    ]
    assert list(searched_lines(findings())) == []


def forward(known: dict[str, Any], **more: Any) -> Any:
    table = pd.DataFrame({"why_not": ["no completed bet in this test", ""]})
    usual = {"table": table, "mean_lost": 0.0031, "deflated": math.nan, "n_variants": 2}
    return SimpleNamespace(out_of_sample=SimpleNamespace(whole=judged(**known)), **usual | more)


def test_a_walk_forward_without_a_bet_says_why() -> None:
    found = searched(TABLE, forward({}))
    assert list(searched_lines(findings(searched=found)))[1:] == [
        "walk-forward: no completed bet out of sample; no completed bet in this test"
    ]


def test_a_walk_forward_says_what_is_left_of_the_choice() -> None:
    """A loss against the bets of the choice is a minus: 0.31% less each."""
    known = {"n_trades": 9, "mean_excess": 0.0052, "sign_flip_p": 0.25, "sharpe": 0.5}
    found = searched(TABLE, forward(known, deflated=0.62))
    assert list(searched_lines(findings(searched=found)))[1:] == [
        "walk-forward: 9 bets out of sample over 2 folds, +0.52% each "
        "(cluster sign-flip p = 0.250), −0.31% against the bets they were chosen on",
        "  its account's Sharpe ratio (0.50 a year, the market's part included) "
        "beats the best of 2 worthless variants with probability 62%",
    ]


def test_a_walk_forward_of_too_little_says_what_cannot_be_said() -> None:
    known = {
        "n_trades": 1, "mean_excess": 0.0052, "why_not": "one cluster of bets",
        "sharpe_why_not": "the account never moved",
    }  # fmt: skip
    found = searched(TABLE, forward(known))
    assert list(searched_lines(findings(searched=found)))[1:] == [
        "walk-forward: 1 bet out of sample over 2 folds, +0.52% each "
        "(one cluster of bets), −0.31% against the bets they were chosen on",
        "  no Sharpe ratio: the account never moved",
    ]
