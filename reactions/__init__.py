"""The public names in one place: `import reactions as rx`.

>>> import reactions as rx
>>> rx.Window(0, 4)
Window[0,+4]

Nothing heavy is loaded before a name is used. The import first makes sure that `events`,
`backtest`, `strategies` and `reports` are this project's own packages and raises
`ForeignPackageError` (an `ImportError`) where another project's package of that name, or a file
of the user's, would be imported in their place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reactions.ours import ForeignPackageError, check, whole

if TYPE_CHECKING:  # the same names for type checkers and editors; a test holds the two lists equal
    from backtest import Dimson as Dimson
    from backtest import EventStudy as EventStudy
    from backtest import EventStudyResult as EventStudyResult
    from backtest import GarchMarketModel as GarchMarketModel
    from backtest import MarketAdjusted as MarketAdjusted
    from backtest import MarketModel as MarketModel
    from backtest import MeanAdjusted as MeanAdjusted
    from backtest import MultiFactor as MultiFactor
    from backtest import Prices as Prices
    from backtest import Returns as Returns
    from backtest import ScholesWilliams as ScholesWilliams
    from backtest import SyntheticControl as SyntheticControl
    from backtest import Window as Window
    from backtest import fama_french as fama_french
    from backtest import with_factors as with_factors
    from backtest.errors import PriceError as PriceError
    from backtest.errors import StudyError as StudyError
    from backtest.study import HEADLINE_TEST as HEADLINE_TEST
    from backtest.study import MODELS as MODELS
    from backtest.study import PEERS as PEERS
    from backtest.study import STANDARD_WINDOWS as STANDARD_WINDOWS
    from backtest.study import TESTS as TESTS
    from backtest.study.tidy import explain as explain
    from backtest.study.tidy import tidy as tidy
    from events import Announcement as Announcement
    from events import CalendarError as CalendarError
    from events import Catalog as Catalog
    from events import CatalogError as CatalogError
    from events import ReactionsError as ReactionsError
    from strategies import STRATEGIES as STRATEGIES
    from strategies import Strategy as Strategy

_HOME = {
    "backtest": (
        "Dimson", "EventStudy", "EventStudyResult", "GarchMarketModel", "MarketAdjusted",
        "MarketModel", "MeanAdjusted", "MultiFactor", "Prices", "Returns", "ScholesWilliams",
        "SyntheticControl", "Window", "fama_french", "with_factors",
    ),
    "backtest.errors": ("PriceError", "StudyError"),
    "backtest.study": ("HEADLINE_TEST", "MODELS", "PEERS", "STANDARD_WINDOWS", "TESTS"),
    "backtest.study.tidy": ("explain", "tidy"),
    "events": ("Announcement", "CalendarError", "Catalog", "CatalogError", "ReactionsError"),
    "strategies": ("STRATEGIES", "Strategy"),
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = ["ForeignPackageError", *_MODULE_OF]

check()


def __getattr__(name: str) -> Any:
    """A public name, its module imported when it is first asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(
            f"module 'reactions' has no name {name!r}; it has {', '.join(__all__)}"
        )
    module = _MODULE_OF[name]
    with whole(module):
        found = getattr(import_module(module), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted({*globals(), *__all__})
