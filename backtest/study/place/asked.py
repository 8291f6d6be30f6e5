"""Whether what a caller hands to a study is what a study takes; if not, what to write."""

from __future__ import annotations

from numbers import Integral

import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.normal.by_name import OF_DONORS, ON_BENCHMARK
from backtest.study.normal.multi_factor import FACTORS
from events import Catalog, PlacedEvents

_CLASS_OF = {
    **{name: f"{getattr(kind, '__name__', name)}('SPY')" for name, kind in ON_BENCHMARK.items()},
    "mean_adjusted": "MeanAdjusted()",
    "multi_factor": "MultiFactor(('SPY', 'SOXX'))",
    "synthetic_control": "SyntheticControl(('MSFT', 'ORCL'))",
    **{name: f"FromDonors('{name.removeprefix('donors_')}')" for name in OF_DONORS},
    **{name: f"fama_french('{name}')" for name in FACTORS},
}


def check_model(model: object) -> None:
    """Raise `StudyError` for what is no normal-return model.

    >>> check_model("market")
    Traceback (most recent call last):
    backtest.errors.StudyError: model: 'market' is text, not a model; write MarketModel('SPY')
    """
    if isinstance(model, str):
        write = _CLASS_OF.get(model, "MarketModel('SPY')")
        raise StudyError(f"model: {model!r} is text, not a model; write {write}")
    if isinstance(model, type):
        raise StudyError(
            f"model: {model.__name__} is a class; make one of it: {model.__name__}(...)"
        )
    if not (hasattr(model, "design") and hasattr(model, "fit")):
        raise StudyError(f"model: {model!r} is no model; write MarketModel('SPY')")


def check_data(events: object, prices: object) -> None:
    """Raise `StudyError` for events or prices of a kind that `EventStudy.fit` does not take."""
    if not isinstance(events, (Catalog, PlacedEvents, pd.DataFrame)):
        raise StudyError(
            f"events: a {type(events).__name__} is no catalog and no table; "
            "give Catalog.bundled(), Catalog.read(PATH), "
            "or a DataFrame with event_id, ticker and announced_at"
        )
    if isinstance(prices, pd.DataFrame):
        raise StudyError(
            "prices: a DataFrame does not say what it holds; write Returns.from_frame(df) for "
            "returns, or Prices.read(PATH) for prices in files"
        )
    if not isinstance(prices, (Prices, Returns)):
        raise StudyError(
            f"prices: a {type(prices).__name__} is neither Prices nor Returns; write "
            "Prices.sample(), Prices.read(PATH) or Returns.from_frame(df)"
        )


def count_of(value: object, name: str) -> int:
    """A count; raises `StudyError` for anything but a whole number from 0.

    >>> count_of(5, "skip_after_listing")
    5
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
        raise StudyError(f"{name} must be a whole number from 0, got {value!r}")
    return int(value)
