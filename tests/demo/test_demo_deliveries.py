"""What the members deliver: always the same, overlapping, and damaged on purpose only."""

import hashlib
import unicodedata
from collections import Counter, defaultdict

import pytest

from crosswalks import reading
from crosswalks.formats import marcxml
from crosswalks.model import RawRecord
from hub.demo.generate import DAMAGES, deliveries
from hub.demo.member import demo_members
from support.processes import function, run


def everything():
    return [record for member in demo_members() for record in deliveries(member)]


def sound(member):
    return [record for record in deliveries(member) if not record.deleted and not record.damage]


def marc_records():
    members = [member for member in demo_members() if member.column != "university"]
    return [marcxml.read(record.payload) for member in members for record in sound(member)]


def holders():
    found = defaultdict(set)
    for member in demo_members():
        for record in deliveries(member):
            found[record.truth].add(member.column)
    return found


def text_of(record):
    return record.payload.decode()


def digest():
    return hashlib.sha256(repr(everything()).encode()).hexdigest()


def test_every_process_delivers_the_same():
    [first] = run(function(digest), env={"PYTHONHASHSEED": "1"})

    assert first.value == digest()


def test_each_member_delivers_what_its_habits_say(member):
    delivered = deliveries(member)
    fates = Counter("deleted" if record.deleted else record.damage for record in delivered)

    assert len(delivered) == int(member.habit("records"))
    assert len({record.identifier for record in delivered}) == len(delivered)
    assert {fate: fates[fate] for fate in ("deleted", *DAMAGES)} == {
        fate: int(member.habit(fate)) for fate in ("deleted", *DAMAGES)
    }


def test_three_thousand_records_of_hundreds_of_works_come_together():
    assert len(everything()) >= 3000
    assert len({record.truth.partition("/")[0] for record in everything()}) >= 450


def test_a_good_part_of_the_books_is_held_by_several_members():
    counts = [len(found) for found in holders().values()]

    assert sum(count > 1 for count in counts) / len(counts) >= 0.25
    assert max(counts) == 3


def test_some_books_are_catalogued_twice_by_one_member(member):
    twice = Counter(record.truth.rpartition("/")[0] for record in deliveries(member))

    assert sum(count > 1 for count in twice.values()) == int(member.habit("repeated"))


def test_works_come_in_reprints_and_volumes_that_are_different_books():
    editions = defaultdict(set)
    for truth in holders():
        work, edition, volume, _ = truth.split("/")
        editions[work].add((edition, volume))

    assert sum(len({edition for edition, _ in found}) > 1 for found in editions.values()) > 100
    assert sum(len({volume for _, volume in found}) > 1 for found in editions.values()) > 50


def test_a_digitised_book_is_another_manifestation_than_the_printed_one():
    digital = {truth for truth in holders() if truth.endswith("/pdf")}

    assert len(digital) > 50
    assert any(truth.replace("/pdf", "/print") in holders() for truth in digital)


def test_a_list_is_in_the_order_of_its_datestamps(member):
    stamps = [record.datestamp for record in deliveries(member)]

    assert stamps == sorted(stamps)
    assert len(set(stamps)) > 10


def test_sound_records_are_read_without_a_problem(member):
    raw = [
        RawRecord(identifier=record.identifier, format=record.prefix, body=record.payload)
        for record in sound(member)
    ]

    assert {problem.code for record in raw for problem in reading.read(record)[1]} == set()


def test_only_records_without_metadata_or_deleted_are_empty(member):
    empty = [record for record in deliveries(member) if not record.payload]

    assert all(record.deleted or record.damage == "without-metadata" for record in empty)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("without-title", lambda text: 'tag="245"' not in text),
        ("bad-leader", lambda text: "<leader>00000nàm 22" in text),
        ("read-as-latin-1", lambda text: any("\x80" <= letter <= "\x9f" for letter in text)),
    ],
)
def test_damage_is_what_its_name_says(damage, expected):
    damaged = [record for record in everything() if record.damage == damage]

    assert damaged
    assert all(expected(text_of(record)) for record in damaged)


def test_leader_and_coded_field_have_their_length():
    lengths = {(len(record.leader), len(record.control("008"))) for record in marc_records()}

    assert lengths == {(24, 40)}


def test_marc_records_carry_what_a_cataloguer_expects():
    needed = ("040", "041", "082", "245", "260", "300")
    counts = {len(list(record.data(tag))) for record in marc_records() for tag in needed}

    assert counts == {1}


def test_every_marc_record_has_local_fields():
    assert all(any(record.data("927", "952")) for record in marc_records())


def test_one_member_delivers_everything_decomposed():
    forms = {
        member.column: {
            form
            for form in ("NFC", "NFD")
            if all(unicodedata.is_normalized(form, text_of(record)) for record in sound(member))
        }
        for member in demo_members()
    }

    assert forms == {"national": {"NFC"}, "university": {"NFC"}, "city": {"NFD"}}


def test_a_repository_puts_the_moment_of_accession_before_the_year_of_the_book():
    [university] = [member for member in demo_members() if member.column == "university"]
    text = text_of(sound(university)[0])
    dates = [part.partition("</dc:date>")[0] for part in text.split("<dc:date>")[1:]]

    assert [len(date) for date in dates] == [20, 20, 4]


@pytest.mark.parametrize(
    "variants",
    [
        ("H. :", "Hà Nội :"),
        ("Nxb. Văn học", "NXB Văn học", "Nhà xuất bản Văn học"),
        ("Tập 1", "T.1", "T. 1"),
        (" tr.", "Tr. "),
        ("Nguyễn Nhật Ánh", "Nguyễn, Nhật Ánh"),
        ("văn hóa", "văn hoá"),
        ("<dc:language>vi<", "<dc:language>vi_VN<", "<dc:language>vn<"),
    ],
)
def test_the_same_thing_is_written_in_several_ways(variants):
    texts = unicodedata.normalize("NFC", "".join(map(text_of, everything())))

    assert [variant for variant in variants if variant not in texts] == []
