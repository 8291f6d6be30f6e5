"""The file a researcher writes: what to study, against what, and what to trade."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from backtest.prices.factors.files import SAMPLE, STORE
from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS
from backtest.study.normal import WITHOUT_BENCHMARK
from reports.errors import ExperimentError
from reports.experiment.errors import first_problem

PEERS = "PEERS"  # the benchmark that is an equal-weighted basket of `peers`

FURTHEST = 2520  # sessions from an event that a window may reach

Word = Annotated[str, Field(min_length=1, max_length=200)]
Span = tuple[int, int]
FileName = Annotated[str, Field(min_length=1, max_length=4096)]
SpanOrNone = Annotated[
    Span | None, BeforeValidator(lambda value: value or None)
]  # TOML has no null: [] means none


class _Table(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True
    )


class Spec(_Table):
    """One way to say what a normal return is: a model and, unless it needs none, a benchmark.

    >>> str(Spec(model="market", benchmark="SPY"))
    'market model on SPY'
    """

    model: Word
    benchmark: str = ""

    def __str__(self) -> str:
        words = f"{self.model.replace('_', '-')} model"
        return f"{words} on {self.benchmark}" if self.benchmark else words

    def __hash__(self) -> int:
        return hash((self.model, self.benchmark))


class Headline(_Table):
    """The tickers and, where prices cover it, the announcement of the page's first screen."""

    tickers: tuple[Word, ...] = ()
    announcement: str = ""


class Selection(_Table):
    """Which announcements and which of their parties are studied; empty means all.

    `where` is a condition on the columns of the events, the user's own included.
    """

    tickers: tuple[Word, ...] = ()
    roles: tuple[Word, ...] = ()
    kinds: tuple[Word, ...] = ()
    ids: tuple[Word, ...] = ()
    since: date | None = None
    until: date | None = None
    confidence: Literal["verified"] | None = None
    where: Annotated[str, Field(max_length=1000)] = ""


class Study(_Table):
    """Models, benchmarks and windows; windows count sessions around the event session, both ends included.

    `by` are columns of the events to group by besides ticker, role and kind. `factors` are the
    files, `store` or `sample` that factor models take theirs from.
    """

    models: tuple[Word, ...] = Field(min_length=1)
    benchmarks: tuple[Word, ...] = ()
    primary: Spec
    estimation: Span = (-260, -11)
    exclude: SpanOrNone = (-1, 5)
    conflicts: Literal["keep", "exclude", "merge"] = "keep"
    by: tuple[Word, ...] = ()
    peers: tuple[Word, ...] = ()
    factors: tuple[FileName, ...] = ()
    sensitivity: bool = True
    calibrate: Annotated[int, Field(ge=0, le=10_000)] = 0
    horizon: Span = (-10, 20)
    windows: dict[Word, Span] = Field(min_length=1)

    @model_validator(mode="after")
    def _primary_is_studied(self) -> Self:
        if self.primary not in self.specs:
            raise ValueError(
                f"primary, the {self.primary}, is not among the models and benchmarks studied"
            )
        for name, (start, end) in {
            **self.windows,
            "estimation": self.estimation,
            "horizon": self.horizon,
        }.items():
            if end < start:
                raise ValueError(f"window {name} [{start}, {end}] ends before it starts")
            if max(-start, end) > FURTHEST:
                raise ValueError(
                    f"window {name} [{start}, {end}] reaches over {FURTHEST} sessions, ten years, away"
                )
        length = self.estimation[1] - self.estimation[0] + 1
        if length < MINIMUM_OBSERVATIONS:
            raise ValueError(
                f"estimation has {length} sessions; at least {MINIMUM_OBSERVATIONS} are needed"
            )
        for key in ("models", "benchmarks", "peers"):
            names = getattr(self, key)
            if twice := [name for i, name in enumerate(names) if name in names[:i]]:
                raise ValueError(f"{key} names {twice[0]} twice")
        return self

    @property
    def peers_used(self) -> tuple[Word, ...]:
        """The peers, where a benchmark or a model stands on them."""
        return self.peers if PEERS in self.benchmarks or "synthetic_control" in self.models else ()

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Every model with every benchmark it takes, in the order of the file."""
        return tuple(
            Spec(model=model, benchmark=benchmark)
            for model in self.models
            for benchmark in (("",) if model in WITHOUT_BENCHMARK else self.benchmarks)
        )


class Experiment(_Table):
    """A whole experiment; `strategies`, `costs` and `limits` are checked where they are used."""

    title: Word = "Event study"
    seed: Annotated[int, Field(ge=0)] = 0
    headline: Headline = Headline()
    filter: Selection = Selection()
    study: Study
    trading_times: Literal["stated", "recorded"] = "stated"
    strategies: tuple[dict[str, Any], ...] = ()
    sweep: Annotated[
        dict[str, Any] | None, BeforeValidator(lambda value: None if value is False else value)
    ] = None
    costs: dict[str, float] = Field(default_factory=dict)
    limits: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def default(cls) -> Experiment:
        """The experiment that comes with the package.

        >>> str(Experiment.default().study.primary)
        'market model on SPY'
        """
        return cls.parse(
            files("reports").joinpath("default.toml").read_text(encoding="utf-8"), "default.toml"
        )

    @classmethod
    def read(cls, path: Path) -> Experiment:
        """Read a TOML file; keys it leaves out are taken from the default, and factor files lie beside it.

        Raises `ExperimentError`.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ExperimentError(f"{path.name}: not UTF-8 text (byte {error.start})") from None
        except OSError as error:
            raise ExperimentError(f"{path}: cannot be read: {error.strerror}") from None
        found = cls.parse(text, path.name)
        return found.with_factors(*(_beside(path, name) for name in found.study.factors))

    def with_factors(self, *names: str) -> Self:
        """The same with other factor files.

        >>> Experiment.default().with_factors("store").study.factors
        ('store',)
        """
        return self.model_copy(update={"study": self.study.model_copy(update={"factors": names})})

    @classmethod
    def parse(cls, text: str, name: str) -> Experiment:
        """Check the text of an experiment file; `name` stands in its errors."""
        try:
            given = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ExperimentError(f"{name}: not valid TOML: {error}") from None
        except (RecursionError, ValueError):
            raise ExperimentError(
                f"{name}: nested too deeply, or a number out of all range"
            ) from None
        try:
            return cls.model_validate(_completed(given) if name != "default.toml" else given)
        except ValidationError as error:
            raise ExperimentError(f"{name}: {first_problem(error, cls)}") from None


def _beside(experiment: Path, name: str) -> str:
    return name if name in (SAMPLE, STORE) else str(experiment.parent / name)


def _completed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Take tables and keys that a file leaves out from the default, windows as a whole."""
    default = tomllib.loads(files("reports").joinpath("default.toml").read_text(encoding="utf-8"))
    default.pop("title")
    study = given.get("study")
    if isinstance(study, dict):
        given = {
            **given,
            "study": {**default["study"], "primary": _first_spec(default["study"], study), **study},
        }
    headline = given.get("headline")
    if isinstance(headline, dict):
        given = {**given, "headline": {**default["headline"], **headline}}
    return {**default, **given}


def _first_spec(default: Mapping[str, Any], study: Mapping[str, Any]) -> object:
    """The default's primary model, or the first one of a file that names others."""
    primary = dict(default["primary"])
    for key, listed in (("model", "models"), ("benchmark", "benchmarks")):
        own = study.get(listed)
        if isinstance(own, list) and own and primary[key] not in own:
            primary[key] = own[0]
    return primary | {"benchmark": ""} if primary["model"] in WITHOUT_BENCHMARK else primary
