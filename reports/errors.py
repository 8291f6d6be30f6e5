"""What can be wrong with an experiment file or an output folder."""

from __future__ import annotations

from events.errors import ReactionsError


class ExperimentError(ReactionsError):
    """The experiment file cannot be read or asks for something impossible."""


class OutputError(ReactionsError):
    """The page or the tables cannot be written, or a run in a folder cannot be read back."""
