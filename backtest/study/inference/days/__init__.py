"""Single days of the events: what tests that rank, count or shift them start from."""
