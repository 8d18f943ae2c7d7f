"""CQL, the query language of SRU (1.2, and 2.0 by OASIS searchRetrieve 5), to the tree and back.

Indexes, relations and modifiers become Bib-1 attributes by the tables beside this file. What Bib-1
has no word for stays as a modifier. What CQL has no word for is written in the context set
``bib1``, which is the attribute set itself (``urn:oid:1.2.840.10003.3.1``): ``bib1.1007 = x``,
``dc.title =/bib1.position=2 x``; nothing behind the sign takes away an attribute that would be
read otherwise: ``dc.title =/bib1.structure="" "two words"``. So every tree can be written in CQL,
and is read back the same.
"""

from protocols.cql.reading import read
from protocols.cql.writing import write

__all__ = ["read", "write"]
