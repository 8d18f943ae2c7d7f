"""PQF, the Prefix Query Format that Z39.50 tools write Type-1 queries in, to the tree and back.

It is defined by nothing but YAZ; where we read a query otherwise than YAZ does,
``tests/protocols/test_pqf_peer.py`` says why.
"""

from protocols.pqf.reading import read
from protocols.pqf.writing import write

__all__ = ["read", "write"]
