"""The commands on the catalog."""
