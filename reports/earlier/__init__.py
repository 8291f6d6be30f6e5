"""Earlier runs: read back, compared, run again, and what has come due since."""
