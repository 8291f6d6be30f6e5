# %% [markdown]
# # One date, many shares
#
# A rate decision on one day and fifty shares: fifty rows, but one date, so not fifty independent
# events. **Simulated.**

# %%
import numpy as np
import pandas as pd

import reactions as rx

random = np.random.default_rng(9)
days = pd.bdate_range("2024-01-02", periods=400)
market = random.normal(0.0003, 0.01, 400)
banks, builders = random.normal(0, 0.006, 400), random.normal(0, 0.006, 400)
panel = pd.DataFrame({"market": market}, days)
for i in range(50):
    group = banks if i < 25 else builders
    panel[f"{'BANK' if i < 25 else 'HOME'}{i}"] = market + group + random.normal(0, 0.012, 400)
decision = 340
panel.iloc[decision, 1:26] += 0.015  # banks gain
panel.iloc[decision, 26:] -= 0.010  # builders lose

# %%
tickers = [name for name in panel if name != "market"]
events = pd.DataFrame({
    "event_id": [f"decision-{name}" for name in tickers], "ticker": tickers,
    "event_session": days[decision], "industry": [str(name)[:4] for name in tickers],
})  # fmt: skip
result = rx.EventStudy(
    rx.MarketModel("market"), windows={"day": rx.Window(0, 0), "week": rx.Window(0, 4)}
).fit(events, rx.Returns.from_frame(panel))
print(result.summary("industry"))

# %% [markdown]
# `n eff` is the number of independent events the fifty are worth: a common date and industry leave
# few.

# %%
result.averages("industry")[
    ["group_value", "window", "n_events", "n_eff", "weighted_mean", "low", "high", "pvalue"]
]

# %%
result.plot.strip("day")

# %%
result.plot.caar("industry")
