"""Findings made readable: the page, the tables beside it, the command line."""
