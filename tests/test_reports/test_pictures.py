"""What the pictures say.

Bands of the test, other news where it fell, a colour a ticker, every event.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from reports.draw.chart import Chart
from reports.draw.palette import TOKENS, styles
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


def test_every_title_of_a_picture_holds_a_number(findings: Findings) -> None:
    told = {name: chart.title for name, chart in charts(findings).items() if name != "headline"}
    assert [one for one in told.values() if not any(letter.isdigit() for letter in one)] == []
    assert [name for name, chart in charts(findings).items() if not chart.note] == []


def lab(colour: str) -> tuple[float, float, float]:
    """A colour in L*a*b* (D65)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("ground", [0, 1])
def test_no_two_tickers_look_alike(ground: int) -> None:
    shades = [lab(pair[ground]) for name, pair in TOKENS.items() if name[1:].isdigit()]
    assert len(shades) == 64
    apart = min(float(np.linalg.norm(np.subtract(a, b))) for a, b in combinations(shades, 2))
    assert apart > 10
    looks = styles([f"T{i}" for i in range(56)])
    assert len({look.colour for look in looks.values()}) == 56
