"""In-space placebos of a synthetic control: Abadie, Diamond and Hainmueller (2010, section 3.4)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.measure.abnormal import barred_donors
from backtest.study.measure.event_windows import EventWindow
from backtest.study.normal import SyntheticControl
from backtest.study.place.asked import check_data
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Bools, Floats
from backtest.study.study import EventStudy
from events.arguments import one_of

LEAST = 19  # placebos
_PLACEBO = "in-space placebo "


def in_space_placebos(
    study: EventStudy, result: EventStudyResult, prices: Prices | Returns
) -> pd.DataFrame:
    """Where each event's misfit stands among those of its donors.

    Had they been the ones with news that session. `ratio` is the root mean squared abnormal return
    of the window over that before the event. Every donor the event had gets a synthetic control of
    the other donors for the same session; `pvalue` is `(1 + #{donor's ratio >= ratio}) / (1 + n)`
    over the `n_placebos` donors without an event of their own in the window. It cannot be below `1
    / (1 + n)`, so that under 19 of them it is NaN, with the reason in `why_not`. `result` is what
    `study` gave; one row an event and window. Abadie, Diamond and Hainmueller (2010).

    >>> import reactions as rx
    >>> donors = rx.SyntheticControl(("AMZN", "MSFT", "GOOGL", "NVDA"))
    >>> study = rx.EventStudy(donors, windows={"1-day": rx.Window(0, 0)})
    >>> one = rx.Catalog.bundled().filter(tickers=["META"], until="2025-01-31")
    >>> prices = rx.Prices.sample()
    >>> found = in_space_placebos(study, study.fit(one, prices), prices)
    >>> found["why_not"][0]
    'cannot reject at 5%: needs at least 19 placebos, got 4'
    """
    one_of("study", study, (EventStudy,), "rx.EventStudy(rx.SyntheticControl(donors))")
    one_of("result", result, (EventStudyResult,), "study.fit(events, prices)")
    check_data(result.events, prices)
    if not isinstance(study.model, SyntheticControl):
        raise StudyError(
            f"in-space placebos are of a synthetic control, not of the {study.model.name} model"
        )
    returns = study.returns_of(prices)
    parts = [_of_event(study, result, returns, i) for i in range(len(result.events))]
    columns = ["event_id", "ticker", "window", "ratio", "n_placebos", "pvalue", "why_not"]
    return pd.DataFrame([row for part in parts for row in part], columns=columns)


def _of_event(
    study: EventStudy, result: EventStudyResult, returns: Returns, event: int
) -> list[tuple[object, ...]]:
    """The rows of one event.

    It, its donors on the same session, and everybody's other events beside them.
    """
    known = result.events
    one = known.iloc[event]
    donors = _donors_of(result, event)
    study = replace(study, model=SyntheticControl(tuple(donors), without_news=False))
    placebos = pd.DataFrame({"ticker": donors}).assign(
        event_id=[_PLACEBO + ticker for ticker in donors],
        event_session=one["event_session"],
        first_day_end=one["first_day_end"],
    )
    around = known[known["ticker"].isin([*donors, one["ticker"]])]
    fitted = study.fit(
        pd.concat([around, placebos], ignore_index=True)[list(known.columns)], returns
    )
    rows: list[tuple[object, ...]] = []
    for name in result.named_windows:
        window = fitted.window(name)
        own, counted = _who(window, one)
        ratios = misfit(window)
        n = int(counted.sum())
        reached = int((ratios[counted] >= ratios[own]).sum())
        if np.isfinite(ratios[own]) and n:
            p = (1 + reached) / (1 + n)
        else:
            p = np.nan
        few = ""
        if n < LEAST:
            few = f"cannot reject at 5%: needs at least {LEAST} placebos, got {n}"
        rows.append(
            (one["event_id"], one["ticker"], name, ratios[own], n, np.nan if few else p, few)
        )
    return rows


def _donors_of(result: EventStudyResult, event: int) -> list[str]:
    """The donors the event had: not itself, and where the study bars them none with news."""
    measured = result.measured
    donors, own = measured.model.design.regressors, result.events["ticker"].iloc[event]
    barred = barred_donors(measured.events, measured.panel, measured.horizon)[event]
    return [one for one, bar in zip(donors, barred, strict=True) if not bar and one != own]


def _who(window: EventWindow, one: pd.Series) -> tuple[int, Bools]:
    """The event's position, and which of the others are placebos that count."""
    frame, abnormal = window.abnormal.events.frame, window.abnormal
    own = int(
        np.flatnonzero((frame["event_id"] == one["event_id"]) & (frame["ticker"] == one["ticker"]))[
            0
        ]
    )
    placebo = frame["event_id"].astype(str).str.startswith(_PLACEBO).to_numpy()
    day = abnormal.events.row - abnormal.events.row[own]
    near = ~placebo & (day >= window.start[own]) & (day <= window.end[own])
    busy = np.isin(abnormal.events.column, abnormal.events.column[near])
    return own, np.asarray(placebo & ~busy & np.isfinite(misfit(window)))


def misfit(window: EventWindow) -> Floats:
    """Root mean squared abnormal return over the window, (N,).

    It is relative to that of the estimation window.
    """
    abnormal, fit = window.abnormal, window.abnormal.fit
    squares = np.where(window.inside, abnormal.abnormal, 0.0) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        after = np.sqrt(squares.sum(axis=1) / window.n_valid)
        before = fit.sigma * np.sqrt(fit.df / fit.n_obs)
        return np.where(np.isfinite(window.car), after / before, np.nan)
