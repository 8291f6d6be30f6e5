"""Colours: one per ticker, the same in every chart, told apart by colour-blind readers too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# For the tickers after the first eight: each as far as can be from all before it in L*a*b*,
# on white and on black, at a contrast of 3:1 or more with its ground.
_FURTHER = (
    ("#0606f9", "#7342fa"), ("#f906e8", "#f906c8"), ("#250381", "#b164d8"),
    ("#049f04", "#06f906"), ("#f90667", "#f90667"), ("#63030f", "#f90606"),
    ("#8f7efc", "#6089fb"), ("#021446", "#3f6c83"), ("#b67268", "#83633f"),
    ("#db0694", "#fb60b3"), ("#f90627", "#ac535f"), ("#a442fa", "#d542fa"),
    ("#1d4602", "#429f04"), ("#95049f", "#974992"), ("#462f02", "#e8f906"),
    ("#46022f", "#f69cfc"), ("#749b27", "#c2fc9c"), ("#d24b4b", "#fca89c"),
    ("#063edb", "#c2b9fd"), ("#04959f", "#7efcf3"), ("#5e4997", "#6872b6"),
    ("#d864d0", "#f1c6dd"), ("#5d0363", "#a806f9"), ("#9f0442", "#cc3333"),
    ("#813603", "#fcdc9c"), ("#024638", "#06f988"), ("#0688f9", "#05b1bd"),
    ("#21832e", "#51833f"), ("#833f51", "#fc7e9f"), ("#143552", "#0667f9"),
    ("#836c3f", "#817903"), ("#9f0404", "#f96706"), ("#390e0e", "#cc3370"),
    ("#d86483", "#fb7560"), ("#6c833f", "#a4fa42"), ("#a07cc0", "#9933cc"),
    ("#054ebd", "#c6ccf1"), ("#9f046b", "#cc33ad"), ("#fa5b42", "#9f5704"),
    ("#934bd2", "#a97cc0"), ("#c07c97", "#ca9198"), ("#030f63", "#b59cfc"),
    ("#6e4435", "#c0a07c"), ("#d26f4b", "#d2a54b"), ("#6705bd", "#7364d8"),
    ("#1b5a6a", "#21836f"), ("#394521", "#b2d4a5"), ("#f94706", "#fb6075"),
    ("#4a2b5a", "#fb60f1"), ("#9a53ac", "#f9b9fd"), ("#8806f9", "#8960fb"),
    ("#0667f9", "#06c8f9"), ("#251730", "#8253ac"), ("#db063e", "#f90647"),
    ("#db7706", "#b6b168"), ("#c806f9", "#d864c1"),
)  # fmt: skip
_N_COLOURS = 8 + len(_FURTHER)


# Token -> (on white, on black). The eight are Okabe and Ito's (2008), darkened or lightened to 3:1
# on their ground; the others are for the tickers after them.
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
        **{f"c{i}": pair for i, pair in enumerate(_FURTHER, 8)},
        "ink": ("#1c1c1a", "#e9e7e1"),
        "muted": ("#62625c", "#a5a39b"),
        "grid": ("#e3e2dc", "#34342f"),
        "paper": ("#ffffff", "#171715"),
    }
)
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


def colours() -> str:
    """The style sheet of the tokens.

    A variable each in light and dark, and classes that fill and draw with it.
    """
    light, dark = (
        "".join(f"--{name}:{shades[i]};" for name, shades in TOKENS.items()) for i in (0, 1)
    )
    uses = "".join(f".f-{n}{{fill:var(--{n})}}.s-{n}{{stroke:var(--{n})}}" for n in TOKENS)
    return (
        f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{"
        f':root:not([data-theme="light"]){{{dark}}}}}'
        f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}{uses}'
    )


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
