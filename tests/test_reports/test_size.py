"""How heavy the page of the bundled catalog is, and how its pictures are kept light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backtest import Prices
from reports.draw.marks import marks
from reports.draw.scales import Scale
from reports.draw.tabular import Cell, percent_cell

MOST = 2_400_000  # bytes; the aim is 2.5 million


@pytest.mark.slow
@pytest.mark.xdist_group("whole page")  # made once on one worker
def test_the_page_of_the_bundled_catalog_is_light(
    prices: Prices, whole_page: Callable[[Prices], Path]
) -> None:
    assert whole_page(prices).stat().st_size <= MOST


@pytest.mark.slow
@pytest.mark.xdist_group("whole page")  # made once on one worker
def test_the_page_of_the_bundled_catalog_on_real_prices_is_light(
    real_prices_dir: Path, whole_page: Callable[[Prices], Path]
) -> None:
    assert whole_page(Prices.read(real_prices_dir)).stat().st_size <= MOST


def test_a_long_line_is_written_by_its_corners_on_whole_pixels() -> None:
    values = [0.0] * 10 + [0.013] + [0.0] * 10
    scale = Scale(0, 20, 0, 200, "linear", ())
    up = Scale(0, 0.02, 100, 0, "linear", ())
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": range(21),
        "y": values,
        "line": {"color": "@c0"},
    }
    (told,) = marks(trace, scale, up)
    assert told == '<path class="l s-c0" d="M0 100l90 0 10-65 10 65 90 0"/>'


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        (percent_cell(0.01234), None),
        (Cell("$21bn", 21e9, numeric=True), "2.1e+10"),
        (Cell("3% of 131", 0.03, numeric=True), None),
        (Cell("–", numeric=True), None),
        (Cell("META"), "META"),
    ],
)
def test_a_key_to_sort_by_stands_only_where_the_text_is_none(cell: Cell, key: str | None) -> None:
    assert cell.key == key
