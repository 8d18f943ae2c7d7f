"""Files of authorities (names, subjects) read into one shape: MARC 21, SKOS, and tables.

Nothing here keeps more than one entry at a time, and what cannot be read is told with its place.
"""

from crosswalks.authorities.model import Entry, Kind, Name, Read, Related, Relation
from crosswalks.authorities.reading import FORMS, read, sniffed

__all__ = ["FORMS", "Entry", "Kind", "Name", "Read", "Related", "Relation", "read", "sniffed"]
