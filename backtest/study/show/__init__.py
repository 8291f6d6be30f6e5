"""A result in words and plain tables: summary, tidy frames, what a study would do."""
