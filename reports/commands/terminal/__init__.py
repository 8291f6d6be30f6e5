"""What a run says on the terminal while it works and when it is done."""
