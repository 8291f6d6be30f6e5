"""Sections about the study itself: what went in, how it was measured, how to make it again."""
