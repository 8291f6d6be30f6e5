"""What shrinking leaves of the squared error of single events, beside the least there can be.

    python -m benchmarks.shrunken [N]

writes docs/shrunken.csv from N (600) simulated studies a row; docs/methods.md has the table. Errors
are known and uneven, 0.7 to 1.5. The bound is that of whoever knows the law the effects come from.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from backtest.study.other.shrunken import every_effect, posterior
from backtest.study.running_sums import Floats

CSV = Path(__file__).parents[1] / "docs" / "shrunken.csv"
STUDIES, SEED = 600, 11
LEAST_ERROR, MOST_ERROR = 0.7, 1.5
RMS_ERROR = float(np.sqrt((MOST_ERROR**3 - LEAST_ERROR**3) / (3 * (MOST_ERROR - LEAST_ERROR))))


@dataclass(frozen=True)
class Design:
    """Of `n_events` a `share` has effects `ratio` errors wide, about the mean of the others."""

    n_events: int
    share: float
    ratio: float

    def draw(self, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Effects, CARs and errors, (n,)."""
        n, tau = self.n_events, self.ratio * RMS_ERROR
        error = rng.uniform(LEAST_ERROR, MOST_ERROR, n)
        effect = 0.3 + np.where(rng.random(n) < self.share, tau * rng.standard_normal(n), 0.0)
        return effect, effect + error * rng.standard_normal(n), error

    def bound(self, car: Floats, error: Floats) -> Floats:
        """The mean of each effect given its CAR, the law known."""
        tau = self.ratio * RMS_ERROR
        variance, far = error**2 + tau**2, (car - 0.3) ** 2
        differs = 1.0
        if self.share < 1:
            odds = np.log(self.share / (1 - self.share))
            odds = odds + 0.5 * (np.log(error**2 / variance) + far / error**2 - far / variance)
            differs = special.expit(odds)
        return np.asarray(0.3 + differs * tau**2 / variance * (car - 0.3))


DESIGNS = (
    *(Design(30, 1.0, ratio) for ratio in (0.5, 1.0, 1.5, 2.0, 3.0)),
    Design(10, 1.0, 1.0), Design(140, 1.0, 1.0),
    *(Design(n, share, ratio) for share, ratio in ((0.2, 3.0), (0.1, 5.0)) for n in (40, 140)),
)  # fmt: skip


def measured(design: Design, studies: int) -> dict[str, float]:
    """One row of the table: squared errors over the raw ones, and how often intervals cover."""
    found = np.array(list(_studies(design, studies)))
    raw, bound, ours, one_law, covered, of_those = np.nanmean(found, axis=0)
    return {
        "n_events": design.n_events, "share": design.share, "ratio": design.ratio,
        "bound": bound / raw, "left": ours / raw, "one_law": one_law / raw,
        "covered": covered, "covered_different": of_those, "n": studies,
    }  # fmt: skip


def _studies(design: Design, studies: int) -> Iterator[tuple[float, ...]]:
    for study in range(studies):
        key = [SEED, design.n_events, int(100 * design.share), int(100 * design.ratio), study]
        effect, car, error = design.draw(np.random.default_rng(key))
        mean, _, low, high, _ = posterior(car, error)
        inside = (low <= effect) & (effect <= high)
        differs = effect != 0.3
        guesses = car, design.bound(car, error), mean, every_effect(car, error).mean
        yield (
            *(float(((guess - effect) ** 2).mean()) for guess in guesses),
            float(inside.mean()),
            float(inside[differs].mean()) if differs.any() else np.nan,
        )


def main() -> None:
    """Write the table."""
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES
    rows = [measured(design, studies) for design in DESIGNS]
    pd.DataFrame(rows).to_csv(CSV, index=False, float_format="%.4f")


if __name__ == "__main__":
    main()
