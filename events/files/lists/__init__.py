"""A researcher's own event list, of any format: read raw, understood column by column."""
