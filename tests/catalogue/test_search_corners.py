"""Queries that a real server of libraries answers and ours did not, until it was compared."""

from __future__ import annotations

import pytest

from support.indexed import index
from support.marc import marc
from support.searching import search_cql, search_pqf

LONG = "Nghị định quy định chi tiết một số điều của Luật Thư viện về " + ", ".join(
    f"điều {number} và khoản {number}" for number in range(1, 20)
)
SHELF = [
    marc("020 __$a0780363604 (bìa cứng)", "245 10$aCơ sở dữ liệu /$cTô Hoài"),
    marc("245 10$aNội san :$bsố đặc biệt"),
    marc(f"245 10$a{LONG}"),
    marc(f"245 10$a{LONG} :$btập 2"),
    marc("008 200101s9999    vm            000 0 vie d", "245 10$aTin học đại cương"),
    marc("008 200101s1999    vm            000 0 vie d", "245 10$aTin học đại cương"),
]


@pytest.fixture
def hub(database):
    index(database, SHELF)
    return database


def found(hits):
    return sorted(int(hit.public_id[1:]) for hit in hits.hits)


@pytest.mark.parametrize("kind", [6, 105, 106])
def test_signs_between_words_of_a_list_are_no_words(hub, kind):
    assert found(search_pqf(hub, f'@attr 1=4 @attr 4={kind} "nội : san"')) == [2]
    assert found(search_pqf(hub, f'@attr 1=4 @attr 4={kind} ": /"')) == []


@pytest.mark.parametrize("digits", ["0", "078036", "078036360", "0780363604", "978078"])
def test_an_isbn_is_found_by_its_first_digits_in_either_form(hub, digits):
    assert found(search_pqf(hub, f"@attr 1=7 @attr 5=1 {digits}")) == [1]
    assert found(search_pqf(hub, f"@attr 5=1 {digits}")) == [1]


@pytest.mark.parametrize("attributes", ["@attr 3=1", "@attr 6=3", "@attr 6=3 @attr 5=1"])
def test_a_title_longer_than_what_is_kept_of_it_is_found_by_all_of_its_words(hub, attributes):
    assert 3 in found(search_pqf(hub, f'@attr 1=4 {attributes} "{LONG}"'))
    assert found(search_pqf(hub, f'@attr 1=4 {attributes} "{LONG} : tập 2"')) == [4]


def test_a_year_that_nobody_can_mean_is_none(hub):
    assert [hit.year for hit in search_cql(hub, "tin").hits] == ["1999", ""]
