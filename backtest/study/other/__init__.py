"""Other questions put to a result: outcomes that are no returns, other conventions, holding periods."""
