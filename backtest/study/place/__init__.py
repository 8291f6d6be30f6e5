"""Everything settled before the first regression: events on rows, windows, peers, panels."""
