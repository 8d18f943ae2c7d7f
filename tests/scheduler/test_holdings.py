"""Lists of holdings from their files, matched by those who place."""

from __future__ import annotations

import io

import pytest

from catalogue import browse, sources
from catalogue.holdings.errors import TooManyRows
from catalogue.holdings.model import Found, Row
from catalogue.holdings.put import Giving
from catalogue.model import HubIdentity
from catalogue.records import get
from harvester.errors import HarvestError
from scheduler.holdings import File, Problems, read, take
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub
from support.listed import add_library, found, give, stored
from support.oai_source import Repository, items
from support.workbooks import xlsx


def rows(content: bytes, columns: str = "", encoding: str = "") -> tuple[list[Row], dict[str, int]]:
    problems = Problems()
    file = File(io.BytesIO(content), "a.csv", encoding)
    return [line.row for line in read(file, columns, problems)], dict(problems.counts)


def test_every_column_goes_where_it_belongs():
    head = "ISBN;Nhan đề;Phụ đề;Tác giả;NXB;Năm XB;Tập;Lần XB;KHXG;Kho;Số ĐKCB;Số bản"
    line = "9786049763342;Số đỏ;tiểu thuyết;Vũ Trọng Phụng;Văn học;1936;2;Tái bản;895;K1;V1;3"
    [row], problems = rows(f"{head}\n{line}\n".encode())

    assert problems == {}
    assert row == Row(
        isbn="9786049763342",
        title="Số đỏ : tiểu thuyết",
        author="Vũ Trọng Phụng",
        publisher="Văn học",
        year="1936",
        volume="2",
        edition="Tái bản",
        call_number="895",
        location="K1",
        local_number="V1",
        copies=3,
    )


def test_a_record_number_names_a_record_and_a_bare_one_is_the_librarys_own():
    named, _ = rows("Mã biểu ghi;Nhan đề\n(VN-A)12;Truyện\n000000012;Truyện\n".encode())

    assert [(row.identifier, row.local_number) for row in named] == [
        ("(VN-A)12", ""),
        ("", "000000012"),
    ]


def test_several_numbers_in_a_cell_are_as_many_copies_of_one_row():
    [row], _ = rows("Nhan đề;Số ĐKCB\nTruyện;V1, V2; V3\n".encode().replace(b"V2; V3", b"V2 | V3"))

    assert (row.local_number, row.copies) == ("V1; V2; V3", 3)
    assert row.identity == "local:V1"


def test_what_is_wrong_with_a_row_is_told_and_the_row_stays():
    content = f"ISBN;ISSN;Nhan đề\n123;;Truyện\n;12;\n;;{'x' * 2000}\n"
    found, problems = rows(content.encode())

    assert len(found) == 3
    assert problems == {"bad-isbn": 1, "bad-issn": 1, "cell-too-long": 1, "row-without-number": 1}


def test_a_workbook_is_read_as_a_text_is():
    table = [["Danh mục sách"], ["ISBN", "Nhan đề"], ["9786049763342", "Số đỏ"]]
    [row], _ = rows(xlsx({"Sheet1": table}))

    assert row == Row(isbn="9786049763342", title="Số đỏ")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"a;b\n1;2\n", b"\x00\x01\x02" * 50])
def test_what_is_no_list_is_refused_with_the_reason(content):
    with pytest.raises(HarvestError) as refused:
        rows(content)

    assert "a.csv" in str(refused.value)


def test_a_list_without_end_is_refused_before_all_of_it_is_kept(database, monkeypatch):
    monkeypatch.setattr("scheduler.holdings.MOST", 3)
    add_library(database)
    file = File(io.BytesIO(b"ISBN\n" + b"9786049763342\n" * 5), "a.csv")
    with pytest.raises(TooManyRows):
        take(database, HubIdentity(), file, Giving(library="SMALL"))

    assert stored(database) == []


def test_a_harvest_matches_by_itself_what_waited_for_its_records(hub: Hub):
    repository = Repository(items=items(3), page_size=2)
    hub.add("s1", repository)
    add_library(hub.database)
    library, wanted = sources.get(hub.database, "s1").library, repository.items[1].identifier
    give(hub.database, Row(identifier=f"({library}){wanted}"))

    harvest(hub.line, "s1", HarvestOptions())

    assert found(hub.database) == [Found.MATCHED]
    cluster = get(hub.database, "s1", wanted).cluster
    held = browse.cluster(hub.database, cluster).holdings
    assert [each.library for each in held if each.library == "SMALL"] == ["SMALL"]
