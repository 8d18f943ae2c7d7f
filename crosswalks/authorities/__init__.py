"""Files of authorities (names, subjects) read into one shape: MARC 21, SKOS, and tables.

Nothing here keeps more than one entry at a time, and what cannot be read is told with its place.
"""
