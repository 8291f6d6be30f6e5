"""A benchmark is read in one place, and says what it needs and whether it is there."""

from __future__ import annotations

import pytest

from backtest.study.normal.benchmark import (
    Basket,
    Benchmark,
    Several,
    Ticker,
    benchmark_of,
    joined,
)

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
    assert joined(read.regressors) == written
    assert (read.peers != ()) is (read.single == "" and len(read.regressors) == 1)
    assert read.may_hold is (read.peers == ())


def test_what_is_missing_is_named() -> None:
    assert benchmark_of("SPY").missing({"SPY"}) == ""
    assert benchmark_of("SPY").missing({"QQQ"}) == "SPY"
    assert benchmark_of("SPY+SOXX").missing({"SPY"}) == "SOXX"
    assert benchmark_of("PEERS").missing({"SPY"}) == "PEERS"
    assert benchmark_of("PEERS", ("NVDA", "AMD")).missing({"SPY"}) == ""


def test_a_basket_of_those_with_prices_is_none_of_a_single_one() -> None:
    three = Basket(("NVDA", "AMD", "TSM"))
    assert three.among({"TSM", "NVDA"}) == Basket(("NVDA", "TSM"))
    assert three.among({"TSM"}) == Basket()
    assert Basket(("NVDA",)).among({"NVDA"}) == Basket(("NVDA",))  # as it was asked for
