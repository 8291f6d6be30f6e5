"""`result.plot` and `evaluation.plot`.

Figures that stand by themselves, of the numbers of the tables.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import reactions as rx
from backtest.plugged import plots_of

DEAL = "2026-04-09-meta-coreweave-21bn"


@pytest.fixture(scope="module")
def result() -> rx.EventStudyResult:
    return rx.EventStudy(rx.MarketModel("SPY")).fit(rx.Catalog.bundled(), rx.Prices.sample())


@pytest.fixture(scope="module")
def evaluation() -> Any:
    events = rx.tradable_events(rx.Catalog.bundled(), rx.Prices.sample())
    return rx.evaluate(rx.STRATEGIES["drift"](), events, rx.Prices.sample())


def _words(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


DRAWN = {
    "caar": lambda plot: plot.caar(),
    "days": lambda plot: plot.days(),
    "caar by role": lambda plot: plot.caar("role"),
    "events": lambda plot: plot.events(),
    "forest": lambda plot: plot.forest(),
    "windows": lambda plot: plot.windows(),
    "strip": lambda plot: plot.strip("5-day"),
    "event": lambda plot: plot.event(DEAL),
    "one share": lambda plot: plot.event(DEAL, "CRWV"),
}


# What each is of: how many events are drawn, and over which window.
DRAWN_OF = {
    "caar": "n = 229 of 235 events; sessions −10 to +20",
    "caar by role": "of 235 events; sessions −10 to +20",
    "events": "n = 24 of 235 events; sessions −10 to +20",
    "forest": "of 235 events; window 1-day [0,0]",
    "windows": "n = 229 of 235 events",
    "strip": "n = 229 of 235 events; window 5-day [0,+4]",
    "days": "n = 229 of 235 events; sessions −10 to +20",
    "event": "n = 6 of 235 events; sessions −10 to +20",
    "one share": "n = 1 of 235 events; sessions −10 to +20",
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_is_of(result: rx.EventStudyResult, name: str) -> None:
    figure = DRAWN[name](result.plot)
    assert isinstance(figure, Figure)
    said = _words(figure)
    for part in ("market model on SPY", DRAWN_OF[name], "SIMULATED prices"):
        assert part in said
    picture: Any = figure  # Shown, which says how a notebook draws it
    assert picture._repr_png_()[:4] == b"\x89PNG"
    assert figure.get_suptitle()


@pytest.mark.parametrize("name", DRAWN)
def test_a_saved_picture_is_whole_and_nothing_lies_on_a_title(
    result: rx.EventStudyResult, name: str, tmp_path: Path
) -> None:
    """`savefig` without a word more keeps what stands above and below the panels."""
    figure = DRAWN[name](result.plot)
    figure.savefig(tmp_path / "a.png", dpi=100)
    width, height = _pixels(tmp_path / "a.png")
    whole = figure.get_tightbbox()
    assert width >= 100 * whole.width
    assert height >= 100 * whole.height
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    title = figure._suptitle.get_window_extent()
    ticks = [
        t.get_window_extent() for ax in figure.axes for t in ax.get_xticklabels() if t.get_text()
    ]
    ticks = [one for one in ticks if one.width]
    panels = [
        one for one in figure.texts if one is not figure._suptitle and one.get_text() != "SIMULATED"
    ]
    for text in panels:
        box = text.get_window_extent()
        assert not box.overlaps(title)
        assert not any(box.overlaps(one) for one in ticks)


def test_one_wide_band_does_not_flatten_all_panels(result: rx.EventStudyResult) -> None:
    """Five acquirers have a band of 200%.

    The others are read by their own size, and the cut is said.
    """
    figure = result.plot.caar("role")
    low, high = figure.axes[0].get_ylim()
    assert result.average_paths("role")["high"].max() > 1.5
    assert -0.8 < low < high < 0.8
    assert "bands that reach beyond a panel are cut" in _words(figure).replace("\n", " ")


def test_an_interval_without_ends_is_said(result: rx.EventStudyResult) -> None:
    table = result.averages("kind")
    five = table[(table["window"] == "5-day") & np.isinf(table["high"])]
    said = _words(result.plot.forest("kind", "5-day"))
    assert len(five)
    for name, n in zip(five["group_value"], five["n_events"], strict=True):
        assert f"{name} ({n}), unbounded" in said


def _pixels(path: Path) -> tuple[int, int]:
    """Width and height in the header of a PNG."""
    head = path.read_bytes()[16:24]
    return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")


def test_a_title_of_ones_own(result: rx.EventStudyResult) -> None:
    assert result.plot.windows(title="Costs $5 & 10%").get_suptitle() == r"Costs \$5 & 10%"


def test_the_average_drawn_is_that_of_the_table(result: rx.EventStudyResult) -> None:
    figure = result.plot.caar()
    path = result.average_paths()
    (ax,) = figure.axes
    line = max(ax.lines, key=lambda one: len(one.get_xdata()))
    assert list(line.get_xdata()) == path["day"].tolist()
    assert np.asarray(line.get_ydata()) == pytest.approx(path["weighted_mean"].to_numpy())


def test_the_strip_counts_what_the_table_has(result: rx.EventStudyResult) -> None:
    rows = result.windows[result.windows["window"] == "5-day"].dropna(subset=["pvalue", "car"])
    title = result.plot.strip("5-day").get_suptitle()
    assert f"{(rows['pvalue'] < 0.05).sum()} of {len(rows)} moves" in title
    assert f"about {0.05 * len(rows):.0f} would be by chance" in title


def test_the_intervals_of_a_forest_are_those_of_the_averages(result: rx.EventStudyResult) -> None:
    figure = result.plot.windows()
    (ax,) = figure.axes
    (points,) = ax.collections[-1:]
    drawn = np.asarray(points.get_offsets())[:, 0]
    assert drawn == pytest.approx(result.averages()["weighted_mean"].to_numpy())


def test_specifications_are_drawn_for_the_events_given(result: rx.EventStudyResult) -> None:
    choices = rx.Choices(benchmarks=("SPY",), lengths=(250,))
    catalog = rx.Catalog.bundled().filter(tickers=["CRWV"], roles=["supplier"])
    figure = result.plot.specifications(catalog, rx.Prices.sample(), choices)
    assert len(figure.axes) == 4  # a panel a window from day 0 on, and that of the choices


def test_wrong_words_name_what_is_near(result: rx.EventStudyResult) -> None:
    with pytest.raises(rx.StudyError, match=f"did you mean '{DEAL}'"):
        result.plot.event(DEAL + "x")
    with pytest.raises(rx.StudyError, match="did you mean 'CRWV'"):
        result.plot.event(DEAL, "CRVW")
    with pytest.raises(rx.StudyError, match="did you mean '5-day'"):
        result.plot.strip("5-dy")
    with pytest.raises(rx.StudyError, match="did you mean 'role'"):
        result.plot.caar("rol")


def test_pictures_of_a_strategy(evaluation: Any) -> None:
    events = rx.tradable_events(rx.Catalog.bundled(), rx.Prices.sample())
    prices = rx.Prices.sample()
    drift = rx.STRATEGIES["drift"]()
    placebo = rx.matched_shifts(drift, events, prices, shifts=range(25, 45))
    plot = evaluation.plot
    figures = (
        plot.equity(),
        plot.trades(),
        plot.placebo(placebo),
        plot.bridge(rx.bridge(evaluation, events, prices)),
    )
    for figure in figures:
        said = _words(figure)
        assert "drift against SPY" in said
        assert f"{evaluation.judgement.n_trades} completed trades" in said
        assert "SIMULATED prices" in said
    assert f"p = {placebo.p_two:.3f}" in _words(figures[2])


def test_pictures_nothing_installed_makes_say_how_to_get_them() -> None:
    with pytest.raises(AttributeError, match="the pictures of a page come with the installed"):
        plots_of("page", None)


def test_pictures_are_there_without_the_facade() -> None:
    code = (
        "import sys; from events import Catalog\n"
        "from backtest import EventStudy, MarketModel, Prices\n"
        "r = EventStudy(MarketModel('SPY')).fit(Catalog.bundled(), Prices.sample())\n"
        "print('reactions' in sys.modules, type(r.plot).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "False StudyPlots\n"
