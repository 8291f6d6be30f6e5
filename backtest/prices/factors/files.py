"""The factor files of a study: whose factors they are, and which file serves which model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from backtest.errors import PriceError
from backtest.prices.factors.library import joined
from backtest.prices.store.snapshot import content_digest

SAMPLE, STORE = "sample", "store"  # what a user names in place of a file
THREE_FACTORS = "F-F_Research_Data_Factors_daily_CSV.zip"
FIVE_FACTORS = "F-F_Research_Data_5_Factors_2x3_daily_CSV.zip"
MOMENTUM = "F-F_Momentum_Factor_daily_CSV.zip"
WHENCE = "of the Ken French library (--factors FILE, or its name under factors in [study])"


@dataclass(frozen=True, eq=False)
class FactorFile:
    """One file's table (sessions x factors, fractions).

    `name` is the file's, without its folder.
    """

    name: str
    table: pd.DataFrame
    simulated: bool = False

    @cached_property
    def digest(self) -> str:
        """The sha256 of the content (hex), the same for a zip and for the CSV in it."""
        return content_digest(self.table)

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of its factors."""
        return tuple(map(str, self.table.columns))

    @property
    def first_session(self) -> str:
        """The first day it has (ISO)."""
        return str(self.table.index[0].date())

    @property
    def last_session(self) -> str:
        """The last day it has (ISO)."""
        return str(self.table.index[-1].date())

    def __str__(self) -> str:
        if self.simulated:
            made = " (SIMULATED)"
        else:
            made = ""
        return (
            f"{self.name}{made}: {', '.join(self.factors)}, "
            f"{self.first_session} to {self.last_session}"
        )


@dataclass(frozen=True)
class Factors:
    """The files at hand, in the order named.

    The three-factor and the five-factor file have an SMB of their own, so every model takes its
    factors from the file made for it: the one that has most of them, and least else.

    >>> from backtest.prices.factors.source import open_factors
    >>> open_factors(["sample"]).table(("Mkt-RF", "RF"), "the model 'capm'").shape[1]
    2
    """

    files: tuple[FactorFile, ...] = ()

    @property
    def simulated(self) -> bool:
        """Whether no market made any of them."""
        return any(file.simulated for file in self.files)

    def serving(self, names: Sequence[str], what: str) -> tuple[FactorFile, ...]:
        """The files from which `what` takes the factors `names`.

        Raises `PriceError` where one is missing.
        """
        wanted, chosen = set(names), []
        while wanted:
            best = max(self.files, key=lambda file: _fitness(file, wanted), default=None)
            if best is None or not wanted & set(best.factors):
                raise PriceError(
                    _missing(what, [name for name in names if name in wanted], self.files)
                )
            chosen.append(best)
            wanted -= set(best.factors)
        return tuple(chosen)

    def table(self, names: Sequence[str], what: str) -> pd.DataFrame:
        """Sessions x `names`, fractions: the days that all files serving `what` have."""
        chosen = self.serving(names, what)
        return joined([file.table for file in chosen], [file.name for file in chosen])[list(names)]


def files_with(names: Iterable[str]) -> tuple[str, ...]:
    """The files of the Ken French library that have these factors.

    >>> files_with(["Mom"])
    ('F-F_Momentum_Factor_daily_CSV.zip',)
    """
    wanted = set(names)
    files = []
    if wanted & {"RMW", "CMA"}:
        files.append(FIVE_FACTORS)
    elif wanted - {"Mom"}:
        files.append(THREE_FACTORS)
    if "Mom" in wanted:
        files.append(MOMENTUM)
    return tuple(files)


def _fitness(file: FactorFile, wanted: set[str]) -> tuple[int, int]:
    has = set(file.factors)
    return len(has & wanted), -len(has - wanted)


def _missing(what: str, lacking: list[str], files: tuple[FactorFile, ...]) -> str:
    said = f"{what} needs {', '.join(lacking)}"
    if files:
        said += (
            f", which {' and '.join(file.name for file in files)} "
            f"{'have' if len(files) > 1 else 'has'} not"
        )
    return f"{said}; add {' and '.join(files_with(lacking))} {WHENCE}"
