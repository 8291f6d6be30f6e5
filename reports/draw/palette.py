"""Colours: one per ticker, the same in every chart, told apart by colour-blind readers too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# A colour a ticker: (on white, on black), 3:1 or more with its ground. Found by search in Oklab
# (Ottosson 2020), where 0.02 is the least difference that is seen: the first eight are 0.1 or more
# apart (0.15 to most eyes), grey and ink included, and still 0.1 to an eye without red or green
# cones (Machado and others 2009); each dozen, which shares a dash, 0.065; any two 0.055 to most
# eyes. Where colour cannot carry more, the dash does.
_COLOURS = (
    ("#0b58bc", "#4dbcff"), ("#a65816", "#ff7900"), ("#164d2c", "#63dd9b"), ("#63166e", "#b163bc"),
    ("#859b0b", "#ffe816"), ("#9b58ff", "#6e37ff"), ("#d26385", "#c72c0b"), ("#219bbc", "#00796e"),
    ("#0000b1", "#4d90ff"), ("#0000f3", "#794dbc"), ("#2c79bc", "#b1d2ff"), ("#6e4285", "#908590"),
    ("#ff00f3", "#dd00ff"), ("#5800bc", "#636385"), ("#dd7916", "#906e0b"), ("#21216e", "#d290ff"),
    ("#9b9090", "#f3bc9b"), ("#583716", "#c7a60b"), ("#856eb1", "#e8b1e8"), ("#374258", "#6385bc"),
    ("#1690ff", "#2163bc"), ("#6e6e00", "#a6ff00"), ("#425890", "#859bc7"), ("#4d00f3", "#4279dd"),
    ("#9b00bc", "#bc2179"), ("#d263dd", "#a600dd"), ("#00a679", "#42dd00"), ("#009000", "#589000"),
    ("#851600", "#ff424d"), ("#792cff", "#9b79ff"), ("#423785", "#a6b1ff"), ("#b14da6", "#dd37b1"),
    ("#42214d", "#c7bcc7"), ("#ff2c0b", "#dd4279"), ("#63374d", "#b121a6"), ("#9b3700", "#ffd290"),
    ("#c700f3", "#ff63ff"), ("#ff37b1", "#9b5858"), ("#a68542", "#bcd200"), ("#c7000b", "#c76e21"),
    ("#c700b1", "#9b4df3"), ("#420090", "#905890"), ("#9b85dd", "#b185c7"), ("#4d9085", "#63ff85"),
    ("#2c372c", "#b1c790"), ("#850063", "#b16e85"), ("#006e00", "#6ebc42"), ("#2c00d2", "#856ec7"),
    ("#2163ff", "#0058ff"), ("#634dbc", "#c76ee8"), ("#d25821", "#ffb121"), ("#ff586e", "#d2004d"),
    ("#00379b", "#2179a6"), ("#4d5800", "#9b9000"), ("#bc79b1", "#ff90e8"), ("#d21685", "#ff6e63"),
    ("#003758", "#4d909b"), ("#7985ff", "#5863c7"), ("#63212c", "#ffb1bc"), ("#636e9b", "#ddd2ff"),
)  # fmt: skip
_N_COLOURS = len(_COLOURS)
DOZEN = 12  # colours that share a dash


# Token -> (on white, on black).
TOKENS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{f"c{i}": pair for i, pair in enumerate(_COLOURS)},
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
        name: Style(f"@c{i % _N_COLOURS}", _DASHES[(i // DOZEN + i // _N_COLOURS) % 5])
        for i, name in enumerate(ordered)
    }
    return {name: found[name] for name in ordered if name in there}
