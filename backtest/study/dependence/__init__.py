"""How events depend on each other: correlation of securities, shared days."""
