"""What can be wrong with an application to join."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NoSuchApplication(WrongUse):
    """No library has applied with the code {code}. See who has with: lienthong joining list"""


class ApplicationTaken(WrongUse):
    """There is an application with the code {code} already. Look at it with: lienthong joining
    show {code}
    """


class ApplicationChanged(WrongUse):
    """Somebody changed the application of {code} since you opened it. Nothing was changed now; look
    at it as it is, then decide again.
    """


class CannotMove(WrongUse):
    """The application of {code} is in state {state} and cannot go to {wanted}. From there it can go
    to: {allowed}
    """


class NothingToSign(CatalogueError):
    """There is nothing to agree to yet for {code}: its last technical check is not finished, or
    found something that has to be mended. Check again first: lienthong joining check {code}
    """


class OtherCheck(CatalogueError):
    """What was to be agreed to has changed for {code}: there is a newer technical check. Look at
    its report, then decide again.
    """


class NoStream(WrongUse):
    """The application of {code} has no source to check yet. Name its address: lienthong joining
    check {code} --url ADDRESS
    """


class CheckUnderWay(CatalogueError):
    """The endpoint of {code} is being checked just now. Look at the report in a few minutes."""


class LibraryHasLeft(WrongUse):
    """The library {code} is {standing}. Restore it first, then let it join again."""


class SourceIsLive(WrongUse):
    """The source {name} is harvested for the catalogue already. A test stream needs a source of its
    own: give another name with --source
    """


class SourceElsewhere(WrongUse):
    """The source {name} is of the library {library}, not of {code}. Choose another name."""


class LinkNeedsState(WrongUse):
    """The application of {code} is over ({state}): it has no link any more. Begin it again first:
    lienthong joining move {code} asked
    """
