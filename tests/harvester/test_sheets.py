"""Spreadsheets as rows: what people see in them, and what is refused before it does harm."""

from __future__ import annotations

import base64
import io
import random
import zipfile
import zlib
from datetime import date, datetime, time

import pytest

from harvester.files import sheets
from harvester.files.errors import FilesRefused
from harvester.files.sheetchild import text
from harvester.files.tableerrors import (
    WorkbookDamaged,
    WorkbookLocked,
    WorkbookNone,
    WorkbookTooLarge,
)
from support.workbooks import ods, xlsx, zipped

BOOKS = [
    ["Mã sách", "Nhan đề", "Năm XB", "ISBN"],
    [1.0, "Truyện Kiều", 2019.0, 9786042088664],
    [],
    ["0012", "Số đỏ", None, None],
]
READ = [
    (1, ("Mã sách", "Nhan đề", "Năm XB", "ISBN")),
    (2, ("1", "Truyện Kiều", "2019", "9786042088664")),
    (4, ("0012", "Số đỏ")),
]
OLD_EXCEL = zlib.decompress(
    base64.b85decode(
        "c-rk)O-NKx6#nj;H_i|K%;*?sFb+aiCaAe-qf^6_w3xwC$Ra5JP*F#jEU-mcHk+UyXjQZkbP<HvrXLE*T?;{}M"
        "Gyotx`|u`1w}fqbI*Hk{E5JU5{&mf?z!ijd(S=h-E)85ee-kP<oM&#6gHp%Hl#Hda@ObsC6_69K;@bySu=N1(k"
        "yH%xSSNo96Mg*%{pWZWxP{RFs;rI1r{is#t@=|v97=tBE)@Y6S5EWL<R1XCLbl-t3sw7OpBO4;+ij+9%Ri8ru9"
        "@eDNbQ77_B^D%;Hw1oXhed+kMJ5A6Qe1V!V;F`0{O`*R|tNytl1?n-%!gTuguh+SnEAic7fwlW+s!aCIb7eUgx"
        "bkAgjcZ(0EOYOd<n0ZYHNdI8dZU$1xkLGPp>Zq(mVRA3a^SzaUw<l=%VOH?$cI(n9IONN~jP4Jc$niG-5z&R>%"
        "Kt$1lHpHk!ubA=YNQF%dkl2b4HGredp(th1?&Jt%H8r*Siy*>y<qu#0pV)ASn&`!6oF~2?(?aHbSb<)@&I#cWl"
        "m21S#<Ap&p_{v+?>e4!yG|aj#$2MEC}7^pYtlonz5L+I+emv;@C<84`J~a$qh0d#q2Y?OAme;4vB7M$k}dWzy~"
        "?fbWWJQCj}{E&6-~tkb7YL`T;tLT@>9on7u>yu-$Q(2>DV)WVllXv_^HO!Mc>r>;5f?ZeC#B9`HZ1TREc|cC7u"
        "V(To`-TN2Vpe?PE^GWAt4!4&4G8O*gY%rn)3YM`R?$7%N?}kz~tADoJWavXf*t{D=*HE-7x-d3oeyeZhWKCFw^"
        "7Os^^Z+$<x1H0px=VERYd&)M;iUT&v%U3jRlFNJ%u-j~9@+(zqq#GM&Q`f?e*6!vwUd^ISAcp?pHmtTb&7A#n>"
        "V8Ma~3l=s9p<fL6dr{@@L;btiVf@!wp_I0Mll-?hjzN0l{p>K^=Z5K)Hj>r+*#WyS+Y+0!G5;4zoFMOUx-qtMK"
        "l-wszjT`tYu{(nhMvE-gtGOY&ZeLL*#9p^@%0V"
    )
)
"""Of Excel 97, with a date in its last column."""


def read(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in sheets.rows(io.BytesIO(data), "books")]


def refused(data: bytes) -> FilesRefused:
    with pytest.raises(FilesRefused) as caught:
        read(data)
    return caught.value


def changed(data: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({each: archive.read(each) for each in archive.namelist()} | {name: part})


@pytest.mark.parametrize("made", [xlsx, ods])
def test_cells_are_read_as_people_see_them(made):
    assert read(made({"Sách": BOOKS})) == READ


def test_a_spreadsheet_of_old_excel_is_read():
    assert read(OLD_EXCEL)[:2] == [
        (1, ("TT", "Mã sách", "Nhan đề", "Năm XB", "ISBN", "Ngày")),
        (2, ("1", "0012", "Dế mèn phiêu lưu ký", "2019", "9786042088664", "2020-01-02")),
    ]


def test_hidden_sheets_are_left_out_and_the_others_follow_each_other():
    data = xlsx({"a": [["x"]], "b": [["hidden"]], "c": [[None], [None, "y"]]}, hidden=["b"])
    found = [(row.sheet, row.number, row.cells) for row in sheets.rows(io.BytesIO(data), "")]

    assert found == [("a", 1, ("x",)), ("c", 2, ("", "y"))]


def test_a_cell_merged_over_several_rows_counts_for_each():
    data = xlsx({"a": [["Kiều", "1"], [None, "2"], ["Số đỏ", "3"]]}, merged=["A1:A2"])

    assert [cells for _, cells in read(data)] == [("Kiều", "1"), ("Kiều", "2"), ("Số đỏ", "3")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (9786041234567.0, "9786041234567"),
        (2019.0, "2019"),
        (895.922, "895.922"),
        (0.1 + 0.2, "0.3"),
        (123456789012345680.0, "123456789012345680"),
        (True, "TRUE"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2), "2020-01-02"),  # noqa: DTZ001 - as spreadsheets have them
        (datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04:00"),  # noqa: DTZ001
        (time(7, 30), "07:30:00"),
        ("0012", "0012"),
    ],
)
def test_numbers_and_dates_are_text_without_ornaments(cell, expected):
    assert text(cell) == expected


def test_a_spreadsheet_of_one_cell_far_out_does_not_take_the_memory_of_the_hub():
    far = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
    far += b"<sheetData><row r='1'><c r='A1'><v>1</v></c></row>"
    far += b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>"

    error = refused(changed(xlsx({"a": BOOKS}), "xl/worksheets/sheet1.xml", far))
    assert isinstance(error, WorkbookTooLarge)


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(sheets, "INFLATED", 1 << 20)

    swollen = changed(xlsx({"a": BOOKS}), "xl/media/a.bin", bytes(2 << 20))
    assert isinstance(refused(swollen), WorkbookTooLarge)


def test_a_spreadsheet_of_too_many_parts_is_refused_before_its_directory_is_read(monkeypatch):
    with_parts = xlsx({"a": BOOKS})
    for number in range(30):
        with_parts = changed(with_parts, f"xl/media/{number:05}.bin", b"")
    monkeypatch.setattr(sheets, "MEMBERS", 3)
    monkeypatch.setattr(sheets.zipfile, "ZipFile", None)

    error = refused(with_parts)

    assert isinstance(error, WorkbookTooLarge)
    assert "parts" in str(error)


def test_a_spreadsheet_that_is_itself_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST", 100)

    assert isinstance(refused(xlsx({"a": BOOKS})), WorkbookTooLarge)


def test_a_locked_spreadsheet_is_refused_by_name():
    locked = OLD_EXCEL.replace(b"\0" * 64, "EncryptedPackage".encode("utf-16-le") + b"\0" * 32, 1)

    assert isinstance(refused(locked), WorkbookLocked)


@pytest.mark.parametrize(
    "data",
    [
        zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
        OLD_EXCEL.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
    ],
    ids=["docx", "doc"],
)
def test_another_office_document_is_refused_for_what_it_is(data):
    assert sheets.is_workbook(data)
    assert isinstance(refused(data), WorkbookNone)


@pytest.mark.parametrize("at", [0.3, 0.6, 0.95])
def test_a_spreadsheet_cut_short_is_damaged(at):
    data = xlsx({"a": BOOKS})

    assert isinstance(refused(data[: int(len(data) * at)]), WorkbookDamaged)


@pytest.mark.parametrize("seed", range(12))
def test_damage_anywhere_is_read_over_or_refused_in_our_own_words(seed: int):
    chance = random.Random(seed)
    data = bytearray(chance.choice([xlsx({"a": BOOKS}), ods({"a": BOOKS}), OLD_EXCEL]))
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    try:
        found = read(bytes(data))
    except FilesRefused:
        return

    assert all(number >= 1 for number, _ in found)


def test_whoever_stops_reading_ends_the_process_that_reads():
    found = sheets.rows(io.BytesIO(xlsx({"a": [[str(at)] for at in range(5_000)]})), "")

    assert next(found).cells == ("0",)
    found.close()  # type: ignore[attr-defined]
    assert next(found, None) is None
