from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.encodings import (
    LEGACY,
    MISREAD,
    Encoding,
    Evidence,
    decide,
    meanings,
    repair,
    undo,
)
from crosswalks.encodings.capitals import restore
from crosswalks.encodings.records import read, repair_record
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Control, Element, Field, RawRecord, Record, Schema
from support.legacy import WORDS, misread, written
from support.marc import marc

VPS, VISCII, TCVN3, VNI = Encoding.VPS, Encoding.VISCII, Encoding.TCVN3, Encoding.VNI
ANY = st.sampled_from(Encoding)


def raw(body: bytes) -> RawRecord:
    return RawRecord(identifier="1", body=body)


def in_bytes(encoding: Encoding, *fields: tuple[str, str]) -> bytes:
    """Return ISO 2709 as a program of the time wrote it, whatever bytes its letters have."""
    bodies = [
        f"  \x1f{value[0]}".encode() + written(value[1:], encoding) + b"\x1e" for _, value in fields
    ]
    starts = [sum(map(len, bodies[:at])) for at in range(len(bodies))]
    directory = "".join(
        f"{tag}{len(body):04}{start:05}"
        for (tag, _), body, start in zip(fields, bodies, starts, strict=True)
    )
    base = 25 + len(directory)
    length = base + sum(map(len, bodies)) + 1
    leader = f"{length:05}nam a22{base:05}   4500"
    return f"{leader}{directory}\x1e".encode() + b"".join(bodies) + b"\x1d"


@pytest.mark.parametrize(
    ("seen", "encoding", "meant"),
    [
        ("Nh÷ng nguyªn t¾c cÇn tu©n thñ", TCVN3, "Những nguyên tắc cần tuân thủ"),
        ("Th\xad viÖn", TCVN3, "Thư viện"),
        ("Th− viÖn, Tr‑êng §H", TCVN3, "Thư viện, Trường ĐH"),
        ("Th• viÖn", TCVN3, "Thư viện"),
        ("§¾k L¾k", TCVN3, "Đắk Lắk"),
        ("Bé GI¸O DôC Vµ §µO T¹O", TCVN3, "Bộ GIÁO DỤC VÀ ĐÀO TẠO"),
        ("Thö vieän Quoác gia", VNI, "Thư viện Quốc gia"),
        ("BOÄ GIAÙO DUÏC", VNI, "BỘ GIÁO DỤC"),
        ("Vi®t Nam", VISCII, "Việt Nam"),
        ("trß¾c … này", VISCII, "trước … này"),
        ("ViŒt Nam", VPS, "Việt Nam"),
        ("Viêòt Nam", Encoding.CP1258, "Việt Nam"),
        ("Viá»‡t Nam", Encoding.AS_CP1252, "Việt Nam"),
        ("Vi\xe1\xbb\x87t Nam", Encoding.TWICE, "Việt Nam"),
        ("toÃ n bá»™ vÃ  HÃ Ná»™i lÃ", Encoding.AS_CP1252, "toàn bộ và Hà Nội là"),
        (misread(misread("Việt", Encoding.TWICE), Encoding.TWICE), Encoding.TWICE, "Việt"),
    ],
)
def test_a_misread_text_is_as_it_was_meant(seen, encoding, meant):
    assert repair(seen, encoding).text == meant


@pytest.mark.parametrize("encoding", [*LEGACY, *MISREAD])
@pytest.mark.parametrize(
    "text", ["Thư viện Quốc gia", "Crème brûlée", "Größe", "plain", "", "漢字"]
)
def test_what_is_plainly_not_in_the_encoding_stays(text, encoding):
    assert not repair(text, encoding).changed


@given(st.text(), ANY)
def test_every_repair_can_be_undone(text, encoding):
    repaired = repair(text, encoding)

    assert undo(repaired) == text
    assert repaired.changed or repaired.text == text


@given(st.lists(st.sampled_from(WORDS), min_size=3, max_size=9), st.sampled_from(LEGACY))
def test_repairing_twice_changes_nothing_more(words, encoding):
    once = repair(misread(" ".join(words), encoding), encoding).text

    assert repair(once, encoding, is_mixed=True).text == once


def test_beside_sound_text_only_what_becomes_better_is_changed():
    assert repair("Cã mét", TCVN3).text == "Có một"
    assert repair("cã", TCVN3).text == "có"
    assert repair("cã", TCVN3, is_mixed=True).text == "cã"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("VĂN HOá", "VĂN HOÁ"),
        ("CHÂU á THÁI BÌNH DƯƠNG", "CHÂU Á THÁI BÌNH DƯƠNG"),
        ("GIáO TRìNH ở NHà", "GIÁO TRÌNH Ở NHÀ"),
        ("Bộ GIáO DụC", "Bộ GIÁO DỤC"),
        ("Hà Nội, Tp. Hồ Chí Minh", "Hà Nội, Tp. Hồ Chí Minh"),
        ("Tô Hoài", "Tô Hoài"),
        ("Nguyễn Nhật ánh; Lê ánh", "Nguyễn Nhật Ánh; Lê Ánh"),
        ("Hà Nội ánh điện", "Hà Nội ánh điện"),
        ("Giáo trình cơ sở / Nguyễn Văn ánh", "Giáo trình cơ sở / Nguyễn Văn Ánh"),
        ("Huế ở Việt Nam", "Huế ở Việt Nam"),
        ("123", "123"),
    ],
)
def test_lost_capitals_come_back_where_the_words_show_them(seen, meant):
    assert restore(seen) == meant


@given(st.text())
def test_capitals_change_nothing_but_case(text):
    assert restore(text).upper() == text.upper()


def test_a_record_tells_that_it_was_repaired_and_how_it_came():
    record = marc("001 µ1", "100 1_ $aNguyÔn NhËt ¸nh", "856 40 $uhttp://x.vn/§$zBÝa s¸ch")
    repaired, problems = repair_record(record, TCVN3)

    assert repaired == marc(
        "001 µ1", "100 1_ $aNguyễn Nhật Ánh", "856 40 $uhttp://x.vn/§$zBía sách"
    )
    assert [(p.code, p.field, p.sample, p.detail) for p in problems] == [
        ("repaired-encoding", "100", "NguyÔn NhËt ¸nh", "tcvn3: 2")
    ]


def test_elements_are_repaired_to_their_last_child():
    name = Element("name", (), "", (Element("namePart", (("lang", "vi"),), "Vò Träng Phông"),))
    repaired, _ = repair_record(Record(schema=Schema.MODS, fields=(name,)), TCVN3)

    assert repaired.fields == (
        Element("name", (), "", (Element("namePart", (("lang", "vi"),), "Vũ Trọng Phụng"),)),
    )


def test_a_record_with_nothing_to_repair_is_the_same_record():
    record = marc("245 00 $aThư viện Quốc gia", "500 __ $aplain")

    assert repair_record(record, TCVN3) == (record, ())


@pytest.mark.parametrize("encoding", LEGACY)
def test_a_sound_record_is_sound_in_a_source_of_any_encoding(encoding):
    record = marc("245 00 $aCó nhà$cHà Bình", "260 __ $aHà Nam")

    assert repair_record(record, encoding) == (record, ())


def test_what_makes_sense_either_way_follows_what_does_not():
    record = marc("245 00 $aCã", "500 __ $aNh÷ng nguyªn t¾c")

    assert repair_record(record, TCVN3)[0] == marc("245 00 $aCó", "500 __ $aNhững nguyên tắc")


def test_letters_below_the_space_are_letters_though_the_bytes_are_ascii():
    record, _ = read(raw(in_bytes(VISCII, ("245", "aLỴ"))), VISCII)

    assert record is not None
    assert record.values("245", "a") == ["L\x1e"]


@pytest.mark.parametrize(
    ("encoding", "title"),
    [(VISCII, "aMỸ THUẬT TRUNG KỲ, THUẬT TRỊ THỦY"), (VPS, "aGÌN GIỮ DỮ LIỆU, TRỊ THỦY")],
)
def test_letters_that_are_delimiters_of_iso_2709_survive_by_the_directory(encoding, title):
    title = title.replace("THỦY", "THỤY, LỴ, GIỮ, GẪY")
    body = in_bytes(encoding, ("100", "aNguyễn Văn Kỵ"), ("245", title))
    record, problems = read(raw(body), encoding)

    assert record is not None
    assert {0x1E, 0x1D} & set(written(title, encoding))
    assert repair_record(record, encoding)[0].values("245", "a") == [title[1:]]
    assert problems == ()


def test_the_soft_hyphen_of_tcvn3_is_read_before_anything_cleans_it():
    record, _ = read(raw(in_bytes(TCVN3, ("245", "aĐường lối cách mạng của thư viện"))), TCVN3)

    assert record is not None
    assert repair_record(record, TCVN3)[0].values("245", "a") == [
        "Đường lối cách mạng của thư viện"
    ]


def test_bytes_in_xml_are_read_too():
    body = marcxml.write(marc("245 00 $aTHE TITLE")).replace(b"THE TITLE", b"Th\xad vi\xd6n")
    record, _ = read(raw(body), TCVN3)

    assert record is not None
    assert repair_record(record, TCVN3)[0].values("245", "a") == ["Thư viện"]


def test_records_in_utf_8_are_read_as_ever():
    record = marc("245 00 $aThư viện", leader="00000nam a2200000 a 4500")
    given_out = iso2709.write(record)

    assert read(raw(given_out), TCVN3) == read(raw(given_out), None)


@given(st.binary(max_size=80), ANY)
def test_no_bytes_make_reading_fail(data, encoding):
    record, problems = read(raw(data), encoding)

    assert record is not None or problems


def test_a_system_without_indicators_is_read_by_its_carets():
    data = in_bytes(TCVN3, ("200", "aĐất rừng")).replace(b"nam a22", b"nam  00")
    record, _ = read(raw(data.replace(b"  \x1fa", b"   ^a")), TCVN3)

    assert record is not None
    assert [type(field) for field in record.fields] == [Field]
    assert not [field for field in record.fields if isinstance(field, Control)]


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        (written("Gió lạnh đầu mùa", VISCII), "Gió lạnh đầu mùa"),
        (written("Mùa lạc", VNI), "Mùa lạc"),
        (written("đất rừng phương nam", TCVN3), "đất rừng phương nam"),
        ("Đất".encode(), "Đất"),
        (b"caf\xe9", "café"),
        (b"", ""),
    ],
)
def test_single_values_in_bytes_are_read_by_what_makes_sense(data, meant):
    assert meanings(data)[0] == meant


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("Vie^.t Nam va` the^' gio+'i", "Việt Nam và thế giới"),
        ("DDa.i ho.c Quo^'c gia", "Đại học Quốc gia"),
        ("Nguye^~n Du. - H. : Nxb. Tre?", "Nguyễn Du. - H. : Nxb. Trẻ"),
        ("tra^.t tu+.", "trật tự"),
        ("A. Puskin ... va` nhu+~ng ngu+o+`i kha'c", "A. Puskin ... và những người khác"),
        ("thie^'t bi.. Pha^`n 1", "thiết bị. Phần 1"),
        ("la`m vie^.c ra sao?", "làm việc ra sao?"),
        ("Mo.i ngu+o+`i co\\' the^?", "Mọi người co' thể"),
        ("giao tho^ng ddu+o+`ng bo^. - Kho^'i lu+o+.ng", "giao thông đường bộ - Khối lượng"),
        ("tu.c le^.", "tục lệ"),
        ("Nguye^~n Nha^.t Le^., Ngo^ Le^. Thu?y", "Nguyễn Nhật Lệ, Ngô Lệ Thủy"),
        ("Ha`n Quo^'", "Hàn Quố"),
        ("Le^. Nguye^~n Du", "Lê. Nguyễn Du"),
        ("Che'rie Carter, l'E'mile; you've", "Chérie Carter, l'Émile; you've"),
        ("ddo^i' vo+'i thie^'t bi.", "đôí với thiết bị"),
        ("'ddo^i' 'nha`'", "'đôi' 'nhà'"),
        ("DDo^ng A(Sa'ch tham kha?o)", "Đông A(Sách tham khảo)"),
        ("I.A. Gô-ga", "I.A. Gô-ga"),
        ("nghie^n cu+'u...ddang ho.c", "nghiên cứu...đang học"),
        ("VN-DDTr/00127", "VN-ĐTr/00127"),
        ("no+tron", "nơtron"),
        ("DDHYK, LDDTO; ADDED", "ĐHYK, LĐTO; ADDED"),
        ("DDemiddo^vich; i.g.aramano^vich", "Đemiđôvich; i.g.aramanôvich"),
        ("phu. lu.c 00.Ti.2004, A...Z...", "phụ lục 00.Ti.2004, A...Z..."),
        ("DDa.i ho.c quo^'c gia. MSDDT", "Đại học quốc gia. MSĐT"),
        ("Don't stop. See http", "Don't stop. See http"),
        ("http://a.vn/a^b", "http://a.vn/a^b"),
    ],
)
def test_viqr_is_read_with_its_punctuation(seen, meant):
    assert repair(seen, Encoding.VIQR).text == meant


@pytest.mark.parametrize(("ends", "meant"), [("", "bức xạ"), (".", "bức xa.")])
def test_a_dot_is_read_by_the_habit_of_the_source(ends, meant):
    evidence = Evidence()
    titles = [misread(f"{one} {other} hiện", Encoding.VIQR) for one, other in pairwise(WORDS)]
    evidence.add(f"{title}{ends}" for title in titles)
    told = decide(evidence)

    assert told.encoding is Encoding.VIQR
    assert repair("bu+'c xa.", Encoding.VIQR, stops=told.stops).text == meant
