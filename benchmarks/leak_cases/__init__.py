"""Real data, clean splits of it, and leaks planted in it."""
