"""Other questions put to a result.

Outcomes that are no returns, other conventions, holding periods.
"""
