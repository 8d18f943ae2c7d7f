"""What is refused while one source takes over from another."""

from __future__ import annotations

from typing import ClassVar

from catalogue.errors import CatalogueError, WrongUse


class StillWaiting(WrongUse):
    """Records of {new} still wait for it to take over from {old}. Let it with: lienthong sources
    succeed {old} {new} --apply; or make them records like any others with --cancel.
    """


class SourceSucceeded(CatalogueError):
    """Source {name} is harvested no more: {successor} has taken over from it. Harvest that one:
    lienthong harvest {successor}
    """

    wrong_use: ClassVar[bool] = True


class AlreadyApplied(WrongUse):
    """Source {new} has begun to take over from {old}, and that cannot be called off. Finish it
    with: lienthong sources succeed {old} {new} --apply
    """


class NothingApplied(WrongUse):
    """Source {new} has not taken over from {old} yet, so nobody knows which records are missing.
    Let it first: lienthong sources succeed {old} {new} --apply
    """


class SuccessionBusy(CatalogueError):
    """Another process works on {old} or {new}: a harvest perhaps, or the same command. Wait until
    it has ended: lienthong runs list
    """
