"""Colours: one per ticker, the same in every chart, told apart by colour-blind readers too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Token -> (on white, on black). The eight are Okabe and Ito's (2008), darkened or lightened to 3:1
# on their ground.
TOKENS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "c0": ("#0067a8", "#56a8e0"),
        "c1": ("#c84e00", "#f08a4b"),
        "c2": ("#00805c", "#2fbf94"),
        "c3": ("#a9508a", "#dd92c0"),
        "c4": ("#7a6a00", "#d8c13a"),
        "c5": ("#2a84b8", "#8fd0f5"),
        "c6": ("#9a6a00", "#e8a824"),
        "c7": ("#555555", "#b5b5b5"),
        "ink": ("#1c1c1a", "#e9e7e1"),
        "muted": ("#62625c", "#a5a39b"),
        "grid": ("#e3e2dc", "#34342f"),
        "paper": ("#ffffff", "#171715"),
    }
)
_N_COLOURS = 8
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_FIRST = ("META", "CRWV", "ORCL", "NVDA", "AMD", "NBIS", "MSFT", "GOOGL")


@dataclass(frozen=True)
class Style:
    """A colour token and a dash: together they are one ticker's own."""

    colour: str
    dash: str

    def fill(self, opacity: float) -> str:
        """The colour as a translucent token."""
        return f"{self.colour}/{opacity}"


def styles(tickers: Iterable[str]) -> dict[str, Style]:
    """Give each ticker its style, independent of the order in which they come.

    >>> styles(["CRWV", "META"])["META"]
    Style(colour='@c0', dash='solid')
    """
    there = set(tickers)
    ordered = [*_FIRST, *sorted(there - set(_FIRST))]
    found = {
        name: Style(f"@c{i % _N_COLOURS}", _DASHES[i // _N_COLOURS % 5])
        for i, name in enumerate(ordered)
    }
    return {name: found[name] for name in ordered if name in there}
