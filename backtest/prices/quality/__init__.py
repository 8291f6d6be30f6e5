"""What is odd about prices: found and named, never mended."""
