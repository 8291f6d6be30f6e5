# %% [markdown]
# # A strategy, walked forward
#
# A rule of one's own, searched over its settings, and then judged on what came after each choice.
# Prices are **simulated**: suppliers drift in them, so there is something to find.

# %%
from dataclasses import dataclass

import pandas as pd

import reactions as rx
from backtest.trading import Order

catalog, prices = rx.Catalog.bundled(), rx.Prices.sample()
events = rx.tradable_events(catalog, prices)
events[["event_id", "ticker", "roles", "event_session", "tradable_open"]].head()


# %% [markdown]
# A strategy is a frozen dataclass; its fields are what a search may vary. For the open of a session
# it may use what was known before that open, and it is shown the past alone at several moments to
# prove it.


# %%
@dataclass(frozen=True)
class Suppliers:
    """Buy the supplier at the first open after the news, if it rose over the month before.

    It is held for `hold` sessions.
    """

    hold: int = 10
    only_rising: bool = True

    name = "suppliers"

    def orders(self, events: pd.DataFrame, prices: rx.Prices) -> tuple[Order, ...]:
        """Entry at the first tradable open, exit at a close."""
        out = []
        usable = events[events["roles"].str.contains("supplier") & events["tradable_open"].notna()]
        for event in rx.rows(usable):
            if event.ticker not in prices.tickers:
                continue
            past = prices.adjusted[event.ticker].loc[: event.tradable_open].iloc[:-1].tail(21)
            if len(past) < 21 or (self.only_rising and past.iloc[-1] < past.iloc[0]):
                continue
            ahead = prices.sessions[prices.sessions >= event.tradable_open]
            out.append(Order(event.event_id, event.ticker, ahead[0], "open", 1.0))
            if len(ahead) >= self.hold:
                out.append(Order(event.event_id, event.ticker, ahead[self.hold - 1], "close", 0.0))
        return tuple(out)


one = rx.evaluate(Suppliers(), events, prices)
one

# %%
one.plot.equity()

# %% [markdown]
# Six variants. The adjusted p-values are over all of them, and `best_p` says how often the best of
# six worthless rules would do as well.

# %%
found = rx.search(Suppliers, {"hold": [2, 5, 10], "only_rising": [True, False]}, events, prices)
print(found)
found.table

# %%
walked = rx.walk_forward(found, events, prices, splits=3)
print(walked)
walked.table[
    ["fold", "test_from", "chosen", "n_train", "n_embargoed", "train_mean", "n_test", "test_mean"]
]

# %%
placebo = rx.matched_shifts(Suppliers(), events, prices, shifts=range(25, 75))
one.plot.placebo(placebo)

# %%
one.plot.bridge(rx.bridge(one, events, prices))
