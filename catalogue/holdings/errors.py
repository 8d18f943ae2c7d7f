"""What the catalogue refuses of lists of holdings, each with what to do next."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class WouldWithdraw(CatalogueError):
    """The file lacks {withdrawn} of the {rows} rows that list {name} of library {library} has, more
    than {percent} percent. Look whether the file is whole; if it is, give it again with --yes, or
    say so on the page.
    """


class ListTakenOver(CatalogueError):
    """List {name} of library {library} was given again, or removed, while this file was stored.
    That other delivery counts; look at it with: lienthong libraries holdings list
    """


class TooManyRows(CatalogueError):
    """A list may have {most} rows, and this file has more. Part it, by location perhaps, and give
    each part a name of its own.
    """


class NumberOfAnother(WrongUse):
    """{number} is your library's number of another record of the union catalogue, so it is not
    clear which of the two you have. Correct the number, or leave it out.
    """


class CheckedBefore(CatalogueError):
    """List {name} was given again or removed since this file was checked, and nothing was taken in.
    It is checked anew here: look at what it would change now, and take it in then.
    """


class NoSuchHoldingFile(WrongUse):
    """There is no file {number} that waits. It was taken in, thrown away or given again meanwhile;
    see your lists, or give it once more.
    """


class NoSuchHoldingList(WrongUse):
    """Library {library} has no list {name}. See what there is with:
    lienthong libraries holdings list
    """


class BadListName(WrongUse):
    """A list cannot be named {name!r}. Take one to 60 letters, digits, full stops and hyphens; the
    name one-by-one is for what libraries say of single records.
    """
