"""What a researcher asks for: the TOML of an experiment, and its errors."""

from __future__ import annotations

from reports.experiment.plan import Experiment

__all__ = ["Experiment"]
