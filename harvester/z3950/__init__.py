"""Z39.50 from the side of the client: a session with one server, and what a harvest makes of it."""
