"""What the pictures say.

Bands of the test, other news where it fell, a colour a ticker, every event.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from reports.draw.chart import Chart
from reports.draw.palette import DOZEN, TOKENS, styles
from reports.draw.svg import svg
from reports.page.built import built
from reports.page.sections.base import Context
from reports.run.findings import Findings


def charts(findings: Findings) -> dict[str, Chart]:
    """Every chart of the page by its name."""
    found = {chart.name: chart for section in built(findings) for chart in section.charts}
    shown = next(one.content for one in built(findings) if one.name == "announcements")
    return found | {chart.name: chart for one in shown for chart in one.charts}


def test_the_band_of_a_path_is_the_interval_of_the_window_that_ends_there(
    findings: Findings,
) -> None:
    result = findings.primary
    windows = result.averages("all", "role").set_index(["group_value", "window"])
    paths = result.average_paths("all", "role").set_index(["group_value", "day"])
    for group in dict.fromkeys(paths.index.get_level_values(0)):
        own, there = paths.loc[(group, 4)], windows.loc[(group, "5-day")]
        if np.isfinite(there["pvalue"]):
            assert own["weighted_mean"] == pytest.approx(there["weighted_mean"])
        for name in ("low", "high"):
            assert own[name] == pytest.approx(there[name], nan_ok=True)


def test_the_average_of_a_session_is_tested_as_a_window_is(findings: Findings) -> None:
    days = findings.averages["days"].set_index("day")
    apart = (days["low"] > 0) | (days["high"] < 0)
    assert (apart == (days["pvalue"] < 0.05)).all()
    abnormal = findings.of_primary("abnormal")
    own = abnormal[(abnormal["day"] == 3) & abnormal["abnormal"].notna()]
    assert days.loc[3, "n_events"] <= len(own)
    assert days.loc[3, "mean"] == pytest.approx(own["abnormal"].mean(), abs=2e-3)


def test_the_average_picture_draws_what_the_words_say(findings: Findings) -> None:
    found = charts(findings)
    end = findings.averages["all"].set_index("day")["weighted_mean"]
    assert f"{100 * abs(end[0]):.1f}% by session 0" in found["average-all"].title
    assert "headline test" in found["average-all"].note
    assert "sessions" in found["average-days"].title


def test_other_news_stands_on_prices_and_on_paths(findings: Findings) -> None:
    found = charts(findings)
    context, marked = Context(findings), 0
    for name, chart in found.items():
        if not name.startswith(("price-", "car-")):
            continue
        marks = [t for t in chart.traces if t.get("marker", {}).get("symbol") == "diamond"]
        assert bool(marks) == ("◆" in chart.note)
        for one in marks:
            marked += len(one["x"])
            drawn = svg(chart)
            assert drawn.count("</title>") >= len(one["x"])
    assert marked > 10
    deal = "2026-04-09-meta-coreweave-21bn"
    others = {f"{day:%Y-%m-%d}" for day in context.other_news(deal)["CRWV"]}
    assert "2026-04-10" in others
    price = next(c for n, c in found.items() if n.startswith("price-") and "2026-04-09" in c.title)
    days = {day for t in price.traces if t.get("marker") for day in t["x"]}
    assert "2026-04-10" in days


def test_every_event_has_its_small_picture(findings: Findings) -> None:
    rows = [
        row
        for name, one in charts(findings).items()
        if name.startswith("multiples-")
        for row in one.rows
    ]
    paths = findings.of_primary("paths").dropna(subset=["car"])
    assert {row[:2] for row in rows} == set(zip(paths["event_id"], paths["ticker"], strict=True))


def test_other_news_is_marked_on_every_small_path(findings: Findings) -> None:
    context = Context(findings)
    daily = findings.of_primary("abnormal")
    expected = 0
    for (event, ticker), own in daily.groupby(["event_id", "ticker"]):
        news = context.other_news(str(event)).get(str(ticker), {})
        known = findings.of_primary("paths").query("event_id == @event and ticker == @ticker")
        at = set(known.loc[known["car"].notna(), "day"])
        expected += sum(day in at for day in own.loc[own["session"].isin(list(news)), "day"])
    made = [one for name, one in charts(findings).items() if name.startswith("multiples-")]
    marks = [t for one in made for t in one.traces if "marker" in t]
    assert sum(len(trace["x"]) for trace in marks) == expected > 0
    assert all("◆ other announcements" in one.note for one in made)


def test_every_title_of_a_picture_holds_a_number(findings: Findings) -> None:
    told = {name: chart.title for name, chart in charts(findings).items()}
    assert [one for one in told.values() if not any(letter.isdigit() for letter in one)] == []
    assert [name for name, chart in charts(findings).items() if not chart.note] == []


# Machado, Oliveira and Fernandes (2009), severity 1: what such an eye makes of linear RGB.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
}  # fmt: skip
TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
TO_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def linear(colour: str) -> np.ndarray:
    """A colour as linear RGB."""
    told = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(told <= 0.04045, told / 12.92, ((told + 0.055) / 1.055) ** 2.4)


def closest(colours: list[str], eye: str) -> float:
    """The least distance of two in Oklab (Ottosson 2020), where 0.02 can just be seen."""
    seen = np.clip([SIGHT[eye] @ linear(one) for one in colours], 0, 1)
    lab = np.cbrt(seen @ TO_CONES.T) @ TO_LAB.T
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2))


@pytest.mark.parametrize("ground", [0, 1])
@pytest.mark.parametrize("eye", SIGHT)
def test_no_two_tickers_look_alike(eye: str, ground: int) -> None:
    shades = [pair[ground] for name, pair in TOKENS.items() if name[1:].isdigit()]
    greys = [TOKENS[name][ground] for name in ("ink", "muted")]
    assert closest(shades[:8], eye) > (0.15 if eye == "usual" else 0.1)
    assert closest(shades[:8] + greys, eye) > 0.078
    for first in range(0, len(shades), DOZEN):
        assert closest(shades[first : first + DOZEN], eye) > 0.065
    if eye == "usual":
        assert closest(shades, eye) > 0.055


@pytest.mark.parametrize("ground", [0, 1])
def test_every_colour_stands_out_from_its_ground(ground: int) -> None:
    def bright(colour: str) -> float:
        return float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05

    paper = bright(TOKENS["paper"][ground])
    for name, pair in TOKENS.items():
        if name not in ("paper", "grid"):
            own = bright(pair[ground])
            assert max(own, paper) / min(own, paper) >= 3, name


def test_tickers_of_a_dash_have_colours_told_apart() -> None:
    looks = list(styles([f"T{i}" for i in range(292)]).values())
    assert len(set(looks)) == 292
    first = looks[:52]  # after the eight that are named
    assert len({look.colour for look in first}) == 52
    dashes = ("solid", "dash", "dot", "dashdot", "longdash")
    assert [look.dash for look in first] == [dashes[(8 + i) // DOZEN] for i in range(52)]
