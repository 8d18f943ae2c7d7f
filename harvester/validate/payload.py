"""What stands in <metadata> and <description>, by the formats whose rules we know.

Those are oai_dc, MARC 21 in XML and the description of identifiers; of other formats nothing is
said. The rules are our own, and hold what the official schemas of these formats hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from harvester.validate.grammar import ANY, LANG, MANY, Part, Rule, Text, elements, judge
from harvester.validate.model import Found
from protocols.oai import DC, MARC21, OAI_DC, OAI_IDENTIFIER, XSI

_DC = (
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type"),
    *("format", "identifier", "source", "language", "relation", "coverage", "rights"),
)
_LEADER = Text(
    r"[\d ]{5}[\dA-Za-z ][\dA-Za-z][\dA-Za-z ]{3}[2 ][2 ][\d ]{5}[\dA-Za-z ]{3}(4500|    )",
    collapse=False,
)
_TAG = Text(
    r"0[1-9A-Z][0-9A-Z]|0[1-9a-z][0-9a-z]|[1-9A-Z][0-9A-Z]{2}|[1-9a-z][0-9a-z]{2}", collapse=False
)
_INDICATOR = Text(r"[\da-z ]", collapse=False)
_CODE = Text(r"[!-~]", collapse=False)
_LANGUAGE = Text(r"([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?")
_DOMAIN = r"[A-Za-z][A-Za-z0-9\-]*(\.[A-Za-z][A-Za-z0-9\-]*)+"
_LOCAL = r"[A-Za-z0-9\-_.!~*'();/?:@&=+$,%]+"


def _dc(name: str) -> str:
    return f"{{{DC}}}{name}"


def _marc(name: str) -> str:
    return f"{{{MARC21}}}{name}"


def _id(name: str) -> str:
    return f"{{{OAI_IDENTIFIER}}}{name}"


GRAMMAR = {
    f"{{{OAI_DC}}}dc": Rule(parts=(Part(tuple(map(_dc, _DC)), 0, MANY),)),
    **{_dc(name): Rule(text=ANY, attributes={LANG: _LANGUAGE}) for name in _DC},
    _marc("collection"): Rule(parts=(Part((_marc("record"),), 0, MANY),), attributes={"id": ANY}),
    _marc("record"): Rule(
        parts=(
            Part((_marc("leader"),)),
            Part((_marc("controlfield"),), 0, MANY),
            Part((_marc("datafield"),), 0, MANY),
        ),
        attributes={
            "id": ANY,
            "type": Text("Bibliographic|Authority|Holdings|Classification|Community"),
        },
    ),
    _marc("leader"): Rule(text=_LEADER, attributes={"id": ANY}),
    _marc("controlfield"): Rule(
        text=ANY,
        attributes={"id": ANY, "tag": Text("00[1-9A-Za-z]", collapse=False)},
        required=("tag",),
    ),
    _marc("datafield"): Rule(
        parts=(Part((_marc("subfield"),), 1, MANY),),
        attributes={"id": ANY, "tag": _TAG, "ind1": _INDICATOR, "ind2": _INDICATOR},
        required=("tag", "ind1", "ind2"),
    ),
    _marc("subfield"): Rule(text=ANY, attributes={"id": ANY, "code": _CODE}, required=("code",)),
    _id("oai-identifier"): Rule(
        parts=tuple(
            Part((_id(name),))
            for name in ("scheme", "repositoryIdentifier", "delimiter", "sampleIdentifier")
        )
    ),
    _id("scheme"): Rule(text=Text("(oai)?", collapse=False)),
    _id("repositoryIdentifier"): Rule(text=Text(_DOMAIN, collapse=False)),
    _id("delimiter"): Rule(text=Text(":?", collapse=False)),
    _id("sampleIdentifier"): Rule(text=Text(f"oai:{_DOMAIN}:{_LOCAL}", collapse=False)),
}
_CODES = {OAI_DC: "oai-dc", MARC21: "marc21", OAI_IDENTIFIER: "oai-identifier"}
"""By namespace."""
_ROOTS = {f"{{{OAI_DC}}}dc", _marc("record"), _marc("collection"), _id("oai-identifier")}


def payload(element: _Element, identifier: str = "") -> Iterator[Found]:
    """Yield what is wrong with metadata or a description, of a format that is known."""
    name = etree.QName(element)
    code = _CODES.get(name.namespace or "")
    if code is None or (name.text == _marc("record") and not elements(element)):
        return
    if name.text not in _ROOTS:
        details = {"place": name.localname, "value": name.namespace, "identifier": identifier}
        yield Found(code, details, name.localname)
        return
    for fault in judge(element, GRAMMAR):
        details = {"place": fault.place, "value": fault.value, "identifier": identifier}
        yield Found(code, details, f"{fault.kind} {fault.place}")


def root_of(container: _Element) -> _Element | None:
    """Return the element in <metadata>."""
    return next(iter(elements(container)), None)


def digest(element: _Element) -> bytes:
    """Return what tells metadata from others: not prefixes, indentation or schema locations."""
    told = hashlib.blake2b(digest_size=12)
    for each in element.iter():
        if not isinstance(each.tag, str):
            continue
        told.update(f"\0<{each.tag}".encode())
        for name, value in sorted(each.attrib.items()):
            if not name.startswith(f"{{{XSI}}}"):
                told.update(f"\1{name}\2{value}".encode())
        if each.text and each.text.strip():
            told.update(b"\3" + each.text.encode())
        for child in each:
            tail = child.tail
            if tail and tail.strip():
                told.update(b"\4" + tail.encode())
    return told.digest()
