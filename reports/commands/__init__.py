"""The commands, one a file; `reports.cli` imports them when they run."""
