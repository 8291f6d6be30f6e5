"""Files of returns as databases and packages write them: CRSP, Compustat, long and wide panels."""
