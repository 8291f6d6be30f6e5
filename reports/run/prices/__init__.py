"""The prices of a run: factors, returns taken, what is odd about them."""
