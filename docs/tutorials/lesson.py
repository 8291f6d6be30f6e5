# %% [markdown]
# # A class in a notebook
#
# An event study by hand, and the same from the package: the numbers agree to the last digits.
# Everything is **simulated**.

# %%
import numpy as np
import pandas as pd

import reactions as rx

random = np.random.default_rng(3)
days = pd.bdate_range("2024-01-02", periods=400)
market = pd.Series(random.normal(0.0005, 0.01, 400), days)
share = 0.0002 + 1.2 * market + random.normal(0, 0.015, 400)
share.iloc[320] += 0.05  # the news
panel = pd.DataFrame({"market": market, "share": share})

# %% [markdown]
# **By hand.** A market model on days -260 to -11, an abnormal return on day 0, and its forecast
# error.

# %%
at = 320
window = slice(at - 260, at - 10)
x = np.column_stack([np.ones(250), market.iloc[window]])
b, residuals, *_ = np.linalg.lstsq(x, share.iloc[window], rcond=None)
abnormal = share.iloc[at] - (b[0] + b[1] * market.iloc[at])
sigma2 = residuals[0] / 248
here = np.array([1.0, market.iloc[at]])
error = np.sqrt(sigma2 * (1 + here @ np.linalg.inv(x.T @ x) @ here))
print(f"abnormal return {abnormal:.6f}, error {error:.6f}, t {abnormal / error:.4f}")

# %%
event = pd.DataFrame({"event_id": ["news"], "ticker": ["share"], "event_session": [days[at]]})
result = rx.EventStudy(rx.MarketModel("market")).fit(event, rx.Returns.from_frame(panel))
row = result.windows.query("window == '1-day'").iloc[0]
print(f"abnormal return {row['car']:.6f}, error {row['car_se']:.6f}, t {row['t']:.4f}")
assert np.isclose(row["car"], abnormal)
assert np.isclose(row["car_se"], error)

# %% [markdown]
# **Why dependence matters.** Twenty shares of one industry, one date, no effect at all: a test that
# takes them as independent rejects far too often.

# %%
naive, exact = [], []
for seed in range(60):
    draw = np.random.default_rng(seed)
    m, industry = draw.normal(0, 0.01, 320), draw.normal(0, 0.008, 320)
    many = pd.DataFrame(
        {f"s{i}": m + industry + draw.normal(0, 0.012, 320) for i in range(20)}, days[:320]
    )
    many["market"] = m
    same = pd.DataFrame({"event_id": [f"e{i}" for i in range(20)], "ticker": many.columns[:20],
                         "event_session": days[300]})  # fmt: skip
    tests = (
        rx.EventStudy(rx.MarketModel("market"), windows={"day": rx.Window(0, 0)})
        .fit(same, rx.Returns.from_frame(many))
        .tests()
        .set_index("test")["pvalue"]
    )
    naive.append(tests["bmp_t"] < 0.05)
    exact.append(tests[rx.HEADLINE_TEST] < 0.05)
print(
    f"rejected without an effect: bmp_t {np.mean(naive):.0%}, "
    f"{rx.HEADLINE_TEST} {np.mean(exact):.0%}"
)
