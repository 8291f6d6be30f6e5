"""Size and power of the recommended pair beside the tests other packages offer.

Makes docs/calibration_peers.svg.

    python -m benchmarks.calibration_peers

draws it from docs/calibration_headline.csv: one row of panels a design, size left, power right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from backtest.study.inference.about import DESIGNS
from benchmarks.calibration_headline_page import DOCS, HIGH, LOW, SHOWN, best, outside, with_power

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

EFFECTS = (0.0, 0.01, 0.02)
BAND, PALE, WIDEST = "#cfe8d5", 0.3, 40
# colours that differ in lightness too, so that they can be told apart in grey
COLOURS = dict(
    zip(
        SHOWN,
        ("#0b4f6c", "#2a9d8f", "#e07a1f", "#8e5ea2", "#b3261e", "#d4a017", "#6b6b6b"),
        strict=True,
    )
)
MARKERS = dict(zip(SHOWN, "oDs^vPX", strict=True))


def figure() -> None:
    """Draw it; the words of the panels are those of the designs."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams |= {"svg.hashsalt": "calibration", "svg.fonttype": "none"}
    table = best(pd.read_csv(DOCS / "calibration_headline.csv"))
    table = table[table["window"] == "[0,0]"]
    cells = table.set_index(["design", "n_events", "test", "effect"]).sort_index()
    designs = with_power(table)
    drawn = Figure(figsize=(9, 1.4 + 2.1 * len(designs)), layout="constrained")
    panels = drawn.subplots(len(designs), 2, squeeze=False)
    for (left, right), (design, n) in zip(panels, designs, strict=True):
        of = cells.loc[design, n]
        left.set_title(f"{DESIGNS[design]} ({n} events)", fontsize=8.5, loc="left")
        _sizes(left, of)
        _power(right, of)
        for panel in (left, right):
            panel.tick_params(labelsize=8)
            panel.spines[["top", "right"]].set_visible(False)
    panels[-1, 0].set_xlabel("% of studies with p below 0.05, nothing there", fontsize=8.5)
    panels[-1, 1].set_xlabel("effect on day 0", fontsize=8.5)
    drawn.legend(
        handles=_legend(), loc="outside lower center", ncols=4,
        fontsize=8.5, frameon=False,
    )  # fmt: skip
    drawn.suptitle(
        "Day 0, tests at 5%. Left: rejections of a true null; "
        "green: 3.5 to 7, where a test is right.\n"
        "Right: rejections with an effect; pale: a test that rejects a true null too often.",
        fontsize=9.5, x=0.01, ha="left",
    )  # fmt: skip
    drawn.savefig(DOCS / "calibration_peers.svg", metadata={"Date": None})


def _legend() -> list[Line2D]:
    """A line a test, none of them pale."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=COLOURS[key], marker=MARKERS[key], ms=4, label=label)
        for key, label in SHOWN.items()
    ]


def _sizes(panel: Axes, of: pd.DataFrame) -> None:
    """Bars of the rates without an effect, each with its number."""
    panel.axvspan(100 * LOW, 100 * HIGH, color=BAND, lw=0, zorder=0)
    rates = [100 * float(of.loc[(key, 0.0), "rejected"]) for key in SHOWN]
    bars = panel.barh(list(SHOWN.values()), rates, color=list(COLOURS.values()), zorder=2)
    panel.bar_label(bars, fmt="%.1f", fontsize=7.5, padding=2, zorder=3)
    panel.invert_yaxis()
    panel.set_xlim(0, WIDEST)


def _power(panel: Axes, of: pd.DataFrame) -> None:
    """Rates against the effect, pale where the test has no right to them."""
    panel.axhspan(100 * LOW, 100 * HIGH, color=BAND, lw=0, zorder=0)
    for key, label in SHOWN.items():
        rates = [100 * float(of.loc[(key, effect), "rejected"]) for effect in EFFECTS]
        null = of.loc[(key, 0.0)]
        too_often = null["rejected"] > HIGH and outside(null["rejected"], null["n"])
        panel.plot(
            [0, 1, 2], rates, color=COLOURS[key], marker=MARKERS[key], ms=4,
            lw=2.2 if "(ours)" in label else 1.3, ls="--" if too_often else "-",
            alpha=PALE if too_often else 1.0, label=label, zorder=2,
        )  # fmt: skip
    panel.set_ylim(0, 103)
    panel.set_xticks([0, 1, 2], ["none", "1%", "2%"])
    panel.set_ylabel("rejected, %", fontsize=8.5)


if __name__ == "__main__":
    figure()
