"""Strategies, a user's own included, asked for their orders; none of them believed unseen."""
