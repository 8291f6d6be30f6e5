"""Counterfactuals from many donors.

What a security would have done, learnt from securities without the news.
"""

from __future__ import annotations

from backtest.study.donors.model import METHODS, FromDonors

__all__ = ["METHODS", "FromDonors"]
