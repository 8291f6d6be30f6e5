"""What the press said a price did, recomputed."""
