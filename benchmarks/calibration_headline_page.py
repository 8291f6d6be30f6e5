"""The sections of docs/calibration.md on the recommended pair.

And its figure beside the peers' tests. Both are made of the files of
`benchmarks/calibration_headline.py`; `python -m benchmarks.calibration_page` writes the page,
`python -m benchmarks.calibration_peers` the figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from backtest.study.inference import ABOUT
from backtest.study.inference.about import (
    DESIGNS,
    INTERVALS_HOLD_IN,
    INTERVALS_LEAST_EVENTS,
    INTERVALS_TOO_NARROW,
    INTERVALS_TOO_WIDE,
)

DOCS = Path(__file__).parents[1] / "docs"
WINDOWS = ("[0,0]", "[0,4]", "[0,20]")
OURS = (
    "kp_bmp_shared_t",
    "bmp_shift",
    "cr2_date_t",
    "kp_bmp_exact_t",
    "grank_exact_t",
    "caar_exact_z",
)
SHOWN = {
    "kp_bmp_shared_t": "shared shocks (ours)", "bmp_shift": "among shifts (ours)",
    "grank_t": "GRANK-T", "kp_bmp_t": "Kolari-Pynnonen", "bmp_t": "BMP", "patell_z": "Patell",
    "cross_t": "plain t",
}  # fmt: skip
LOW, HIGH = 0.035, 0.07
HEADLINE = """
## The recommended pair

{studies} studies a cell: the Monte Carlo error of a 5 is {errors} points. A cell reads [0,0] /
[0,4] / [0,20]; **bold** is outside 3.5 to 7 by more than two errors of its own; a dash: no answer
there (`why_not` says why). Made by `python -m benchmarks.calibration_headline`; the last column
says how many studies a row rests on.
"""
CLAIMED = """
`kp_bmp_shared_t` claims {shared}. `bmp_shift` claims {shift}. What is not in these lists is **not
claimed**:

{not_claimed}
"""
COVERAGE = """
## Intervals

How often the 95% interval of `averages.csv` holds the mean of effects that differ from event to
event (mean 2%, spread 3%, on day 0), in %; 93 to 97 is right (**bold**: outside), the error of a 95
is 0.6 points with 1,500 studies. Effects of the parties of an announcement are drawn one by one. An
effect that is the same for all is covered in 100 less the size above.
"""
COVERS = """
Claimed, from {least} events on, are {claimed}: 93 to 97
in every window tried, each with an error of 0.4 to 0.7 points. **Not claimed**:

{missed}
- fewer than {least} events: {few}.

Too wide: what the events' spread shows beyond their ordinary errors is given the correlation that
the errors have, as a rise of volatility common to all would have it. Effects that differ on their
own account are less alike than that; events of one day cannot tell which of the two it is, and the
interval takes the safe side. Too narrow: where returns of parties offset each other, effects of
their own do not; and how large the shock is that parties share, ten announcements say only roughly.
Where effects go with the volatility of their securities, the interval is that of the mean weighted
by precision (`weighted_mean`), not of the plain one.
"""
FAMILIES = """
## Several windows and models at once

How often at least one of six hypotheses, three windows under the market and the market-adjusted
model, is rejected at 5% though nothing is there: 5 is right. The error of a 5 is {errors} points.
"""
PEERS = """
## Beside what other packages offer

Size and power of the tests that event-study packages offer beside the recommended pair, in one
figure (`python -m benchmarks.calibration_peers`). A test that rejects a true null too often has no
power to compare: its lines are pale.

![Size and power of the recommended pair and of the usual tests](calibration_peers.svg)

{table}"""


def sections() -> Iterator[str]:
    """The sections of the page, in order."""
    sizes = best(pd.read_csv(DOCS / "calibration_headline.csv"))
    yield from headline(sizes[sizes["effect"] == 0])
    yield COVERAGE
    coverage = pd.read_csv(DOCS / "calibration_intervals.csv")
    yield _coverage(coverage)
    yield _covers(coverage)
    joint = pd.read_csv(DOCS / "calibration_joint.csv")
    fewest, most = int(joint["n"].min()), int(joint["n"].max())
    yield FAMILIES.format(errors=_span(f"{_error(most):.1f}", f"{_error(fewest):.1f}"))
    yield _families(joint)
    yield PEERS.format(table=_peers(sizes[sizes["window"] == "[0,0]"]))


def best(table: pd.DataFrame) -> pd.DataFrame:
    """Of cells that were run twice, the one of more studies."""
    keys = ["design", "n_events", "test", "window", "effect"]
    ordered = table.sort_values("n", ascending=False, kind="stable")
    return ordered.drop_duplicates(keys).sort_index()


def outside(rate: float, n: float, errors: float = 2.0) -> bool:
    """Whether a rate lies outside 3.5 to 7% by more than so many of its Monte Carlo errors."""
    low, high = (errors * (p * (1 - p) / max(n, 1)) ** 0.5 for p in (LOW, HIGH))
    return bool(rate < LOW - low or rate > HIGH + high)


def headline(null: pd.DataFrame) -> Iterator[str]:
    """The sizes of OURS, and what the recommended pair claims."""
    given = null[null["test"].isin(OURS) & (null["rejected"].notna())]
    whole = given.groupby(["design", "n_events"])["n"].max()
    yield HEADLINE.format(
        studies=_span(f"{whole.min():,}", f"{whole.max():,}"),
        errors=_span(f"{_error(whole.max()):.1f}", f"{_error(whole.min()):.1f}"),
    )
    found = null.set_index(["design", "n_events", "test", "window"])
    lines = [
        [
            f"{design} ({n})",
            *(_cell(found, design, n, key) for key in OURS),
            f"{_studies(null, design, n):,}",
        ]
        for design, n in dict.fromkeys(zip(null["design"], null["n_events"], strict=True))
    ]
    yield _markdown(["design (events)", *(f"`{key}`" for key in OURS), "studies"], lines)
    claims = {key: set(ABOUT[key].holds_in) for key in ("kp_bmp_shared_t", "bmp_shift")}
    rest = list(dict.fromkeys(null["design"]))
    missing = [
        f"- {DESIGNS[design]} (`{design}`), by `{key}`: {_misses(null, design, key)}"
        for key in claims
        for design in rest
        if design not in claims[key]
    ]
    shared, shift = (", ".join(ABOUT[key].holds_in) for key in ("kp_bmp_shared_t", "bmp_shift"))
    yield CLAIMED.format(
        shared=shared, shift=shift, not_claimed=";\n".join(missing) + ("." if missing else "none.")
    )


def _misses(null: pd.DataFrame, design: str, key: str) -> str:
    """The cells of a design that lie outside, in words."""
    own = null[(null["design"] == design) & (null["test"] == key) & null["rejected"].notna()]
    out = own[[outside(rate, n) for rate, n in zip(own["rejected"], own["n"], strict=True)]]
    return ", ".join(
        f"{'timid' if rate < LOW else 'too often'} at {window} with {n} events ({100 * rate:.1f})"
        for rate, window, n in zip(out["rejected"], out["window"], out["n_events"], strict=True)
    )


def _studies(table: pd.DataFrame, design: str, n_events: int) -> int:
    own = table[(table["design"] == design) & (table["n_events"] == n_events)]
    return int(own["n"].max())


def _cell(found: pd.DataFrame, design: str, n_events: int, key: str) -> str:
    words, wrong = [], False
    for window in WINDOWS:
        at = (design, n_events, key, window)
        if at not in found.index or pd.isna(found.loc[at, "rejected"]):
            words.append("–")
            continue
        rate, n = float(found.loc[at, "rejected"]), float(found.loc[at, "n"])
        words.append(f"{100 * rate:.1f}")
        wrong |= outside(rate, n)
    told = " / ".join(words)
    return f"**{told}**" if wrong else told


def _coverage(table: pd.DataFrame) -> str:
    found = table.set_index(["design", "n_events", "window"])["covered"]
    lines = []
    for design, n in dict.fromkeys(zip(table["design"], table["n_events"], strict=True)):
        rates = [found.get((design, n, window)) for window in WINDOWS]
        studies = f"{_studies(table, design, n):,}"
        lines.append([f"{design} ({n})", *(_covered(rate) for rate in rates), studies])
    return _markdown(["design (events)", *WINDOWS, "studies"], lines)


def _covers(table: pd.DataFrame) -> str:
    """What the intervals claim, and every cell outside with the design in words."""
    out = table[~table["covered"].between(0.93, 0.97)]
    enough = out["n_events"] >= INTERVALS_LEAST_EVENTS
    missed = (
        f"- {DESIGNS[design]} (`{design}`): {_named(out[enough & (out['design'] == design)])};"
        for design in (*INTERVALS_TOO_WIDE, *INTERVALS_TOO_NARROW)
    )
    return COVERS.format(
        least=INTERVALS_LEAST_EVENTS,
        claimed=", ".join(INTERVALS_HOLD_IN),
        missed="\n".join(missed),
        few=_named(out[~enough]),
    )


def _named(cells: pd.DataFrame) -> str:
    return ", ".join(
        f"too {'wide' if rate > 0.97 else 'narrow'} at {window} with {n} events ({100 * rate:.1f})"
        for rate, window, n in zip(
            cells["covered"], cells["window"], cells["n_events"], strict=True
        )
    )


def _covered(rate: float | None) -> str:
    if rate is None:
        return "–"
    words = f"{100 * rate:.1f}"
    return words if 0.93 <= rate <= 0.97 else f"**{words}**"


def _families(table: pd.DataFrame) -> str:
    methods = list(dict.fromkeys(table["method"]))
    found = table.set_index(["design", "n_events", "method"])["rejected"]
    lines = []
    for design, n in dict.fromkeys(zip(table["design"], table["n_events"], strict=True)):
        rates = [found.get((design, n, method)) for method in methods]
        told = ("–" if rate is None else f"{100 * rate:.1f}" for rate in rates)
        lines.append([f"{design} ({n})", *told, f"{_studies(table, design, n):,}"])
    head = ["design (events)", *(f"`{method}`" for method in methods), "studies"]
    return _markdown(head, lines)


def _peers(table: pd.DataFrame) -> str:
    """Rejections on day 0 without an effect and with 1% and 2%, one row a test."""
    designs = with_power(table)
    found = table.set_index(["design", "n_events", "test", "effect"])["rejected"]
    lines = []
    for key, label in SHOWN.items():
        cells = []
        for design, n in designs:
            rates = [found.get((design, n, key, effect)) for effect in (0.0, 0.01, 0.02)]
            cells.append(
                " / ".join("–" if r is None or pd.isna(r) else f"{100 * r:.0f}" for r in rates)
            )
        lines.append([f"`{key}`, {label}", *cells])
    head = [f"{design} ({n}): 0 / 1% / 2%" for design, n in designs]
    return _markdown(["test, [0,0]", *head], lines)


def with_power(table: pd.DataFrame) -> list[tuple[str, int]]:
    """The designs in which the usual tests were given effects too."""
    some = table[(table["effect"] > 0) & ~table["test"].isin(OURS)]
    return list(dict.fromkeys(zip(some["design"], some["n_events"], strict=True)))


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _error(n: float) -> float:
    return 100 * float((0.05 * 0.95 / n) ** 0.5)


def _markdown(head: list[str], lines: list[list[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"
