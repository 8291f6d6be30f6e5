"""The file a researcher writes: what to study, against what, and what to trade."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from backtest.prices.factors.files import SAMPLE, STORE
from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS
from backtest.study.normal import WITHOUT_BENCHMARK
from backtest.study.normal.benchmark import benchmark_of
from backtest.study.normal.by_name import OF_DONORS
from backtest.study.windows import ESTIMATION, HORIZON, NEAR_NEWS, Window
from events.files.disk import read_bounded_text
from events.record.text import plain
from reports.errors import ExperimentError
from reports.experiment.compared import two_levels
from reports.experiment.errors import first_problem
from reports.experiment.values import (
    AtExchanges,
    Convention,
    Day,
    FileName,
    Formula,
    Keys,
    OfExchanges,
    Span,
    SpanOrNone,
    Spans,
    Whole,
    Word,
    YesNo,
)

_MOST = 10_000_000  # bytes of an experiment; the default has two thousand
FURTHEST = 2520  # sessions from an event that a window may reach


def _span(window: Window) -> Span:
    return window.start, window.end


class Spec(Keys):
    """One way to say what a normal return is: a model and, unless it needs none, a benchmark.

    >>> str(Spec(model="market", benchmark="SPY"))
    'market model on SPY'
    """

    model: Word
    benchmark: Annotated[str, AfterValidator(plain)] = ""

    def __str__(self) -> str:
        words = f"{self.model.replace('_', '-')} model"
        return f"{words} on {self.benchmark}" if self.benchmark else words

    def __hash__(self) -> int:
        return hash((self.model, self.benchmark))


class Headline(Keys):
    """The announcements and tickers of the page's first screen.

    With none studied it leads with the average.
    """

    tickers: tuple[Word, ...] = ()
    announcements: tuple[Word, ...] = ()


class Selection(Keys):
    """Which announcements and which of their parties are studied; empty means all.

    `where` is a condition on the columns of the events, the user's own included.
    """

    tickers: tuple[Word, ...] = ()
    roles: tuple[Word, ...] = ()
    kinds: tuple[Word, ...] = ()
    ids: tuple[Word, ...] = ()
    since: Day | None = None
    until: Day | None = None
    confidence: Literal["verified"] | None = None
    where: Formula = ""


class Study(Keys):
    """Models, benchmarks and windows.

    Windows count sessions around the event session, both ends included. `by` are columns of the
    events to group by besides ticker, role and kind. `regress` are formulas such as "car ~
    log(amount_usd)", `cluster` the one or two columns their errors are clustered by. `donors` are
    the tickers that `donors_` models learn from; none means every security that is read.
    `convention` takes errors and tests as the package of that name does; `thin_trading` says what
    becomes of sessions without a trade. `factors` are the files, `store` or `sample` that factor
    models take theirs from. `benchmark_of` (exchange -> ticker) is what securities of an exchange
    are held to where the benchmark does not trade. `also` names further tables: abnormal volume and
    range (`outcomes`), tests of buy-and-hold returns, in-space placebos of a synthetic control.
    """

    models: tuple[Word, ...] = Field(min_length=1)
    benchmarks: tuple[Word, ...] = ()
    primary: Spec
    estimation: Span = _span(ESTIMATION)
    exclude: SpanOrNone = _span(NEAR_NEWS)
    conflicts: Literal["keep", "exclude", "merge"] = "keep"
    by: tuple[Word, ...] = ()
    compare: tuple[Annotated[str, AfterValidator(two_levels)], ...] = ()
    regress: tuple[Annotated[Formula, Field(min_length=3)], ...] = ()
    cluster: tuple[Word, ...] = ()
    benchmark_of: OfExchanges = Field(default_factory=dict)
    peers: tuple[Word, ...] = ()
    donors: tuple[Word, ...] = ()
    convention: Convention = ""
    thin_trading: Literal["leave-out", "trade-to-trade"] = "leave-out"
    factors: tuple[FileName, ...] = ()
    sensitivity: YesNo = True
    calibrate: Annotated[Whole, Field(ge=0, le=10_000)] = 0
    also: tuple[Literal["outcomes", "buy_and_hold", "in_space"], ...] = ()
    horizon: Span = _span(HORIZON)
    windows: Spans = Field(min_length=1, max_length=100)

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
            "exclude": self.exclude or (0, 0),
        }.items():
            if end < start:
                raise ValueError(f"window {name} [{start}, {end}] ends before it starts")
            if max(-start, end) > FURTHEST:
                raise ValueError(
                    f"window {name} [{start}, {end}] "
                    f"reaches over {FURTHEST} sessions, ten years, away"
                )
        length = self.estimation[1] - self.estimation[0] + 1
        if length < MINIMUM_OBSERVATIONS:
            raise ValueError(
                f"estimation has {length} sessions; at least {MINIMUM_OBSERVATIONS} are needed"
            )
        if len(self.donors) == 1:
            raise ValueError(
                "donors names one ticker; name at least 2, or none for all that are read"
            )
        for key in ("models", "benchmarks", "peers", "donors"):
            names = getattr(self, key)
            if twice := [name for i, name in enumerate(names) if name in names[:i]]:
                raise ValueError(f"{key} names {twice[0]} twice")
        return self

    @property
    def peers_used(self) -> tuple[Word, ...]:
        """The peers, where a benchmark or a model stands on them."""
        held_to_them = any(benchmark_of(one, self.peers).peers for one in self.benchmarks)
        return self.peers if held_to_them or "synthetic_control" in self.models else ()

    @property
    def donors_used(self) -> tuple[Word, ...]:
        """The donors stated, where a model takes them."""
        return self.donors if any(model in OF_DONORS for model in self.models) else ()

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Every model with every benchmark it takes, in the order of the file."""
        return tuple(
            Spec(model=model, benchmark=benchmark)
            for model in self.models
            for benchmark in (("",) if model in WITHOUT_BENCHMARK else self.benchmarks)
        )


class SearchPlan(Keys):
    """A strategy whose fields are varied (`over`: field -> values), others fixed by `settings`.

    With `splits` the choice is walked forward: made on the past, judged on what came after.
    """

    strategy: Word
    over: dict[Word, Annotated[tuple[Any, ...], Field(min_length=1)]] = Field(min_length=1)
    settings: dict[Word, Any] = Field(default_factory=dict)
    splits: Annotated[Whole, Field(ge=0, le=100)] = 0


class Experiment(Keys):
    """A whole experiment; `exchanges` says where tickers trade whose suffix does not.

    Returns studied are in `currency`, each in its own where that is empty.

    `strategies`, `costs` and `limits` are checked where they are used.
    """

    title: Word = "Event study"
    seed: Annotated[Whole, Field(ge=0)] = 0
    headline: Headline = Headline()
    filter: Selection = Selection()
    study: Study
    exchanges: AtExchanges = Field(default_factory=dict)
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    trading_times: Literal["stated", "recorded"] = "stated"
    printed: Literal["argument", "full"] = "argument"
    strategies: tuple[dict[str, Any], ...] = ()
    sweep: Annotated[
        dict[str, Any] | None, BeforeValidator(lambda value: None if value is False else value)
    ] = None
    search: SearchPlan | None = None
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
        """Read a TOML file.

        Keys it leaves out are taken from the default, and factor files lie beside it. Raises
        `ExperimentError`.
        """
        try:
            text = read_bounded_text(path, _MOST)
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
