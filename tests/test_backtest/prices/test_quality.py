"""Each check finds what was put there, and nothing else; what is real survives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.prices.panels.panel import assemble
from backtest.prices.quality.check import check, disagreements, findings_frame, touched
from backtest.prices.quality.checks import CHECKS
from backtest.prices.quality.findings import Finding, Severity
from backtest.prices.sources.files.table import PriceTable
from events import Sessions

DAYS = Sessions.exchange("XNYS", "2025-06-02", "2026-03-31").dates
FIELDS = ["open", "high", "low", "close", "adjusted", "volume"]
OPEN, HIGH, LOW, CLOSE, ADJUSTED, VOLUME = range(6)
Spoil = Callable[[np.ndarray], None]


def table(seed: int, spoil: Spoil = lambda _: None) -> PriceTable:
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.015, len(DAYS))))
    open_ = np.append(close[0], close[:-1])
    values = np.column_stack(
        [
            open_,
            np.maximum(open_, close) * 1.01,
            np.minimum(open_, close) * 0.99,
            close,
            close,
            close,
        ]
    )
    spoil(values)
    return PriceTable(pd.DataFrame(values, index=DAYS, columns=FIELDS), ())


def panel(spoil: Spoil = lambda _: None) -> Prices:
    return Prices.of(assemble({"SPY": table(1), "META": table(2, spoil)}, "test"))


def found(spoil: Spoil) -> list[Finding]:
    return list(check(panel(spoil)))


def scale(values: np.ndarray, rows: slice, by: float) -> None:
    values[rows, :VOLUME] *= by


def test_nothing_is_found_where_nothing_is_odd() -> None:
    assert check(panel()) == ()


CASES: dict[str, tuple[Spoil, str]] = {
    "missing_sessions": (lambda v: v.__setitem__(slice(20, 23), np.nan), "warning"),
    "impossible_bar": (lambda v: v.__setitem__((20, HIGH), v[20, CLOSE] * 0.9), "error"),
    "zero_volume": (lambda v: v.__setitem__((20, VOLUME), 0.0), "warning"),
    "repeated_close": (
        lambda v: v.__setitem__((slice(20, 26), slice(0, 5)), v[19, CLOSE]),
        "warning",
    ),
    "falling_adjustment": (
        lambda v: v.__setitem__((slice(20, None), ADJUSTED), v[20:, CLOSE] * 0.9),
        "warning",
    ),
    "suspected_split": (lambda v: scale(v, slice(20, None), 0.25), "warning"),
    "probable_unit_change": (lambda v: scale(v, slice(20, None), 0.0108), "warning"),
    "spike": (lambda v: scale(v, slice(20, 21), 1.45), "warning"),
    "outlier": (lambda v: scale(v, slice(20, None), 1.42), "note"),
    "stale_end": (lambda v: v.__setitem__(slice(150, None), np.nan), "warning"),
}


@pytest.mark.parametrize("what", CASES)
def test_each_check_finds_what_was_put_there(what: str) -> None:
    spoil, severity = CASES[what]
    findings = [finding for finding in found(spoil) if finding.what == what]
    assert [(finding.ticker, finding.severity) for finding in findings] == [("META", severity)]
    expected = DAYS[149] if what == "stale_end" else DAYS[20]
    assert findings[0].first == str(expected.date())


def test_every_check_is_tried_here() -> None:
    assert len(CASES) == len(CHECKS)


@pytest.mark.parametrize("by", [100.0, 0.01, 0.008, 130.0])
def test_a_change_of_unit_is_that_and_no_split(by: float) -> None:
    findings = found(lambda v: scale(v, slice(20, None), by))
    whats = {finding.what for finding in findings}
    assert "probable_unit_change" in whats
    assert "suspected_split" not in whats
    unit = next(finding for finding in findings if finding.what == "probable_unit_change")
    assert ("about 100 times" if by > 1 else "about a hundredth") in unit.detail


def test_a_change_of_unit_over_a_missing_day_and_a_fall_that_is_none() -> None:
    def gap(values: np.ndarray) -> None:
        scale(values, slice(20, None), 0.01)
        values[20] = np.nan

    unit = [one for one in found(gap) if one.what == "probable_unit_change"]
    assert [one.first for one in unit] == [str(DAYS[21].date())]
    fall = found(lambda v: scale(v, slice(20, None), 0.05))
    assert "probable_unit_change" not in {one.what for one in fall}


def test_a_run_is_one_finding_with_both_ends() -> None:
    (finding,) = found(CASES["missing_sessions"][0])
    assert (finding.first, finding.last) == (str(DAYS[20].date()), str(DAYS[22].date()))
    assert (
        str(finding)
        == f"warning: META: missing_sessions, {finding.first} to {finding.last}: no close"
    )


def test_a_crash_of_everything_is_nobodys_outlier() -> None:
    def crash(values: np.ndarray) -> None:
        scale(values, slice(20, None), 0.78)

    together = assemble({"SPY": table(1, crash), "META": table(2, crash)}, "test")
    assert [finding.ticker for finding in check(together)] == []
    assert {finding.ticker for finding in check(panel(crash))} == {"META"}


def test_no_prices_at_all() -> None:
    empty = check(panel(lambda values: values.__setitem__(slice(None), np.nan)))
    assert [(finding.what, finding.severity) for finding in empty] == [
        ("no_prices", Severity.ERROR)
    ]


def test_the_worst_comes_first() -> None:
    def several(values: np.ndarray) -> None:
        CASES["outlier"][0](values)
        values[40, VOLUME] = 0
        values[60, HIGH] = values[60, CLOSE] * 0.9

    assert [finding.severity for finding in found(several)] == ["error", "warning", "note"]


def test_two_sources_that_disagree() -> None:
    one, other = (
        panel(),
        panel(
            lambda values: values.__setitem__((slice(20, 23), CLOSE), values[20:23, CLOSE] * 1.01)
        ),
    )
    (finding,) = disagreements(one, other)
    assert finding.detail.startswith(f"closes differ on 3 of {len(DAYS)} sessions")
    assert (finding.first, finding.last) == (str(DAYS[20].date()), str(DAYS[22].date()))
    assert disagreements(one, one) == ()


def test_events_whose_windows_are_touched() -> None:
    findings = found(CASES["missing_sessions"][0])  # rows 20 to 22
    rows = {"before": 0, "long before": -1, "ends on it": 0, "inside": 25, "after": 33}
    events = pd.DataFrame(
        {"event_id": list(rows), "ticker": "META",
         "event_session": [DAYS[0], pd.NaT, DAYS[0], DAYS[25], DAYS[33]]}
    )  # fmt: skip
    table_ = touched(findings, events, panel().sessions)
    assert table_["event_id"].tolist() == ["before", "ends on it", "inside"]
    other = touched(findings, events.assign(ticker="SPY"), panel().sessions)
    assert other.empty
    assert list(table_.columns) == [
        "event_id",
        "ticker",
        *findings_frame(findings).columns.drop("ticker"),
    ]


def test_nothing_is_changed() -> None:
    prices = panel(CASES["spike"][0])
    digest = prices.digest
    check(prices)
    assert (
        Prices(**{name: getattr(prices, name) for name in FIELDS}, source="test").digest == digest
    )


def test_real_prices(real_prices_dir: Path) -> None:
    prices = Prices.read(real_prices_dir)
    findings = check(prices)
    assert not [finding for finding in findings if finding.severity == Severity.ERROR]
    assert not [
        finding
        for finding in findings
        if finding.ticker == "CRWV" and finding.severity != Severity.NOTE
    ]
    assert not [finding for finding in findings if finding.what == "suspected_split"]
    assert prices.close["CRWV"].notna().sum() == 294
