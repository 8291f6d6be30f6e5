"""Fixtures every test folder shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_prices_dir() -> Path:
    """The folder of real prices, which is not ours to ship; tests that want it skip without it."""
    folder = os.environ.get("REACTIONS_REAL_PRICES")
    if not folder:
        pytest.skip("REACTIONS_REAL_PRICES names no folder of real prices")
    return Path(folder)
