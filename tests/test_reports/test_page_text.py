"""Every sentence, cell and label of the page: percentages, true minus signs, plurals, digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backtest import Prices

# where a text stands: its section, the head of its column, or what else it is
READ = """
document.querySelectorAll("details").forEach((one) => { one.open = true; });
const found = [], section = (one) => one.closest("section")?.id ?? "";
const put = (one, where, text) => found.push([section(one), where, text]);
for (const one of document.querySelectorAll("p:not(.filter), li, h1, h2, h3, h4, summary, dt, dd, "
    + "label, output, option, figcaption strong, figcaption .note, caption, th, text, title"))
  if (!one.closest("#packed, head")) put(one, one.tagName.toLowerCase(), one.textContent);
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.querySelectorAll("thead th")].map((one) => one.textContent);
  for (const cell of table.querySelectorAll("tbody td"))
    put(cell, `td:${heads[cell.cellIndex]}`, cell.textContent);
}
for (const name of ["title", "aria-label"])
  for (const one of document.querySelectorAll(`[${name}]`))
    put(one, `@${name}`, one.getAttribute(name));
return found;
"""
# what a fault looks like, wherever it stands
FAULTS = {
    "a hyphen for a minus": re.compile(r"(?<![\w\d)\]–%./-])-(?=\d|\.\d)"),
    "one of many": re.compile(
        r"(?<![\w.,$−+-])1 (?!was|is|has|its|this|plus|less|as|versus|became|agrees|disagrees)"
        r"[a-z]+s\b"
    ),
    "what is no word": re.compile(
        r"\b(nan|NaN|None|inf|-?Infinity|NaT|undefined|\[object|True|False)\b|(?<!joint )\bnull\b"
    ),
    "empty brackets": re.compile(r"\(\s*\)|\[\s*\]|\(\s|\s\)|\s[,;](?=\s)|,,|;;|\bof of\b"),
    "a doubled space": re.compile(r"\S[  ]{2,}\S"),
    "an equation that a line can end in": re.compile(r"\b[pnt] (?:[=<]|&lt;) ?[\d−]"),
    "five digits after the point": re.compile(r"\d\.\d{5,}"),
    "thousands without a comma": re.compile(
        r"(?<![\w.,#/:-])(?!9984\.T)(?!(?:19|20)\d\d\b(?! (?:events|moves|rows)))\d{4,}(?![\w-])"
    ),
}
PERCENT = re.compile(r"[+−±]?\d[\d,]*(\.\d+)?%")
DECIMAL = re.compile(r"(?<![\w.,$])\d[\d,]*\.\d+(?![\d%.]|[a-z])")
# sections of two digits: costs of a trade, small drifts, what the press says, regressions
TWO = {"strategies", "counterfactuals", "press", "regression"}
# averages of thousands of events, which are known to half a point or better
FINE = re.compile(
    r"answer/(strong|@aria-label)"
    r"|averages/(p|strong|span|@aria-label|td:average abnormal return .*)"
)
# columns of numbers that are no percentages
PLAIN = re.compile(
    r"\w+/td:(.*: )?(t|p|p, .*|p adjusted|p joint|p of .*|difference \[95% interval\]|R²|beta)"
    r"|\w+/td:(why|drift|meaning)"
    r"|tests/td:(1-day|5-day|1-month|run-up|.*, 1-day)"
    r"|regression/td:.*"
    r"|press/td:(claimed|computed|difference|on which basis)"
    r"|strategies/td:(Sharpe ratio a year|probability.*|entry price|exit price|target|value|reason)"
    r"|events/td:announcement"
)
IN_WORDS = re.compile(
    r"(p|t|n|below|p of|score|difference of standardised returns|smallest p of .*|over|or under"
    r"|got|became|probability|error|δ|beta|about|ratio|\[−?[\d.]+,|\[)[\s=<−]*$"
)
ALONE = {"text", "title", "@title", "@aria-label", "option"}  # what is set in one line, or read out
DATA = {"announcements", "provenance", "quality", "ledger", "studied", "methods", "left_out"}


def faults(section: str, where: str, text: str) -> Iterator[str]:
    """What is wrong with a piece of the page."""
    text = re.sub(r"\s*\n\s*", " ", text).strip()
    if where == "td:the press said":
        return
    ours = section != "provenance"
    text = text if where not in ALONE else text.replace(" = ", "=").replace(" < ", "<")
    for name, pattern in FAULTS.items() if ours else ():
        if found := pattern.search(text):
            yield f"{name}: {text[max(found.start() - 40, 0) : found.end() + 40]!r}"
    yield from _digits(section, where, text)
    if section not in DATA:
        yield from _fractions(section, where, text)


def _digits(section: str, where: str, text: str) -> Iterator[str]:
    """Percentages have one digit, none where a share or a level is meant, in some sections two."""
    if section in ("announcements", "events") and where not in ("td:return", "td:1-day"):
        return  # words of the catalog, and the moves that the press reported
    finer = section in TWO or where in ("td:alpha", "text") or FINE.fullmatch(f"{section}/{where}")
    most = 2 if finer else 1
    for found in PERCENT.finditer(text):
        digits = len(found[1] or ".") - 1
        signed = found[0][0] in "+−"
        label = where == "text"  # an axis has as many as its steps need
        if digits > most or (signed and not digits and not label and "±" not in text):
            yield f"{digits} digits: {text[max(found.start() - 40, 0) : found.end() + 20]!r}"


def _fractions(section: str, where: str, text: str) -> Iterator[str]:
    """A number with digits after the point is a percentage, or is called what it is."""
    if PLAIN.fullmatch(f"{section}/{where}") or where in ("text", "@title", "option"):
        return
    for found in DECIMAL.finditer(text):
        if not IN_WORDS.search(text[: found.start()]):
            yield f"a raw fraction: {text[max(found.start() - 40, 0) : found.end() + 20]!r}"


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("p", "moved -1.2% on the day"),
        ("text", "-5"),
        ("title", "session -10, 3 events"),
        ("p", "1 events studied"),
        ("p", "over 1 days"),
        ("output", "1 announcements, latest first"),
        ("td:p", "nan"),
        ("p", "an average of None"),
        ("p", "from −inf to"),
        ("p", "two  spaces"),
        ("p", "some () brackets"),
        ("p", "of 2000 events"),
        ("td:events", "1296"),
        ("p", "an average of 0.0123"),
        ("td:average", "0.0123"),
        ("p", "not told apart (p = 0.841)"),
        ("td:1-day", "0.0123"),
        ("td:average abnormal return [95% interval]", "0.01 [−0.02, 0.03]"),
        ("p", "an average of +1.234%"),
        ("strong", "an average of +1.234%"),
        ("strong", "an average of +1%"),
        ("td:average", "+1.234%"),
    ],
)
def test_a_fault_is_found(where: str, text: str) -> None:
    assert list(faults("averages", where, text))


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("p", "moved −1.2% (95% interval −4.4% to +1.0%, p\xa0=\xa00.223) on 2026-04-09, 1 event"),
        ("p", "CoreWeave's Q1 results; 1-day moves of 2,000 events; 55% positive"),
        ("td:p", "<0.001"),
        ("text", "−20%"),
    ],
)
def test_what_is_right_is_not(where: str, text: str) -> None:
    assert list(faults("averages", where, text)) == []


def right(browser: Any) -> None:
    """Nothing on the page as it stands has a fault."""
    read = browser.script(READ)
    assert len(read) > 1_000
    found = sorted({f"{s} {w}: {fault}" for s, w, text in read for fault in faults(s, w, text)})
    assert not found, "\n".join(found)


@pytest.mark.browser
def test_the_bundled_announcements(browser: Any, page: Path) -> None:
    browser.show(page)
    right(browser)
    for setting in (
        {"w": "5-day", "m": "mean_adjusted"},
        {"t": "CRWV", "b": "QQQ"},
        {"k": "earnings"},
    ):
        browser.choose(**setting)
        right(browser)


@pytest.mark.browser
@pytest.mark.parametrize("n", [1, 2, 130])
def test_a_list_of_somebodys_own(browser: Any, page_of: Callable[[int], Path], n: int) -> None:
    browser.show(page_of(n))
    right(browser)
    for setting in ({"w": "1-month", "m": "market_adjusted", "b": "QQQ"}, {"w": "run-up"}):
        browser.choose(**setting)
        right(browser)
    tickers = browser.script(
        "return [...document.querySelector('[name=t]')?.options ?? []].slice(1, 3)"
        ".map((one) => one.value)"
    )
    for ticker in tickers:
        browser.choose(w="5-day", t=ticker)
        right(browser)


@pytest.mark.browser
@pytest.mark.slow
def test_two_thousand_events_of_somebodys_own(browser: Any, page_of: Callable[[int], Path]) -> None:
    browser.show(page_of(2_000))
    right(browser)
    browser.choose(w="5-day", m="market_adjusted")
    right(browser)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.xdist_group("whole page")  # made once on one worker
def test_the_whole_catalog(
    browser: Any, of_all: Prices, whole_page: Callable[[Prices], Path]
) -> None:
    browser.show(whole_page(of_all))
    right(browser)


@pytest.fixture(params=["sample", "real"])
def of_all(request: pytest.FixtureRequest, prices: Prices) -> Prices:
    """The simulated prices, and real ones where they are there."""
    if request.param == "sample":
        return prices
    return Prices.read(request.getfixturevalue("real_prices_dir"))
