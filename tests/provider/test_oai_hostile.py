from __future__ import annotations

from urllib.parse import quote_from_bytes

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from provider.model import Request
from provider.oai.respond import respond
from support.memory_items import make_view
from support.oai_answers import make_repository

REPOSITORY = make_repository(make_view(12))
NAMES = ["verb", "metadataPrefix", "identifier", "from", "until", "set", "resumptionToken"]
VERBS = [
    "Identify", "ListMetadataFormats", "ListSets", "ListIdentifiers", "ListRecords", "GetRecord"
]  # fmt: skip
LIKELY = [
    *VERBS,
    "oai_dc",
    "marc21",
    "library:NLV",
    "2023-11-14",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "oai:lienthong.localhost:b1",
    "oai:lienthong.localhost:b1' OR 1=1 --",
    "]]>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&amp;",
    "http://a:b@[::1]:99999999/%",
    "A" * 5000,
]

values = (
    st.sampled_from(LIKELY).map(str.encode)
    | st.binary(max_size=12)
    | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
)
names = st.sampled_from(NAMES).map(str.encode) | st.binary(max_size=5)


@st.composite
def queries(draw: st.DrawFn) -> bytes:
    pairs = draw(st.lists(st.tuples(names, values), max_size=5))
    if draw(st.booleans()):
        pairs.append((b"verb", draw(st.sampled_from(VERBS)).encode()))
    return "&".join(f"{quote_from_bytes(n)}={quote_from_bytes(v)}" for n, v in pairs).encode()


@settings(max_examples=500)
@given(query=queries() | st.binary())
def test_any_request_gets_a_valid_answer(query: bytes, schema: etree.XMLSchema) -> None:
    response = respond(REPOSITORY, Request.parse(query))

    assert response.status == 200
    schema.assertValid(etree.fromstring(response.body))


@settings(max_examples=200)
@given(identifier=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_any_identifier_gets_a_valid_answer(identifier: str, schema: etree.XMLSchema) -> None:
    query = f"verb=ListMetadataFormats&identifier={quote_from_bytes(identifier.encode())}"

    schema.assertValid(etree.fromstring(respond(REPOSITORY, Request.parse(query.encode())).body))
