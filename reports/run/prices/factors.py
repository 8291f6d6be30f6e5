"""The factors of a run.

Which of its models need them, where they come from, and what a reader must know of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from backtest import Prices, Returns
from backtest.errors import StudyError
from backtest.manifest import FactorsMade, Made
from backtest.prices.factors.files import SAMPLE, WHENCE, FactorFile, Factors, files_with
from backtest.prices.factors.source import open_factors, pinned_factors
from backtest.prices.store.pins import FactorPin
from backtest.study.normal import FACTORS, RISK_FREE
from backtest.study.place.factor_columns import factor_panel
from reports.experiment.plan import Study
from reports.words import listed


def factor_models(plan: Study) -> tuple[str, ...]:
    """The models of a plan that take factors.

    >>> from reports.experiment.plan import Experiment
    >>> factor_models(Experiment.default().study)
    ()
    """
    return tuple(model for model in dict.fromkeys(plan.models) if model in FACTORS)


def factors_for(
    plan: Study,
    named: Sequence[str],
    *,
    simulated: bool,
    store: Path | None = None,
    pins: Sequence[FactorPin] = (),
) -> Factors:
    """The files that the models of a plan take their factors from, of those named.

    `simulated` says what prices are. `pins` are the factors of an earlier run and go first. Where
    nothing is named, simulated prices have simulated factors. Raises `PriceError` or `StudyError`
    where a factor cannot be had.
    """
    models = factor_models(plan)
    if not models:
        return Factors()
    if SAMPLE in named and not simulated:
        raise StudyError(
            "simulated factors say nothing about prices of a market; "
            "name files of the Ken French library, or study --prices sample"
        )
    found = _available(models, named or ((SAMPLE,) if simulated else ()), store, pins)
    if not found.files:
        files = dict.fromkeys(file for model in models for file in files_with(_factors_of(model)))
        raise StudyError(
            f"no factors for {listed([repr(model) for model in models])}: "
            f"add {listed([*files])} {WHENCE}"
        )
    used = {
        file.digest
        for model in models
        for file in found.serving(_factors_of(model), f"model '{model}'")
    }
    return Factors(tuple(file for file in found.files if file.digest in used))


def beside(factors: Factors, returns: Returns, model: str) -> Returns:
    """The returns a model is fitted to: with its factors beside them, where it takes any."""
    if model not in FACTORS:
        return returns
    returns = returns.at_home()  # the factors are those of one country
    return factor_panel(
        returns, factors.table(_factors_of(model), f"model '{model}'"), f"{model} factors"
    )


def factor_notes(plan: Study, factors: Factors, prices: Prices) -> tuple[str, ...]:
    """What a reader must know of the factors of a run."""
    models = factor_models(plan)
    if not models:
        if plan.factors:
            return ("Factors are named, but no model studied takes any: they were not read.",)
        return ()
    return (
        *_made_by(factors, prices),
        *(note for model in models for note in _ends(model, factors, prices)),
    )


def factor_lines(plan: Study, factors: Factors) -> tuple[str, ...]:
    """Which factors of which file each model uses, a line each."""
    lines = []
    for model in factor_models(plan):
        files = factors.serving(_factors_of(model), f"model '{model}'")
        lines.append(
            f"{model}: {', '.join(_factors_of(model))} "
            f"from {listed([_origin(file) for file in files])}"
        )
    return tuple(lines)


def factor_differences(before: Made, after: Made) -> Iterator[str]:
    """How the factors of two runs differ, from their manifests."""
    then, now = before.get("factors", []), after.get("factors", [])
    had = {one["digest"] for one in then}
    has = {one["digest"] for one in now}
    gone = [one for one in then if one["digest"] not in has]
    came = [one for one in now if one["digest"] not in had]
    for old, new in zip_longest(gone, came):
        yield f"{_told(old)} then, {_told(new)} now"


def _factors_of(model: str) -> tuple[str, ...]:
    return (*FACTORS[model], RISK_FREE)


def _available(
    models: Sequence[str], named: Sequence[str], store: Path | None, pins: Sequence[FactorPin]
) -> Factors:
    """The factors pinned, and the files named where those do not do for the models."""
    held = pinned_factors(pins, named, store)
    wanted = {name for model in models for name in _factors_of(model)}
    if wanted <= {name for file in held.files for name in file.factors}:
        return held
    return Factors((*held.files, *open_factors(named, store).files))


def _made_by(factors: Factors, prices: Prices) -> Iterator[str]:
    if factors.simulated:
        yield (
            "Factors are SIMULATED: Mkt-RF is the simulated market, "
            "no security loads on the others."
        )
    elif prices.simulated:
        yield (
            "Prices are simulated and the factors are not: "
            "nothing follows from factor models on them."
        )


def _ends(model: str, factors: Factors, prices: Prices) -> Iterator[str]:
    known = factors.table(_factors_of(model), f"model '{model}'").dropna().index
    if len(known) and known[-1] < prices.sessions[-1]:
        yield (
            f"The {model} factors end {known[-1].date()}, before the prices: that model "
            "leaves out later events, and does not measure windows that reach beyond it."
        )


def _origin(file: FactorFile) -> str:
    if file.simulated:
        made = " (SIMULATED)"
    else:
        made = ""
    return f"{file.name}{made}, {file.first_session} to {file.last_session}"


def _told(file: FactorsMade | None) -> str:
    if file:
        return f"{file['name']} until {file['last_session']} (digest {file['digest'][:12]})"
    return "none"
