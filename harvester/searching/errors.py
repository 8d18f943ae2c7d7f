"""Why a server that is searched could not be harvested, each with what a librarian may do next."""

from __future__ import annotations

from typing import ClassVar

from harvester.errors import HarvestError


class SearchRefused(HarvestError):
    """{url} refused the request ({asked}) with diagnostic {number}: {reason}. {addinfo}"""

    bib1: int = 100
    """The number of the diagnostic in the list of Z39.50, whichever protocol it came by."""


class NoWay(HarvestError):
    """{url} offers no way to all of its records: {tried}. Ask the library for a list of control
    numbers, or for a query that finds everything, and set it: lienthong sources change NAME --query
    QUERY
    """


class WayClosed(HarvestError):
    """{url} cannot be harvested by the way that was set ({way}): {reason}. Leave --way empty to
    have another one found.
    """


class SearchShort(HarvestError):
    """{url} says that it has {total} records and gave {came}. What came is kept, and nothing is
    deleted for what did not. Harvest again; if it stays so, tell the library that runs the server.
    """


class HitsChanged(HarvestError):
    """{url} found {hits} records at first and {now} when the same was asked again, several times
    over. Harvest again at a quieter hour; what came is kept.
    """

    transient: ClassVar[bool] = True


class ResultCapped(HarvestError):
    """{url} says that it found {hits} records and gives no more than {given} of them ({reason}).
    What came is kept, and nothing is deleted for what did not. Ask the library to raise the limit,
    or to offer an index of control numbers or of dates.
    """


class BadQuery(HarvestError):
    """The query of the source cannot be used: {reason}"""

    wrong_use: ClassVar[bool] = True


class NotSearched(HarvestError):
    """A source that is searched has no sets, and is harvested whole or by what changed: leave out
    {what}. To harvest a part of it, set a query: lienthong sources change NAME --query QUERY
    """

    wrong_use: ClassVar[bool] = True


class UnknownSyntax(HarvestError):
    """Records cannot be asked for as {name}. Use one of: {known}"""

    wrong_use: ClassVar[bool] = True


class NothingReadable(HarvestError):
    """{url} gives its records in no form that we can read; asked for: {tried}. Ask the library for
    MARC 21, UNIMARC, MARCXML, MODS or Dublin Core.
    """


class NumberUnknown(HarvestError):
    """{url} finds no record by the number {identifier}. It was perhaps removed, or its numbers
    cannot be searched for.
    """
