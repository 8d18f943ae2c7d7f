"""Authorities: lists of headings with what leads to them, taken in as data.

They widen searches, show see-references where headings are listed, and never change a record.
``importing`` takes a list in, ``looking`` shows it, ``widening`` and ``scanning`` serve the search
engine, ``review`` keeps what people say about headings that may name one person.
"""
