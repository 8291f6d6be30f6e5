"""The securities of the simulated market.

Rounded parameters of our own, in the manner of the real ones. Betas are to the market and to an
AI-industry factor that is uncorrelated with it; `sigma` is the standard deviation of the security's
own daily shocks; dividends are paid quarterly, as a fraction of the price a year.
"""

from __future__ import annotations

from typing import NamedTuple

START, END = "2023-01-03", "2026-10-30"


class Security(NamedTuple):
    """One simulated security; `listed` is where the real one's prices begin."""

    ticker: str
    market_beta: float
    industry_beta: float
    sigma: float
    dividend_yield: float = 0.0
    listed: str = START


SECURITIES: tuple[Security, ...] = (
    Security("SPY", 1.00, 0.15, 0.0005, 0.012),
    Security("QQQ", 1.15, 0.40, 0.0015, 0.006),
    Security("XLK", 1.20, 0.55, 0.0020, 0.006),
    Security("SMH", 1.30, 1.10, 0.0030, 0.004),
    Security("SOXX", 1.30, 1.05, 0.0035, 0.006),
    Security("IWM", 1.15, 0.05, 0.0050, 0.012),
    Security("META", 1.20, 0.45, 0.016, 0.003),
    Security("MSFT", 1.00, 0.40, 0.010, 0.008),
    Security("GOOGL", 1.10, 0.30, 0.014, 0.004),
    Security("AMZN", 1.20, 0.35, 0.015),
    Security("AAPL", 1.05, 0.15, 0.012, 0.005),
    Security("TSLA", 1.60, 0.30, 0.031),
    Security("NVDA", 1.60, 1.20, 0.020),
    Security("AMD", 1.60, 1.20, 0.025),
    Security("AVGO", 1.40, 1.10, 0.021, 0.012),
    Security("INTC", 1.20, 0.80, 0.026),
    Security("MU", 1.40, 1.20, 0.024, 0.004),
    Security("MRVL", 1.60, 1.30, 0.028, 0.003),
    Security("ARM", 1.70, 1.30, 0.031, 0.0, "2023-09-14"),
    Security("TSM", 1.20, 1.00, 0.015, 0.012),
    Security("ANET", 1.30, 1.00, 0.022),
    Security("DELL", 1.20, 1.10, 0.024, 0.014),
    Security("SMCI", 1.60, 1.60, 0.042),
    Security("ORCL", 1.10, 0.70, 0.020, 0.010),
    Security("VRT", 1.50, 1.40, 0.026, 0.001),
    Security("GEV", 1.10, 1.00, 0.023, 0.002, "2024-03-27"),
    Security("CEG", 0.90, 0.80, 0.023, 0.006),
    Security("VST", 1.00, 1.00, 0.026, 0.006),
    Security("TLN", 0.90, 0.90, 0.025, 0.0, "2023-06-02"),
    Security("BE", 1.70, 1.30, 0.043),
    Security("OWL", 1.40, 0.40, 0.017, 0.035),
    Security("CRWV", 1.90, 2.00, 0.050, 0.0, "2025-03-28"),
    Security("NBIS", 1.70, 1.80, 0.045, 0.0, "2024-10-21"),
    Security("CORZ", 1.50, 1.20, 0.042, 0.0, "2024-01-24"),
    Security("IREN", 1.80, 1.30, 0.050),
    Security("CIFR", 1.80, 1.20, 0.054),
    Security("APLD", 1.80, 1.50, 0.055),
    Security("WULF", 1.80, 1.30, 0.054),
)
