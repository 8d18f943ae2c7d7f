"""What the figures of a report are called, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.membership.model import Membership
from web.hidden import STANDINGS
from web.language import mark

FIGURES = {
    "records": mark("Records contributed"),
    "added": mark("Records added"),
    "changed": mark("Records changed"),
    "deleted": mark("Records deleted"),
    "clusters": mark("Publications"),
    "unique": mark("Of one library alone"),
    "overlapping": mark("Of several libraries"),
    "avoided": mark("Duplicates avoided"),
    "supplied": mark("Records supplied back"),
}
"""What is counted of libraries, in the order of ``catalogue.reports.model.NUMBERS``."""
BESIDE = {
    "public": mark("Publications that everybody is shown"),
    "waiting": mark("Records that were not placed yet"),
    "taken_others": mark("Records taken by services of no member"),
    "taken_nobody": mark("Records taken without a key"),
    "members": mark("Libraries that are members"),
    "joining": mark("Libraries that are joining"),
    "suspended": mark("Libraries that are suspended"),
    "withdrawn": mark("Libraries that have withdrawn"),
}
"""What is counted of the hub alone."""
NOT_STATED = mark("not stated")
BY_CLOCK = mark("the hub by itself")
"""Who had a report made, where nobody did."""

_FIRST: Mapping[str, str] = {
    "moment": mark(
        "What was added, changed, deleted, supplied and taken is of the period. All else is as it"
        " stood at the moment when the report was made."
    ),
    "records": mark(
        "Records of the library that count when the report is made: not deleted, not hidden, from"
        " a source in use. Those of a library that is no member, or of a source that is being tried"
        " out, do not count."
    ),
    "added": mark(
        "Records that were new in harvests and deliveries that ended in the period, as these"
        " counted them; of the sources now in use, also where the library has left since."
    ),
    "changed": mark("Records that came with another content in these harvests and deliveries."),
    "deleted": mark("Records that were deleted by these harvests and deliveries."),
    "clusters": mark(
        "A publication is what the union shows as one: a cluster of records of one edition. A"
        " library takes part in it by a record of its own, or by a row of its list of holdings."
        " What several libraries of a type, of a region or of all have counts once for these, so"
        " such a figure may be less than the sum of its libraries."
    ),
    "unique": mark("Publications that only one library has."),
    "overlapping": mark(
        "Publications that two or more libraries have; of a type or region: at least one of it."
    ),
    "avoided": mark(
        "Publications of the library of which another library's record came to the hub first, so"
        " that they need not be catalogued anew. In all: for each publication the libraries that"
        " have it, less one."
    ),
    "supplied": mark(
        "Records that services of the library took by OAI-PMH or SRU with a key of their own, each"
        " as often as it was taken. Days are those of UTC, and are known for 800 days. What is"
        " taken by Z39.50 or from the pages is not counted."
    ),
    "public": mark("Publications that the public view shows, as harvesters by OAI-PMH count them."),
    "waiting": mark(
        "Records that came or changed and were in no publication yet when the report was made."
        " Where these are many, make another report later."
    ),
    "taken_others": mark("Records that services with a key took which work for no member."),
    "taken_nobody": mark("Records that were taken by OAI-PMH or SRU without a key."),
}
DEFINITIONS = {1: _FIRST}
"""What figures mean, by the version that a report names. What a version says is never changed."""
MOMENT = mark("The period and the moment")


def of_member(standing: str) -> str:
    """Return how a library stands, to be translated."""
    return STANDINGS[Membership(standing)]


def called(figure: str) -> str:
    """Return what a figure, or what is said of all of them, is called; to be translated."""
    return {**FIGURES, **BESIDE, "moment": MOMENT}[figure]
