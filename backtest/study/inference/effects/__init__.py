"""Average effects of groups, days and paths, with intervals, and their differences."""
