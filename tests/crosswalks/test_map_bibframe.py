from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from crosswalks import formats
from crosswalks.errors import FormatError
from crosswalks.formats import bibframe
from crosswalks.formats.elements import NAMESPACES
from crosswalks.model import Element, Record, Schema
from support.given_out import ARTICLE, BOOK, THESIS, everything, given_out, sample
from support.marc import marc, records

_RDF = f"{{{NAMESPACES['rdf']}}}"
_PREFIXES = {prefix: NAMESPACES[prefix] for prefix in ("bf", "rdf", "rdfs")}


def work(record: Record) -> etree._Element:
    return etree.fromstring(given_out(bibframe, record))


def texts(record: Record, path: str) -> list[str]:
    return [str(found) for found in work(record).xpath(path, namespaces=_PREFIXES)]


def stripes(element: etree._Element) -> bool:
    """Tell whether things and properties take turns, as RDF/XML wants it."""
    for about in element:
        is_leaf = len(about) == 0
        if is_leaf and not about.text and f"{_RDF}resource" not in about.attrib:
            return False
        if len(about) > 1 or (len(about) == 1 and not stripes(about[0])):
            return False
    return True


def test_a_work_has_an_instance_that_has_the_publication():
    instance = "bf:hasInstance/bf:Instance/"
    published = f"{instance}bf:provisionActivity/bf:Publication/"

    assert texts(BOOK, "@rdf:about | bf:hasInstance/bf:Instance/@rdf:about") == [
        "#nlv-77-work",
        "#nlv-77-instance",
    ]
    assert texts(BOOK, f"{instance}bf:title/bf:Title/bf:mainTitle/text()") == ["Mắt biếc", "𡨸喃"]
    assert texts(BOOK, f"{published}bf:place/bf:Place/rdfs:label/text()") == ["Hà Nội"]
    assert texts(BOOK, f"{published}bf:date/text()") == ["2019", "2019"]
    assert texts(BOOK, f"{instance}bf:editionStatement/text()") == ["Tái bản lần 3"]
    assert texts(BOOK, f"{instance}bf:identifiedBy/bf:Isbn/bf:qualifier/text()") == ["bìa mềm"]


def test_roles_in_vietnamese_and_english_become_those_of_the_library_of_congress():
    roles = texts(BOOK, "bf:contribution/*/bf:role/@rdf:resource")

    assert [role.rpartition("/")[2] for role in roles] == ["aut", "trl", "ill", "edt"]


def test_a_role_nobody_knows_is_told_in_its_words():
    record = marc("100 0_ $aA$engười chép$4xyz", "245 10 $aX")

    assert texts(record, "//bf:Role/rdfs:label/text()") == ["người chép"]


def test_an_address_of_a_person_or_subject_becomes_its_name():
    record = marc(
        "100 1_ $aA, B$0http://id.example/n1$1http://id.example/rwo",
        "245 10 $aX",
        "650 _0 $aLúa$0(local)7$0http://id.example/s1",
    )

    assert texts(record, "//bf:Person/@rdf:about") == ["http://id.example/rwo"]
    assert texts(record, "//bf:Topic/@rdf:about") == ["http://id.example/s1"]


def test_a_thesis_has_its_degree_and_who_granted_it():
    assert texts(THESIS, "bf:dissertation/bf:Dissertation/bf:degree/text()") == ["Thạc sĩ"]
    assert texts(THESIS, "//bf:grantingInstitution//rdfs:label/text()") == [
        "Trường Đại học Nông Lâm"
    ]


def test_an_article_is_part_of_its_periodical():
    assert texts(ARTICLE, "bf:partOf/bf:Work/bf:title/bf:Title/bf:mainTitle/text()") == [
        "Tạp chí Văn học"
    ]


def test_a_copy_says_who_holds_it_and_where_it_stands():
    item = "//bf:Item/"
    record = marc("245 00 $aX", "852 8_ $aVN-HNTV$bKho đọc$hVV19.01234$pVN001")

    assert texts(record, f"{item}bf:heldBy/bf:Organization/bf:code/text()") == ["VN-HNTV"]
    assert texts(record, f"{item}bf:sublocation//rdfs:label/text()") == ["Kho đọc"]
    assert texts(record, f"{item}bf:shelfMark/bf:ShelfMark/rdfs:label/text()") == ["VV19.01234"]


def test_a_file_is_one_rdf_document():
    pieces = [given_out(bibframe, record).encode() for record in (BOOK, THESIS)]
    root = etree.fromstring(b"".join(formats.file_of(bibframe, pieces)))

    assert root.tag == f"{_RDF}RDF"
    assert [child.tag for child in root] == [f"{{{NAMESPACES['bf']}}}Work"] * 2


def test_several_resources_are_refused_and_none_is_a_work_of_which_nothing_is_known():
    several = Record(schema=Schema.BIBFRAME, fields=(Element("bf:Work", (), ""),) * 2)

    assert work(Record(schema=Schema.MARC21)).tag == f"{{{NAMESPACES['bf']}}}Work"
    with pytest.raises(FormatError, match="2 resources"):
        bibframe.write(several)


@given(records)
def test_any_record_gives_one_work_in_which_things_and_properties_take_turns(record):
    assert stripes(work(record))


def test_every_real_record_gives_one_work(shared):
    found = [work(record) for record in sample(shared, 150)]

    assert len(found) > 450
    assert [etree.tostring(each) for each in found if not stripes(each)] == []


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_all_real_records_give_one_work(shared):
    assert all(stripes(work(record)) for record in everything(shared))
