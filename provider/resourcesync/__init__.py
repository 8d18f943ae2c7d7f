"""ResourceSync 1.1 (ANSI/NISO Z39.99-2017): lists by which others keep a copy of all records.

A resource is the MARCXML of one record at an address of its own. Lists are made when asked for,
out of what the catalogue knows of each item's last change: nothing of them is stored.
"""
