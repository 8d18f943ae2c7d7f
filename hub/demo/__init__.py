"""A whole hub to try out: simulated members on this machine, kept apart from any real hub."""
