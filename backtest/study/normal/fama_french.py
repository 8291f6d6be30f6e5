"""The factor models of Fama and French (1993, 2015) and Carhart (1997), by name."""

from __future__ import annotations

from collections.abc import Mapping

from backtest.errors import StudyError
from backtest.study.normal.multi_factor import MultiFactor
from events.arguments import text
from events.errors import suggest

RISK_FREE = "RF"

# Named as Kenneth French's data library names its columns.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "ff3": ("Mkt-RF", "SMB", "HML"),
    "carhart": ("Mkt-RF", "SMB", "HML", "Mom"),
    "ff5": ("Mkt-RF", "SMB", "HML", "RMW", "CMA"),
}


def fama_french(name: str) -> MultiFactor:
    """The model called `ff3`, `ff5` or `carhart`, on returns in excess of the risk-free rate.

    The panel needs its factors as columns: `with_factors` puts them there.

    >>> fama_french("carhart").benchmark
    'Mkt-RF+SMB+HML+Mom'
    """
    text("name", name, "'ff3'")
    if name not in FACTORS:
        raise StudyError(
            f"no factor model {name!r}{suggest(name, FACTORS)}; known are {', '.join(FACTORS)}"
        )
    return MultiFactor(FACTORS[name], RISK_FREE, name)


def ff3() -> MultiFactor:
    """Fama and French (1993): market, size, value."""
    return fama_french("ff3")


def ff5() -> MultiFactor:
    """Fama and French (2015): market, size, value, profitability, investment."""
    return fama_french("ff5")


def carhart() -> MultiFactor:
    """Carhart (1997): the three factors and momentum."""
    return fama_french("carhart")
