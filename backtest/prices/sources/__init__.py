"""Where prices come from: files of the user's own, vendors over the network."""
