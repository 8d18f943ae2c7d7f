from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.check import check_fully
from crosswalks.checks import seen
from crosswalks.checks.completeness import WEIGHTS, completeness
from crosswalks.checks.features import features, says_nothing
from crosswalks.checks.patterns import Pattern, patterns
from crosswalks.checks.tally import MOST_KEYS, Tally
from crosswalks.model import Element, Problem, Record, Schema, Severity
from support.marc import marc
from support.marc import records as any_records

FULL = (
    "001 7",
    "008 240101s2019    vm a     b    001 0 vie d",
    "020 __ $a9786040000019",
    "082 04 $a895.9223",
    "100 1_ $aVũ, Trọng Phụng",
    "245 10 $aSố đỏ",
    "250 __ $aIn lần 2",
    "264 _1 $aHà Nội$bVăn học$c2019",
    "300 __ $a300 tr.",
    "520 __ $aTiểu thuyết trào phúng",
    "650 _4 $aVăn học",
    "856 40 $uhttps://kho.example.edu.vn/7",
)


def dc(**values: str | tuple[str, ...]) -> Record:
    fields = [
        Element(f"dc:{name}", (), text)
        for name, given in values.items()
        for text in ((given,) if isinstance(given, str) else given)
    ]
    return Record(schema=Schema.OAI_DC, fields=tuple(fields))


def shown(record: Record) -> set[str]:
    return {pattern.value for pattern, _ in patterns(features(record))}


def tally_of(*records: Record) -> Tally:
    tally = Tally()
    for position, record in enumerate(records, 1):
        tally.add(position, record, check_fully(record))
    return tally


def state(tally: Tally) -> object:
    counts = {key: (one.cases, one.records) for key, one in tally.problems.items()}
    shapes = {key: one.records for key, one in tally.patterns.items()}
    return counts, shapes, tally.scores, tally.kinds, tally.records, tally.seen.again()


def test_a_record_that_tells_all_is_complete():
    assert completeness(marc(*FULL)) == 100


def test_a_record_of_a_title_only_is_hardly_so():
    assert completeness(marc("245 10 $aSố đỏ")) < 30


@given(any_records)
def test_completeness_is_always_a_percentage(record: Record):
    assert 0 <= completeness(record) <= 100


def test_unimarc_tells_the_same_in_its_own_fields():
    given = marc("001 7", "101 0_ $avie", "200 1_ $aSố đỏ$fVũ Trọng Phụng", "210 __ $cTrẻ$d2019")
    record = Record(schema=Schema.UNIMARC, leader=given.leader, fields=given.fields)

    assert shown(record) == {"no-subject", "no-identifier"}


def test_values_that_say_nothing_do_not_count():
    empty = dc(title="Số đỏ", creator="N/A", subject="Không có", language="und")

    assert completeness(empty) == completeness(dc(title="Số đỏ"))


def test_each_kind_of_record_is_measured_by_what_it_should_tell():
    thesis = dc(title="Số đỏ", creator="An", type="Luận văn thạc sĩ")
    other = dc(title="Số đỏ", creator="An", type="Ảnh")

    assert completeness(thesis) != completeness(other)
    assert all(sum(weights.values()) > 0 for weights in WEIGHTS.values())


@pytest.mark.parametrize("value", ["N/A", "n.a.", "Không có", "KHÔNG RÕ", "[s.n.]", "-", "???", ""])
def test_what_only_fills_the_place_says_nothing(value: str):
    assert says_nothing(value)


@pytest.mark.parametrize("value", ["Không có gì quý hơn độc lập tự do", "Unknown soldier"])
def test_a_title_that_begins_so_says_something(value: str):
    assert not says_nothing(value)


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("no-title", {"creator": "An"}),
        ("no-creator", {"title": "Số đỏ"}),
        ("title-is-description", {"title": "Số đỏ", "description": "SỐ ĐỎ."}),
        ("title-in-capitals", {"title": "NHỮNG NGÀY THƠ ẤU"}),
        ("title-too-short", {"title": "a"}),
        ("placeholder", {"title": "Số đỏ", "creator": "Không có"}),
        ("stamp-as-date", {"date": ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z")}),
        ("unreadable-date", {"date": "k. năm"}),
        ("dead-link", {"identifier": "http://localhost:8080/xmlui/handle/123456789/1"}),
        ("dead-link", {"identifier": "http://hdl.handle.net/123456789/1"}),
        ("dead-link", {"identifier": "http://192.168.1.5/kho/1"}),
        ("markup", {"description": "<p>Một cuốn sách</p>"}),
        ("several-names", {"creator": "An; Bình; Chi"}),
    ],
)
def test_each_pattern_is_known_by_its_name(pattern: str, values: dict[str, str]):
    assert pattern in shown(dc(**values))


def test_a_good_record_shows_no_pattern():
    assert shown(marc(*FULL)) == set()


def test_a_date_of_publication_beside_time_stamps_is_no_stamp_as_date():
    assert "stamp-as-date" not in shown(dc(date=("2020-01-02T03:04:05Z", "2019")))


def test_short_names_and_decades_are_in_order():
    record = marc(FULL[0], "245 10 $aViệt Nam", "264 _1 $bTrẻ$c199u", "250 __ $aIn lần 2")

    assert shown(record).isdisjoint({"title-in-capitals", "unreadable-date", "title-too-short"})


def test_problems_are_counted_by_case_and_by_record_with_a_few_samples():
    tally = tally_of(*[marc(*FULL, "020 __ $a1", "020 __ $a2")] * 5)
    [(key, count)] = tally.by_weight()

    assert (key.code, count.cases, count.records) == ("bad-isbn", 10, 5)
    assert [each.position for each in count.examples] == [1, 1, 2]


def test_a_record_that_cannot_be_read_is_counted_and_not_judged():
    tally = Tally()
    tally.add(1, None, [Problem(code="unreadable", severity=Severity.ERROR)])

    assert (tally.records, tally.unreadable, tally.errors()) == (1, 1, 1)
    assert tally.completeness() is None


def test_identifiers_that_come_again_are_told():
    tally = tally_of(marc(*FULL), marc(*FULL), marc("001 8", *FULL[1:]))
    count = dict(tally.shown_patterns())[Pattern.SAME_IDENTIFIER]

    assert (count.records, [each.sample for each in count.examples]) == (1, ["7"])


@given(st.lists(any_records, max_size=8), st.integers(0, 8))
def test_two_tallies_of_parts_make_the_tally_of_the_whole(records, middle):
    first, second = Tally(), Tally()
    for position, record in enumerate(records, 1):
        part = first if position <= middle else second
        part.add(position, record, check_fully(record))
    first.merge(second)

    assert state(first) == state(tally_of(*records))


def test_a_tally_does_not_grow_with_what_it_has_seen():
    small, large = Tally(), Tally()
    for tally, count in ((small, MOST_KEYS + 100), (large, 4 * MOST_KEYS)):
        for position in range(count):
            problem = Problem(code="bad-tag", severity=Severity.WARNING, field=f"{position}")
            tally.add(position, None, [problem])

    assert len(pickle.dumps(large.problems)) < 1.1 * len(pickle.dumps(small.problems))


def test_repetition_is_estimated_where_there_are_too_many_to_keep():
    counted = seen.Seen()
    for number in range(60_000):
        counted.add(str(number if number < 30_000 else number - 30_000))

    assert not counted.is_exact()
    assert abs(counted.again() - 30_000) < 3_000
    assert len(counted.kept) == len(counted.largest) == seen.KEPT


@given(st.lists(st.integers(0, 40)), st.integers(0, 40))
def test_what_was_seen_in_parts_was_seen_in_the_whole(numbers, middle):
    whole, first, second = seen.Seen(), seen.Seen(), seen.Seen()
    for place, number in enumerate(numbers):
        whole.add(str(number))
        (first if place < middle else second).add(str(number))
    first.merge(second)

    assert (first.again(), first.kept) == (whole.again(), whole.kept)
    assert whole.again() == len(numbers) - len(set(numbers))
