"""UNIMARC to MARC 21, a few fields at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks import crosswalk, shipped, tables
from crosswalks.check import check
from crosswalks.formats import marcxml
from crosswalks.language.syntax import Kind
from crosswalks.model import Control, Field, Record, Schema, Severity
from support.marc import line, lines, records

BOOK = "00000nam0 2200000   450 "
SERIAL = "00000cas0 2200000   450 "


def unimarc(*fields: str, leader: str = BOOK) -> Record:
    return Record(schema=Schema.UNIMARC, leader=leader, fields=tuple(map(line, fields)))


def up(*fields: str, leader: str = BOOK) -> Record:
    return crosswalk.to_pivot(unimarc(*fields, leader=leader))


def test_a_book_becomes_a_book():
    record = up(
        "001 VN-1",
        "005 20240315120000.0",
        "010 __ $a978-604-0-00001-9$bbìa cứng$d50000đ",
        "100 __ $a20240315d2019    m  y0viey50      ba",
        "101 1_ $avie$cfre",
        "102 __ $aVN",
        "105 __ $aac  a   001ay",
        "200 1_ $aSông Đỏ$etiểu thuyết$fLê Văn An$gTrần Bình dịch",
        "205 __ $aIn lần 2$bcó sửa chữa",
        "210 __ $aHà Nội$cVăn học$d2019",
        "215 __ $a316 tr.$cminh họa$d24 cm$e1 CD",
        "225 2_ $aTủ sách Sông$v5",
        "606 __ $aVăn học$yViệt Nam$zThế kỉ 20$xLịch sử$2lc",
        "676 __ $a895.922$v23",
        "700 _1 $aLê$bVăn An$f1950-$4070$3A12",
        "702 _1 $aTrần$bBình$4730",
        "801 _0 $aVN$bTVQG$gAACR2",
    )

    assert record.leader == "00000nam a2200000 i 4500"
    assert record.control("008") == "240315s2019    vm ac  g|b    001|1 vie d"
    assert lines(record, *{field[0] for field in record.fields}) == [
        "020 __ $a9786040000019$qbìa cứng$c50000đ",
        "040 __ $aTVQG$bvie$eaacr2",
        "041 1_ $avie$hfre",
        "082 04 $a895.922$223",
        "100 1_ $aLê, Văn An,$d1950-$4aut$0A12",
        "245 10 $aSông Đỏ :$btiểu thuyết /$cLê Văn An ; Trần Bình dịch",
        "250 __ $aIn lần 2,$bcó sửa chữa",
        "260 __ $aHà Nội :$bVăn học,$c2019",
        "300 __ $a316 tr. :$bminh họa ;$c24 cm +$e1 CD",
        "490 0_ $aTủ sách Sông ;$v5",
        "650 _0 $aVăn học$zViệt Nam$yThế kỉ 20$xLịch sử",
        "700 1_ $aTrần, Bình$4trl",
    ]
    assert check(record) == ()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("200 1_ $aA$aB$fC", "245 00 $aA ;$bB /$cC"),
        ("200 1_ $aA$fC$cB$fD", "245 00 $aA /$cC. B / D"),
        ("200 1_ $aA$bCD$dX$ey", "245 00 $aA$h[CD] =$bX : y"),
        ("200 1_ $aA$hTập 1$iSông$fC", "245 00 $aA.$nTập 1,$pSông /$cC"),
        ("200 1_ $aA :$eb /$fC", "245 00 $aA :$bb /$cC"),
        ("200 1_ $a\x98The \x9cRiver", "245 04 $aThe River"),
        ("200 1_ $a<<L'>>eau", "245 02 $aL'eau"),
        ("200 1_ $a<Os >rios", "245 03 $aOs rios"),
        ("200 1_ $a<15=  15> rios", "245 00 $a15 rios"),
        ("200 13 $aOs rios", "245 03 $aOs rios"),
        ("200 1_ $a<b> and more", "245 00 $a<b> and more"),
    ],
)
def test_a_title_keeps_its_order_and_tells_what_to_pass_over(field, expected):
    assert lines(up(field), "245") == [expected]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("700 _0 $aJean-Paul$dII$cpape$f1920-2005", "100 0_ $aJean-Paul$bII,$cpape,$d1920-2005"),
        ("700 _1 $aLê$f1950-$gVăn An$bV. A.", "100 1_ $aLê, V. A.$q(Văn An),$d1950-"),
        ("700 _1 $aAsimov$b, Isaac", "100 1_ $aAsimov, Isaac"),
        ("710 02 $aViệt Nam$bBộ A$bVụ B$c(Hà Nội)", "110 2_ $aViệt Nam.$bBộ A.$bVụ B (Hà Nội)"),
        ("710 12 $aHội nghị$d2$f2001$eHuế", "111 2_ $aHội nghị$n(2 :$d2001 :$cHuế)"),
        ("720 __ $aNguyễn$f1802-1945", "100 3_ $aNguyễn,$d1802-1945"),
    ],
)
def test_names_are_written_as_headings(field, expected):
    assert lines(up(field), "100", "110", "111") == [expected]


def test_a_second_body_with_the_first_responsibility_is_no_second_main_entry():
    record = up("700 _1 $aLê$bAn", "710 02 $aHội Sông")

    assert lines(record, "100", "110", "710") == ["100 1_ $aLê, An", "710 2_ $aHội Sông"]


EMBEDDED = (
    "463 _0 $1001P7$12001 $aTạp chí Sông$esố đặc biệt$v12$1210  $aHuế$cHội$d2001"
    "$1011  $a1859-4581$1700 1$aLê$bAn$4070$1701 1$aTrần$bBình"
)
PLAIN = "463 _0 $3P7$tTạp chí Sông$osố đặc biệt$v12$cHuế$nHội$d2001$x1859-4581$aLê, An"


@pytest.mark.parametrize("field", [EMBEDDED, PLAIN])
def test_links_of_both_techniques_say_the_same(field):
    assert lines(up(field), "773") == [
        "773 0_ $aLê, An.$tTạp chí Sông : số đặc biệt$dHuế : Hội, 2001$g12$x1859-4581$wP7"
    ]


def test_a_series_is_traced_where_unimarc_links_it():
    record = up("225 2_ $aTủ sách Sông$v5", "410 _0 $12001 $aTủ sách Sông$v5")

    assert lines(record, "490", "830") == [
        "490 1_ $aTủ sách Sông ;$v5",
        "830 _0 $aTủ sách Sông ;$v5",
    ]


def test_a_serial_has_its_frequency_and_its_relations():
    record = up(
        "011 0_ $a1859-4581",
        "100 __ $a19900101a19749999|||y0viey50      ba",
        "110 __ $aaha||||0|||",
        "200 1_ $aTạp chí Sông",
        "326 __ $aHàng quý$b1998-",
        "326 __ $aHàng tháng$b1974-1997",
        "430 _1 $tBáo Sông$x1859-4582",
        "440 _1 $tSông ngày nay",
        "530 0_ $aTạp chí Sông$bHuế",
        leader=SERIAL,
    )

    assert record.control("008")[6:22] == "c19749999xx qr|p"
    assert lines(record, "022", "222", "310", "321", "780", "785") == [
        "022 0_ $a1859-4581",
        "222 _0 $aTạp chí Sông$bHuế",
        "310 __ $aHàng quý$b1998-",
        "321 __ $aHàng tháng$b1974-1997",
        "780 00 $tBáo Sông$x1859-4582",
        "785 00 $tSông ngày nay",
    ]


def test_one_field_in_two_scripts_is_a_pair_with_880():
    record = up(
        "200 1_ $6a01$7ba$aHong lou meng$fCao Xueqin",
        "200 1_ $6a01$7ea$a红楼梦$f曹雪芹",
        "700 _0 $6a02$7ba$aCao, Xueqin",
        "700 _0 $6a02$7ea$a曹雪芹",
    )

    assert lines(record, "100", "245", "880") == [
        "100 0_ $6880-02$aCao, Xueqin",
        "245 10 $6880-01$aHong lou meng /$cCao Xueqin",
        "880 00 $6245-01/$1$a红楼梦 /$c曹雪芹",
        "880 0_ $6100-02/$1$a曹雪芹",
    ]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("606 __ $aSông", "650 _4 $aSông"),
        ("606 __ $aSông$2rameau$3F1", "650 _7 $aSông$2ram$0F1"),
        ("606 __ $aSông$jTừ điển$2mesh", "650 _2 $aSông$vTừ điển"),
        ("601 02 $aHội$bBan$xSử", "610 24 $aHội.$bBan$xSử"),
        ("604 __ $1700 1$aLê$bAn$1500  $aSông$xSử", "600 14 $aLê, An$tSông$xSử"),
        ("610 0_ $asông$anước", "653 __ $asông|653 __ $anước"),
        ("620 __ $aViệt Nam$bHuế", "752 __ $aViệt Nam$bHuế"),
        ("670 __ $bP", "886 2_ $a670$b  $bP$2unimarc"),
        ("966 __ $lA$a1", "966 __ $lA$a1"),
        ("490 __ $a1", "886 2_ $a490$b  $a1$2unimarc"),
        ("010 __ $a978-604-0-00001-8", "020 __ $z978-604-0-00001-8"),
        ("214 _4 $d2019", "264 _4 $c2019"),
        ("327 1_ $aMột$aHai", "505 0_ $aMột -- Hai"),
        ("123 1_ $aa$b25000", "034 1_ $aa$b25000"),
        ("852 __ $aTVQG$jA 12$yở kho", "852 __ $aTVQG$hA 12$zở kho"),
    ],
)
def test_other_fields(field, expected):
    record = up(field)

    assert "|".join(lines(record, *{each[0] for each in record.fields})) == expected


@pytest.mark.parametrize(
    ("leader", "field", "expected"),
    [
        ("00000nem0 2200000   450 ", "120 __ $abbnabcdbd", "bd"),
        ("00000ncm0 2200000   450 ", "125 __ $aax", "a"),
        ("00000ngm0 2200000   450 ", "115 __ $ac090", "090"),
        ("00000nlm0 2200000   450 ", "135 __ $adr", "d"),
    ],
)
def test_coded_data_go_where_the_kind_of_material_has_them(leader, field, expected):
    record = up("200 1_ $aA", field, leader=leader)

    assert expected in record.control("008")[18:35]
    assert check(record) == ()


def test_what_is_electronic_has_006_and_007():
    record = up("200 1_ $aA", "135 __ $adrcna")

    assert record.control("006") == "m||||||||d||||||||"
    assert record.control("007") == "cr cna||||||||"


def test_a_year_in_the_imprint_serves_where_nothing_is_coded():
    assert up("200 1_ $aA", "210 __ $d[2001?]").control("008")[6:15] == "s2001    "


def _known_codes(record: Record) -> set[str]:
    return {problem.code for problem in check(record) if problem.severity is Severity.ERROR}


_TAGS = [tag for (tag,) in tables.rows("unimarc-fields.tsv")]
_SUBFIELD = st.tuples(
    st.sampled_from("aabbcdefghijklmnopqrstuvxyz1124567"),
    st.one_of(st.sampled_from(["2001 ", "700 1", "a01", "ba", " : ", "<A >b", "2019"]), st.text()),
)
_FIELD = st.builds(
    Field,
    st.sampled_from(_TAGS),
    st.text("0123 _x", min_size=2, max_size=2),
    st.lists(_SUBFIELD, max_size=5).map(tuple),
)
unimarc_records = st.builds(
    Record,
    schema=st.just(Schema.UNIMARC),
    leader=st.one_of(st.just(BOOK), st.text(max_size=26)),
    fields=st.lists(_FIELD, max_size=8).map(tuple),
)


@given(st.one_of(records, unimarc_records))
@settings(max_examples=80, deadline=None)
def test_any_record_of_unimarc_gives_one_that_can_be_written_and_read(record):
    mapped = crosswalk.to_pivot(replace(record, schema=Schema.UNIMARC))

    assert mapped.schema is Schema.MARC21
    assert len(mapped.leader) == 24
    assert _known_codes(mapped) == set()
    assert marcxml.read(marcxml.write(mapped)).leader == mapped.leader


def test_the_table_of_fields_has_those_that_the_rules_take():
    rules = shipped.script("unimarc-marc21").rules
    known = {tag for (tag,) in tables.rows("unimarc-fields.tsv")}
    taken = {
        path.tag
        for rule in rules
        for each in (rule, *rule.children)
        for path in each.sources
        if path.kind is Kind.FIELD and "." not in path.tag
    }

    assert taken == known


def test_all_relators_and_countries_are_codes_of_marc_21():
    listed: dict[str, set[str]] = {"relator": {"ive", "nrt"}, "country": set()}
    for name, _, codes in tables.rows("marc21-codes.tsv"):
        listed.setdefault(name, set()).update(codes.split())

    assert {row[1] for row in tables.rows("unimarc-relators.tsv")} <= listed["relator"]
    assert {row[1] for row in tables.rows("unimarc-countries.tsv")} <= listed["country"]


def test_a_control_field_that_is_no_ones_is_kept():
    record = crosswalk.to_pivot(Record(schema=Schema.UNIMARC, fields=(Control("002", "7"),)))

    assert list(record.data("886")) == [
        Field("886", "1 ", (("b", "7"), ("a", "002"), ("2", "unimarc")))
    ]
