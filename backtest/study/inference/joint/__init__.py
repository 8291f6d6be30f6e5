"""Several windows, benchmarks or events judged together."""
