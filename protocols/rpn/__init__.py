"""The one query tree that PQF, CQL and Type-1 queries of Z39.50 are read into."""
