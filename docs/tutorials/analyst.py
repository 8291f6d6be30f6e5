# %% [markdown]
# # From an announcement to a slide
#
# Monday morning: did CoreWeave react to Meta's second order, and how sure is that? Prices here are
# **simulated**; put `rx.Prices.read("prices/")` or `rx.Prices.yahoo([...])` in their place.

# %%
import reactions as rx

catalog, prices = rx.Catalog.bundled(), rx.Prices.sample()
deal = catalog["2026-04-09-meta-coreweave-21bn"]
print(deal.headline, deal.announced_at, deal.timing, sep="\n")

# %%
result = rx.EventStudy(rx.MarketModel("SPY")).fit(catalog, prices)
own = result.windows.query("event_id == @deal.id and ticker == 'CRWV'")
own[["window", "start", "end", "raw_return", "car", "pvalue", "mde80", "flags"]]

# %% [markdown]
# `mde80` is the smallest move that would have been found: a p-value above 0.05 is "not shown", not
# "no effect". What the flags mean:

# %%
for flag in sorted(rx.flags_in(own["flags"].iloc[0])):
    print(f"{flag}: {flag.meaning}")

# %%
picture = result.plot.event(deal.id, "CRWV", title="CoreWeave after Meta's $21bn order (simulated)")
picture

# %% [markdown]
# `picture.savefig("slide.svg")` is the slide. One deal is one draw; on average, as a supplier:

# %%
suppliers = rx.EventStudy(rx.MarketModel("SPY")).fit(catalog.filter(roles=["supplier"]), prices)
suppliers.summary()
