"""A benchmark is read in one place, and says what it needs and whether it is there."""

from __future__ import annotations

import pytest

from backtest.study.normal.benchmark import Basket, Benchmark, Several, Ticker, benchmark_of

KINDS: list[tuple[str, Benchmark, tuple[str, ...], str]] = [
    ("SPY", Ticker("SPY"), ("SPY",), "SPY"),
    ("SPY+SOXX", Several(("SPY", "SOXX")), ("SPY", "SOXX"), ""),
    ("PEERS", Basket(("NVDA", "AMD")), ("NVDA", "AMD"), ""),
]


@pytest.mark.parametrize(("written", "kind", "needs", "single"), KINDS)
def test_every_kind_is_read_and_written_back(
    written: str, kind: Benchmark, needs: tuple[str, ...], single: str
) -> None:
    read = benchmark_of(written, ("NVDA", "AMD"))
    assert read == kind
    assert read.column == written
    assert read.needs == needs
    assert read.single == single


def test_what_is_missing_is_named() -> None:
    assert benchmark_of("SPY").missing({"SPY"}) == ""
    assert benchmark_of("SPY").missing({"QQQ"}) == "SPY"
    assert benchmark_of("SPY+SOXX").missing({"SPY"}) == "SOXX"
    assert benchmark_of("PEERS").missing({"SPY"}) == "PEERS"
    assert benchmark_of("PEERS", ("NVDA", "AMD")).missing({"SPY"}) == ""
