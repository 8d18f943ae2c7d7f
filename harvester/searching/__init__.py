"""Harvesting a server that can only be searched: Z39.50, SRU.

No such protocol lists what changed, or everything there is, so a way to it is found out for each
server (``probing``), kept as its ``recipe``, and gone window by window (``windows``, ``walk``).
What a protocol has to offer for that is a ``model.Target``; nothing here knows which one it is.
"""
