"""Figures for papers: every word and number stands where it stands on the page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reports.draw.answer import Move, answer_chart
from reports.draw.grids import heat_chart
from reports.draw.multiples import Path, multiples_chart
from reports.draw.palette import Style
from reports.draw.trading import bridge_chart, placebo_chart
from reports.export.static import picture

LOOKS = {"META": Style("@c0", "solid"), "CRWV": Style("@c1", "solid")}


def move(panel: str, window: str, value: float, **given: Any) -> Move:
    known = {"low": value - 0.02, "high": value + 0.02, "ordinary": 0.02, "pvalue": 0.5, **given}
    return Move(panel, window, "2026-04-09", value, **known)


MOVES = [
    move("META", "1-day", 0.011), move("META", "5-day", -0.022, pvalue=0.01),
    move("META", "1-month", 0.033),
    move("CRWV", "1-day", 0.144), move("CRWV", "5-day", 0.155), move("CRWV", "1-month", -0.166),
]  # fmt: skip


def drawn(chart: Any) -> tuple[Any, dict[str, Any]]:
    """The figure of a chart, and its words (those of panels included) by what they say."""
    figure = picture(chart)
    figure.canvas.draw()
    words = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
    return figure, {text.get_text(): text for text in words}


def middle(text: Any) -> tuple[float, float]:
    """Where words stand, in pixels of the figure."""
    box = text.get_window_extent()
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def ticks(ax: Any) -> dict[str, float]:
    """The height of each label of an upright axis, in pixels of the figure."""
    return {
        label.get_text(): ax.transData.transform((0, place))[1]
        for label, place in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)
    }


def test_each_number_stands_beside_its_row() -> None:
    figure, words = drawn(answer_chart(MOVES, "Title", "note", LOOKS, simulated=False))
    meta, crwv = (ticks(ax) for ax in figure.axes)
    for numbers, rows in (("+1.1% −2.2% +3.3%", meta), ("+14.4% +15.5% −16.6%", crwv)):
        assert list(rows) == [f"{w} 2026-04-09" for w in ("1-day", "5-day", "1-month")]
        for number, height in zip(numbers.split(), rows.values(), strict=True):
            assert middle(words[number])[1] == pytest.approx(height, abs=3)
            assert words[number].get_window_extent().x0 >= figure.axes[0].bbox.x1 - 1


def test_what_is_bold_on_the_page_is_bold_on_paper() -> None:
    _, words = drawn(answer_chart(MOVES, "Title", "note", LOOKS, simulated=False))
    bold = {told for told, text in words.items() if text.get_fontweight() == "bold"}
    assert bold == {"Title", "META", "CRWV", "−2.2%"}


def test_names_of_panels_stand_above_their_axes() -> None:
    figure, words = drawn(answer_chart(MOVES, "Title", "note", LOOKS, simulated=False))
    for ax, name in zip(figure.axes, ("META", "CRWV"), strict=True):
        box = words[name].get_window_extent()
        assert ax.bbox.y1 <= box.y0 + 1 < ax.bbox.y1 + 10
        assert box.x0 == pytest.approx(ax.bbox.x0, abs=2)


def test_intervals_have_the_colour_of_their_ticker() -> None:
    figure, _ = drawn(answer_chart(MOVES, "Title", "note", LOOKS, simulated=False))
    colours = [tuple(ax.collections[-1].get_facecolor()[0]) for ax in figure.axes]
    lines = [
        {tuple(one.get_colors()[0]) for one in ax.collections if hasattr(one, "get_segments")}
        for ax in figure.axes
    ]
    assert lines == [{colours[0]}, {colours[1]}]
    assert colours[0] != colours[1]


def test_percentages_of_an_axis_have_their_sign() -> None:
    figure, _ = drawn(answer_chart(MOVES, "Title", "note", LOOKS, simulated=False))
    told = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert "0%" in told
    assert all(one == "0%" or one[0] in "+−" for one in told)
    assert {one[0] for one in told} == {"+", "−", "0"}


def test_small_paths_are_named_where_they_are_drawn() -> None:
    paths = [
        Path("id", ticker, f"2026-04-0{n}", days=(-1, 0, 1), car=(0.0, 0.01, end), reach=0.05)
        for n, (ticker, end) in enumerate((("META", 0.02), ("CRWV", 0.3), ("META", -0.01)), 1)
    ]
    chart = multiples_chart("m", "Title", "note", paths, LOOKS, simulated=False)
    figure, words = drawn(chart)
    told = ["META 26-04-01 +2%", "CRWV 26-04-02 +30%", "META 26-04-03 −1%"]
    lefts = [words[one].get_window_extent().x0 for one in told]
    assert lefts == sorted(lefts)
    width = figure.axes[0].bbox.width
    assert [lefts[1] - lefts[0], lefts[2] - lefts[1]] == pytest.approx([width / 3] * 2, rel=0.1)
    assert words["CRWV 26-04-02 +30%"].get_fontweight() == "bold"


@pytest.mark.parametrize("sign", [1, -1])
def test_every_bar_of_a_waterfall_has_its_value(sign: int) -> None:
    steps = {"announced": 0.05, "gap": 0.02, "left": 0.03, "market": -0.001, "excess_return": 0.029}
    average = pd.DataFrame(
        {"step": list(steps), "mean": [sign * one for one in steps.values()], "n_bets": 7}
    )
    figure, words = drawn(bridge_chart("0", average, simulated=False))
    told = ["+5.00%", "−2.00%", "+3.00%", "−0.10%", "+2.90%"]
    if sign < 0:
        told = [one.translate(str.maketrans("+−", "−+")) for one in told]
    assert list(words)[-5:] == told
    heights = [middle(words[one])[1] for one in told]
    rows = ticks(figure.axes[0])
    assert heights == pytest.approx(list(rows.values()), abs=3)


def test_the_real_catalog_is_named_above_its_line() -> None:
    draws = pd.Series([-0.02, -0.01, 0.0, 0.01, 0.03])
    figure, words = drawn(placebo_chart("0", draws, 0.02, simulated=False))
    ax, name = figure.axes[0], words["the real catalog"]
    assert middle(name)[0] == pytest.approx(ax.transData.transform((0.02, 0))[0], abs=2)
    assert name.get_window_extent().y0 >= ax.bbox.y1 - 1


def test_cells_have_the_digits_of_the_page() -> None:
    heat = pd.DataFrame([[0.01234, -0.00567], [float("nan"), 0.1]], ["a", "b"], ["1", "2"])
    _, words = drawn(heat_chart(heat, "Title", simulated=False))
    assert set(words) >= {"+1.23%", "−0.57%", "+10.00%"}
    assert "nan" not in "".join(words)


def test_text_of_data_is_neither_markup_nor_mathematics() -> None:
    moves = [move("A$B$ <&>", "1-day", 0.011)]
    looks = {"A$B$ <&>": Style("@c0", "solid")}
    _, words = drawn(answer_chart(moves, "T", "n", looks, simulated=True))
    assert r"A\$B\$ <&>" in words
    assert words["SIMULATED"].get_rotation() == 14


def test_names_of_axes_and_of_cells_are_as_they_were_given() -> None:
    figure, _ = drawn(answer_chart([move("A", "R&D $5 $6", 0.1)], "T", "n", {}, simulated=False))
    assert list(ticks(figure.axes[0])) == [r"R&D \$5 \$6 2026-04-09"]
    heat, _ = drawn(heat_chart(pd.DataFrame([[0.1]], ["a$b$"], ["c$d$"]), "T", simulated=False))
    labels = (heat.axes[0].get_xticklabels(), heat.axes[0].get_yticklabels())
    assert [one.get_text() for own in labels for one in own] == [r"c\$d\$", r"a\$b\$"]
