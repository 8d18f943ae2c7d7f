"""Who is a member, which sources are live, and what staff hide: what no door shows."""
