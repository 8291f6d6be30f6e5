"""From announcements to positions: one idea a file, listed here, proven by one contract test."""

from __future__ import annotations

from strategies.base import Strategy
from strategies.drift import Drift

STRATEGIES: dict[str, type[Strategy]] = {
    "drift": Drift,
}

__all__ = ["STRATEGIES", "Drift", "Strategy"]
