"""Sections about all events together."""
