"""Writes docs/calibration.md.

From the CSV files of calibration.py and calibration_headline.py beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from backtest.study.inference import ABOUT
from backtest.study.inference.about import DESIGNS
from benchmarks.calibration_headline_page import best, outside, sections

DOCS = Path(__file__).parents[1] / "docs"
WINDOWS = ("[0,0]", "[0,4]", "[0,20]")
LARGE = (
    ("independent", 50), ("same_day", 50), ("same_day_industry", 50), ("event_variance", 50),
    ("overlap", 50), ("catalog", 24), ("catalog_regime", 24), ("short_history", 50),
)  # fmt: skip
SMALL = (
    ("independent", 5), ("same_day_industry", 5), ("event_variance", 5),
    ("independent", 20), ("same_day_industry", 20), ("event_variance", 20), ("overlap", 20),
)  # fmt: skip
WITH_POWER = (("independent", 50), ("same_day_industry", 50), ("catalog", 24))
EFFECTS = (0.005, 0.01, 0.02)
HEAD = """# How often each test rejects

Every number is the percentage of simulated studies in which a two-sided test at 5% rejects. Without
an effect it should be 5. Markets are simulated (`backtest/study/check/designs.py`): market model,
betas 0.5 to 1.5, market spread 0.9%, industry factor 0.7%, own spread about 2.1%, innovations with
skewness 0.6 and excess kurtosis 2.5, 250-day estimation windows (120 in the catalog, 60 in the
short histories). Made by `python -m benchmarks.calibration`; `pytest -m slow tests/calibration`
checks the claims in a shorter run. A cell reads [0,0] / [0,4] / [0,20]. The Monte Carlo error of a
5 is {error}. A dash: the test has no answer there.

**Read first `kp_bmp_shared_t`, then, on day 0, `bmp_shift`.** What they were measured on, and what
they claim, stands under "The recommended pair": within 3.5 to 7%, Monte Carlo error said, in every
design that `inference/about.py` lists. Where the parties of an announcement share a shock, or the
announcements of a date, `kp_bmp_exact_t` and `grank_exact_t` reject {shared} on day 0. Few events
of strongly skewed returns are for `bmp_shift` alone. Where the parties of an announcement move
against each other both are timid ({opposed}). Prices that are stale on over 20% of the days get no
answer for windows of over 2 sessions that overlap.

Tests that take the events as independent reject a true null {one_date} of the time when one
industry shares a date, and {clustered} in the 1-month window of a clustered catalog such as this
project's. Tests that allow for dependence and take the variance from before the event reject
{before} when the event, or the times, raise it. To see what the tests do on your own prices and
dates, use `result.own_size()` or
`backtest.study.check.calibrate.calibrate(study, catalog, prices)`.

Designs:

{designs}
"""
BOLD = """## Size of every test

The tests that the tables above have, on the studies of those; the others on fewer, of an earlier
run: the last column says on how many. Columns: design (events). **Bold**: 3 Monte Carlo errors or
more outside 3.5 to 7 in some window.
"""
POWER = (
    "\n## Power, window [0,0]\n\n"
    "An effect added to day 0 of every event; read only beside the sizes.\n"
)
ONE = (
    "\n## One event\n\nOwn spread 3%. Rows: sessions of history; fat-tailed errors, "
    "or volatility that moves besides.\n"
)


def spans(null: pd.DataFrame) -> dict[str, str]:
    """The rates that the head of the page has in words: least and most of each kind of test."""
    alone = [key for key, about in ABOUT.items() if about.correlation.startswith("no")]
    before = [
        key
        for key, about in ABOUT.items()
        if about.event_variance == "no" and about.correlation.startswith("yes, with")
    ]
    exact, ours = ["kp_bmp_exact_t", "grank_exact_t"], ["kp_bmp_shared_t", "bmp_shift"]

    def span(tests: list[str], designs: list[str], windows: Sequence[str], least: int = 0) -> str:
        there = null["test"].isin(tests) & null["design"].isin(designs)
        there &= null["window"].isin(windows) & (null["n_events"] >= least)
        rates = 100 * null.loc[there, "rejected"].dropna()
        low, high = f"{rates.min():.0f}", f"{rates.max():.0f}"
        return f"{low}%" if low == high else f"{low} to {high}%"

    return {
        "shared": span(exact, ["shared", "shared_strongly", "shared_date"], ["[0,0]"]),
        "opposed": span(ours, ["opposed"], WINDOWS),
        "one_date": span(alone, ["same_day_industry"], ["[0,0]"], 50),
        "clustered": span(alone, ["catalog"], ["[0,20]"]),
        "before": span(before, ["event_variance", "catalog_regime"], WINDOWS, 20),
    }


def page() -> str:
    """The whole page, of the tables beside it."""
    table, single = every_test(), pd.read_csv(DOCS / "calibration_single.csv")
    null = table[table["effect"] == 0]
    designs = "\n".join(f"- `{key}`: {words}" for key, words in DESIGNS.items())
    parts = [
        HEAD.format(error=_errors(null), designs=designs, **spans(null)),
        *sections(),
        BOLD,
        _sizes(null, LARGE),
        "\n## Size with few events\n",
        _sizes(null, SMALL),
        POWER,
        _power(table[(table["effect"] > 0) & (table["window"] == "[0,0]")]),
        ONE,
        _single(single[single["effect"] == 0]),
        "\nPower for a 6% effect on day 0:\n",
        _single(single[(single["effect"] > 0)]),
    ]
    return "\n".join(parts)


def main() -> None:
    """Write it."""
    (DOCS / "calibration.md").write_text(page(), encoding="utf-8")


def every_test() -> pd.DataFrame:
    """Rejections at 5% of every test, each cell from the run of more studies.

    Columns: design, n_events, test, window, effect, rejected, n (studies with an answer).
    """
    columns = ["design", "n_events", "test", "window", "effect", "rejected", "n"]
    table = pd.read_csv(DOCS / "calibration.csv").rename(columns={"n_replications": "n"})
    headline = pd.read_csv(DOCS / "calibration_headline.csv")
    both = [table.loc[table["level"] == 0.05, columns], headline[columns]]
    return best(pd.concat(both, ignore_index=True))


def _errors(null: pd.DataFrame) -> str:
    fewest, most = (int(n) for n in (null["n"][null["n"] >= 400].min(), null["n"].max()))
    low, high = (100 * (0.05 * 0.95 / n) ** 0.5 for n in (most, fewest))
    return f"{low:.1f} to {high:.1f} points ({fewest:,} to {most:,} studies)"


def _sizes(null: pd.DataFrame, columns: Sequence[tuple[str, int]]) -> str:
    found = null.set_index(["design", "n_events", "test", "window"])
    lines = []
    for key in ABOUT:
        cells = [_cell(found, design, n, key) for design, n in columns]
        name = f"`{key}`" + (" (recommended)" if ABOUT[key].recommended else "")
        lines.append([name, *cells, _studies(null[null["test"] == key], columns)])
    return _markdown(["test", *(f"{design} ({n})" for design, n in columns), "studies"], lines)


def _studies(of_test: pd.DataFrame, columns: Sequence[tuple[str, int]]) -> str:
    """How many studies the cells of a row rest on: the fewest and the most of its columns."""
    most = of_test.groupby(["design", "n_events"])["n"].max().reindex(list(columns)).dropna()
    low, high = int(most.min()), int(most.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _cell(found: pd.DataFrame, design: str, n_events: int, key: str) -> str:
    if (design, n_events, key, WINDOWS[0]) not in found.index:
        return "not run"
    rows = [found.loc[(design, n_events, key, window)] for window in WINDOWS]
    words = " / ".join(
        "–" if pd.isna(row["rejected"]) else f"{100 * row['rejected']:.1f}" for row in rows
    )
    return (
        f"**{words}**"
        if any(outside(row["rejected"], row["n"], errors=3.0) for row in rows)
        else words
    )


def _power(table: pd.DataFrame) -> str:
    columns = [(*design, effect) for design in WITH_POWER for effect in EFFECTS]
    found = table.set_index(["design", "n_events", "effect", "test"])["rejected"]
    lines = []
    for key in ABOUT:
        cells = [_percent(found.get((*column, key))) for column in columns]
        own = table[(table["test"] == key) & table["effect"].isin(EFFECTS)]
        lines.append([f"`{key}`", *cells, _studies(own, WITH_POWER)])
    return _markdown(["test", *(f"{d} ({n}), {e:.1%}" for d, n, e in columns), "studies"], lines)


def _single(table: pd.DataFrame) -> str:
    found = table.set_index(["history", "errors", "test", "window"])["rejected"]
    tests = list(dict.fromkeys(table["test"]))
    rows = table[["history", "errors"]].drop_duplicates().itertuples(index=False, name=None)
    lines = []
    for history, errors in rows:
        cells = [
            " / ".join(_percent(found[(history, errors, test, window)]) for window in WINDOWS)
            for test in tests
        ]
        lines.append([f"{history} {errors}", *cells])
    return _markdown(["history, errors", *(f"`{test}`" for test in tests)], lines)


def _percent(rate: float | None) -> str:
    if rate is None:
        return "not run"
    return "–" if pd.isna(rate) else f"{100 * rate:.1f}"


def _markdown(head: list[str], lines: list[list[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


if __name__ == "__main__":
    main()
