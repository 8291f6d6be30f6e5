"""An agent's door: a server of the Model Context Protocol over the same runs as the commands."""
