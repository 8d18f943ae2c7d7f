"""What identifies a record in two systems, and what contradicts itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.match import features, policy
from catalogue.succession.clues import NUMBER, Given, Side, agree, clues, number, rules
from crosswalks.model import Record
from support.marc import marc, records


def told(record: Record, side: Side, identifier: str = "x") -> dict[str, set[str]]:
    """Return the values of a record's clues by their kind."""
    found: dict[str, set[str]] = {}
    for clue in clues(Given(identifier, record, features(record)), side):
        found.setdefault(clue.kind, set()).add(clue.value)
    return found


def test_an_old_record_is_known_by_its_001_and_the_end_of_its_identifier():
    found = told(marc("001 000123", "245 10 $aSố đỏ"), Side.OLD, "oai:thuvien.vn:koha/77")

    assert found[NUMBER] == {"123", "koha/77"}


def test_a_new_record_is_looked_through_for_old_numbers_place_by_place():
    record = marc(
        "001 9",
        "035 __ $a(CU)000123$z(CU)55",
        "907 __ $a.b1000123x$bmain shelf",
        "999 __ $c123",
        "245 10 $aSố đỏ",
    )

    found = told(record, Side.NEW, "oai:moi:9")

    assert found["001"] == {"9"}
    assert found["035"] == {"123", "55"}
    assert found["907$a"] == {".b1000123x"}
    assert found["999$c"] == {"123"}
    assert "907$b" not in found


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("856 40 $uhttp://hdl.handle.net/123456789/42", "handle", "123456789/42"),
        ("856 40 $uhttps://tv.vn/handle/123456789/42?locale=vi", "handle", "123456789/42"),
        ("024 7_ $a10.1234/AbC.5$2doi", "doi", "10.1234/abc.5"),
        ("856 40 $uhttps://doi.org/10.1234/abc.5", "doi", "10.1234/abc.5"),
        ("024 7_ $aURN:NBN:vn-1234$2urn", "urn", "urn:nbn:vn-1234"),
        ("035 __ $a(OCoLC)00123", "shared-035", "(ocolc)123"),
    ],
)
def test_lasting_addresses_and_shared_numbers_are_one_however_they_are_written(line, kind, value):
    record = marc("245 10 $aSố đỏ", line)

    assert value in told(record, Side.OLD)[kind]
    assert value in told(record, Side.NEW)[kind]


def test_the_handle_of_a_repository_may_be_the_end_of_its_identifier():
    found = told(marc("245 10 $aSố đỏ"), Side.NEW, "oai:repo.vn:123456789/42")

    assert found["handle"] == {"123456789/42"}


def test_an_isbn_counts_with_title_and_volume_only():
    one = told(marc("020 __ $a9786049763342", "245 10 $aToán. Tập 1"), Side.OLD)
    two = told(marc("020 __ $a9786049763342", "245 10 $aToán. Tập 2"), Side.NEW)
    none = told(marc("020 __ $a9786049763342"), Side.NEW)

    assert one["isbn"] != two["isbn"]
    assert "isbn" not in none


def test_what_every_system_writes_anew_is_no_content():
    old = marc("001 1", "008 2401", "040 __ $aA", "245 10 $aSố đỏ", "852 __ $aX", "942 __ $cB")
    new = marc("001 7", "035 __ $a(A)1", "245 10 $aSố đỏ", "856 40 $uhttp://b.vn/7")
    other = marc("001 7", "245 10 $aSố đỏ", "650 _4 $aTruyện")

    assert told(old, Side.OLD)["content"] == told(new, Side.NEW)["content"]
    assert told(old, Side.OLD)["content"] != told(other, Side.NEW)["content"]


def test_rules_are_tried_from_the_surest_to_the_broadest():
    tried = [new for _, new in rules(["907$a", "001", "999$c", "content"])]

    assert tried[:5] == ["identifier", "001", "035", "907$a", "999$c"]
    assert tried[-2:] == ["content", "features"]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("245 10 $aSố đỏ", "245 10 $aSố đỏ : tiểu thuyết", True),
        ("245 10 $aSố đỏ", "245 10 $aGiông tố", False),
        ("245 10 $aToán. Tập 1", "245 10 $aToán. Tập 2", False),
        ("245 10 $aSố đỏ", "500 __ $aKhông có nhan đề", None),
    ],
)
def test_titles_tell_whether_two_records_may_be_one(a, b, wanted):
    assert agree(features(marc(a)), features(marc(b)), policy()) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("0007", "7"), (" vtls 0007 ", "vtls0007"), ("0", ""), ("abc", "")]
)
def test_numbers_are_compared_without_blanks_case_and_leading_zeros(text, wanted):
    assert number(text) == wanted


@given(records, st.text(max_size=30), st.sampled_from(Side))
def test_clues_of_any_record_are_bounded_and_never_told_twice(record, identifier, side):
    found = list(clues(Given(identifier, record, features(record)), side))

    assert len(found) == len(set(found))
    assert all(0 < len(clue.value) <= 80 for clue in found)
