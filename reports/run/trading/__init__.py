"""The trading of a run."""
