"""A simulated market whose true abnormal returns are known."""
