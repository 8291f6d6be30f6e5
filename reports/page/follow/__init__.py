"""What the page's control shows instead: every number of the page under every model, benchmark, window and group."""
