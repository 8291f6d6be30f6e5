"""Files of prices: a ticker a file or many, of any vendor's shape."""
