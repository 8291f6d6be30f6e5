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
    # Fama and French (1993): market, size, value
    "ff3": ("Mkt-RF", "SMB", "HML"),
    # Fama and French (2015): those, profitability and investment
    "ff5": ("Mkt-RF", "SMB", "HML", "RMW", "CMA"),
    # Carhart (1997): the three factors and momentum
    "carhart": ("Mkt-RF", "SMB", "HML", "Mom"),
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
