"""What an event study will do, said before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from backtest.study.donors import FromDonors
from backtest.study.donors.model import PULL, PULLED
from backtest.study.inference import HEADLINE_TEST
from backtest.study.inference.about import ABOUT, INTERVALS
from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS
from backtest.study.normal import NormalModel
from backtest.study.other.conventions import known_convention
from backtest.study.windows import Window, named

_DONORS = (
    "Of each event the parties of its announcement and donors with news of their own around it are "
    "no donors."
)


class Settings(Protocol):
    """What is said of an event study before it is done: the settings of `EventStudy`."""

    @property
    def model(self) -> NormalModel: ...
    @property
    def estimation(self) -> Window: ...
    @property
    def windows(self) -> Mapping[str, Window] | Iterable[Window]: ...
    @property
    def exclude(self) -> Window | None: ...
    @property
    def skip_after_listing(self) -> int: ...
    @property
    def convention(self) -> str: ...


def explained(study: Settings) -> str:
    """One sentence a step: normal returns, days left out, windows, errors, tests."""
    model, span = study.model, study.estimation
    on = ""
    if model.benchmark:
        on = f" on {model.benchmark}"
    windows = ", ".join(
        f"{name} (days {window.start:d} to {window.end:d})"
        for name, window in named(study.windows).items()
    )
    if study.exclude is None:
        cut = "no days are cut out around other events"
    else:
        cut = (
            f"days {study.exclude.start} to {study.exclude.end} around every other event of the "
            "same security are left out"
        )
    about = ABOUT[HEADLINE_TEST]
    return "\n".join((
        f"Normal returns: the {model.name.replace('_', '-')} model{on}, fitted to each event's own "
        f"days {span.start} to {span.end}.",
        f"Of these, {cut}, and so are the first {study.skip_after_listing} returns after a "
        f"later listing; with fewer than {MINIMUM_OBSERVATIONS} left, the event is described and "
        "not tested.",
        *([_DONORS] if isinstance(model, FromDonors) or model.design.without_news else []),
        *([PULL] if model.name in PULLED else []),
        "Day 0 is the first session whose close can reflect the news; where the time of day is "
        "not known, a window [0,0] becomes [0,+1] and says so.",
        f"Windows, in sessions, both ends included: {windows}.",
        _errors(study),
        f"Averages are tested by {about.key} ({about.paper}); null: {about.null}; distribution: "
        f"{about.distribution}. {_adjusted(len(named(study.windows)))}",
        INTERVALS,
        "Events without prices, history or a session are left out and listed with the reason.",
    ))  # fmt: skip


def _errors(study: Settings) -> str:
    if not study.convention:
        return (
            "Errors of each event include the uncertainty "
            "of its fitted model over the whole window."
        )
    return f"Errors are those of {study.convention}: {known_convention(study.convention).words}."


def _adjusted(windows: int) -> str:
    if windows > 1:
        return f"p-values are adjusted over the {windows} windows."
    return "One window: its p-value stands as it is."
