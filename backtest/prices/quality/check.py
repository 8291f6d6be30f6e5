"""What is odd about prices, against the exchange's calendar and themselves.

Nothing is filled or changed. An `error` cannot be (a close above the high), a `warning` should be
looked at before one believes a number that rests on it, a `note` is unusual and most likely real,
as CoreWeave's +42% of 2025-04-01 was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields, replace

import numpy as np
import pandas as pd

from backtest.prices.fields import FIELDS
from backtest.prices.prices import Prices
from backtest.prices.quality.checks import CHECKS
from backtest.prices.quality.findings import Finding, Floats, Severity, TickerHistory


def check(prices: Prices, benchmark: str = "SPY") -> tuple[Finding, ...]:
    """Every finding, the worst first.

    Outliers are judged against `benchmark`, or the median ticker without it.
    """
    prices = _with_levels(prices)
    log = np.log(prices.close.to_numpy(dtype=np.float64))
    moves = np.vstack([np.full(log.shape[1], np.nan), np.diff(log, axis=0)])
    if benchmark in prices.tickers:
        market = moves[:, prices.tickers.index(benchmark)]
    else:
        market = _middle(moves)
    sessions = prices.sessions
    found = [
        finding
        for column in columns_of(prices, range(len(prices.tickers)), market)
        for one in CHECKS
        for finding in one(column, sessions)
    ]
    found += [
        Finding(Severity.ERROR, ticker, "no_prices", *_span(sessions), "no close at all")
        for ticker in prices.close.columns[prices.close.isna().all()]
    ]
    order = list(Severity)
    return tuple(
        sorted(
            found,
            key=lambda finding: (order.index(Severity(finding.severity)), *astuple(finding)[1:]),
        )
    )


def disagreements(one: Prices, other: Prices, tolerance: float = 0.001) -> tuple[Finding, ...]:
    """Where two sources' closes differ by more than `tolerance` (a fraction).

    On the days and tickers both have.
    """
    found = []
    sessions = one.sessions.intersection(other.sessions)
    for ticker in sorted(set(one.tickers) & set(other.tickers)):
        left, right = one.close[ticker].reindex(sessions), other.close[ticker].reindex(sessions)
        apart = np.abs(np.log(left.to_numpy() / right.to_numpy()))
        rows = np.flatnonzero(apart > tolerance)
        if len(rows):
            worst = int(rows[np.argmax(apart[rows])])
            detail = (
                f"closes differ on {len(rows)} of {int(np.isfinite(apart).sum())} sessions, "
                f"most on {sessions[worst].date()}: {left.iloc[worst]:.6g} ({one.source}), "
                f"{right.iloc[worst]:.6g} ({other.source})"
            )
            span = (str(sessions[rows[0]].date()), str(sessions[rows[-1]].date()))
            found.append(Finding(Severity.WARNING, ticker, "disagreement", *span, detail))
    return tuple(found)


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """A table of findings: severity, ticker, what, first, last, detail."""
    return pd.DataFrame(map(astuple, findings), columns=[field.name for field in fields(Finding)])


def touched(
    findings: Iterable[Finding],
    events: pd.DataFrame,
    sessions: pd.DatetimeIndex,
    window: tuple[int, int] = (-10, 20),
) -> pd.DataFrame:
    """The placed events whose windows a finding of their ticker touches.

    Windows are sessions around `event_session`. One row an event and finding: event_id, ticker,
    severity, what, first, last, detail.
    """
    table = findings_frame(findings)
    placed = events.loc[events["event_session"].notna(), ["event_id", "ticker", "event_session"]]
    at = sessions.searchsorted(pd.DatetimeIndex(placed["event_session"]))
    spans = placed.assign(begin=at + window[0], end=at + window[1]).drop(columns="event_session")
    table["from_row"] = sessions.searchsorted(pd.DatetimeIndex(table["first"]))
    table["to_row"] = sessions.searchsorted(pd.DatetimeIndex(table["last"]))
    both = spans.merge(table, on="ticker")
    inside = (both["from_row"] <= both["end"]) & (both["to_row"] >= both["begin"])
    return both[inside].drop(columns=["begin", "end", "from_row", "to_row"]).reset_index(drop=True)


def _with_levels(prices: Prices) -> Prices:
    """Prices with levels of its returns where a ticker has no close at all.

    As in a panel of returns.
    """
    bare = ~prices.close.notna().any() & prices.adjusted.notna().any()
    if not bare.any():
        return prices
    closes = np.where(bare.to_numpy(), prices.adjusted.to_numpy(), prices.close.to_numpy())
    frame = pd.DataFrame(closes, index=prices.close.index, columns=prices.close.columns)
    return replace(prices, close=frame)


def columns_of(prices: Prices, places: Iterable[int], market: Floats) -> Iterator[TickerHistory]:
    """The tickers at these places that have a close, each from its first one to its last.

    `market` are the benchmark's log returns, (n_sessions,).
    """
    sessions, tickers = prices.sessions, prices.tickers
    values = {name: getattr(prices, name).to_numpy(dtype=np.float64) for name in FIELDS}
    for at in places:
        rows = np.flatnonzero(np.isfinite(values["close"][:, at]))
        if len(rows):
            span = slice(rows[0], rows[-1] + 1)
            arrays = {name: panel[span, at].copy() for name, panel in values.items()}
            yield TickerHistory(
                ticker=tickers[at], sessions=sessions[span], benchmark=market[span], **arrays
            )


def _middle(moves: Floats) -> Floats:
    out = np.full(len(moves), np.nan)
    known = np.isfinite(moves).any(axis=1)
    out[known] = np.nanmedian(moves[known], axis=1)
    return out


def _span(sessions: pd.DatetimeIndex) -> tuple[str, str]:
    return str(sessions[0].date()), str(sessions[-1].date())
