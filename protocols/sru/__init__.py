"""SRU 1.1, 1.2 and 2.0 (OASIS searchRetrieve) on the wire: parameters read, answers written.

``parameters`` reads a request whatever its version, ``model`` holds what is answered, ``writing``
and ``explaining`` make the XML of each version of it. The queries are in ``protocols.cql``.
"""
