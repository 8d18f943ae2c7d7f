from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosswalks.formats import marcxml
from crosswalks.formats.xmlfile import split
from support.formats import MARC_RECORDS

ONE, TWO = b"<record><a>1</a></record>", b"<record><a>2</a></record>"
OAI = b"http://www.openarchives.org/OAI/2.0/"
ANSWER = (
    b'<OAI-PMH xmlns="%s" xmlns:xsi="urn:xsi"><ListRecords><record><header>%s</header><metadata>'
    b'%s</metadata></record><record><header status="deleted"/></record></ListRecords></OAI-PMH>'
)


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 7, 7))


def cut(data: bytes, *names: str) -> list[bytes]:
    return [piece for _, piece in split(io.BytesIO(data), *(names or ("record",)))]


@pytest.mark.parametrize("stream", [io.BytesIO, Trickle])
def test_each_record_is_given_with_its_place_and_its_own_bytes(stream):
    data = b'<?xml version="1.0"?>\n<records>\n' + ONE + b"\n  " + TWO + b"</records>"

    found = list(split(stream(data), "record"))

    assert found == [(data.index(ONE), ONE), (data.index(TWO), TWO)]


def test_namespaces_declared_around_a_record_go_with_it_where_it_uses_them():
    data = (
        b'<x xmlns="urn:d" xmlns:a="urn:a" xmlns:n="urn:n"><y xmlns:a=\'urn:b\'>'
        b'<a:record t="n:v"/><record/></y><a:record/></x>'
    )

    assert cut(data) == [
        b'<a:record xmlns:a=\'urn:b\' xmlns:n="urn:n" t="n:v"/>',
        b'<record xmlns="urn:d"/>',
        b'<a:record xmlns:a="urn:a"/>',
    ]


def test_a_record_that_declares_what_it_uses_is_left_as_it_is():
    record = b'<record xmlns="urn:b"><a/></record>'

    assert cut(b'<x xmlns="urn:a" xmlns:b="urn:b">' + record + b"</x>") == [record]


@pytest.mark.parametrize(
    "inner", [b'<record xmlns="urn:m"><a/></record>', b"<m:record xmlns:m='u'/>"]
)
def test_the_innermost_record_of_an_answer_is_the_record(inner):
    assert cut(ANSWER % (OAI, b"", inner)) == [inner]


def test_a_record_inside_one_of_the_same_name_is_known_by_what_stands_around_it():
    assert cut(b"<record><h/><metadata>" + ONE + b"</metadata></record>") == [ONE]


def test_of_several_names_the_innermost_is_taken():
    data = ANSWER % (OAI, b"", b"<d:dim xmlns:d='urn:d'><metadata/></d:dim>")

    assert [piece[:6] for piece in cut(data, "record", "dim")] == [b"<d:dim"]
    assert cut(data, "header") == [b'<header xmlns="%s"></header>' % OAI]


@pytest.mark.parametrize(
    "hidden",
    [
        b"<!-- <record> </record> -->",
        b"<![CDATA[</record><record>]]>",
        b"<?x <record> ?>",
        b'<b c="</b>&lt;record> >" d=\'">\'/>',
        b"<b c='/record>'/>",
        b"<records/><recording/><x:records/>",
    ],
)
def test_what_only_looks_like_a_tag_is_none(hidden):
    record = b"<record>" + hidden + b"</record>"

    assert cut(b"<x>" + hidden.replace(b"/b", b"b") + record + hidden + ONE + b"</x>") == [
        record,
        ONE,
    ]


def test_a_document_type_is_passed_over_and_its_entities_stay_unknown():
    doctype = (
        b"<!DOCTYPE x [<!ENTITY e '<record>]>'><!-- ' ]> --><?p ]>?><!ATTLIST a b CDATA #IMPLIED>]>"
    )

    assert cut(doctype + b"<x>" + ONE.replace(b"1", b"&e;") + b"</x>") == [
        ONE.replace(b"1", b"&e;")
    ]


@pytest.mark.parametrize(
    ("damaged", "pieces"),
    [
        (b"<record><a>" + ONE, [b"<record><a>", ONE]),
        (b"<record x=<a>3</a></record>" + ONE, [b"<x><record x=<a>3</a></record>", ONE]),
        (b"<recrd><a>3</a></record>" + ONE, [b"<x><recrd><a>3</a></record>", ONE]),
        (ONE + b"<a></record>" + TWO, [ONE, b"<a></record>", TWO]),
        (b"<!-- " + ONE, [ONE]),
        (b"</y></x></x>" + ONE, [ONE]),
        (ONE + b"<record><a", [ONE, b"<record><a</x>"]),
        (ONE + b"<record><!-- ", [ONE, b"<record><!-- </x>"]),
        (ONE + b"<record", [ONE]),
    ],
)
def test_damage_costs_only_the_record_it_is_in(damaged, pieces):
    assert cut(b"<x>" + damaged + b"</x>") == pieces


def test_a_record_too_long_to_be_held_is_a_damaged_piece():
    long = b"<record>" + b"<a>0123456789</a>" * (5 << 20) + b"</record>"

    found = cut(b"<x>" + ONE + long + TWO + b"</x>")

    assert [len(piece) < len(long) for piece in found] == [True] * 3
    assert (found[0], found[1][:8], found[2]) == (ONE, b"<record>", TWO)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "iso-8859-1", "cp1258"])
def test_another_encoding_is_read_as_utf_8(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><x><record>Dé mèn</record></x>'

    assert cut(text.encode(encoding)) == ["<record>Dé mèn</record>".encode()]


@pytest.mark.parametrize("encoding", ["hex", "idna", "utf-16", "no-such", "UTF-8"])
def test_an_encoding_that_cannot_be_is_not_believed(encoding):
    data = b"<?xml version='1.0' encoding='%s'?><x>" % encoding.encode() + ONE

    assert cut(data) == [ONE]


def test_bytes_that_are_nothing_in_their_encoding_do_not_become_sound():
    data = b"<?xml version='1.0' encoding='shift_jis'?><x><record>\x82</record></x>"

    with pytest.raises(UnicodeDecodeError):
        cut(data)[0].decode()


@given(st.binary(max_size=300), st.sampled_from([io.BytesIO, Trickle]))
def test_no_bytes_at_all_make_cutting_fail(data, stream):
    pieces = list(split(stream(b"<x><record>" + data + b"</record>" + ONE), "record"))

    assert all(b"record" in piece for _, piece in pieces)


@given(
    st.lists(MARC_RECORDS, max_size=4),
    st.lists(st.tuples(st.integers(0), st.binary(max_size=3)), max_size=3),
)
def test_a_file_comes_apart_into_its_records_and_back_together(records, changes):
    data = marcxml.OPENING + marcxml.BETWEEN.join(map(marcxml.write, records)) + marcxml.CLOSING
    whole = [marcxml.read(piece) for _, piece in marcxml.split(io.BytesIO(data))]
    for place, inserted in changes:
        at = place % len(data)
        data = data[:at] + inserted + data[at + 1 :]
    damaged = [piece for _, piece in marcxml.split(Trickle(data))]

    assert whole == records
    assert damaged == cut(data)


def test_real_files_are_cut_as_a_parser_would(shared):
    path = shared / "data/corpora/koha-misc4dev/koha-demo.marcxml"
    parsed = etree.parse(path).iter("{*}record")
    with path.open("rb") as stream:
        pieces = [etree.fromstring(piece) for _, piece in split(stream, "record")]

    assert list(map(canonical, pieces)) == list(map(canonical, parsed))


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n2", with_tail=False)
