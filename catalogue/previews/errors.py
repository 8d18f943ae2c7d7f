"""Why a preview cannot be signed, or a source not be published."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NotTriedOut(WrongUse):
    """Source {name} is not being tried out: its records are in the union catalogue already, and
    there is nothing to agree to.
    """


class PreviewOutdated(CatalogueError):
    """The records of {name} have changed since this preview was made: {reason}. Have it made anew,
    look at it, then decide.
    """


class PreviewMissing(CatalogueError):
    """There is no preview of {name} yet. Have it made, look at it, then decide."""


class NothingNamed(WrongUse):
    """Say what is to be mended, so that somebody can do it; up to {most} signs."""


class StageChanged(CatalogueError):
    """Somebody changed the stage of {name}, or what was said of its preview, since you opened this
    page. Nothing was changed now; look at it as it is, then decide again.
    """


class NeedsReason(WrongUse):
    """The library has not agreed to what a preview of {name} shows now. Write down why its records
    are published all the same.
    """


class BelongsToJoining(WrongUse):
    """Source {name} is the test stream of the application {code}: it is published once both sides
    have agreed there.
    """


class SourceHasRecords(WrongUse):
    """Source {name} has brought {count} records to the union catalogue already. Only a source that
    has brought none yet can be tried out first; hide single records under Hidden instead.
    """
