"""A panel of returns in the place of prices.

For everything that reads prices, with the very returns of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.prices.panels.returns import OWN_DATES, Returns
from backtest.prices.prices import Prices
from backtest.prices.sources.files.numbers import Floats
from backtest.prices.sources.return_files.panel import Delisting
from backtest.prices.sources.return_files.reading import read_return_panel

SOURCE = "a panel of returns"


@dataclass(frozen=True, eq=False, repr=False)
class ReturnPrices(Prices):
    """A panel of returns that reads as prices.

    `adjusted` is what 1 has become since the panel began; `close` and `volume` are there where the
    file has them. `returns()` gives the file's returns, also on a day after a missing one, which
    levels could not give. `markets` are the columns that are a market's.
    """

    given: Returns = field(
        default_factory=lambda: Returns(np.empty((0, 0)), pd.DatetimeIndex([]), ())
    )
    markets: tuple[str, ...] = ()
    delistings: tuple[Delisting, ...] = ()

    def returns(self, *, dividends: bool = True) -> Returns:  # noqa: ARG002  # as the file has them
        """The returns of the file, dividends in them or not as there."""
        return self.given


def return_prices(
    paths: Sequence[str | Path], wanted: tuple[str, ...] | None = None, unit: str | None = None
) -> ReturnPrices:
    """Read files of returns for what takes prices; see `Returns.read`. Raises `PriceError`."""
    panel = read_return_panel(paths, wanted, unit)
    order = np.argsort(np.array(panel.securities, dtype=object), kind="stable")
    names = tuple(panel.securities[at] for at in order)
    values = panel.values[:, order]
    index, columns = panel.sessions, pd.Index(names, dtype=object)
    known = np.isfinite(values)
    levels = np.cumprod(np.where(known, 1.0 + values, 1.0), axis=0)

    def frame(values: Floats) -> pd.DataFrame:
        return pd.DataFrame(values, index=index, columns=columns)

    nothing = frame(np.full(values.shape, np.nan))
    given = Returns(values, index, names, OWN_DATES, extent="returns", source=SOURCE)
    return ReturnPrices(
        open=nothing,
        high=nothing,
        low=nothing,
        close=frame(panel.closes[:, order]),
        adjusted=frame(np.where(known & (levels > 0), levels, np.nan)),
        volume=frame(panel.volumes[:, order]),
        source=SOURCE,
        calendar=OWN_DATES,
        notes=panel.notes,
        understood=panel.understood,
        given=given,
        markets=panel.markets,
        delistings=panel.delistings,
    )
