"""Abnormal returns and their forecast errors, for all events at once.

docs/methods.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.measure.conditions import RECENT_SESSIONS, volatility_ratio, zero_share
from backtest.study.measure.day_returns import DayReturns, Lines
from backtest.study.measure.in_windows import added_up
from backtest.study.normal import DailyModel, Days, Fit, NormalModel, Volatility
from backtest.study.normal.market import benchmark_difference
from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.donor_news import without
from backtest.study.place.panel import Panel
from backtest.study.running_sums import Bools, Floats, Ints, RunningSums
from backtest.study.windows import Window
from backtest.work.cached import cached_property
from backtest.work.parted import parts
from backtest.work.passing import Part, Places, once, pass_on

MINIMUM_OBSERVATIONS = 30
_CHUNK = 5_000  # events whose estimation windows are laid out at once: 10 MB a regressor
AT_ONCE = 20_000  # events whose horizons are laid out and kept; of more, read when asked for
_ALL = slice(None)
_BY_EVENT = (
    "abnormal", "se", "reference_df", "in_panel", "estimation_rows", "residuals",
    "volatility_ratio", "zero_share",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class AbnormalReturns:
    """N events over the H sessions of `horizon`: returns, what was normal, and the rest.

    `returns`, `normal`, `abnormal` and `se` are (N, H), `regressors` (N, H, r); NaN where the
    security or a regressor is missing. `se` is the forecast standard error of one abnormal return.
    They are read from the panel when first asked for: `on` reads some events on some days, and of
    very many events nothing else is. `volatility` is there for models whose variance moves;
    `effect` is added to every return of day 0, where the power of tests is simulated.
    """

    events: AlignedEvents
    model: NormalModel
    panel: Panel
    fit: Fit
    estimation: Window
    horizon: Window
    volatility: Volatility | None = None
    effect: float = 0.0

    def on(self, rows: slice, columns: slice) -> DayReturns:
        """Returns of some events on some days of the horizon."""
        if len(self.events) <= AT_ONCE:
            return self._whole.take(rows, columns)
        return self._read(rows, columns)

    @cached_property
    def _whole(self) -> DayReturns:
        source: tuple[AbnormalReturns, Places] | None = vars(self).get("_source")
        if source is None:
            return self._read(_ALL, _ALL)
        laid_out, keep = source
        return laid_out._whole.take(keep)

    def _read(self, rows: slice, columns: slice) -> DayReturns:
        valid, returns, x = self._found(rows, columns)
        return DayReturns(valid, returns, x, self.fit.take(rows).predict(x))

    def _found(self, rows: slice, columns: slice) -> tuple[Bools, Floats, Floats]:
        """What the panel has: whether a return counts, returns with the effect, regressors."""
        events, days = self.events, self.days[columns]
        valid, returns, x = self._lines.read(events.row[rows], events.column[rows], days)
        if self.effect:
            returns = returns + self.effect * (days == 0)
        return valid, returns, x

    @property
    def _lines(self) -> Lines:
        return once(self.panel, f"_lines {self.horizon}", lambda p: Lines.of(p, self.horizon))

    def added_up(self, start: Ints, end: Ints) -> Floats:
        """Sessions, abnormal returns and regressors from each event's `start` to `end`, (N, 2 + r).

        For very many events: no day of theirs is laid out.
        """
        lines, fit = self._lines, self.fit
        found: Floats = added_up(
            lines.y, lines.x, self.events.column, self.events.row + lines.before, start, end,
            fit.intercept, fit.slopes, self.effect,
        )  # fmt: skip
        return found

    @property
    def valid(self) -> Bools:
        """Whether a session counts, (N, H)."""
        return self._whole.valid

    @property
    def returns(self) -> Floats:
        """Returns of the securities, (N, H)."""
        return self._whole.returns

    @property
    def regressors(self) -> Floats:
        """Regressors, (N, H, r)."""
        return self._whole.regressors

    @property
    def normal(self) -> Floats:
        """Normal returns, (N, H)."""
        return self._whole.normal

    @cached_property
    def abnormal(self) -> Floats:
        """Abnormal returns, (N, H)."""
        return self._whole.abnormal

    @cached_property
    def se(self) -> Floats:
        """Forecast standard error of each abnormal return, (N, H)."""
        variance = self.fit.forecast_variance(np.ones_like(self.returns), self.regressors)
        if self.volatility is not None:
            given = self.volatility.given
            variance[given] = self.volatility.of_days(self.days)[given]
        return np.where(self.valid, np.sqrt(variance), np.nan)

    def variance_of_sum(self, inside: Bools) -> Floats:
        """Forecast variance of the sum of each event's abnormal returns, (N,).

        Those on the sessions `inside` (N, H).
        """
        x_sum = np.where(inside[..., None], self.regressors, 0.0).sum(axis=1)
        variance = self.fit.forecast_variance(inside.sum(axis=1).astype(np.float64), x_sum)
        if self.volatility is None:
            return variance
        return np.where(self.volatility.given, self.volatility.of_sum(inside), variance)

    @cached_property
    def reference_df(self) -> Floats:
        """Degrees of freedom of the t distribution each SCAR is compared with, (N,).

        Infinite is the normal.
        """
        df = np.maximum(self.fit.df, 1).astype(np.float64)
        if self.volatility is None:
            return df
        return np.where(self.volatility.given, np.inf, df)

    @property
    def days(self) -> Ints:
        """Event days of the columns, (H,)."""
        return np.arange(self.horizon.start, self.horizon.end + 1)

    @cached_property
    def in_panel(self) -> Bools:
        """Whether the panel has a row for the session at all, (N, H)."""
        rows = self.events.row[:, None] + self.days
        return self.panel.within(self.events.row, rows)

    @cached_property
    def estimation_rows(self) -> Ints:
        """Panel rows of the estimation window, (N, E); -1 outside the panel."""
        return self._estimation_rows(slice(None), slice(None))

    @cached_property
    def residuals(self) -> Floats:
        """Estimation-window residuals, (N, E); NaN where a session was not used."""
        return self._residuals(slice(None))

    def _estimation_rows(self, part: slice, days: slice) -> Ints:
        """Rows of some events on some days of the estimation window; -1 outside the panel."""
        day = np.arange(self.estimation.start, self.estimation.end + 1)[days]
        row = self.events.row[part]
        rows = row[:, None] + day
        return np.where(self.panel.within(row, rows), rows, -1)

    def _residuals(self, days: slice) -> Floats:
        """Residuals of some days of the estimation window, made some events at a time."""
        out = np.empty((len(self.events), len(range(len(self.estimation))[days])))
        for part in parts(len(out), _CHUNK):
            rows, column = self._estimation_rows(part, days), self.events.column[part, None]
            fit = self.fit.take(part)
            used = (rows >= 0) & self.panel.estimable[rows, column]
            left = self.panel.y[rows, column] - fit.predict(self.panel.x[rows, column])
            out[part] = np.where(used, left, np.nan)
        return out

    @cached_property
    def estimation_cells(self) -> tuple[Ints, Ints, Floats]:
        """Estimation sessions used, of all estimated events.

        Event, panel row and centred regressors of each.
        """
        event, day = np.nonzero(np.isfinite(self.residuals) & self.fit.estimated[:, None])
        rows = self.estimation_rows[event, day]
        return event, rows, self.panel.x[rows, self.events.column[event]] - self.fit.centre[event]

    @cached_property
    def volatility_ratio(self) -> Floats:
        """Residual spread of the last 20 estimation sessions over that of all, (N,)."""
        return volatility_ratio(self._residuals(slice(-RECENT_SESSIONS, None)), self.fit.sigma)

    @cached_property
    def zero_share(self) -> Floats:
        """Share of returns of the estimation window that are exactly zero, (N,)."""
        return zero_share(self.events, self.panel, self.estimation)

    def take(self, keep: Places) -> AbnormalReturns:
        """The same for the events at these positions."""
        part = AbnormalReturns(
            self.events.take(keep), self.model, self.panel, self.fit.take(keep), self.estimation,
            self.horizon, self.volatility and self.volatility.take(keep), self.effect,
        )  # fmt: skip
        return self._pass_on(part, keep)

    def _pass_on(self, part: Part, keep: Places) -> Part:
        """Give a part what is worked out already, and what is laid out if it asks for it."""
        if "_whole" in vars(self):
            once(part, "_source", lambda _: (self, keep))
        return pass_on(self, part, _BY_EVENT, keep)


def abnormal_returns(
    events: AlignedEvents, model: NormalModel, panel: Panel, estimation: Window, horizon: Window
) -> AbnormalReturns:
    """Fit the model on every event's estimation window and measure what it leaves over the horizon.

    `estimation` is the window that counts: `model.design.inside` of the one asked for.
    """
    sums = panel.sums or RunningSums(panel.y, panel.estimation_x, panel.estimable)
    moments = sums.over(events.row + estimation.start, events.row + estimation.end, events.column)
    if panel.donor_news is not None:
        moments = without(moments, barred_donors(events, panel, horizon))
    fit = _allow_short_histories(model.fit(moments), benchmark_difference(moments, model.design))
    volatility = None
    if isinstance(model, DailyModel):
        fit, volatility = model.refine(fit, _days(events, panel, estimation, horizon))
    return AbnormalReturns(
        events=events,
        model=model,
        panel=panel,
        fit=fit,
        estimation=estimation,
        horizon=horizon,
        volatility=volatility,
    )


def barred_donors(events: AlignedEvents, panel: Panel, horizon: Window) -> Bools:
    """Regressors that may not stand in for each event, (N, r).

    None where the design bars nobody.
    """
    news = panel.donor_news
    if news is None:
        return np.zeros((len(events), panel.x.shape[2]), dtype=bool)
    names = events.frame["event_id"].astype(str).tolist()
    return news.barred(names, panel.day(events.row), horizon)


def _days(events: AlignedEvents, panel: Panel, estimation: Window, horizon: Window) -> Days:
    """Every session from the start of the estimation window to the end of the horizon.

    Or from that of the horizon, where it is earlier.
    """
    day = np.arange(min(estimation.start, horizon.start), horizon.end + 1)
    rows = events.row[:, None] + day
    inside = panel.within(events.row, rows)
    rows, column = np.where(inside, rows, 0), events.column[:, None]
    there = inside & panel.valid[rows, column]
    to_estimate = (day >= estimation.start) & (day <= estimation.end)
    return Days(
        y=np.where(there, panel.y[rows, column], np.nan),
        x=np.where(there[..., None], panel.x[rows, column], np.nan),
        used=inside & panel.estimable[rows, column] & to_estimate,
        horizon=int(np.searchsorted(day, horizon.start)),
    )


def _allow_short_histories(fit: Fit, fallback: Fit) -> Fit:
    """Below 30 observations nothing is estimated.

    The difference to the benchmark stands, without an error.
    """
    short = fit.n_obs < MINIMUM_OBSERVATIONS
    if not short.any():
        return fit
    merged = {
        name: np.where(short.reshape(-1, *[1] * (value.ndim - 1)), getattr(fallback, name), value)
        for name, value in vars(fit).items()
    }
    return Fit(**merged)
