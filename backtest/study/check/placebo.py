"""The whole catalog moved to days on which nothing was announced.

Every placebo event is measured anew. Unlike `placebo_shift`, which reads the residuals of the one
fit, each shifted event is estimated on the window before its own placebo day. One common shift for
all events keeps their clustering and overlap as they are (docs/methods.md, section 7); it takes the
time before the events as typical of the time of the events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.check.moved import NEAR, MovedCatalog, scars_of
from backtest.study.donors.measure import refuse_donors
from backtest.study.fitted import FittedStudy
from backtest.study.inference.nonparametric.placebo_shift import among
from backtest.study.inference.outcome import Outcome, cannot_say
from backtest.study.inference.spread import content_of, way_of
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window
from backtest.work import Kept, digest, run_chunks
from backtest.work.chunks import unheard
from backtest.work.parted import parts

MINIMUM = 19
MOST = 3_000_000  # placebo events without being asked for more, where sums run by security
_CHUNK = 250_000  # placebo events
_EVENTS = 20_000  # whose placebos are counted at once
_POSITION = ("scar", "n_placebo", "position", "pvalue")


@dataclass(frozen=True, eq=False)
class PlaceboDays:
    """What the study finds when the catalog is moved back by each of `shifts` (S,) sessions.

    `scars` holds a window's placebo SCARs (N, S), NaN where an event has none. `clear` is as
    `placebo` was given it.
    """

    result: FittedStudy
    shifts: Ints
    scars: dict[str, Floats]
    clear: Window | None = None

    def cars(self, window: str, events: Ints) -> Floats:
        """Placebo CARs of some events in a window, (n, S); measured again, as few are asked for."""
        return MovedCatalog(self.result, self.shifts, self.clear).cars(window, events)

    @property
    def tests(self) -> pd.DataFrame:
        """One row a window: the mean SCAR among those of the placebo catalogs.

        Columns: model, benchmark, window, statistic, pvalue, pvalue_upper, pvalue_lower, n_events,
        n_placebo, why_not.
        """
        rows = []
        for name, scars in self.scars.items():
            actual = self.result.window(name).scar
            drawn = _means(scars)[0]
            drawn = drawn[np.isfinite(drawn)]
            found = _test(actual[np.isfinite(actual)], drawn)
            p = found.pvalue, found.pvalue_upper, found.pvalue_lower
            n = found.n_events, len(drawn)
            rows.append((*self._labels, name, found.statistic, *p, *n, found.why_not))
        head = [
            "model",
            "benchmark",
            "window",
            "statistic",
            "pvalue",
            "pvalue_upper",
            "pvalue_lower",
        ]
        return pd.DataFrame(rows, columns=[*head, "n_events", "n_placebo", "why_not"])

    @property
    def means(self) -> pd.DataFrame:
        """One row a window and shift: window, shift, mean_scar, n_events.

        `mean_scar` is NaN under half the events.
        """
        parts = []
        for name, scars in self.scars.items():
            mean, counts = _means(scars)
            parts.append(
                pd.DataFrame(
                    {"window": name, "shift": self.shifts, "mean_scar": mean, "n_events": counts}
                )
            )
        return pd.concat(parts, ignore_index=True)

    @property
    def positions(self) -> pd.DataFrame:
        """One row an event and window: where its SCAR stands among its own placebo SCARs.

        Columns: event_id, ticker, window, scar, n_placebo, position (share of them below it),
        pvalue (two-sided share as far from zero, itself counted).
        """
        frame, k = self.result.events, len(self.scars)
        columns: dict[str, object] = {
            name: frame[name].array.repeat(k) for name in ("event_id", "ticker")
        }
        columns["window"] = pd.Series(list(self.scars)).array.take(
            np.tile(np.arange(k), len(frame))
        )
        found = [
            _positions(self.result.window(name).scar, scars) for name, scars in self.scars.items()
        ]
        for name, values in zip(_POSITION, zip(*found, strict=True), strict=True):
            columns[name] = np.column_stack(values).ravel()  # event by event
        return pd.DataFrame(columns, copy=False)

    @property
    def _labels(self) -> tuple[str, str]:
        return self.result.measured.model.name, self.result.measured.model.benchmark


def placebo(
    result: FittedStudy,
    shifts: Sequence[int] | None = None,
    clear: Window | None = None,
    *,
    executor: Executor | None = None,
    kept: str | Path | Kept | None = None,
    progress: Callable[[int, int], None] = unheard,
) -> PlaceboDays:
    """Move the catalog back by each number of sessions in `shifts` and measure it again.

    Without `shifts` it is moved from where no window touches its own event as far as every
    estimation window stays inside the prices, or, if that leaves under 19 shifts, as far as half of
    them do; of more than 2,000 events by some of these shifts, spread evenly: `MOST` placebo
    events in all, and at least 19 shifts. A placebo event whose sessions in `clear` (each window's
    own if None) touch [-1,+5] of a real event of its security is left out. GARCH is refitted as
    least squares. Events go in chunks through `executor`, which changes no number; finished ones
    are kept in the folder `kept`, and `progress` hears how many are done, and of how many.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> placebo(result, range(30, 60)).tests["n_placebo"].tolist()
    [30, 24, 0, 29]
    """
    measured = result.measured
    if not len(measured.events):
        raise StudyError("no event is left in this study to make placebos of")
    refuse_donors(measured, "shifted placebos", "use matched_placebos(result)")
    moves = _default_shifts(result) if shifts is None else np.asarray(shifts, dtype=np.int64)
    if (moves < 1).any():
        raise StudyError(
            f"shift {moves.min()} is not back in time; give numbers of sessions from 1"
        )
    n = len(measured.events)
    chunks = [(part.start, part.stop) for part in parts(n, max(_CHUNK // max(len(moves), 1), 1))]
    way = way_of(executor, kept, progress)
    asked = MovedCatalog(result if executor is None else result.bare(), moves, clear)
    key = digest(content_of(result), moves, clear) if way.kept else ""
    found = run_chunks(scars_of, asked, chunks, way, key)
    scars = {name: np.empty((n, len(moves))) for name in result.named_windows}
    for one in scars.values():
        for chunk, parted in zip(chunks, found, strict=True):
            one[asked.order[slice(*chunk)]] = parted.pop(0)  # let go once it has its place
    return PlaceboDays(result, moves, scars, clear)


def _default_shifts(result: FittedStudy) -> Ints:
    """From clear of the events themselves to where the estimation windows leave the panel."""
    row = result.measured.panel.earlier(result.measured.events.row)
    start = result.measured.estimation.start
    first = max(window.end for window in result.named_windows.values()) + NEAR.end + 1
    last = int(row.min()) + start
    if last - first + 1 < MINIMUM:
        last = int(np.median(row)) + start
    moves: Ints = np.arange(first, last + 1)
    if result.pair_sums == "by pair":
        return moves
    most = max(
        MOST // len(row), MINIMUM
    )  # so that cost and memory stay in proportion to the events
    spread = np.linspace(0, len(moves) - 1, min(most, len(moves)))
    return np.asarray(moves[np.unique(spread.astype(np.int64))])


def _positions(actual: Floats, scars: Floats) -> list[Floats]:
    """What `positions` has in the columns _POSITION of events with these SCARs, (N,) each."""
    rows = parts(len(actual), _EVENTS)
    found = [_position(actual[part], scars[part]) for part in rows]
    return list(map(np.concatenate, zip(*found, strict=True)))


def _position(actual: Floats, scars: Floats) -> tuple[Floats, ...]:
    there = np.isfinite(scars)
    n, values = there.sum(axis=1), np.where(there, scars, 0.0)
    below = (there & (values < actual[:, None])).sum(axis=1)
    reached = (there & (np.abs(values) >= np.abs(actual)[:, None])).sum(axis=1)
    known = np.isfinite(actual) & (n > 0)
    position = np.where(known, below / np.maximum(n, 1), np.nan)
    return actual, n, position, np.where(known, (1 + reached) / (n + 1), np.nan)


def _means(scars: Floats) -> tuple[Floats, Ints]:
    """Mean over events for each shift, NaN where under half of them remain; and how many remain."""
    counts, total = np.zeros(scars.shape[1], dtype=np.int64), np.zeros((1, scars.shape[1]))
    for part in parts(len(scars), _EVENTS):
        there = np.isfinite(scars[part])
        counts += there.sum(axis=0)
        # event after event, whatever the parts
        total = np.vstack([total, np.where(there, scars[part], 0.0)]).sum(axis=0, keepdims=True)
    mean = total[0] / np.maximum(counts, 1)
    return np.where(counts >= max(len(scars) / 2, 1), mean, np.nan), counts


def _test(actual: Floats, drawn: Floats) -> Outcome:
    if len(actual) < 1:
        return cannot_say("needs at least 1 event, got 0", 0)
    if len(drawn) < MINIMUM:
        return cannot_say(
            f"needs at least {MINIMUM} shifts with half of the events, got {len(drawn)}",
            len(actual),
        )
    return among(float(actual.mean()), drawn, len(actual))
