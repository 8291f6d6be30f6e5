"""Checked panels of daily prices and of returns, on one calendar or several."""
