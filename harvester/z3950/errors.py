"""What can go wrong with a Z39.50 server, each with what a librarian may do next."""

from __future__ import annotations

from typing import ClassVar

from crosswalks.errors import Said
from harvester.errors import HarvestError
from harvester.searching.errors import SearchRefused
from protocols.diagnostics import BIB1
from protocols.z3950.diagnosing import Diagnosed


class TargetFailed(HarvestError):
    """The Z39.50 server {url} could not be used: {reason}"""


class BadTargetUrl(TargetFailed):
    """{url} is not the address of a Z39.50 database: {reason}. Write it as
    z3950://host:port/database, without a password in it.
    """

    wrong_use: ClassVar[bool] = True


class TargetUnreachable(TargetFailed):
    """{url} cannot be reached: {reason}. Check host and port; if they are right, tell the library
    that runs the server, and ask whether it lets in the address of this hub.
    """

    transient: ClassVar[bool] = True


class TargetSilent(TargetFailed):
    """{url} did not answer within {seconds} seconds ({asked}). Try again at a quieter hour, or give
    it longer: lienthong sources change NAME --read-timeout SECONDS
    """

    transient: ClassVar[bool] = True


class TargetHungUp(TargetFailed):
    """{url} broke off the connection ({asked}). Try again; if it stays, tell the library that runs
    the server.
    """

    transient: ClassVar[bool] = True


class TargetClosed(TargetFailed):
    """{url} ended the session ({asked}): {reason} {text}"""

    transient: ClassVar[bool] = True


class TargetTurnedAway(TargetFailed):
    """{url} does not let us in: {text}. Ask the library for a user name and password, keep them
    with: lienthong sources credentials set NAME, and name them for the source: lienthong sources
    change SOURCE --credentials NAME
    """


class TargetGarbled(TargetFailed):
    """What {url} answers is not Z39.50 ({asked}): {reason} Check its address and port; if they are
    right, tell the library that runs the server.
    """


class TargetRefused(SearchRefused):
    """{url} refused the request ({asked}) with diagnostic {number}: {reason}. {addinfo}"""

    def __init__(self, *, url: str, asked: str, said: Diagnosed) -> None:
        self.said = said
        self.bib1 = said.condition
        known = BIB1.get(said.condition)
        super().__init__(
            url=url,
            asked=asked,
            number=said.condition,
            reason=Said(known.english, {}) if known else "?",
            addinfo=said.addinfo,
        )


class TargetGaveNothing(TargetFailed):
    """{url} found {hits} records and gave none from number {position} on, without a reason. Tell
    the library that runs the server.
    """

    transient: ClassVar[bool] = True
