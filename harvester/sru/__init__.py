"""SRU 1.1, 1.2 and 2.0 as a client: servers harvested by searching, and searched live."""
