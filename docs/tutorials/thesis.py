# %% [markdown]
# # A thesis with groups
#
# Merger announcements by payment: do acquirers who pay in shares fare worse? The panel here is
# **simulated**, with the identifiers of CRSP (PERMNO); yours is read by
# `rx.Catalog.read("deals.xlsx")` and `rx.Returns.from_frame(panel)`.

# %%
from typing import Any

import numpy as np
import pandas as pd

import reactions as rx
from backtest.study.check.groups import differences

random = np.random.default_rng(11)
days = pd.bdate_range("2021-01-04", periods=900)
market = random.normal(0.0004, 0.01, len(days))
permnos = [str(10001 + i) for i in range(80)]
noise = random.normal(0, 0.018, (len(days), 80))
panel = pd.DataFrame(market[:, None] * random.uniform(0.6, 1.4, 80) + noise, days, permnos)
panel["market"] = market

# %% [markdown]
# Eighty deals. Those paid in shares lose 2% on the day, which is what we hope to find. A security
# and a date would be enough; the further columns are attributes to group by and to regress on.

# %%
dates = days[random.integers(400, 860, 80)]
deals = pd.DataFrame({
    "event_id": [f"deal-{i}" for i in range(80)], "ticker": permnos, "event_session": dates,
    "method": random.choice(["cash", "shares"], 80), "value_usd": np.exp(random.normal(20, 1, 80)),
    "sic": random.choice(["28", "35", "73"], 80),
})  # fmt: skip
deal: Any
for deal in deals[deals["method"] == "shares"].itertuples():
    panel.loc[deal.event_session, deal.ticker] -= 0.02

# %%
study = rx.EventStudy(
    rx.MarketModel("market"), windows={"day": rx.Window(0, 0), "week": rx.Window(-1, 3)}
)
print(study.explain())

# %%
result = study.fit(deals, rx.Returns.from_frame(panel))
print(result.summary("method"))

# %% [markdown]
# The difference between the groups has a test of its own, with shared dates in it. Two separate
# p-values would not say whether the groups differ.

# %%
table = differences(result, "method")
table[
    [
        "group_value",
        "window",
        "n_events",
        "n_others",
        "mean_car",
        "difference",
        "low",
        "high",
        "pvalue",
    ]
]

# %%
result.plot.forest("method", "day")

# %% [markdown]
# For the thesis: `result.summary("method").as_latex()`, or a table package on the result itself.

# %%
print(result.summary("method").as_latex()[:400])
