"""Announcements a person adds: what was typed, what is asked, what is previewed before it is written."""
