"""Abnormal returns against a counterfactual of donors, event by event."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from backtest.errors import StudyError
from backtest.study.donors.model import FromDonors
from backtest.study.donors.pool import Block, Pool
from backtest.study.donors.solution import Solution, Solve
from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS, AbnormalReturns
from backtest.study.measure.day_returns import DayReturns
from backtest.study.normal.base import Fit
from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import Panel
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window
from backtest.work.cached import cached_property
from backtest.work.passing import Places
from backtest.work.threads import one_thread

_RECENT = 20


@dataclass(frozen=True, eq=False)
class DonorReturns(AbnormalReturns):
    """N events measured against donors.

    `expected` (N, H) and `fitted` (N, E) are the counterfactual returns. `solutions` are how each
    was found, nothing where it has too few donors; `donors` their columns of the pool's returns.
    """

    pool: Pool = field(kw_only=True)
    expected: Floats = field(kw_only=True)
    fitted: Floats = field(kw_only=True)
    solutions: tuple[Solution | None, ...] = field(kw_only=True)
    donors: tuple[Ints, ...] = field(kw_only=True)

    def _read(self, rows: slice, columns: slice) -> DayReturns:
        expected, (_, returns, _) = self.expected[rows, columns], self._found(rows, columns)
        valid = np.isfinite(expected)
        nothing = np.zeros((*valid.shape, 0))
        return DayReturns(valid, np.where(valid, returns, np.nan), nothing, expected)

    @cached_property
    def residuals(self) -> Floats:
        """Estimation-window residuals, (N, E); NaN where a session was not used."""
        rows, column = np.maximum(self.estimation_rows, 0), self.events.column[:, None]
        return np.asarray(self.panel.y[rows, column] - self.fitted)

    @cached_property
    def volatility_ratio(self) -> Floats:
        """Residual spread of the last 20 estimation sessions over that of all, (N,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            last = self.residuals[:, -_RECENT:]
            n = np.isfinite(last).sum(axis=1)
            recent = np.sqrt(np.nansum(last**2, axis=1) / n)
            every = np.nansum(self.residuals**2, axis=1) / np.isfinite(self.residuals).sum(axis=1)
            return np.where(n >= _RECENT // 2, recent / np.sqrt(every), np.nan)

    def rows_of(self, event: int) -> tuple[Ints, Ints]:
        """Panel rows an event was estimated on, and those of its horizon."""
        return _rows(self.events, self.panel, self.estimation, self.horizon, event)

    def block(self, event: int) -> Block | None:
        """The donors' returns of an event."""
        name = str(self.events.frame["event_id"].iloc[event])
        column = self.pool.returns.position(str(self.events.frame["ticker"].iloc[event]))
        used, later = self.rows_of(event)
        return self.pool.block(self.pool.allowed(name, column, later), used, later)

    def take(self, keep: Places) -> DonorReturns:
        """The same for the events at these positions."""
        places = np.arange(len(self.events))[keep]
        part = DonorReturns(
            self.events.take(keep), self.model, self.panel, self.fit.take(keep), self.estimation,
            self.horizon, effect=self.effect,
            pool=self.pool, expected=self.expected[keep], fitted=self.fitted[keep],
            solutions=tuple(self.solutions[i] for i in places),
            donors=tuple(self.donors[i] for i in places),
        )  # fmt: skip
        return self._pass_on(part, keep)


def refuse_donors(measured: AbnormalReturns, what: str, instead: str) -> None:
    """Raise `StudyError` where `what` moves a model through the panel.

    A counterfactual cannot be moved.
    """
    if isinstance(measured, DonorReturns):
        raise StudyError(
            f"{what} cannot be made of the model {measured.model.name}, "
            f"whose counterfactual is made event by event; {instead}"
        )


@one_thread()
def donor_returns(
    events: AlignedEvents,
    model: FromDonors,
    panel: Panel,
    pool: Pool,
    estimation: Window,
    horizon: Window,
) -> DonorReturns:
    """Find every event's counterfactual and measure what it leaves over the horizon."""
    n, days = len(events), np.arange(horizon.start, horizon.end + 1)
    expected, fitted = np.full((n, len(days)), np.nan), np.full((n, len(estimation)), np.nan)
    sigma, df, n_obs = np.full(n, np.nan), np.zeros(n, np.int64), np.zeros(n, np.int64)
    r2 = np.full(n, np.nan)
    solutions: list[Solution | None] = [None] * n
    donors: list[Ints] = [np.array([], dtype=np.int64)] * n
    names, tickers = (events.frame[key].astype(str).tolist() for key in ("event_id", "ticker"))
    learnt = _Learnt(model, pool)
    for i in np.argsort(events.row, kind="stable"):
        used, later = _rows(events, panel, estimation, horizon, i)
        n_obs[i] = len(used)
        if len(used) < MINIMUM_OBSERVATIONS or not len(later):
            continue
        allowed = pool.allowed(names[i], pool.returns.position(tickers[i]), later)
        given = learnt.of(allowed, used, later)
        if given is None:
            continue
        y = panel.y[used, events.column[i]]
        donors[i], solve = given
        found = solve(y)
        solutions[i] = found
        fitted[i, used - events.row[i] - estimation.start] = found.before
        expected[i, later - events.row[i] - horizon.start] = found.after
        sigma[i], df[i] = found.sigma, len(used) - found.parameters
        spread = float(((y - y.mean()) ** 2).sum())
        if spread > 0:
            r2[i] = 1 - float(((y - found.before) ** 2).sum()) / spread
        else:
            r2[i] = np.nan
    fit = Fit(
        intercept=np.where(np.isfinite(sigma), 0.0, np.nan),
        slopes=np.zeros((n, 0)), centre=np.zeros((n, 0)), spread_inverse=np.zeros((n, 0, 0)),
        estimated=np.zeros(n, dtype=bool), sigma=np.where(sigma > 0, sigma, np.nan), df=df,
        n_obs=n_obs, r2=r2,
    )  # fmt: skip
    return DonorReturns(
        events, model, panel, fit, estimation, horizon, pool=pool, expected=expected, fitted=fitted,
        solutions=tuple(solutions), donors=tuple(donors),
    )  # fmt: skip


class _Learnt:
    """What the donors decide by themselves.

    Kept for the next event of the same donors and sessions.
    """

    def __init__(self, model: FromDonors, pool: Pool) -> None:
        self._model, self._pool = model, pool
        self._key: tuple[bytes, ...] = ()
        self._found: tuple[Ints, Solve] | None = None

    def of(self, donors: Ints, used: Ints, later: Ints) -> tuple[Ints, Solve] | None:
        """Columns of the donors, and what solves for a security; nothing where they are too few."""
        key = (donors.tobytes(), used.tobytes(), later.tobytes())
        if key != self._key:
            block = self._pool.block(donors, used, later)
            self._key, self._found = key, None
            if block is not None:
                self._found = block.donors, self._model.solver(block.x, block.ahead)
        return self._found


def _rows(
    events: AlignedEvents, panel: Panel, estimation: Window, horizon: Window, event: int
) -> tuple[Ints, Ints]:
    """Rows of the panel with a return to estimate on, and with one in the horizon."""
    row, column = events.row[event : event + 1], events.column[event]

    def there(window: Window) -> Ints:
        rows = row + np.arange(window.start, window.end + 1)
        return np.asarray(rows[panel.within(row, rows[None])[0]])

    used, later = there(estimation), there(horizon)
    return used[panel.estimable[used, column]], later[panel.valid[later, column]]
