"""MARC 21 to MODS against the Library of Congress' stylesheet, leaf by leaf.

A leaf is a path with attributes and a text, both without the punctuation of ISBD, which they keep
in names and we do not. Who converted the record (recordOrigin) is left aside.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from crosswalks.crosswalk import from_pivot
from crosswalks.formats import marcxml, mods
from crosswalks.model import Element, Record, Schema
from crosswalks.text import nfc

DIFFERENCES = {
    r"/originInfo\[altRepGroup.*/(placeTerm|issuance|dateIssued)": (
        "theirs repeats what is coded with each statement in a script, ours tells it once"
    ),
    r"/originInfo/(place/placeTerm\[.*type=code\]|issuance)": "the same, from the other side",
    r"/originInfo/dateIssued\[encoding=marc\]": (
        "theirs leaves the coded date out where the imprint has the same: ours can be relied upon"
    ),
    r"/originInfo/edition": "theirs leaves 250 $b out",
    r"/originInfo/frequency": "theirs leaves the code out where 310 tells more",
    r"/originInfo\[eventType=publisher\]/publisher": "theirs has the first $b after each $a only",
    r"/name(\[.*\])?\[type=(corporate|conference)\]": "in theirs only persons are primary",
    r"/name\[.*nameTitleGroup": "theirs numbers the two scripts of one pair apart",
    r"/titleInfo\[.*nameTitleGroup": "the same",
    r"/titleInfo\[.*type=alternative\]": "ours says by displayLabel which title it is (246)",
    r"/(titleInfo\[type=uniform\]|relatedItem/titleInfo)/": "730 is a related work in ours",
    r"/titleInfo\[.*type=uniform\]/title": "ours has all subfields of a uniform title",
    r"/name\[.*type=personal\].*": "ours keeps Jr. and years where theirs has only $a",
    r"/genre\[authority=marcgt\]": "theirs knows only some of the codes of 008",
    r"/physicalDescription/form": "theirs leaves large print and 007 of microforms out",
    r"/(relatedItem/)?location/url": (
        "theirs makes up a label, and gives what is only related twice"
    ),
    r"/relatedItem\[type=series\]": "theirs leaves $n, $p and $x of a series out, and articles in",
    r"/identifier\[type=local\]": "theirs has no place for other libraries' numbers (035)",
    r"/classification": "theirs leaves 086 and other schemes out, and cuts 082 at every $a",
    r"/subject/(topic|name)": "theirs joins the words of 653, and has them as a person too",
    r"/subject\[authority=fast\]": "theirs takes (OCoLC)fst... for a web address",
    r"/subject\[authority=lcsh\]/name": "a family is no person in ours",
    r"/note": "theirs prints $5, and leaves $3 and 510 out",
    r"/recordInfo/descriptionStandard": "theirs has the first 040 $e only",
    r"/language\[objectPart=translation\]": "theirs misses some of several languages (041 $h)",
    r"/identifier\[(type=strn|invalid=yes)": "theirs leaves 027 and 035 $z out",
}


def tidy(text: str) -> str:
    return nfc(" ".join(text.split())).strip(" /:;,.=[]").casefold()


def leaves(given: Iterable[Element], above: str = "") -> Iterator[tuple[str, str]]:
    for element in given:
        told = sorted((name.rpartition(":")[2], value) for name, value in element.attributes)
        path = f"{above}/{element.name}" + "".join(f"[{n}={v.strip(' :')}]" for n, v in told)
        if element.children:
            yield from leaves(element.children, path)
        elif element.name != "recordOrigin" and (text := tidy(element.text)):
            yield path, text


def elements(record: Record) -> list[Element]:
    return [each for each in record.fields if isinstance(each, Element)]


def compared(shared) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]], int]:
    """Return what only theirs has, what only ours has, and how many leaves both have."""
    theirs_only: Counter[tuple[str, str]] = Counter()
    ours_only: Counter[tuple[str, str]] = Counter()
    common = 0
    path = shared / "data/corpora/crosswalk-oracles/oracle.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            theirs = Counter(leaves(elements(mods.read(row["mods37_loc"].encode()))))
            record = from_pivot(marcxml.read(row["marcxml"].encode()), Schema.MODS)
            ours = Counter(leaves(elements(record)))
            theirs_only += theirs - ours
            ours_only += ours - theirs
            common += (theirs & ours).total()
    return theirs_only, ours_only, common


def unexplained(only: Counter[tuple[str, str]]) -> int:
    known = [re.compile(pattern) for pattern in DIFFERENCES]
    return sum(
        count
        for (path, _), count in only.items()
        if not any(pattern.match(path) for pattern in known)
    )


def test_nearly_all_leaves_are_those_of_the_library_of_congress(shared):
    theirs_only, ours_only, common = compared(shared)

    assert common / (common + theirs_only.total()) > 0.97
    assert common / (common + ours_only.total()) > 0.95
    assert unexplained(theirs_only) == 0
    assert unexplained(ours_only) == 0
