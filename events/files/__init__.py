"""Announcements in files: TOML and tables, read, checked, written."""
