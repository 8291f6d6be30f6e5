"""A specification curve.

The same question asked with every choice a careful researcher might have made. Simonsohn, Simmons
and Nelson (2020). Models x benchmarks x windows x rules for day 0 x lengths of estimation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.check.curve import SpecificationCurve, joint_table
from backtest.study.inference import HEADLINE_TEST, TESTS, CrossSection
from backtest.study.inference.nonparametric.bmp_shift import Shifted, judged, shifted
from backtest.study.inference.spread import way_of
from backtest.study.normal import MODELS, NormalModel
from backtest.study.place.alignment import AlignedEvents, align
from backtest.study.place.asked import check_data
from backtest.study.place.panel import Panel
from backtest.study.place.several import rows_of
from backtest.study.study import EventStudy
from backtest.study.windows import Window
from backtest.work import Kept, digest, run_chunks
from backtest.work.chunks import unheard
from events import Catalog
from events.arguments import listed, one_of, texts, whole
from events.errors import suggest

AS_PLACED, DAY_AFTER, DAY_BEFORE = "as placed", "a day later", "a day earlier"
DAY_ZERO = {AS_PLACED: 0, DAY_AFTER: 1, DAY_BEFORE: -1}
_SIMPLE = ("market", "market_adjusted", "mean_adjusted")
_COLUMNS = [
    "model", "benchmark", "window", "day_zero", "estimation_length", "n_events", "caar",
    "statistic", "pvalue", "companion_pvalue", "why_not",
]  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """What is varied; each product is one specification.

    `models` are names of MODELS that need a benchmark or nothing. `day_zero` are keys of DAY_ZERO:
    where the events are placed, or a session to either side. `lengths` are sessions of estimation,
    ending where the study's own does. Raises `StudyError` for what cannot be varied so.

    >>> Choices(benchmarks=("SPY",), lengths=(120,)).day_zero
    ('as placed', 'a day later')
    """

    models: Sequence[str] = _SIMPLE
    benchmarks: Sequence[str] = ("SPY", "QQQ")
    day_zero: Sequence[str] = (AS_PLACED, DAY_AFTER)
    lengths: Sequence[int] = (60, 120, 250)

    def __post_init__(self) -> None:
        texts("benchmarks", self.benchmarks, "['SPY', 'QQQ']")
        for length in listed("lengths", self.lengths, "[60, 250]"):
            whole("lengths", length, 1)
        for what, names, known in (
            ("models", self.models, _SIMPLE), ("day_zero", self.day_zero, tuple(DAY_ZERO)),
        ):  # fmt: skip
            for name in texts(what, names, f"{list(known)[:2]}"):
                if name not in known:
                    raise StudyError(
                        f"no choice {name!r}{suggest(name, known)}; there are {', '.join(known)}"
                    )


@dataclass(frozen=True, eq=False)
class _Shared:
    """What every specification starts from: the events by rule for day 0, and the returns."""

    study: EventStudy
    moved: dict[str, tuple[AlignedEvents, pd.DataFrame]]
    returns: Returns
    last: dict[tuple[str, str, str], Panel] = field(default_factory=dict)

    def panel(self, study: EventStudy, rule: str) -> Panel:
        """The panel of a study's model and a rule for day 0, the last one kept.

        Lengths of estimation come one after another, and share it.
        """
        key = (study.model.name, study.model.benchmark, rule)
        if key not in self.last:
            self.last.clear()
            self.last[key] = study.panel_of(self.moved[rule][0], self.returns)
        return self.last[key]


_Specification = tuple[NormalModel, str, int]  # model, rule for day 0, length of estimation


def specification_curve(
    study: EventStudy,
    events: Catalog | pd.DataFrame,
    prices: Prices | Returns,
    choices: Choices | None = None,
    progress: Callable[[int, int], None] = unheard,
    *,
    executor: Executor | None = None,
    kept: str | Path | Kept | None = None,
) -> SpecificationCurve:
    """Every specification there might have been, and a test of all of them together.

    `table` has one row a specification, from the smallest mean CAR to the largest: model,
    benchmark, window, day_zero, estimation_length, n_events, caar, statistic and pvalue of the
    headline test, companion_pvalue of the test among shifts beside it, why_not. No row is the
    answer; their spread is. For `joint` every specification is also asked at every common shift of
    the events, where nothing was announced: Simonsohn, Simmons and Nelson (2020); see
    `check.curve`. `progress` hears how many specifications are done, and of how many; `executor`
    and `kept` are those of `calibrate`.

    >>> from backtest import MarketModel, Prices
    >>> choices = Choices(
    ...     models=("market",), benchmarks=("SPY",), day_zero=("as placed",), lengths=(120,)
    ... )
    >>> study, meta = EventStudy(MarketModel("SPY")), Catalog.bundled().filter(tickers=["META"])
    >>> curve = specification_curve(study, meta, Prices.sample(), choices)
    >>> len(curve.table), curve.joint["window"].unique().tolist()
    (4, ['1-day', '5-day', '1-month', 'run-up', 'all'])
    """
    one_of("study", study, (EventStudy,), "rx.EventStudy(rx.MarketModel('SPY'))")
    check_data(events, prices)
    one_of("choices", choices, (Choices, type(None)), "rx.Choices(models=['market'])")
    choices = choices or Choices()
    returns = study.returns_of(prices)
    placed = study.fit(events, returns).events
    moved = {
        rule: align(_moved(placed, returns, DAY_ZERO[rule]), returns) for rule in choices.day_zero
    }
    chunks = list(product(_models(choices), choices.day_zero, choices.lengths))
    way = way_of(executor, kept, progress)
    key = ""
    if way.kept:
        content = (returns.values, returns.sessions, returns.tickers, placed, study)
        key = digest(*content, "with shifts")
    found = run_chunks(_specified, _Shared(study, moved, returns), chunks, way, key)
    both = [(row, _as_made(at)) for rows in found for row, at in rows]
    table = pd.DataFrame([row for row, _ in both], columns=_COLUMNS)
    joint = joint_table(list(zip(table["window"], [at for _, at in both], strict=True)))
    return SpecificationCurve(table.sort_values("caar", kind="stable", ignore_index=True), joint)


def _specified(
    shared: _Shared, chunk: _Specification
) -> list[tuple[tuple[object, ...], tuple[Any, ...] | str]]:
    """The rows of one specification, one a window, each with its statistic at every shift."""
    model, rule, length = chunk
    window = Window(shared.study.estimation.end - length + 1, shared.study.estimation.end)
    design = replace(shared.study, model=model, estimation=window)
    panel = shared.panel(design, rule)
    result = design.fit_aligned(*shared.moved[rule], shared.returns, panel)
    rows = []
    for name in result.named_windows:
        section = result.cross_section(name)
        found = shifted(section)
        answer = _answer(section, found)
        rows.append(((*_labels(model, name), rule, length, *answer), _as_kept(found)))
    return rows


def _as_kept(found: Shifted | str) -> tuple[Any, ...] | str:
    """What a file can keep: the fields in their order."""
    if isinstance(found, str):
        return found
    return tuple(vars(found).values())


def _as_made(kept: tuple[Any, ...] | str) -> Shifted | str:
    if isinstance(kept, str):
        return kept
    return Shifted(*kept)


def _models(choices: Choices) -> Iterator[NormalModel]:
    for name in choices.models:
        if name == "mean_adjusted":
            benchmarks: Iterable[tuple[str, ...]] = [()]
        else:
            benchmarks = [(b,) for b in choices.benchmarks]
        for benchmark in benchmarks:
            yield MODELS[name](*benchmark)


def _moved(placed: pd.DataFrame, returns: Returns, days: int) -> pd.DataFrame:
    """Events with day 0 moved by some sessions; those that leave the panel drop out."""
    at = rows_of(placed, returns)
    row = at + days
    inside = (row >= 0) & (row < len(returns.sessions))
    if returns.blocks is not None:
        of_row = returns.blocks.of_row
        inside &= of_row[row.clip(0, len(of_row) - 1)] == of_row[at]
    return placed.loc[inside].assign(event_session=returns.sessions[row[inside]])


def _labels(model: NormalModel, window: str) -> tuple[str, str, str]:
    return model.name, model.benchmark, window


def _answer(section: CrossSection, found: Shifted | str) -> tuple[object, ...]:
    headline, companion = TESTS[HEADLINE_TEST](section), judged(section, found)
    if len(section):
        caar = float(section.car.mean())
    else:
        caar = float("nan")
    return (
        len(section),
        caar,
        headline.statistic,
        headline.pvalue,
        companion.pvalue,
        headline.why_not,
    )
