"""Charts as plain data: built here, drawn in the page by plotly.js or into files by matplotlib."""
