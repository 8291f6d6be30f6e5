# %% [markdown]
# # Gallery
#
# Every picture with the line that makes it. Prices are **simulated** and say so; `title=` replaces
# a title, `.savefig` keeps a picture.

# %%
import reactions as rx

catalog, prices = rx.Catalog.bundled(), rx.Prices.sample()
result = rx.EventStudy(rx.MarketModel("SPY")).fit(catalog, prices)
events = rx.tradable_events(catalog, prices)
drift = rx.evaluate(rx.STRATEGIES["drift"](), events, prices)
print(result)

# %% [markdown]
# ## 1. The average path of all events

# %%
result.plot.caar()

# %% [markdown]
# ## 2. By ticker

# %%
result.plot.caar("ticker")

# %% [markdown]
# ## 3. By role in the announcement

# %%
result.plot.caar("role")

# %% [markdown]
# ## 4. By kind of announcement

# %%
result.plot.caar("kind")

# %% [markdown]
# ## 5. Every window at once

# %%
result.plot.windows()

# %% [markdown]
# ## 6. Means by ticker, first window

# %%
result.plot.forest()

# %% [markdown]
# ## 7. Means by ticker, five days

# %%
result.plot.forest("ticker", "5-day")

# %% [markdown]
# ## 8. Means by role, a month

# %%
result.plot.forest("role", "1-month")

# %% [markdown]
# ## 9. Means by kind

# %%
result.plot.forest("kind", "5-day")

# %% [markdown]
# ## 10. Every move of a day against chance

# %%
result.plot.strip()

# %% [markdown]
# ## 11. Every move of five days

# %%
result.plot.strip("5-day")

# %% [markdown]
# ## 12. The run-up before the news

# %%
result.plot.strip("run-up")

# %% [markdown]
# ## 13. The largest moves, event by event

# %%
result.plot.events()

# %% [markdown]
# ## 14. One announcement, all its parties

# %%
result.plot.event("2026-04-09-meta-coreweave-21bn")

# %% [markdown]
# ## 15. One announcement, one share

# %%
result.plot.event("2025-09-30-meta-coreweave-14p2bn", "CRWV")

# %% [markdown]
# ## 16. Suppliers alone

# %%
rx.EventStudy(rx.MarketModel("SPY")).fit(catalog.filter(roles=["supplier"]), prices).plot.caar()

# %% [markdown]
# ## 17. Another benchmark

# %%
rx.EventStudy(rx.MarketModel("SOXX")).fit(catalog, prices).plot.windows()

# %% [markdown]
# ## 18. The market-adjusted model

# %%
rx.EventStudy(rx.MarketAdjusted("SPY")).fit(catalog, prices).plot.windows()

# %% [markdown]
# ## 19. Windows of one's own

# %%
rx.EventStudy(
    rx.MarketModel("SPY"), windows={"three days": rx.Window(-1, 1), "two weeks": rx.Window(0, 9)}
).fit(catalog, prices).plot.windows()

# %% [markdown]
# ## 20. The average under every choice

# %%
result.plot.specifications(catalog, prices, rx.Choices(benchmarks=("SPY", "QQQ")))

# %% [markdown]
# ## 21. A strategy's account

# %%
drift.plot.equity()

# %% [markdown]
# ## 22. Every trade

# %%
drift.plot.trades()

# %% [markdown]
# ## 23. Where luck would have put it

# %%
drift.plot.placebo(
    rx.matched_shifts(rx.STRATEGIES["drift"](), events, prices, shifts=range(25, 75))
)

# %% [markdown]
# ## 24. From abnormal return to profit

# %%
drift.plot.bridge(rx.bridge(drift, events, prices))
