"""What can be wrong with lists of authorities."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NoSuchAuthorityList(WrongUse):
    """There is no list of authorities {code}. See all with: lienthong authorities list"""


class NoSuchAuthority(WrongUse):
    """List {code} has no heading with the number {number}. Look for it with:
    lienthong authorities find WORDS
    """


class BadListCode(WrongUse):
    """“{code}” is no code of a list. Write up to 20 small letters, digits and hyphens, as in MARC
    $2: bkt
    """


class UnknownAuthorityFile(WrongUse):
    """The file is in no form that authorities are read in. It can be one of: {forms}. A table needs
    a first line with the names of its columns, one of them “heading”, and tabs between them
    """


class NothingInList(WrongUse):
    """There is no heading in the file that can be taken in, and nothing was changed; {problems}
    records of it cannot be read. See that it is the right file, and say its form with: --format
    """


class ListWouldShrink(WrongUse):
    """List {code} has {before} headings, and {removed} of them are not in the file; nothing was
    changed. If it really is the whole list, take it in with: --yes
    """


class ImportOvertaken(CatalogueError):
    """Another import of list {code} was begun while this one ran; nothing of this one counts. Take
    the file in again
    """


class SameAuthority(WrongUse):
    """These are one and the same heading. Choose two that may name the same person or thing"""


class NoSuchAnswer(WrongUse):
    """There is no answer {number}, or it was taken back before. See all with:
    lienthong authorities answers
    """
