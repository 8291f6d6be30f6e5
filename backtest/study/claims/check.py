"""The press checked.

Each reported move is recomputed from daily prices, with the basis on which it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.study.claims.readings import (
    ClaimReading,
    Quotes,
    changes,
    extremes,
    level,
    other_changes,
    other_days,
)
from events import Catalog
from events.record.claim import Claim
from events.record.vocabulary import Measure, PricePoint, Qualifier, WindowUnit

AGREES, NEAR, DISAGREES, UNDECIDABLE = "agrees", "near", "disagrees", "not decidable"
_NEAR_SHARE = 0.05  # of the claimed change; of a price a tenth of that
_OUTSIDE = {PricePoint.PRE_MARKET, PricePoint.AFTER_HOURS, PricePoint.FOREIGN_LISTING}
_VAGUE = {PricePoint.INTRADAY, PricePoint.UNSPECIFIED}
_UNIT = {Measure.CHANGE: "fraction", Measure.LEVEL: "usd"}


@dataclass(frozen=True)
class CheckedClaim:
    """What came out of one claim.

    `value` is in the claim's own unit (percent or dollars), NaN where undecidable.
    """

    verdict: str
    value: float
    basis: str


def check_claims(catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """Recompute every press claim of a catalog that daily prices can decide.

    One row a claim: event_id, ticker, claim (in words), claimed, computed, difference (fractions
    for changes, dollars for levels; NaN where not decidable), verdict, basis (from which price to
    which, and where a claim disagrees, on what it would hold), unit, said_by, on, url. Changes are
    taken on closes without dividends. A claim *agrees* within half of its last digit, is *near*
    within one last digit or 5% of itself (0.5% of a price), and *disagrees* beyond. Moves before
    the open or after hours are *not decidable*, unless a price is quoted with them. Simulated
    prices decide nothing.

    >>> check_claims(Catalog.bundled(), Prices.sample())["verdict"].unique().tolist()
    ['not decidable']
    """
    curated = catalog.held.curated
    claimed = {claim.ticker for news in curated for claim in news.claims}
    quotes = {
        ticker: Quotes.of(panel, ticker)
        for panel in prices.panels
        for ticker in panel.tickers
        if ticker in claimed and not prices.simulated
    }
    if prices.simulated:
        why = "the prices are simulated"
    else:
        why = "no prices of {}"
    rows = [
        _row(news.id, claim, _check(claim, quotes.get(claim.ticker), why.format(claim.ticker)))
        for news in curated
        for claim in news.claims
    ]
    return pd.DataFrame(rows, columns=pd.Index(_COLUMNS))


_COLUMNS = (
    "event_id",
    "ticker",
    "claim",
    "claimed",
    "computed",
    "difference",
    "verdict",
    "basis",
    "unit",
    "said_by",
    "on",
    "url",
)


def _row(event_id: str, claim: Claim, checked: CheckedClaim) -> tuple[object, ...]:
    if claim.measure is Measure.CHANGE:
        scale = 0.01
    else:
        scale = 1.0
    return (
        event_id,
        claim.ticker,
        in_words(claim),
        claim.value * scale,
        checked.value * scale,
        (checked.value - claim.value) * scale,
        checked.verdict,
        checked.basis,
        _UNIT[claim.measure],
        claim.said_by,
        str(claim.on or ""),
        claim.url or "",
    )


def in_words(claim: Claim) -> str:
    """Say a claim as a reader would.

    >>> said = {"ticker": "META", "value": 9.4, "precision": 0.1, "on": "2026-04-09"}
    >>> in_words(Claim(**said, window=5, said_by="a paper"))
    '+9.4% over 5 sessions, at the close of 2026-04-09'
    """
    number = _number(claim)
    if claim.qualifier in _AFTER:
        number = f"{number} {_AFTER[claim.qualifier]}"
    elif claim.qualifier is not Qualifier.EXACT:
        number = f"{claim.qualifier.value.replace('_', ' ')} {number}"
    when = f"{_WHEN[claim.at]} {claim.on or 'an unstated day'}"
    if claim.measure is Measure.LEVEL and claim.window_unit is WindowUnit.YEARS:
        return f"{number} as the {claim.at.value} of {_counted(claim)} to {claim.on}"
    return f"{number} {_span(claim)}{when}"


_AFTER = {Qualifier.AT_LEAST: "or more", Qualifier.AT_MOST: "or less"}
_WHEN = {
    PricePoint.CLOSE: "at the close of",
    PricePoint.OPEN: "at the open of",
    PricePoint.HIGH: "at the high of",
    PricePoint.LOW: "at the low of",
    PricePoint.INTRADAY: "during the session of",
    PricePoint.PRE_MARKET: "before the open of",
    PricePoint.AFTER_HOURS: "after the close of",
    PricePoint.FOREIGN_LISTING: "abroad on",
    PricePoint.UNSPECIFIED: "on",
}


def _number(claim: Claim) -> str:
    digits = max(0, round(-np.log10(claim.precision)))
    if claim.measure is Measure.CHANGE:
        return f"{claim.value:+.{digits}f}%"
    return f"{claim.value:.{digits}f}"


def _counted(claim: Claim) -> str:
    unit = claim.window_unit.value.replace("_", " ")
    return f"{claim.window} {unit if claim.window > 1 else unit.removesuffix('s')}"


def _span(claim: Claim) -> str:
    one_day = claim.window == 1 and claim.window_unit is WindowUnit.SESSIONS
    if one_day or claim.measure is Measure.LEVEL or claim.window_unit is WindowUnit.UNSPECIFIED:
        return ""
    unit = claim.window_unit.value.replace("_", " ")
    if unit.endswith("to date"):
        return f"{unit}, "
    return f"over {_counted(claim)}, "


def _check(claim: Claim, quotes: Quotes | None, why_none: str) -> CheckedClaim:
    if quotes is None:
        return CheckedClaim(UNDECIDABLE, np.nan, why_none)
    if claim.on is None:
        return CheckedClaim(UNDECIDABLE, np.nan, "the source gives no day")
    end = quotes.position(claim.on)
    if end is None or np.isnan(quotes.price("close", end)):
        return CheckedClaim(UNDECIDABLE, np.nan, f"no close of {claim.ticker} on {claim.on}")
    if claim.measure is Measure.LEVEL:
        return _check_level(claim, quotes, end)
    if claim.at in _OUTSIDE and claim.price is None:
        return CheckedClaim(
            UNDECIDABLE, np.nan, _not_daily(claim) + _day_before(claim, quotes, end)
        )
    if claim.at in _VAGUE and claim.price is None:
        return _check_vague(claim, quotes, end)
    return _check_change(claim, quotes, end)


def _check_level(claim: Claim, quotes: Quotes, end: int) -> CheckedClaim:
    if claim.at in _OUTSIDE:
        return CheckedClaim(UNDECIDABLE, np.nan, _not_daily(claim))
    if claim.at in _VAGUE:
        low, high = quotes.price("low", end), quotes.price("high", end)
        inside = (
            not claim.value < low - claim.precision and not claim.value > high + claim.precision
        )
        if inside:
            verdict = UNDECIDABLE
        else:
            verdict = DISAGREES
        return CheckedClaim(verdict, np.nan, f"the day's prices range from {low:.2f} to {high:.2f}")
    checked = _judged(claim, level(claim, quotes, end))
    if checked.verdict != DISAGREES:
        return checked
    return _with_other_day(claim, quotes, end, checked)


def _check_change(claim: Claim, quotes: Quotes, end: int) -> CheckedClaim:
    readings = [reading for reading in changes(claim, quotes, end) if np.isfinite(reading.value)]
    if not readings:
        return CheckedClaim(UNDECIDABLE, np.nan, "no price at the beginning of the window")
    judged = [_judged(claim, reading) for reading in readings]
    best = next(
        (one for word in (AGREES, NEAR) for one in judged if one.verdict == word), judged[0]
    )
    if best.verdict != DISAGREES or claim.price is not None:
        return best
    return _with_other_basis(claim, quotes, end, best)


def _with_other_basis(
    claim: Claim, quotes: Quotes, end: int, checked: CheckedClaim
) -> CheckedClaim:
    for other in other_changes(claim, quotes, end):
        if _verdict(claim, other.value) == AGREES:
            return CheckedClaim(
                DISAGREES, checked.value, f"{checked.basis}; {_number(claim)} holds {other.basis}"
            )
    return checked


def _with_other_day(claim: Claim, quotes: Quotes, end: int, checked: CheckedClaim) -> CheckedClaim:
    for day in other_days(quotes, end):
        if claim.at is PricePoint.CLOSE and _verdict(claim, quotes.price("close", day)) == AGREES:
            words = f"{checked.basis}; {_number(claim)} is the close of {quotes.day(day)}"
            return CheckedClaim(DISAGREES, checked.value, words)
    return checked


def _check_vague(claim: Claim, quotes: Quotes, end: int) -> CheckedClaim:
    """Judge a move of some moment of the day.

    The close may bear it out, the day's range may rule it out.
    """
    on_close = _check_change(claim.model_copy(update={"at": PricePoint.CLOSE}), quotes, end)
    if claim.at is PricePoint.UNSPECIFIED and on_close.verdict == AGREES:
        return CheckedClaim(AGREES, on_close.value, f"{on_close.basis}, if the close is meant")
    bounds = extremes(claim, quotes, end)
    if bounds is None:
        return CheckedClaim(UNDECIDABLE, np.nan, "no range of the day")
    words = f"the day's prices range from {bounds[0]:+.2f}% to {bounds[1]:+.2f}%"
    extreme = bounds[1] if claim.value >= 0 else bounds[0]
    if claim.qualifier is Qualifier.AT_LEAST and claim.at is PricePoint.INTRADAY:
        return CheckedClaim(_verdict(claim, extreme), extreme, words)
    reached = any(_verdict(claim, bound) == AGREES for bound in bounds)
    inside = bounds[0] <= claim.value <= bounds[1]
    return CheckedClaim(UNDECIDABLE if inside or reached else DISAGREES, np.nan, words)


def _not_daily(claim: Claim) -> str:
    return f"{claim.at.value.replace('_', ' ')} prices are not among daily prices"


def _day_before(claim: Claim, quotes: Quotes, end: int) -> str:
    """Say where a number, given for the time before the open, is the whole session before's."""
    before = quotes.price("close", end - 1) / quotes.price("close", end - 2) - 1.0
    same = claim.precision < 1 and _verdict(claim, 100.0 * before) == AGREES
    early = claim.at is PricePoint.PRE_MARKET
    if same and early:
        return f"; {_number(claim)} is the move of the session before, {quotes.day(end - 1)}"
    return ""


def _judged(claim: Claim, reading: ClaimReading) -> CheckedClaim:
    if not np.isfinite(reading.value):
        return CheckedClaim(UNDECIDABLE, np.nan, reading.basis)
    return CheckedClaim(_verdict(claim, reading.value), reading.value, reading.basis)


def _verdict(claim: Claim, computed: float) -> str:
    """Compare within what the wording's last digit allows.

    A rounding error of the arithmetic apart.
    """
    half = claim.precision / 2 + 1e-9 * max(1.0, abs(claim.value))
    beyond = (computed - claim.value) * (1.0 if claim.value >= 0 else -1.0)
    one_sided = {
        Qualifier.AT_LEAST: beyond >= -half,
        Qualifier.AT_MOST: beyond <= half,
        Qualifier.UP_TO: beyond <= half,
    }
    if one_sided.get(claim.qualifier, abs(beyond) <= half):
        return AGREES
    share = _NEAR_SHARE if claim.measure is Measure.CHANGE else _NEAR_SHARE / 10
    near = max(claim.precision, share * abs(claim.value))
    if abs(beyond) <= near:
        return NEAR
    return DISAGREES
