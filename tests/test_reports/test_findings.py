"""What a run leaves out is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backtest import Prices
from events import Catalog
from reports.experiment.plan import Experiment
from reports.run.findings import run
from reports.run.prices.needed import needed_tickers


def without(prices: Prices, *tickers: str) -> Prices:
    fields = ("open", "high", "low", "close", "adjusted", "volume")
    return replace(
        prices, **{name: getattr(prices, name).drop(columns=list(tickers)) for name in fields}
    )


@pytest.fixture(scope="module")
def peers() -> Experiment:
    text = (
        "strategies = []\nsweep = false\n[study]\n"
        "models = ['market']\nbenchmarks = ['SPY', 'PEERS']"
    )
    return Experiment.parse(
        text + "\nsensitivity = false\npeers = ['MSFT', 'GOOGL', 'ANET']", "peers.toml"
    )


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.bundled().filter(
        since="2026-04-01", until="2026-04-30", tickers=["META", "CRWV"]
    )


def test_peers_without_prices_are_left_out_of_the_basket(
    peers: Experiment, catalog: Catalog, prices: Prices
) -> None:
    found = run(peers, catalog, without(prices, "ANET"))
    assert "No prices for the peers ANET: left out of PEERS." in found.notes
    assert found.experiment == peers
    two = peers.model_copy(
        update={"study": peers.study.model_copy(update={"peers": ("MSFT", "GOOGL")})}
    )
    on_two = run(two, catalog, prices).tables["windows"]
    assert found.tables["windows"]["car"].tolist() == pytest.approx(
        on_two["car"].tolist(), nan_ok=True
    )


def test_one_peer_is_no_basket(peers: Experiment, catalog: Catalog, prices: Prices) -> None:
    found = run(peers, catalog, without(prices, "ANET", "GOOGL"))
    assert set(found.tables["windows"]["benchmark"]) == {"SPY"}
    assert any("No prices for PEERS" in note for note in found.notes)


def test_peers_nobody_stands_on_are_not_needed(catalog: Catalog, prices: Prices) -> None:
    alone = Experiment.parse(
        "strategies = []\nsweep = false\n[study]\nbenchmarks = ['SPY']", "alone.toml"
    )
    assert "ANET" in alone.study.peers
    assert "ANET" not in needed_tickers(alone, catalog)
    assert not run(alone, catalog, without(prices, "ANET")).notes


def test_windows_that_odd_prices_touch_are_flagged(
    peers: Experiment, catalog: Catalog, prices: Prices
) -> None:
    odd = prices.low.copy()
    odd.loc["2026-04-10", "META"] = 2 * float(
        prices.high.at["2026-04-10", "META"]
    )  # the day after an announcement
    found = run(peers, catalog, replace(prices, low=odd))
    windows = found.tables["windows"]
    mine = windows[
        (windows["event_id"] == "2026-04-09-meta-coreweave-21bn") & (windows["ticker"] == "META")
    ]
    flagged = mine[mine["flags"].str.contains("price_oddity")]
    assert set(flagged["window"]) == {"5-day", "1-month"}
    others = windows[(windows["ticker"] != "META")]
    assert not others["flags"].str.contains("price_oddity").any()
    assert (
        not run(peers, catalog, prices)
        .tables["windows"]["flags"]
        .str.contains("price_oddity")
        .any()
    )
