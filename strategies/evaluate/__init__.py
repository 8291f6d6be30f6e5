"""A strategy's orders judged: placebo, bridge, sweeps, walk-forward."""
