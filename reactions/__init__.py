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
    from backtest import FromDonors as FromDonors
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
    from backtest.prices.panels.trade_to_trade import trade_to_trade as trade_to_trade
    from backtest.study import HEADLINE_TEST as HEADLINE_TEST
    from backtest.study import MODELS as MODELS
    from backtest.study import PEERS as PEERS
    from backtest.study import STANDARD_WINDOWS as STANDARD_WINDOWS
    from backtest.study import TESTS as TESTS
    from backtest.study import max_t as max_t
    from backtest.study.check.groups import compare_groups as compare_groups
    from backtest.study.check.in_space import in_space_placebos as in_space_placebos
    from backtest.study.check.matched import matched_placebos as matched_placebos
    from backtest.study.check.sensitivity import Choices as Choices
    from backtest.study.check.sensitivity import specification_curve as specification_curve
    from backtest.study.other.outcomes import outcomes as outcomes
    from backtest.study.show.tidy import tidy as tidy
    from backtest.trading import Costs as Costs
    from backtest.trading import Limits as Limits
    from events import Announcement as Announcement
    from events import CalendarError as CalendarError
    from events import Catalog as Catalog
    from events import CatalogError as CatalogError
    from events import ReactionsError as ReactionsError
    from events.discover import Discovery as Discovery
    from events.discover import discover as discover
    from events.errors import DiscoveryError as DiscoveryError
    from events.flag import Flag as Flag
    from events.flag import flags_in as flags_in
    from reactions.trading_events import tradable_events as tradable_events
    from reports.export.meanings import describe as describe
    from reports.export.meanings import explain as explain
    from strategies import STRATEGIES as STRATEGIES
    from strategies import Strategy as Strategy
    from strategies.base import Event as Event
    from strategies.base import rows as rows
    from strategies.evaluate.bridge import bridge as bridge
    from strategies.evaluate.evaluate import evaluate as evaluate
    from strategies.evaluate.placebo import matched_shifts as matched_shifts
    from strategies.evaluate.search import search as search
    from strategies.evaluate.walk_forward import walk_forward as walk_forward

_HOME = {
    "backtest": (
        "Dimson", "EventStudy", "EventStudyResult", "FromDonors", "GarchMarketModel",
        "MarketAdjusted", "MarketModel", "MeanAdjusted", "MultiFactor", "Prices", "Returns",
        "ScholesWilliams", "SyntheticControl", "Window", "fama_french", "with_factors",
    ),
    "backtest.errors": ("PriceError", "StudyError"),
    "backtest.prices.panels.trade_to_trade": ("trade_to_trade",),
    "backtest.study": ("HEADLINE_TEST", "MODELS", "PEERS", "STANDARD_WINDOWS", "TESTS", "max_t"),
    "backtest.study.check.matched": ("matched_placebos",),
    "backtest.study.check.groups": ("compare_groups",),
    "backtest.study.check.sensitivity": ("Choices", "specification_curve"),
    "backtest.study.check.in_space": ("in_space_placebos",),
    "backtest.study.other.outcomes": ("outcomes",),
    "backtest.study.show.tidy": ("tidy",),
    "backtest.trading": ("Costs", "Limits"),
    "events": ("Announcement", "CalendarError", "Catalog", "CatalogError", "ReactionsError"),
    "reactions.trading_events": ("tradable_events",),
    "reports.export.meanings": ("describe", "explain"),
    "events.discover": ("Discovery", "discover"),
    "events.errors": ("DiscoveryError",),
    "events.flag": ("Flag", "flags_in"),
    "strategies": ("STRATEGIES", "Strategy"),
    "strategies.base": ("Event", "rows"),
    "strategies.evaluate.bridge": ("bridge",),
    "strategies.evaluate.evaluate": ("evaluate",),
    "strategies.evaluate.placebo": ("matched_shifts",),
    "strategies.evaluate.search": ("search",),
    "strategies.evaluate.walk_forward": ("walk_forward",),
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
