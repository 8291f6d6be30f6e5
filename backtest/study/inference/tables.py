"""The tables of a study, one row a thing, numbers as fractions: the contracts of the CSV files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from backtest.study.inference.single import conformal_p
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow
from backtest.study.measure.flags import estimate_flags, window_flags
from backtest.study.measure.holdings import own_weights
from backtest.study.place.panel import count_between, last_true, next_true
from backtest.study.running_sums import Floats, Ints
from backtest.work.parted import parts
from backtest.work.threads import beside
from events.flag import join_cells

Cells = np.ndarray[Any, np.dtype[np.object_]]
_EVENTS_AT_ONCE = 20_000  # rows of their days: some hundred megabytes
_PARTS_BESIDE = 4  # parts of the table of windows, made on the cores there are


def _labels(abnormal: AbnormalReturns) -> dict[str, object]:
    return {"model": abnormal.model.name, "benchmark": abnormal.model.benchmark}


def windows_table(windows: list[EventWindow], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """One row an event and window, events in order: all columns, or those named."""
    made = beside(*_windows_in_parts(windows, columns))
    return pd.concat(made, ignore_index=True) if len(made) > 1 else made[0]


def windows_parts(windows: list[EventWindow]) -> Iterator[pd.DataFrame]:
    """The rows of `windows_table`, some thousands of events at a time, parts beside each other."""
    of, places = _windows_in_parts(windows, None)
    for batch in parts(len(places), _PARTS_BESIDE):
        yield from beside(of, places[batch])


def _windows_in_parts(
    windows: list[EventWindow], columns: Sequence[str] | None
) -> tuple[Callable[[slice], pd.DataFrame], list[slice]]:
    """What makes the rows of some events, and which events those are."""
    names, n = _WINDOWS if columns is None else columns, len(windows[0].start)
    # of all events at once: some are flagged for what others are
    flags = _flags(windows) if "flags" in names else None

    def of(part: slice) -> pd.DataFrame:
        some = [window.take(part) for window in windows] if n > _EVENTS_AT_ONCE else windows
        # column by column, each in its place at once: beside the table there is one column
        made = {name: _of_window(name, some) for name in names if name != "flags"}
        if flags is not None:
            made["flags"] = flags[part].ravel()
        rows = pd.RangeIndex(len(some[0].start) * len(some))
        return pd.DataFrame(made, columns=pd.Index(names), index=rows, copy=False)

    return of, parts(n, _EVENTS_AT_ONCE)


def _of_window(name: str, windows: list[EventWindow]) -> object:
    """A column of the table of windows; what is one word in all rows as that word."""
    abnormal = windows[0].abnormal
    if name in _OF_WINDOW:
        return np.column_stack([_OF_WINDOW[name](window) for window in windows]).ravel()
    if name == "window":
        which = np.tile(np.arange(len(windows)), len(windows[0].start))
        return pd.Series([window.name for window in windows]).array.take(which)
    if name in _labels(abnormal):
        return _labels(abnormal)[name]
    return abnormal.events.frame[name].array.repeat(len(windows))


def _df(window: EventWindow) -> Floats | Ints:
    """Degrees of freedom of the SCAR; NaN where it is compared with the normal."""
    volatility = window.abnormal.volatility
    return window.df if volatility is None else np.where(volatility.given, np.nan, window.df)


def _flags(windows: list[EventWindow]) -> Cells:
    """What is to be known of each event and window, (N, number of windows)."""
    abnormal = windows[0].abnormal
    timing = abnormal.events.frame["timing_flags"].to_numpy(dtype=object)
    of_event = join_cells(timing, estimate_flags(abnormal, n_excluded(abnormal)))
    return np.column_stack([join_cells(of_event, window_flags(window)) for window in windows])


_WINDOWS = (
    "event_id", "ticker", "role", "kind", "event_session", "model", "benchmark", "window", "start",
    "end", "n_valid", "raw_return", "car", "car_se", "scar", "t", "df", "pvalue", "bhar", "mde80",
    "flags", "bhar_model", "conformal_p", "car_low", "car_high",
)  # fmt: skip
_OF_WINDOW: Mapping[str, Callable[[EventWindow], Floats | Ints]] = {
    "start": lambda window: window.start,
    "end": lambda window: window.end,
    "n_valid": lambda window: window.n_valid,
    "raw_return": lambda window: window.raw_return,
    "car": lambda window: window.car,
    "car_se": lambda window: window.car_se,
    "scar": lambda window: window.scar,
    "t": lambda window: window.scar,
    "df": _df,
    "pvalue": lambda window: window.pvalue,
    "bhar": lambda window: window.bhar,
    "mde80": lambda window: window.mde80,
    "bhar_model": lambda window: window.bhar_model,
    "conformal_p": conformal_p,
    "car_low": lambda window: window.interval[0],
    "car_high": lambda window: window.interval[1],
}


def abnormal_table(abnormal: AbnormalReturns) -> pd.DataFrame:
    """One row an event and session of the horizon that the panel has."""
    there, frame, days = abnormal.in_panel, abnormal.events.frame, abnormal.days
    n_days = there.sum(axis=1)
    columns = {
        "event_id": frame["event_id"].array.repeat(n_days),
        "ticker": frame["ticker"].array.repeat(n_days),
        **_labels(abnormal),
        "day": np.broadcast_to(days, there.shape)[there],
        "session": abnormal.panel.sessions[(abnormal.events.row[:, None] + days)[there]],
        "return": abnormal.returns[there],
        "normal": abnormal.normal[there],
        "abnormal": abnormal.abnormal[there],
        "se": abnormal.se[there],
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(n_days.sum()), copy=False)


def estimates_table(abnormal: AbnormalReturns) -> pd.DataFrame:
    """One row an event: what was fitted, and on which sessions.

    `volatility_ratio` is the residual spread of the last 20 sessions over that of all.
    `attenuation` is the share of the security's own move that its weight in the benchmark takes out
    of the measure, NaN where that is not known.
    """
    return _estimates(abnormal)(slice(None))


def estimates_parts(abnormal: AbnormalReturns) -> Iterator[pd.DataFrame]:
    """The rows of `estimates_table`, some thousands of events at a time."""
    return map(_estimates(abnormal), parts(len(abnormal.events), _EVENTS_AT_ONCE))


def _estimates(abnormal: AbnormalReturns) -> Callable[[slice], pd.DataFrame]:
    """What makes the rows of some events: the numbers are there for all, the words are not."""
    fit, frame = abnormal.fit, abnormal.events.frame
    first, last = _used_sessions(abnormal)
    excluded, weight = n_excluded(abnormal), own_weights(abnormal)
    beta = fit.slopes[:, 0] if abnormal.model.design.benchmark else np.full(len(frame), np.nan)
    columns = {
        "alpha": fit.intercept,
        "beta": beta,
        "sigma": fit.sigma,
        "r2": fit.r2,
        "n_obs": fit.n_obs,
        "first_session": first,
        "last_session": last,
        "flags": estimate_flags(abnormal, excluded),
        "n_excluded": excluded,
        "volatility_ratio": abnormal.volatility_ratio,
        "benchmark_weight": weight,
        "attenuation": beta * weight,
    }

    def of(part: slice) -> pd.DataFrame:
        of_event = {name: frame[name].iloc[part] for name in ("event_id", "ticker")}
        numbers = {name: values[part] for name, values in columns.items()}
        return pd.DataFrame({**of_event, **_labels(abnormal), **numbers})

    return of


def n_excluded(abnormal: AbnormalReturns) -> Ints:
    """Estimation sessions left out because of other events of the security, (N,)."""
    events, window = abnormal.events, abnormal.estimation
    return count_between(
        abnormal.panel.excluded, events.row + window.start, events.row + window.end, events.column
    )


def _used_sessions(abnormal: AbnormalReturns) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """First and last session that entered each fit; NaT where none did."""
    events, window, panel = abnormal.events, abnormal.estimation, abnormal.panel
    low = np.clip(events.row + window.start, 0, len(panel.sessions) - 1)
    high = np.clip(events.row + window.end, 0, len(panel.sessions) - 1)
    some = abnormal.fit.n_obs > 0
    first = np.where(some, next_true(panel.estimable)[low, events.column], 0)
    last = np.where(some, last_true(panel.estimable)[high, events.column], 0)
    sessions = panel.sessions.to_numpy()
    missing = np.datetime64("NaT")
    return pd.DatetimeIndex(np.where(some, sessions[first], missing)), pd.DatetimeIndex(
        np.where(some, sessions[last], missing)
    )


def paths_table(abnormal: AbnormalReturns) -> pd.DataFrame:
    """Cumulative abnormal returns seen from the close of day -1, with their forecast error.

    From day 0 on it is CAR[0,t]; before day -1 it is -CAR[t+1,-1], so that the line reads like a
    price. `low` and `high` are the ends of its 95% band.
    """
    cumulated, se = paths(abnormal)
    event, day = np.nonzero(abnormal.in_panel)
    frame = abnormal.events.frame
    half = np.asarray(stats.t.ppf(0.975, abnormal.reference_df))[:, None] * se
    return pd.DataFrame(
        {
            **{
                name: frame[name].to_numpy()[event]
                for name in ("event_id", "ticker", "role", "kind")
            },
            **_labels(abnormal),
            "day": abnormal.days[day],
            "car": cumulated[event, day],
            "se": se[event, day],
            "low": (cumulated - half)[event, day],
            "high": (cumulated + half)[event, day],
        }
    )


# The tables with a row an event and session of the horizon.
DAILY: dict[str, Callable[[AbnormalReturns], pd.DataFrame]] = {
    "abnormal": abnormal_table,
    "paths": paths_table,
}


def daily_rows(abnormal: AbnormalReturns) -> int:
    """How many rows a daily table has."""
    return int(abnormal.in_panel.sum())


def daily_parts(name: str, abnormal: AbnormalReturns) -> Iterator[pd.DataFrame]:
    """The rows of a daily table, some thousands of events at a time."""
    n = len(abnormal.events)
    for part in parts(n, _EVENTS_AT_ONCE):
        yield DAILY[name](abnormal.take(part))


def paths(abnormal: AbnormalReturns) -> tuple[Floats, Floats]:
    """Path and forecast standard error of every event, both (N, H)."""
    valid = abnormal.valid
    days = _from_eve(valid.astype(np.float64), abnormal.days)
    x_sum = _from_eve(np.where(valid[..., None], abnormal.regressors, 0.0), abnormal.days)
    variance = abnormal.fit.forecast_variance(np.abs(days), x_sum * np.sign(days)[..., None])
    if abnormal.volatility is not None:
        for column, day in enumerate(abnormal.days):
            span = (abnormal.days >= min(0, day + 1)) & (abnormal.days <= max(day, -1))
            if day != -1:
                variance[:, column] = abnormal.variance_of_sum(valid & span)
    path = _from_eve(np.where(valid, abnormal.abnormal, 0.0), abnormal.days)
    return path, np.sqrt(variance)


def _from_eve(values: Floats, days: Ints) -> Floats:
    """Sums from day 0 to t for t >= 0, along axis 1.

    Before it, minus the sums from t + 1 to -1.
    """
    running = np.cumsum(values, axis=1)
    eve = int(np.searchsorted(days, -1))
    return running - running[:, eve : eve + 1]
