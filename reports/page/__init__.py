"""The HTML page: sections, templates, the script."""
