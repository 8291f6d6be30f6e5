"""One announcement: who announced what to whom, when, for how much, and how we know."""
