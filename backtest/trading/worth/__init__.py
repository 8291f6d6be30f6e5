"""What trades are worth: honest numbers for few trades, and what is left of the best of many."""
