"""What the page's control shows instead.

Every number of the page under every model, benchmark, window and group.
"""
