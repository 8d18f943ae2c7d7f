"""The lists of diagnostics, and the errors that name numbers of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from protocols import cql, diagnostics
from protocols.errors import QueryError
from support.messages import REPOSITORY
from web.language import message, translator

BOTH = {"bib1": diagnostics.BIB1, "sru": diagnostics.SRU}
NOT_OURS = ("tiêu đề", "bản ghi", "thu hoạch")


def errors(kind: type[QueryError] = QueryError) -> Iterator[type[QueryError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from errors(below)


@pytest.mark.parametrize("error", list(errors()), ids=lambda error: error.__name__)
def test_every_error_has_a_number_in_both_lists(error):
    assert error.bib1 in diagnostics.BIB1
    assert error.sru in diagnostics.SRU


@pytest.mark.parametrize("name", BOTH)
def test_every_diagnostic_is_said_in_both_languages(name):
    listed = BOTH[name].values()

    assert [each.number for each in listed if not each.english or not each.vietnamese] == []
    assert [each.number for each in listed if each.english == each.vietnamese] == []
    assert [d.number for d in listed for word in NOT_OURS if word in d.vietnamese.lower()] == []


@pytest.mark.parametrize(("name", "other"), [("bib1", "sru"), ("sru", "bib1")])
def test_every_number_leads_to_one_of_the_other_list(name, other):
    led = {each.same for each in BOTH[name].values() if each.same is not None}

    assert led - BOTH[other].keys() == set()


def test_what_is_wrong_with_a_query_is_said_in_the_readers_language():
    with pytest.raises(QueryError) as error:
        cql.read("dc.rights = a")

    assert message(error.value, translator("vi")) == (
        "Không tìm được theo dc.rights. Chọn chỉ mục khác, hoặc tìm ở mọi nơi."
    )
    assert message(error.value, translator("en")) == str(error.value)


def test_the_numbers_of_a_list_are_given_once():
    for name, listed in BOTH.items():
        path = REPOSITORY / "protocols" / "diagnostics" / f"{name}.tsv"
        lines = path.read_text("utf-8").splitlines()[2:]

        assert len(lines) == len(listed)


def test_a_number_without_an_equal_is_an_unspecified_error():
    assert (diagnostics.sru_for(114), diagnostics.bib1_for(16)) == (16, 114)
    assert (diagnostics.sru_for(1001), diagnostics.bib1_for(71)) == (1, 100)
    assert (diagnostics.sru_for(9999), diagnostics.bib1_for(9999)) == (1, 100)
