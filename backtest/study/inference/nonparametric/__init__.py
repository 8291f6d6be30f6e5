"""Tests by ranks, signs and shifts of the whole catalog."""
