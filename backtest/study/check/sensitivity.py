"""A specification curve: the same question asked with every choice a careful researcher might have made.

Simonsohn, Simmons and Nelson (2020). Models x benchmarks x windows x rules for day 0 x lengths of
estimation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.inference import COMPANION_TEST, HEADLINE_TEST, TESTS
from backtest.study.normal import MODELS, NormalModel
from backtest.study.place.alignment import align
from backtest.study.place.windows import Window
from backtest.study.result import EventStudyResult
from backtest.study.study import EventStudy
from events import Catalog
from events.errors import suggest

AS_PLACED, DAY_AFTER, DAY_BEFORE = "as placed", "a day later", "a day earlier"
DAY_ZERO = {AS_PLACED: 0, DAY_AFTER: 1, DAY_BEFORE: -1}
_SIMPLE = ("market", "market_adjusted", "mean_adjusted")
_COLUMNS = [
    "model", "benchmark", "window", "day_zero", "estimation_length", "n_events", "caar", "statistic", "pvalue",
    "companion_pvalue", "why_not",
]  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """What is varied; each product is one specification.

    `models` are names of MODELS that need a benchmark or nothing. `day_zero` are keys of DAY_ZERO:
    where the events are placed, or a session to either side. `lengths` are sessions of estimation,
    ending where the study's own does.
    """

    models: Sequence[str] = _SIMPLE
    benchmarks: Sequence[str] = ("SPY", "QQQ")
    day_zero: Sequence[str] = (AS_PLACED, DAY_AFTER)
    lengths: Sequence[int] = (60, 120, 250)

    def __post_init__(self) -> None:
        for names, known in ((self.models, _SIMPLE), (self.day_zero, tuple(DAY_ZERO))):
            for name in names:
                if name not in known:
                    raise StudyError(
                        f"no choice {name!r}{suggest(name, known)}; there are {', '.join(known)}"
                    )


def sensitivity(
    study: EventStudy,
    events: Catalog | pd.DataFrame,
    prices: Prices | Returns,
    choices: Choices | None = None,
) -> pd.DataFrame:
    """One row a specification, from the smallest mean CAR to the largest.

    Columns: model, benchmark, window, day_zero, estimation_length, n_events, caar, statistic and
    pvalue of the headline test, companion_pvalue of the rank test beside it, why_not. No row is the
    answer; their spread is.

    >>> from backtest import MarketModel, Prices
    >>> choices = Choices(models=("market",), benchmarks=("SPY",), day_zero=("as placed",), lengths=(120,))
    >>> len(sensitivity(EventStudy(MarketModel("SPY")), Catalog.bundled(), Prices.sample(), choices))
    4
    """
    choices = choices or Choices()
    returns = prices.returns() if isinstance(prices, Prices) else prices
    placed = study.fit(events, returns).events
    moved = {
        rule: align(_moved(placed, returns, DAY_ZERO[rule]), returns) for rule in choices.day_zero
    }
    rows = []
    for model, rule, length in product(_models(choices), choices.day_zero, choices.lengths):
        window = Window(study.estimation.end - length + 1, study.estimation.end)
        result = replace(study, model=model, estimation=window).fit_aligned(*moved[rule], returns)
        rows += [
            (*_labels(model, name), rule, length, *_answer(result, name))
            for name in result.named_windows
        ]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return table.sort_values("caar", kind="stable", ignore_index=True)


def _models(choices: Choices) -> Iterator[NormalModel]:
    for name in choices.models:
        benchmarks: Iterable[tuple[str, ...]] = (
            [()] if name == "mean_adjusted" else [(b,) for b in choices.benchmarks]
        )
        for benchmark in benchmarks:
            yield MODELS[name](*benchmark)


def _moved(placed: pd.DataFrame, returns: Returns, days: int) -> pd.DataFrame:
    """Events with day 0 moved by some sessions; those that leave the panel drop out."""
    row = returns.sessions.get_indexer(pd.DatetimeIndex(placed["event_session"])) + days
    inside = (row >= 0) & (row < len(returns.sessions))
    return placed.loc[inside].assign(event_session=returns.sessions[row[inside]])


def _labels(model: NormalModel, window: str) -> tuple[str, str, str]:
    return model.name, model.benchmark, window


def _answer(result: EventStudyResult, name: str) -> tuple[object, ...]:
    section = result.cross_section(name)
    headline, companion = TESTS[HEADLINE_TEST](section), TESTS[COMPANION_TEST](section)
    caar = float(section.car.mean()) if len(section) else float("nan")
    return (
        len(section),
        caar,
        headline.statistic,
        headline.pvalue,
        companion.pvalue,
        headline.why_not,
    )
