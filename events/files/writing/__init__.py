"""Announcements a person adds.

What was typed, what is asked, what is previewed before it is written.
"""
