"""What single systems do with the schemas they deliver, as their profiles set it right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given

from crosswalks import crosswalk, shipped
from crosswalks.check import check
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml, oai_dc
from crosswalks.model import Control, Field, Record, Schema
from crosswalks.shelf import SHIPPED_ONLY, Shelf, Written
from support.dublin import fields, record, records
from support.dublin import up as plain
from support.elements import real_files
from support.marc import marc
from support.marc import records as marc_records
from support.processes import REPOSITORY

PROFILES = [name for name in shipped.names() if "." in name]
_DC = ("title", "creator", "contributor", "date", "type", "identifier", "relation", "source")
DC = records(Schema.OAI_DC, *(f"dc:{name}" for name in (*_DC, "format", "rights")))


def up(name: str, schema: Schema, *told: str) -> Record:
    return crosswalk.to_pivot(record(schema, *told), name)


def koha(*lines: str) -> Record:
    return crosswalk.to_pivot(marc(*lines), "marc21-marc21.koha")


def isis(*told: str) -> Record:
    """Return what becomes of a CDS/ISIS record, from lines such as ``200 ^aTitle``."""
    found = [(line[:3], line[4:].encode() + b"\x1e") for line in told]
    directory, at = b"", 0
    for tag, value in found:
        directory += f"{tag}{len(value):04}{at:05}".encode()
        at += len(value)
    base = 25 + len(directory)
    leader = f"{base + at + 1:05}0000000{base:05}   4500".encode()
    body = b"".join(value for _, value in found)
    read, _ = iso2709.read_leniently(leader + directory + b"\x1e" + body + b"\x1d")
    return crosswalk.to_pivot(read, "marc21-marc21.cdsisis")


def test_every_system_has_a_profile():
    assert {name.partition(".")[2] for name in PROFILES} == {
        *("koha", "dspace", "ojs", "eprints", "greenstone", "cdsisis")
    }


def test_a_koha_copy_is_told_without_what_is_for_staff():
    made = koha(
        "245 00 $aT",
        "952 __ $00$10$2ddc$aTVX$cKHO$eMua$g45000.00$o390 L1$pVX.1$xbẩn$yGT",
        "952 __ $11$aTVX$pVX.2",
        "952 __ $01$aTVX$pVX.3",
    )

    assert fields(made, "852", "952") == ["852 1_ $bTVX$cKHO$h390 L1$pVX.1"]


def test_koha_s_number_is_that_of_a_record_which_has_none():
    own, others = koha("245 00 $aT", "999 __ $c7$d7"), koha("001 x1", "999 __ $c7$d7")

    assert (own.control("001"), others.control("001")) == ("7", "x1")
    assert fields(own, "999") == ["999 __ $c7$d7"]


def test_koha_s_links_to_its_authorities_stay_there():
    made = koha("100 1_ $aLê A$d1950-$9118", "650 _4 $aThơ$92", "490 0_ $aTủ sách$94")

    assert fields(made) == ["100 1_ $aLê A$d1950-", "490 0_ $aTủ sách", "650 _4 $aThơ"]


def test_what_koha_hides_stays_hidden():
    made = koha("245 00 $aT", "942 __ $cSACH$n1")

    assert fields(made, "942") == ["942 __ $cSACH$n1"]


def test_real_koha_records_lose_nothing_but_numbers_of_authorities(shared):
    with (shared / "data/corpora/koha-misc4dev/koha-demo.marcxml").open("rb") as stream:
        pairs = [
            (each, crosswalk.to_pivot(each, "marc21-marc21.koha"))
            for each in map(marcxml.read, (piece for _, piece in marcxml.split(stream)))
        ]

    assert len(pairs) == 435
    assert [(before, after) for before, after in pairs if text(before) != text(after)] == []
    assert all(after.control("001") for _, after in pairs)


def text(of: Record) -> tuple[list[Control], list[tuple[str, str, str]]]:
    """Return all that a record says, but for $9 of fields that can have a heading, and 001."""
    controls = [field for field in of.fields if isinstance(field, Control) and field.tag > "001"]
    return sorted(controls), sorted(
        (field.tag, code, value)
        for field in of.fields
        if isinstance(field, Field)
        for code, value in field.subfields
        if not (code == "9" and field.tag[0] in "14678")
    )


@pytest.mark.parametrize("name", [name for name in PROFILES if name.startswith("marc21")])
@given(each=marc_records)
def test_no_rule_fails_on_any_marc(name: str, each: Record):
    assert SHIPPED_ONLY.to_pivot(each, name).failures == ()


def test_dspace_names_advisors_as_contributors_of_a_thesis():
    thesis = ("dc:title T", "dc:creator Lê A", "dc:contributor Phạm Bình", "dc:type Luận án")
    article = (*thesis[:3], "dc:type Article")

    assert fields(up("oai_dc-marc21.dspace", Schema.OAI_DC, *thesis), "700") == [
        "700 0_ $aPhạm Bình$4ths"
    ]
    assert fields(up("oai_dc-marc21.dspace", Schema.OAI_DC, *article), "700") == [
        "700 0_ $aPhạm Bình$4ctb"
    ]


@pytest.mark.parametrize(
    ("name", "schema", "dates"),
    [
        (
            "oai_dc-marc21.dspace",
            Schema.OAI_DC,
            ("dc:date 2020-03-02T02:15:10Z", "dc:date 2020-03-02T02:15:10Z", "dc:date 2017"),
        ),
        (
            "dim-marc21.dspace",
            Schema.DIM,
            (
                "dc.date.accessioned 2020-03-02T02:15:10Z",
                "dc.date.available 2020-03-02T02:15:10Z",
                "dc.date.issued 2017",
            ),
        ),
    ],
)
def test_the_day_of_entry_into_dspace_is_no_year_of_publication(name, schema, dates):
    made = up(name, schema, *dates)

    assert made.control("008")[:11] == "200302s2017"


def test_dspace_gives_the_files_that_readers_want():
    made = up(
        "dim-marc21.dspace",
        Schema.DIM,
        *("dc.title T", "others.handle 123/4", "bundles.bitstream.url http://a.vn/1/x.pdf"),
        *(
            "bundles.bitstream.url http://a.vn/2/x.pdf.txt",
            "bundles.bitstream.url http://a.vn/3/x.pdf.jpg",
        ),
        "bundles.bitstream.url http://a.vn/4/license.txt",
        *("bundles.original.url http://a.vn/5/y.pdf", "bundles.restricted.url http://a.vn/6.pdf"),
    )

    assert fields(made, "024", "856") == [
        "024 7_ $a123/4$2hdl",
        "856 40 $uhttps://hdl.handle.net/123/4",
        "856 40 $uhttp://a.vn/5/y.pdf",
        "856 40 $uhttp://a.vn/1/x.pdf",
    ]


def test_all_that_ojs_delivers_are_articles_with_their_full_texts():
    page = "https://t.vn/index.php/vd/article/view/1"
    made = up(
        "oai_dc-marc21.ojs",
        Schema.OAI_DC,
        *(
            "dc:title T",
            "dc:type Lời tòa soạn",
            "dc:format application/pdf",
            f"dc:identifier {page}",
        ),
        *(f"dc:relation {page}/2", "dc:source Tạp chí V; S. 1 (2015); 3-9", "dc:source 1859-4581"),
    )

    assert made.leader[6:8] == "ab"
    assert fields(made, "773", "787", "856") == [
        "773 0_ $tTạp chí V$gSố 1 (2015); 3-9$q1<3$x1859-4581",
        f"856 40 $u{page}",
        f"856 40 $u{page}/2$qapplication/pdf",
    ]


def test_a_citation_of_eprints_tells_its_journal():
    cited = (
        "Doe, J <http://e.org/1.html> (2011) Tides.  Rivers, 16  (7).   pp. 74-85.  ISSN 1859-4581"
    )
    made = up(
        "oai_dc-marc21.eprints",
        Schema.OAI_DC,
        *(
            "dc:title Tides",
            "dc:creator Doe, Prof. Dr. Jane",
            "dc:type Article",
            f"dc:identifier {cited}",
        ),
        *("dc:relation http://e.org/407/", "dc:relation 10.99999/ex.407"),
    )

    assert fields(made, "024", "100", "524", "773", "787", "856") == [
        "024 7_ $a10.99999/ex.407$2doi",
        "100 1_ $aDoe, Jane",
        "524 __ $aDoe, J (2011) Tides. Rivers, 16 (7). pp. 74-85. ISSN 1859-4581",
        "773 0_ $tRivers$gVol. 16 No. 7; 74-85$q16:7<74$x1859-4581",
        "856 40 $uhttp://e.org/407/",
        "856 40 $uhttps://doi.org/10.99999/ex.407",
    ]


def test_greenstone_s_own_numbers_and_files_are_left_out():
    made = up(
        "oai_dc-marc21.greenstone",
        Schema.OAI_DC,
        *("dc:Title T", "dc:Date 19310000", "dc:Identifier HASH01a2b3", "dc:source a.doc"),
    )

    assert made.control("008")[6:11] == "s1931"
    assert fields(made, "024", "245", "786") == ["245 00 $aT"]


def test_cds_isis_with_the_common_communication_format_is_understood():
    made = isis(
        *("001 12", "040 vie", "200 ^aLàng quê : phong tục", "300 ^ATrần^BThị Minh"),
        *("400 ^aH.^bVăn hóa", "440 2011", "460 ^a214 tr.^c21 cm", "620 <Phong tục><Lễ hội>"),
    )

    assert (made.control("001"), made.control("008")[35:38]) == ("12", "vie")
    assert fields(made) == [
        "100 1_ $aTrần, Thị Minh",
        "245 10 $aLàng quê :$bphong tục",
        "260 __ $aH.$bVăn hóa$c2011",
        "300 __ $a214 tr.$c21 cm",
        "653 __ $aPhong tục",
        "653 __ $aLễ hội",
    ]


def test_cds_isis_with_the_tags_of_its_sample_is_understood_as_well():
    made = isis("024 Truyện kể", "026 ^aHà Nội^bVăn học^c1998", "069 Truyện; Thơ", "070 Nguyễn A")

    assert fields(made) == [
        "100 0_ $aNguyễn A",
        "245 10 $aTruyện kể",
        "260 __ $aHà Nội$bVăn học$c1998",
        "653 __ $aTruyện",
        "653 __ $aThơ",
    ]


@pytest.mark.parametrize("name", [name for name in PROFILES if name.startswith("oai_dc")])
@given(each=DC)
def test_any_dublin_core_gives_marc_that_passes_its_own_check(name: str, each: Record):
    found = {problem.code for problem in check(crosswalk.to_pivot(each, name))}

    assert found <= {"missing-title", "damaged-text"}


def test_real_articles_of_eprints_gain_their_journal(shared):
    found = [each for each in real(shared) if is_of(each, "dc:identifier", "ISSN ")]
    named = [each for each in found if is_of(each, "dc:type", "Article")]

    assert len(named) > 80
    assert len(with_journal(named)) > 0.8 * len(named)


def with_journal(found: list[Record]) -> list[str]:
    made = [crosswalk.to_pivot(each, "oai_dc-marc21.eprints") for each in found]
    return [each.values("773", "t")[0] for each in made if each.values("773", "t")]


def test_real_articles_of_ojs_have_their_full_texts(shared):
    found = [each for each in real(shared) if is_of(each, "dc:relation", "/article/view/")]
    made = [crosswalk.to_pivot(each, "oai_dc-marc21.ojs") for each in found]

    assert len(made) > 50
    assert [each for each in made if each.leader[6:8] != "ab"] == []
    assert all("/article/view/" in " ".join(each.values("856", "u")) for each in made)


def real(shared: Path) -> Iterator[Record]:
    for data in real_files(shared, oai_dc):
        for _, piece in oai_dc.split(BytesIO(data)):
            with suppress(FormatError):
                yield oai_dc.read(piece)


def is_of(each: Record, name: str, part: str) -> bool:
    return any(field[0] == name and part in field[2] for field in each.fields)


def test_a_profile_stands_on_the_crosswalk_of_its_schema():
    bare = plain(Schema.OAI_DC, "dc:title T", "dc:creator Lê A")

    assert up("oai_dc-marc21.greenstone", Schema.OAI_DC, "dc:title T", "dc:creator Lê A") == bare
    assert {name for name in PROFILES if "oai_dc" in name} <= set(SHIPPED_ONLY.users("dublin-core"))


def test_a_profile_is_used_only_where_it_is_named():
    assert set(PROFILES).isdisjoint(SHIPPED_ONLY.up())


@pytest.mark.parametrize("language", ["en", "vi"])
def test_all_that_is_shipped_is_told_in_the_manual(language: str):
    manual = (REPOSITORY / "docs" / language / "crosswalks.md").read_text(encoding="utf-8")

    assert [name for name in shipped.names() if f"`{name}`" not in manual] == []


def test_a_profile_runs_on_rules_that_staff_changed():
    text = f'{shipped.rules("dublin-core")}\n500 __ $a <- "ours"\n'
    shelf = SHIPPED_ONLY.with_draft("dublin-core", Written(text=text))
    title = record(Schema.OAI_DC, "dc:title T")
    profiles = [name for name in PROFILES if name.startswith("oai_dc")]

    assert [shelf.to_pivot(title, name).record.values("500", "a") for name in profiles] == [
        ["ours"]
    ] * len(profiles)


def test_a_stylesheet_in_place_of_dims_crosswalk_leaves_its_profile_alone():
    sheet = "crosswalk dim-marc21 version 2\nfrom dim to marc21\nxslt\n<x/>\n"
    shelf = Shelf({"dim-marc21": Written(text=sheet)})

    assert shelf.version("dim-marc21.dspace") == SHIPPED_ONLY.version("dim-marc21.dspace")
