from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from lxml import etree

from crosswalks.crosswalk import from_pivot
from crosswalks.formats import iso2709, marcxml, mods
from crosswalks.model import Element, Field, Record, Schema
from support.corpora import corpora
from support.formats import gpo_states, hcmut, loc_books
from support.marc import marc, records
from support.oai_schema import schema

XSD = "loc/mods-3-7.xsd"
BOOK_008 = "240101s2019    vm a   j b    001 1 vie d"


def down(*fields: str, linked: tuple[Field, ...] = ()) -> list[str]:
    """Return what is made of a record but what every record has."""
    record = marc(*fields)
    mapped = from_pivot(replace(record, fields=(*record.fields, *linked)), Schema.MODS)
    made = [each for each in mapped.fields if isinstance(each, Element)]
    return [shown(each) for each in made if each.name not in ("typeOfResource", "recordInfo")]


def shown(element: Element) -> str:
    attributes = "".join(f" {name}={value}" for name, value in element.attributes)
    inside = "".join(map(shown, element.children))
    return f"<{element.name}{attributes}>{element.text}{inside}"


ISSUANCE = "<originInfo><issuance>monographic"


def test_a_title_has_its_article_set_apart_and_no_punctuation():
    assert down("245 14 $aThe art of war :$bselections.$nPart 1,$pBattles /$cSun Tzu.") == [
        (
            "<titleInfo><nonSort xml:space=preserve>The<title>art of war<subTitle>selections"
            "<partNumber>Part 1<partName>Battles"
        ),
        ISSUANCE,
        "<note type=statement of responsibility>Sun Tzu.",
    ]


@pytest.mark.parametrize(
    ("field", "made"),
    [
        ("246 31 $aParallel", "<titleInfo type=translated><title>Parallel"),
        ("246 18 $aS", "<titleInfo type=alternative displayLabel=Spine title><title>S"),
        ("246 1_ $iAt head:$aH", "<titleInfo type=alternative displayLabel=At head><title>H"),
        ("210 0_ $aAbbr.$2dnlm", "<titleInfo type=abbreviated authority=dnlm><title>Abbr"),
        ("130 4_ $aThe Bible", "<titleInfo type=uniform><nonSort xml:space=preserve>The<title>B"),
        ("655 _7 $aMaps$2lcgft", "<genre authority=lcgft>Maps"),
        ("520 1_ $aGood", "<abstract displayLabel=Review>Good"),
        ("505 2_ $aPart", "<tableOfContents displayLabel=Partial contents>Part"),
        ("538 __ $aDVD", "<note type=system details>DVD"),
        ("082 04 $a959.7$223", "<classification authority=ddc edition=23>959.7"),
        ("050 00 $aQL7$bC6 2001", "<classification authority=lcc>QL7 C6 2001"),
        ("020 __ $a9786040000019$q(bìa)", "<identifier type=isbn>9786040000019 (bìa)"),
        ("022 __ $y1859-4580", "<identifier type=issn invalid=yes>1859-4580"),
        ("024 7_ $a10.1/x$2doi", "<identifier type=doi>10.1/x"),
        ("035 __ $a(OCoLC)123", "<identifier type=oclc>123"),
        ("043 __ $aa-vt---", "<subject><geographicCode authority=marcgac>a-vt---"),
        ("653 _5 $aHuế", "<subject><geographic>Huế"),
        ("540 __ $aCC BY", "<accessCondition type=use and reproduction>CC BY"),
    ],
)
def test_a_field_finds_its_element(field, made):
    assert [line for line in down(field) if line.startswith(made)] != []


def test_names_keep_their_parts_and_roles_and_the_main_entry_is_primary():
    fields = (
        "100 1_ $aNguyen, Kien,$cJr.,$d1920-1990,$eauthor.$4aut$0http://id.example/n1",
        "710 2_ $aViệt Nam.$bBộ Y tế.",
        "711 2_ $aHội nghị$n(2 :$d2019 :$cHuế)",
    )

    assert down(*fields)[:3] == [
        (
            "<name type=personal usage=primary xlink:href=http://id.example/n1>"
            "<namePart>Nguyen, Kien"
            "<namePart type=termsOfAddress>Jr.<namePart type=date>1920-1990"
            "<role><roleTerm type=text>author"
            "<role><roleTerm type=code authority=marcrelator>aut"
            "<nameIdentifier>http://id.example/n1"
        ),
        "<name type=corporate><namePart>Việt Nam<namePart>Bộ Y tế",
        "<name type=conference><namePart>Hội nghị (2 : 2019 : Huế)",
    ]


def test_what_is_coded_is_told_in_words_or_as_marc_codes():
    assert down(f"008 {BOOK_008}") == [
        "<genre authority=marcgt>bibliography",
        "<genre authority=marcgt>fiction",
        (
            "<originInfo><place><placeTerm type=code authority=marccountry>vm"
            "<dateIssued encoding=marc>2019<issuance>monographic"
        ),
        "<language><languageTerm authority=iso639-2b type=code>vie",
        "<physicalDescription><form authority=marcform>print",
        "<targetAudience authority=marctarget>juvenile",
    ]


def test_264_tells_what_happened_by_its_indicator():
    assert down("264 _1 $aH. :$bTrẻ,$c2019.", "264 _4 $c©2018")[-2:] == [
        (
            "<originInfo eventType=publisher><place><placeTerm type=text>H.<publisher>Trẻ"
            "<dateIssued>2019"
        ),
        "<originInfo eventType=copyright notice><copyrightDate>©2018",
    ]


def test_a_subject_keeps_the_order_of_its_subdivisions():
    assert down("651 _7 $aViệt Nam$xLịch sử$y1945-$zHuế$vBản đồ.$2btkvn")[-1] == (
        "<subject authority=btkvn><geographic>Việt Nam<topic>Lịch sử<temporal>1945-"
        "<geographic>Huế<genre>Bản đồ"
    )


def test_a_linked_field_is_an_element_of_its_own_in_its_script():
    other = Field("880", "10", (("6", "245-01/$1"), ("a", "翹 /"), ("c", "阮攸")))

    assert down("245 10 $6880-01$aKiều /$cNguyễn Du", linked=(other,)) == [
        "<titleInfo altRepGroup=01 script=Latn><title>Kiều",
        "<titleInfo altRepGroup=01 script=CJK><title>翹",
        ISSUANCE,
        "<note type=statement of responsibility altRepGroup=01 script=Latn>Nguyễn Du",
        "<note type=statement of responsibility altRepGroup=01 script=CJK>阮攸",
    ]


def test_related_works_have_the_kind_of_their_relation():
    fields = (
        "490 0_ $aTủ sách ;$v5",
        "700 12 $aTô Hoài.$tTruyện.",
        "773 0_ $tTạp chí$x1859-4581$gSố 3",
        "776 08 $iPrint version:$tSách$w(OCoLC)5",
        "856 42 $3Ảnh bìa$uhttp://example.vn/1",
    )

    assert down(*fields)[1:] == [
        "<relatedItem type=series><titleInfo><title>Tủ sách<partNumber>5",
        (
            "<relatedItem type=constituent><titleInfo><title>Truyện"
            "<name type=personal><namePart>Tô Hoài"
        ),
        (
            "<relatedItem type=host><titleInfo><title>Tạp chí<part><text>Số 3"
            "<identifier type=issn>1859-4581"
        ),
        (
            "<relatedItem type=otherFormat otherType=Print version displayLabel=Print version>"
            "<titleInfo><title>Sách<identifier type=local>(OCoLC)5"
        ),
        "<relatedItem><location><url displayLabel=Ảnh bìa>http://example.vn/1",
    ]


@given(records)
def test_any_marc_becomes_valid_mods(shared, record):
    xsd = schema(shared, XSD)

    written = mods.write(from_pivot(record, Schema.MODS))

    xsd.assertValid(etree.fromstring(written))


def test_real_records_become_valid_mods(shared):
    xsd = schema(shared, XSD)
    sample = [*loc_books(shared, 300), *gpo_states(shared, 150), *hcmut(shared, 150)]

    bad = [data for data in sample if not valid(xsd, iso2709.read(data))]

    assert bad == []


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_record_of_the_corpora_becomes_valid_mods(shared):
    xsd = schema(shared, XSD)

    bad = [record for record in every_record(shared) if not valid(xsd, record)]

    assert bad == []


def every_record(shared) -> Iterator[Record]:
    for corpus in corpora(shared / "data/corpora", whole=True):
        for found in (*corpus.given, *corpus.later) if corpus.prefix == "marc21" else ():
            if found.body:
                yield marcxml.read_leniently(found.body)[0]


def valid(xsd: etree.XMLSchema, record: Record) -> bool:
    return bool(xsd.validate(etree.fromstring(mods.write(from_pivot(record, Schema.MODS)))))
