"""Pulls records out of other people's servers, one module per protocol.

Promises that a page is either whole or an error that says where it broke, that no server can
make the hub wait or store without limit, and that no address typed in by a person leads into the
hub's own network unless that network was named.
"""
