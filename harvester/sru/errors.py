"""What can go wrong with an SRU server, each with what a librarian may do next."""

from __future__ import annotations

from typing import ClassVar

from harvester.errors import HarvestError
from harvester.searching.errors import SearchRefused

_BIB1 = {
    # SRU's number (info:srw/diagnostic/1/) -> that of Bib-1 which says the same of a result.
    4: 108,
    10: 108,
    12: 12,
    16: 114,
    48: 3,
    50: 27,
    51: 30,
    52: 2,
    60: 12,
    61: 13,
    64: 14,
    65: 14,
    66: 227,
    67: 238,
    72: 239,
}


class SruFailed(HarvestError):
    """The SRU server {url} could not be used: {reason}"""


class SruBusy(SruFailed):
    """{url} is busy or out of order (HTTP status {status}). Try again at a quieter hour."""

    transient: ClassVar[bool] = True


class SruGarbled(SruFailed):
    """What {url} answers is not SRU (HTTP status {status}): {reason} Check its address in a
    browser, with ?operation=explain&version=1.2 behind it; if it is right, tell the library that
    runs the server.
    """


class SruMoved(SruFailed):
    """{url} found {hits} records at first and {now} while they were fetched."""

    transient: ClassVar[bool] = True


class SruGaveNothing(SruFailed):
    """{url} found {hits} records and gave none from number {position} on, without a reason. Tell
    the library that runs its SRU server.
    """

    transient: ClassVar[bool] = True


class SruRefused(SearchRefused):
    """{url} refused the request ({asked}) with SRU diagnostic {number}: {reason}. {addinfo}"""

    def __init__(self, *, url: str, asked: str, number: int, reason: str, addinfo: str) -> None:
        self.number = number
        self.bib1 = _BIB1.get(number, 100)
        super().__init__(url=url, asked=asked, number=number, reason=reason or "?", addinfo=addinfo)
