"""Factor returns of the Ken French library: files, the store, the sample."""
