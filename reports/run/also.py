"""Further tables an experiment may ask for.

Other outcomes, buy-and-hold returns, in-space placebos.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from backtest import EventStudy, EventStudyResult, Prices, Returns


@dataclass(frozen=True)
class PrimaryStudy:
    """The primary study: how it was made, of which events, on what, and its result."""

    study: EventStudy
    events: pd.DataFrame
    prices: Prices
    returns: Returns
    result: EventStudyResult


def _outcomes(asked: PrimaryStudy) -> pd.DataFrame:
    from backtest.study.other.outcomes import outcomes

    return outcomes(asked.study, asked.events, asked.prices)


def _buy_and_hold(asked: PrimaryStudy) -> pd.DataFrame:
    from backtest.study.other.buy_and_hold import bhar_tests

    return bhar_tests(asked.result)


def _in_space(asked: PrimaryStudy) -> pd.DataFrame:
    from backtest.study.check.in_space import in_space_placebos

    return in_space_placebos(asked.study, asked.result, asked.returns)


ALSO: Mapping[str, Callable[[PrimaryStudy], pd.DataFrame]] = {
    "outcomes": _outcomes,
    "buy_and_hold": _buy_and_hold,
    "in_space": _in_space,
}
"""A word of the experiment's `also` -> its table, which has the same name."""


def also_tables(words: tuple[str, ...], asked: PrimaryStudy) -> dict[str, pd.DataFrame]:
    """The tables asked for by name; raises `StudyError` where the primary model cannot give one."""
    return {word: ALSO[word](asked) for word in words}
