"""Tests by a t or normal distribution of CARs or SCARs."""
