"""Which diagnostic means which: libyaz and we agree, or it is said here why not."""

from __future__ import annotations

import pytest

from protocols import diagnostics
from support.yaz_reading import libyaz_is_there, readings

SYSTEM = 1
"""What libyaz answers where it knows no equal, the error of the system in both lists."""
TO_BIB1 = {
    3: "Access was refused (101); 23 is about databases.",
    12: "Bib-1 has a number for too long a query (11); 5 is about words.",
    17: "The index is what is not supported (114).",
    22: "Attributes that do not go together (123); no structure was asked for.",
    25: "It is the term that cannot be read (125).",
    26: "As 25.",
    27: "As 25.",
    32: "A place in the field that is not supported (119); 8 is about subfields.",
    43: "The order of nearness (203); 130 is about result sets.",
    45: "Bib-1 has nothing like it: a query in Bib-1 has no prefixes.",
    51: "There is no such result set (30); 27 says that it was there.",
    52: "The result set is in use (28); 21 says that it may not be replaced.",
    64: "The record is locked (1026).",
    65: "The record is gone (1028).",
    66: "The schema is not known (1066).",
    69: "The user may not have it in this form (1070).",
    70: "Larger than any message may be (17): nothing will make it come.",
    80: "No order at all can be had (207); 209 says that one can.",
    82: "The order is not supported (207).",
    89: "Bib-1 knows no paths.",
}
TO_SRU = {
    10: "A term of the wrong form (36); the query can be read.",
    23: "No database stands for several (235); 3 is about signing in.",
    105: "The client ended it itself: no error of ours in SRU.",
    106: "The record does not exist in the form asked for (67).",
    112: "It is not said that any result was made.",
    113: "A feature that is not supported (48); the query can be read.",
    115: "The term does not fit the index (36).",
    122: "The relation does not go with the index (22); 32 is about the ^.",
    130: "Nearness is not supported (39), of sets at least.",
    207: "The order is not supported (82).",
    210: "This kind of sorting (81), not sorting as such.",
    217: "The record is too large (70).",
    227: "The record does not exist in this form (67).",
    231: "SRU has the very same (86).",
    244: "SRU has no such request.",
    245: "Result sets (50).",
    246: "A feature that is not supported (48).",
    247: "The attribute set (15).",
    1024: "Which type of attribute it is, is not said (48).",
    1025: "An operation that is not supported (4).",
}


@pytest.fixture(scope="module", autouse=True)
def _yaz():
    if not libyaz_is_there():
        pytest.skip("libyaz is not installed: on Debian, apt install libyaz-dev")


def theirs(towards: str, numbers: list[int]) -> dict[int, int]:
    found = readings([("diagnostics", f"{towards} {number}") for number in numbers])
    return {n: each for n, each in zip(numbers, found, strict=True) if each != SYSTEM}


def test_libyaz_finds_the_same_bib_1_number_or_we_say_why_not():
    found = theirs("srw_to_bib1", [*diagnostics.SRU])

    assert {n for n, each in found.items() if diagnostics.bib1_for(n) != each} == TO_BIB1.keys()


def test_libyaz_finds_the_same_sru_number_or_we_say_why_not():
    found = theirs("bib1_to_srw", [*diagnostics.BIB1])

    assert {n for n, each in found.items() if diagnostics.sru_for(n) != each} == TO_SRU.keys()
