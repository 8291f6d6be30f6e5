"""What the page says of strategies, each sentence and cell from numbers made by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from reports.draw.tabular import Table
from reports.page.sections import strategies
from reports.page.sections.base import Context
from reports.page.sections.strategies_table import strategies_table
from reports.run.trading.backtest import Backtest

NAN = math.nan
NONE_REFUSED = pd.DataFrame({"status": []})


def backtest(
    *, placebo: Any = None, bridge: dict[str, float] | None = None, refused: int = 0, **known: Any
) -> Backtest:
    """Three trades of +1.23% after costs, told apart from luck by nothing."""
    judged = {
        "n_trades": 3, "n_open": 0, "mean_net": 0.0123, "mean_excess": -0.004, "hit_rate": 0.667,
        "total_return": 0.0, "sign_flip_p": 0.25, "why_not": "",
    }  # fmt: skip
    steps = {"announced": NAN, "gap": NAN, "left": NAN, "excess_return": NAN} | (bridge or {})
    average = pd.DataFrame({"step": list(steps), "mean": list(steps.values())})
    evaluation = SimpleNamespace(
        judgement=SimpleNamespace(**judged | known),
        bets=pd.DataFrame({"hedged": [False]}),
        others=(),
        orders=pd.DataFrame({"status": ["filled"] * 3 + ["refused"] * refused}),
    )
    made = SimpleNamespace(average=average)
    return Backtest("drift", {}, "SPY", cast("Any", evaluation), placebo, cast("Any", made))


def words(one: Backtest, refused: int = 0) -> str:
    return strategies._words(one, pd.DataFrame({"status": ["refused"] * refused}))


def test_a_strategy_is_said_in_one_sentence() -> None:
    assert words(backtest(), 2) == (
        "3 trades, +1.23% each on average after costs, −0.40% against SPY over the same hours "
        "(p = 0.250 by cluster sign flips); 67% ended above zero by that measure; "
        "2 orders refused. "
    )


def test_one_trade_that_luck_cannot_judge_says_why() -> None:
    one = backtest(n_trades=1, sign_flip_p=NAN, why_not="one cluster of bets")
    assert words(one, 1).startswith("1 trade, +1.23% each on average after costs, ")
    assert "(one cluster of bets); 67% ended above zero by that measure; 1 order refused." in words(
        one, 1
    )


@pytest.mark.parametrize(
    ("p", "told"), [(0.0004, "(p < 0.001 by"), (0.001, "(p = 0.001 by"), (1.0, "(p = 1.000 by")]
)
def test_a_p_value_has_one_sign_before_it(p: float, told: str) -> None:
    assert told in words(backtest(sign_flip_p=p))


def test_a_strategy_that_completed_nothing_says_what_is_open() -> None:
    assert words(backtest(n_trades=0, n_open=2), 1) == (
        "No trade was completed, 2 still open; 1 order refused."
    )


def placebo(**given: Any) -> Any:
    known = {"draws": pd.DataFrame({"mean_excess": [0.0] * 237}), "place": 0.27, "p_two": 0.508}
    return SimpleNamespace(**known | {"why_not": ""} | given)


def test_earlier_dates_are_counted_or_it_says_why_there_are_none() -> None:
    assert words(backtest(placebo=placebo())).endswith(
        "On the same catalog moved to 237 earlier dates, without bets that would meet a real event "
        "of their ticker, it does worse in 27% of them (p = 0.508). "
    )
    once = placebo(draws=pd.DataFrame({"mean_excess": [0.0]}), place=1.0, p_two=0.0001)
    assert words(backtest(placebo=once)).endswith(
        "On the same catalog moved to 1 earlier date, without bets that would meet a real event "
        "of their ticker, it does worse in 100% of them (p < 0.001). "
    )
    assert words(backtest(placebo=placebo(why_not="too short a history"))).endswith(
        "There are no earlier dates to compare with: too short a history. "
    )


def test_where_a_return_went_is_told_step_by_step() -> None:
    told = words(
        backtest(bridge={"announced": 0.05, "gap": 0.03, "left": 0.02, "excess_return": 0.019})
    )
    assert told.endswith(
        "Of an average abnormal return of +5.00% up to the exit, +3.00% came before one could "
        "trade and +2.00% after; +1.90% was kept."
    )


def together(one: Backtest, *trials: dict[str, Any]) -> Table:
    columns = ["strategy", "n_trials", "sharpe", "probabilistic", "deflated", "why_not"]
    findings = SimpleNamespace(
        backtests=(one,), tables={"trials": pd.DataFrame(trials, columns=columns)}
    )
    found = strategies_table(cast("Context", SimpleNamespace(findings=findings)))
    assert found is not None
    return found


def line(one: Backtest, *trials: dict[str, Any]) -> list[str]:
    return [cell.text for cell in together(one, *trials).rows[0]]


TRIAL = {"strategy": "drift", "n_trials": 149, "sharpe": 0.64, "probabilistic": 0.693,
         "deflated": 0.0004, "why_not": None}  # fmt: skip


def test_the_line_of_a_strategy() -> None:
    one = backtest(placebo=placebo(), refused=2)
    assert line(one, TRIAL) == [
        "drift", "3", "+1.23%", "−0.40%", "0.250", "67%", "27%", "0.64", "0.693", "<0.001", "2", "",
    ]  # fmt: skip
    assert "probability above the best of 149 by luck" in together(one, TRIAL).head
    assert "the 149 are these strategies and the variants" in together(one, TRIAL).notes


def test_a_line_without_trials_placebos_or_a_share_has_dashes() -> None:
    assert line(backtest(hit_rate=NAN)) == [
        "drift", "3", "+1.23%", "−0.40%", "0.250", "–", "–", "–", "–", "–", "0", "",
    ]  # fmt: skip
    assert line(backtest(placebo=placebo(why_not="short")))[6] == "–"
    other = TRIAL | {"strategy": "another"}
    assert line(backtest(), other)[7:10] == ["–", "–", "–"]


@pytest.mark.parametrize(
    ("known", "trial", "remark"),
    [
        ({"why_not": "one cluster"}, {"why_not": "needs 60"}, "one cluster; needs 60"),
        ({"why_not": "needs 60"}, {"why_not": "needs 60"}, "needs 60"),
        ({"n_trades": 0, "n_open": 1200}, {}, "1,200 still open"),
        ({"n_trades": 0}, {}, "no order filled"),
    ],
)
def test_the_remark_says_what_is_missing_once(
    known: dict[str, Any], trial: dict[str, Any], remark: str
) -> None:
    found = line(backtest(**known), TRIAL | trial)
    assert found[-1] == remark
    if not known.get("n_trades", 3):
        assert found[2:6] == ["–", "–", "–", "–"]


def test_without_a_strategy_there_is_no_table() -> None:
    findings = SimpleNamespace(backtests=(), tables={})
    assert strategies_table(cast("Context", SimpleNamespace(findings=findings))) is None


def test_cells_are_shown_by_the_unit_their_column_declares() -> None:
    shown = {
        "net_return": "+1.23%", "entry_price": "0.01", "sign_flip_p": "0.012", "n_trades": "0",
    }  # fmt: skip
    for column, text in shown.items():
        assert strategies._cell(column, 0.0123).text == text
    assert strategies._cell("entry_session", pd.Timestamp("2026-04-09 16:00")).text == "2026-04-09"
    assert strategies._cell("exit_session", pd.NaT).text == "–"
    assert strategies._cell("status", None).text == ""


def test_a_sweep_says_how_many_cells_and_variants_and_what_luck_gives() -> None:
    heat = pd.DataFrame([[0.0512, -0.01], [0.0, -0.02]], index=["all", "large"], columns=[1, 5])
    swept = SimpleNamespace(
        best=pd.DataFrame({"mean_excess": [0.0125], "t": [1.63]}), best_p=0.874,
        table=range(1440), heat=lambda *_: heat,
    )  # fmt: skip
    context = SimpleNamespace(findings=SimpleNamespace(sweep=swept), simulated=False)
    chart, told = strategies._sweep(cast("Context", context))
    assert chart is not None
    assert chart.title == ("1 of 4 cells above zero, the best +5.12% a trade, over 1,440 variants")
    assert told == (
        "Of 1,440 variants (holding time, entry, stop, hedge, events) the best by t earns +1.25% "
        "a trade (t = 1.63). The best of as many worthless variants does as well with probability "
        "0.874 (White’s reality check)."
    )
    none = SimpleNamespace(findings=SimpleNamespace(sweep=None), simulated=False)
    assert strategies._sweep(cast("Context", none)) == (None, "")
