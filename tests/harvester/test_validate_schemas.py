"""Our own rules of the envelope, Dublin Core and MARC 21 beside the official schemas."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree
from lxml.etree import _Element

from harvester.validate.envelope import structure
from harvester.validate.model import Found
from harvester.validate.payload import payload, root_of
from protocols.oai import OAI
from support.judged import Provider
from support.loopback import Request
from support.oai_schema import oai_schema

STRICTER = {"response-date", "schema-location", "no-schema-location", "error-with-content"}
"""What the text of the protocol asks for, and its schema does not."""
TEXTS = ("", "x", "2024-01-01", "2024-13-01", "-5", "7", "no", "a b", "http://x/", "oai", "2.0")
NAMES = ("status", "code", "a", "tag", "cursor", "verb", "ind1", "completeListSize")
STEP = 8
"""Every so many of the recorded answers in the usual run."""


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return oai_schema(shared)


def faults(root: _Element) -> list[Found]:
    """Return what our rules say of an answer and all that it holds."""
    held = [root_of(each) for each in root.iter(f"{{{OAI}}}metadata", f"{{{OAI}}}description")]
    return [*structure(root), *(f for one in held if one is not None for f in payload(one))]


def recorded(shared: Path) -> Iterator[tuple[str, _Element]]:
    """Yield the recorded answers of real servers that are OAI-PMH."""
    for path in sorted((shared / "data" / "oai-fixtures").rglob("*.xml")):
        try:
            root = etree.parse(path).getroot()
        except etree.XMLSyntaxError:
            continue
        if root.tag == f"{{{OAI}}}OAI-PMH":
            yield path.name, root


def of_the_envelope(schema: etree.XMLSchema) -> list[str]:
    """Return the errors that are none of a format whose schema is not at hand."""
    messages = [str(error.message) for error in schema.error_log]
    return [each for each in messages if OAI in each and "No matching global" not in each]


def judge(schema: etree.XMLSchema, name: str, root: _Element) -> tuple[str, bool, bool]:
    """Return whether an answer of a server passes, by the schema and by our rules."""
    if schema.validate(root):
        ours = [each for each in faults(root) if each.code not in STRICTER]
        return name, True, not ours
    return name, not of_the_envelope(schema), not of_the_envelope(schema) or not faults(root)


@pytest.mark.parametrize("step", [STEP, pytest.param(1, marks=pytest.mark.soak)])
def test_answers_of_real_servers_are_judged_as_by_the_schemas(shared, schema, step):
    judged = [judge(schema, *each) for n, each in enumerate(recorded(shared)) if n % step == 0]

    assert len(judged) > 40
    assert [each for each in judged if each[1] != each[2]] == []


def answers() -> list[bytes]:
    """Return an answer to each verb."""
    provider = Provider(url="http://127.0.0.1/oai")
    asked = (
        {"verb": "Identify"},
        {"verb": "ListSets"},
        {"verb": "ListMetadataFormats"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "marc21"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:example.org:0"},
        {"verb": "none"},
    )
    return [provider(Request("/oai", each, {}, tuple(each.items()))).body for each in asked]


def _remove(element: _Element, _: random.Random) -> None:
    _parent(element).remove(element)


def _double(element: _Element, _: random.Random) -> None:
    _parent(element).insert(_parent(element).index(element), deepcopy(element))


def _swap(element: _Element, _: random.Random) -> None:
    following = element.getnext()
    if following is not None:
        _parent(element).insert(_parent(element).index(element), following)


def _rename(element: _Element, _: random.Random) -> None:
    namespace = etree.QName(element).namespace
    element.tag = f"{{{namespace}}}x" if namespace else "x"


def _write(element: _Element, chance: random.Random) -> None:
    element.text = chance.choice(TEXTS)


def _set(element: _Element, chance: random.Random) -> None:
    element.set(chance.choice(NAMES), chance.choice(TEXTS))


def _unset(element: _Element, chance: random.Random) -> None:
    if element.attrib:
        element.attrib.pop(chance.choice(sorted(map(str, element.attrib))))


def _move_out(element: _Element, _: random.Random) -> None:
    element.tag = etree.QName(element).localname


DAMAGES: tuple[Callable[[_Element, random.Random], None], ...] = (
    *(_remove, _double, _swap, _rename, _write, _set, _unset, _move_out),
)


def _parent(element: _Element) -> _Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def damaged(pages: list[bytes], seed: int) -> _Element:
    """Return an answer with something in it removed, doubled, moved, renamed or rewritten."""
    chance = random.Random(seed)
    root = etree.fromstring(chance.choice(pages))
    element = chance.choice([each for each in root.iter() if each is not root])
    chance.choice(DAMAGES)(element, chance)
    return etree.fromstring(etree.tostring(root))


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.soak)])
def test_damaged_answers_are_judged_as_by_the_schemas(schema, count):
    pages = answers()
    judged = [
        (seed, schema.validate(root), not faults(root))
        for seed in range(count)
        for root in [damaged(pages, seed)]
    ]

    assert [each for each in judged if each[1] != each[2]] == []
    assert 0.2 < sum(each[1] for each in judged) / count < 0.8
