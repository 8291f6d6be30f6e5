"""Searches over a strategy's fields, and choices walked forward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.trading import Costs, Order
from events.errors import ArgumentError
from strategies import Drift, Pair
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import evaluate
from strategies.evaluate.search import Search, search, variants_of
from strategies.evaluate.walk_forward import walk_forward

OVER = {"hold": [1, 5, 20], "entry": ["open", "close"]}


@dataclass(frozen=True)
class Mine:
    """A researcher's own class: buys every party of news for so many sessions, at so much."""

    hold: int = 3
    size: float = 1.0

    name = "mine"

    def __post_init__(self) -> None:
        if self.size <= 0:
            raise ValueError("size must be above 0")

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        drift = Drift(hold=self.hold, roles=()).orders(events, prices)
        return tuple(
            Order(one.event_id, one.ticker, one.session, one.at, one.target * self.size)
            for one in drift
        )


@pytest.fixture(scope="module")
def found(events: pd.DataFrame, prices: Prices) -> Search:
    return search(Drift, OVER, events, prices)


def test_every_combination_is_evaluated_as_it_would_be_alone(
    found: Search, events: pd.DataFrame, prices: Prices
) -> None:
    assert len(found.table) == 6
    for row, evaluation in zip(found.table.itertuples(), found.evaluations, strict=True):
        alone = evaluate(Drift(hold=row.hold, entry=row.entry), events, prices)
        pd.testing.assert_frame_equal(evaluation.bets, alone.bets)
        assert row.mean_excess == alone.judgement.mean_excess
        assert row.n_trades == alone.judgement.n_trades
    assert found.named(0) == "hold=1, entry=open"
    assert 0 < found.best_p <= 1
    assert found.table["pvalue_adjusted"].dropna().between(0, 1).all()
    assert repr(found).startswith("<Search of 6 variants: best hold=")


def test_a_researchers_own_class_is_searched_by_its_own_fields(
    events: pd.DataFrame, prices: Prices
) -> None:
    own = search(Mine, {"hold": [2, 4]}, events, prices, settings={"size": 0.5})
    assert [one.judgement.n_trades > 5 for one in own.evaluations] == [True, True]
    assert own.fields == ("hold",)


@pytest.mark.parametrize(
    ("over", "settings", "said"),
    [
        ({"holt": [1]}, {}, "no field 'holt'; did you mean 'hold'"),
        ({"hold": []}, {}, "needs a list of values"),
        ({"hold": "15"}, {}, "needs a list of values"),
        ({"hold": [0]}, {}, "hold is 0"),
        ({"hold": [1]}, {"hold": 2}, "both fixed and varied"),
        ({"hold": list(range(1, 60)), "size": [0.1 * i for i in range(1, 60)]}, {},
         "2,000 is the most"),
        ({"size": [-1.0]}, {}, "size must be above 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_told(over: Any, settings: Any, said: Any) -> None:
    kind = Mine if "size" in over or "2,000" in said else Drift
    with pytest.raises(StrategyError, match=said.replace("(", r"\(")):
        variants_of(kind, over, settings)


def test_one_word_stands_for_a_tuple_of_one() -> None:
    first, second = variants_of(Drift, {"roles": ["supplier", ["supplier", "customer"]]}, {})
    assert isinstance(first, Drift)
    assert isinstance(second, Drift)
    assert (first.roles, second.roles) == (("supplier",), ("supplier", "customer"))


def test_a_choice_rests_on_bets_that_had_ended(
    found: Search, events: pd.DataFrame, prices: Prices
) -> None:
    walked = walk_forward(found, events, prices, splits=3)
    assert len(walked.table) == 3
    for fold in walked.table[walked.table["chosen"] != ""].itertuples():
        variant = [found.named(i) for i in range(6)].index(fold.chosen)
        bets = found.bets[variant]
        ended = bets[bets["exit_session"] < fold.test_from]
        assert (fold.n_train, fold.train_mean) == (len(ended), ended["excess_return"].mean())
        begun = (bets["entry_session"] < fold.test_from).sum()
        assert fold.n_embargoed == begun - len(ended)
        others = [own[own["exit_session"] < fold.test_from]["excess_return"] for own in found.bets]
        ts = [r.mean() / r.std(ddof=1) * np.sqrt(len(r)) for r in others if len(r) >= 5]
        assert fold.train_t == pytest.approx(max(ts))
    out = walked.out_of_sample.bets
    assert (out["entry_session"] >= walked.table["test_from"].min()).all()
    assert int(walked.table["n_test"].sum()) == walked.out_of_sample.judgement.n_trades
    assert walked.deflated <= walked.probabilistic or np.isnan(walked.deflated)


def test_a_fold_says_why_nothing_was_chosen_or_earned(events: pd.DataFrame, prices: Prices) -> None:
    """Of four announcements none is enough to choose by; of a share without prices none trades."""
    days = events["tradable_open"].dropna().sort_values().unique()
    first = events[events["tradable_open"] <= days[2]]
    few = walk_forward(search(Drift, {"hold": [1]}, first, prices), first, prices, splits=1).table
    assert few["why_not"].tolist() == ["no variant has 5 bets that ended before this test"]
    assert few["chosen"].tolist() == [""]
    assert few[["n_train", "n_test"]].to_numpy().tolist() == [[0, 0]]
    later = events["tradable_open"] >= days[len(days) // 2]
    unpriced = events.assign(ticker=events["ticker"].mask(later, "NOPE"))
    found = search(Drift, {"hold": [1]}, unpriced, prices)
    last = walk_forward(found, unpriced, prices, splits=4).table.iloc[-1]
    assert (last["chosen"], last["n_test"]) == ("hold=1", 0)
    assert last["why_not"] == "no completed bet in this test"


def test_a_field_is_fixed_or_varied_and_not_both() -> None:
    with pytest.raises(StrategyError, match="drift: hold is both fixed and varied; choose one"):
        variants_of(Drift, {"hold": [1, 5]}, {"hold": 5})


def test_news_after_a_fold_changes_nothing_before_it(events: pd.DataFrame, prices: Prices) -> None:
    """No look-ahead: the first fold's choice is the same when later announcements did not come."""
    whole = walk_forward(search(Drift, OVER, events, prices), events, prices, splits=3).table
    first = whole.iloc[0]
    known = events[events["tradable_open"] <= first["test_until"]]
    # the last part of a catalog that ends with the first test
    part = walk_forward(search(Drift, OVER, known, prices), known, prices, splits=1).table.iloc[0]
    if part["test_from"] == first["test_from"]:
        assert part["chosen"] == first["chosen"]
        assert part["train_t"] == first["train_t"]
    else:  # cut elsewhere: what was chosen by then is what the bets that had ended say
        assert part["test_from"] < first["test_until"]


def test_settings_that_work_are_found_and_luck_is_not_paid_for(events: pd.DataFrame) -> None:
    """In a market where suppliers drift for 10 sessions, holding 10 is chosen.

    Where none do, the best is luck.
    """
    sessions = Prices.sample().sessions
    known = events[events["tradable_open"].isin(sessions)]
    drifting, still = _market(sessions, known, 0.004), _market(sessions, known, 0.0)
    over = {"hold": [1, 10], "entry": ["open"]}
    walked = walk_forward(
        search(Drift, over, known, drifting, Costs.none()), known, drifting, Costs.none(), splits=3
    )
    assert (walked.table["chosen"] == "hold=10, entry=open").all()
    assert walked.out_of_sample.judgement.mean_excess > 0.02
    assert search(Drift, over, known, still, Costs.none()).best_p > 0.01


def _market(sessions: pd.DatetimeIndex, events: pd.DataFrame, drift: float) -> Prices:
    random = np.random.default_rng(5)
    tickers = sorted({*events["ticker"], "SPY"})
    moves = pd.DataFrame(random.normal(0, 0.004, (len(sessions), len(tickers))), sessions, tickers)
    for event in events[events["roles"].str.contains("supplier")].itertuples():
        at = sessions.get_loc(event.tradable_open)
        moves.iloc[at : at + 10, tickers.index(event.ticker)] += drift  # type: ignore[assignment]
    close = 100 * moves.cumsum().transform(np.exp)
    return Prices(
        close.shift(1).fillna(100), close, close, close, close, close * 0 + 1e6, source="made"
    )


def test_too_few_sessions_to_cut_are_told(
    found: Search, events: pd.DataFrame, prices: Prices
) -> None:
    with pytest.raises(StrategyError, match="there are 2; take fewer"):
        walk_forward(
            found,
            events[events["tradable_open"].isin(events["tradable_open"].unique()[:2])],
            prices,
            splits=3,
        )
    with pytest.raises(StrategyError, match="it must be 1 or more"):
        walk_forward(found, events, prices, splits=0)


def test_a_benchmark_without_prices_is_told(events: pd.DataFrame, prices: Prices) -> None:
    with pytest.raises(TradingError, match="no prices for 'SPX'"):
        search(Drift, {"hold": [1]}, events, prices, benchmark="SPX")


def test_positions_add_up_to_the_account(events: pd.DataFrame, prices: Prices) -> None:
    one = evaluate(Drift(hold=5), events, prices)
    per_day = one.positions.groupby("session")
    equity = one.equity.set_index("session")
    held = equity[equity["n_positions"] > 0]
    assert per_day.size().to_dict() == held["n_positions"].to_dict()
    gross = one.positions["weight"].abs().groupby(one.positions["session"]).sum()
    assert gross.to_numpy() == pytest.approx(held["gross_exposure"].to_numpy(), abs=1e-12)
    pair = evaluate(Pair(), events, prices)
    assert pair.positions["shares"].lt(0).any()


def test_returns_compound_to_the_account(events: pd.DataFrame, prices: Prices) -> None:
    one = evaluate(Drift(hold=5), events, prices)
    assert isinstance(one.returns.index, pd.DatetimeIndex)
    assert one.returns.name == "drift"
    assert (1 + one.returns).prod() - 1 == pytest.approx(one.judgement.total_return, abs=1e-12)


def test_numbers_of_settings_stay_whole_where_all_vary(
    events: pd.DataFrame, prices: Prices
) -> None:
    found = search(Drift, {"hold": [1, 5]}, events, prices)
    assert [found.named(at) for at in (0, 1)] == ["hold=1", "hold=5"]


def test_an_instance_in_place_of_the_class_is_told(events: pd.DataFrame, prices: Prices) -> None:
    given: Any = Drift()
    with pytest.raises(ArgumentError, match=r"write Drift, not Drift\(\)"):
        search(given, {"hold": [1, 5]}, events, prices)
