"""From an experiment to findings: studied, traded, recorded, verified."""
