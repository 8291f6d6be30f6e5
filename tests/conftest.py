"""Fixtures every test folder shares."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, settings

# For mutation testing, which asks whether a changed line fails a test: no search for the smallest.
settings.register_profile("first_example", phases=[Phase.explicit, Phase.generate])


@pytest.fixture(autouse=True)
def _the_repository_stays_as_it_is() -> Iterator[None]:
    """No test writes beside the sources: what it makes goes into `tmp_path`."""
    root = Path(__file__).parent.parent
    before = set(os.listdir(root))  # noqa: PTH208 -- names alone, of every test
    yield
    there = os.listdir(root)  # noqa: PTH208
    new = {name for name in there if not name.startswith((".", "__pycache__"))} - before
    assert not new, f"the test wrote into the repository: {sorted(new)}"


@pytest.fixture(scope="session")
def real_prices_dir() -> Path:
    """The folder of real prices, which is not ours to ship; tests that want it skip without it."""
    folder = os.environ.get("REACTIONS_REAL_PRICES")
    if not folder:
        pytest.skip("REACTIONS_REAL_PRICES names no folder of real prices")
    return Path(folder)


class Library:
    """A folder of daily factor files, with numbers of our own.

    In the form of the Ken French library.
    """

    three = "F-F_Research_Data_Factors_daily_CSV.zip"
    five = "F-F_Research_Data_5_Factors_2x3_daily_CSV.zip"
    momentum = "F-F_Momentum_Factor_daily_CSV.zip"
    columns: Mapping[str, tuple[str, ...]] = {
        three: ("Mkt-RF", "SMB", "HML", "RF"),
        five: ("Mkt-RF", "SMB", "HML", "RMW", "CMA", "RF"),
        momentum: ("Mom",),
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, name: str, last: str = "2026-10-30", seed: int = 1) -> str:
        """Percent with two decimals from 2023 on, words above and below."""
        days, columns = pd.bdate_range("2023-01-03", last), self.columns[name]
        values = np.random.default_rng([seed, len(columns)]).normal(
            0.02, 0.7, (len(days), len(columns))
        )
        values[:, [column == "RF" for column in columns]] = 0.015
        rows = [
            ",".join([f"{day:%Y%m%d}", *(f"{value:9.3f}" for value in row)])
            for day, row in zip(days, values, strict=True)
        ]
        return "\n".join(
            ["Made for tests.", "", "," + ",".join(columns), *rows, "", "Copyright nobody", ""]
        )

    def zipped(self, name: str, last: str = "2026-10-30", seed: int = 1) -> Path:
        """The file as it would be downloaded."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with ZipFile(self.folder / name, "w") as archive:
            archive.writestr(name.replace("_CSV.zip", ".csv"), self.text(name, last, seed))
        return self.folder / name


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Where a test's factor files are."""
    return Library(tmp_path / "library")
