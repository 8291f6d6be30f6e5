"""A Yahoo of our own, on loopback, for the real yfinance."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from backtest.prices.sources.network.limits import FetchLimits
from backtest.prices.store import Store


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def fake() -> ModuleType:
    """The module `fake_yahoo`; test folders are no packages."""
    return _load("fake_yahoo")


@pytest.fixture
def yahoo(fake: ModuleType, tmp_path: Path) -> Iterator[object]:
    """A running server, with yfinance pointed at it."""
    import yfinance
    import yfinance.base
    import yfinance.data
    import yfinance.scrapers.history
    import yfinance.scrapers.quote

    kept = [
        (module, name, getattr(module, name))
        for module, names in (
            (yfinance.base, ("_BASE_URL_", "_tz_info_fetch_ctr")),
            (yfinance.scrapers.history, ("_BASE_URL_",)),
            (yfinance.scrapers.quote, ("_BASE_URL_", "_QUERY1_URL_", "_QUOTE_SUMMARY_URL_")),
            (yfinance.data.YfData, ("_get_cookie_and_crumb",)),
        )
        for name in names
    ]
    server = fake.FakeYahoo()
    fake.point_yfinance_at(server.url)
    yield server
    server.http.shutdown()
    server.http.server_close()
    for module, name, value in kept:
        setattr(module, name, value)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def hurried() -> FetchLimits:
    """Limits in small seconds, so that a test of them is short."""
    return FetchLimits(first_sign=8, silence=8, deadline=20, pause=0.05, longest_pause=0.2)
