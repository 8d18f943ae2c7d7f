"""What the giving side refuses, whatever the protocol."""

from __future__ import annotations

from crosswalks.errors import Error
from protocols.errors import QueryError


class ProviderError(Error):
    """The hub could not answer this: {reason}"""


class NotYetHere(ProviderError):
    """This copy of the catalogue is behind the list being read. Ask again in a few seconds."""


class NoSuchDatabase(QueryError):
    """There is no database {addinfo}. Use union, or the code of a library."""

    bib1, sru = 109, 235


class WorkersFailed(ProviderError):
    """The processes of the Z39.50 server could not be started; what stands above says why. Set
    [z3950] processes to 1 to do without them, or start with --no-z3950.
    """


class KeyUnknown(ProviderError):
    """This key is not known here, or was taken back. Ask those who run the catalogue for another;
    without any key the public part is open.
    """


class TooOften(ProviderError):
    """That was more requests a minute than are answered. Ask again in {seconds} seconds."""


class NotAnAnswer(ProviderError):
    """What the server answered cannot be understood ({reason}). Tell the library that runs it."""


class OutOfTime(ProviderError):
    """{target} was not through within {seconds} seconds. Give it longer, or ask it alone."""


class TargetBusy(ProviderError):
    """{target} was not asked: others are asking it just now, or it is left alone at this hour. Try
    again later.
    """
