"""Regressions of abnormal returns by a formula: what it may say, its design, its estimates."""

from __future__ import annotations

from backtest.study.check.formula.estimates import Regression, regression

__all__ = ["Regression", "regression"]
