"""Time: sessions of an exchange, and where an announcement falls on them."""
