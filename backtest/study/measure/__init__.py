"""Abnormal returns, their sums over windows, and the flags on them."""
