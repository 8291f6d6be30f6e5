"""`evaluation.plot`: the page's charts of a strategy from Python.

Each is a matplotlib figure that stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reactions.plots import standing_alone
from reports.draw.chart import Chart
from reports.draw.trading import bets_chart, bridge_chart, equity_chart, placebo_chart
from reports.words import count
from strategies.errors import StrategyError
from strategies.evaluate.evaluate import Evaluation

if TYPE_CHECKING:
    from reports.export.shown import Picture
    from strategies.evaluate.bridge import Bridge
    from strategies.evaluate.placebo import Placebo


@dataclass(frozen=True)
class TradePlots:
    """Pictures of a strategy's evaluation; `title` replaces the one each makes itself."""

    evaluation: Evaluation

    def equity(self, *, title: str = "") -> Picture:
        """The account, and one that held the benchmark with the same money over the same hours."""
        one = self.evaluation
        if one.equity.empty or not len(one.trades):
            raise StrategyError(f"{one.name} has no trade to draw")
        chart = equity_chart("plot", one.name, one.equity, one.benchmark, simulated=self._simulated)
        return self._shown(chart, title)

    def trades(self, *, title: str = "") -> Picture:
        """The net return of every bet, in the order of entry."""
        return self._shown(
            bets_chart("plot", self.evaluation.bets, simulated=self._simulated), title
        )

    def placebo(self, found: Placebo, *, title: str = "") -> Picture:
        """Where the real mean excess return stands among those of placebos.

        The placebos are `rx.matched_shifts(...)`.
        """
        chart = placebo_chart(
            "plot", found.draws["mean_excess"], found.actual, simulated=self._simulated
        )
        return self._shown(replace(chart, note=f"p = {found.p_two:.3f}, two-sided"), title)

    def bridge(self, found: Bridge, *, title: str = "") -> Picture:
        """From the average abnormal return to what a trade kept (`rx.bridge(...)`)."""
        chart = bridge_chart("plot", found.average, simulated=self._simulated)
        return self._shown(chart, title)

    @property
    def _simulated(self) -> bool:
        return self.evaluation.simulated

    def _shown(self, chart: Chart, title: str) -> Picture:
        one = self.evaluation
        told = (
            f"{one.name} against {one.benchmark}, "
            f"{count(one.judgement.n_trades, 'completed trade')}"
        )
        if len(one.trades):
            first, last = one.trades["entry_session"].min(), one.trades["exit_session"].max()
            told += f", {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        if one.simulated:
            prices = "SIMULATED prices"
        else:
            prices = one.source or "own prices"
        return standing_alone(chart, title, [told], prices)


def trade_plots(evaluation: Any) -> TradePlots:
    """What `evaluation.plot` is."""
    return TradePlots(evaluation)
