from __future__ import annotations

import pytest
from lxml import etree

from support.memory_items import NOW, make_item, make_view
from support.oai_answers import ask, code, identifiers, make_repository, pages, text

LIST = "verb=ListRecords&metadataPrefix=oai_dc"


@pytest.mark.parametrize("count", [1, 9, 10, 11, 20, 35])
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_following_tokens_gives_every_item_once_in_order(count: int, verb: str) -> None:
    repository = make_repository(make_view(count))

    found = [
        identifier
        for page in pages(repository, f"verb={verb}&metadataPrefix=oai_dc")
        for identifier in identifiers(page)
    ]

    assert [f"b{key}" for key in range(1, count + 1)] == found


def test_items_of_one_second_are_not_lost_between_pages() -> None:
    view = make_view(0)
    view.put(*(make_item(key, stamp=NOW) for key in range(1, 26)))

    found = [key for page in pages(make_repository(view), LIST) for key in identifiers(page)]

    assert 25 == len(set(found)) == len(found)


def test_only_a_list_of_several_pages_has_tokens_and_the_last_one_is_empty(
    schema: etree.XMLSchema,
) -> None:
    path = "//o:resumptionToken"
    one = ask(make_repository(make_view(10)), LIST)
    several = list(pages(make_repository(make_view(21)), LIST))

    for answer in [one, *several]:
        schema.assertValid(answer)
    assert text(one, f"count({path})") == "0"
    assert [text(page, f"{path}/@cursor") for page in several] == ["0", "10", "20"]
    assert [text(page, f"{path}/@completeListSize") for page in several] == ["21"] * 3
    assert [bool(text(page, path)) for page in several] == [True, True, False]


def test_from_and_until_take_in_both_ends() -> None:
    view = make_view(0)
    view.put(*(make_item(key, stamp=NOW - 10 + key) for key in range(1, 6)))
    window = "from=2023-11-14T22:13:12Z&until=2023-11-14T22:13:14Z"

    assert identifiers(ask(make_repository(view), f"{LIST}&{window}")) == ["b2", "b3", "b4"]


def test_a_day_is_taken_whole() -> None:
    view = make_view(0)
    midnight = NOW - NOW % 86400
    view.put(*(make_item(key, stamp=midnight + key) for key in (-1, 0)))

    assert identifiers(ask(make_repository(view), f"{LIST}&until=2023-11-13")) == ["b-1"]
    assert identifiers(ask(make_repository(view), f"{LIST}&from=2023-11-14")) == ["b0"]


def test_a_set_takes_in_those_below_it() -> None:
    view = make_view(0)
    view.put(make_item(1), make_item(2, sets=("library:HUST",)), make_item(3, sets=()))
    repository = make_repository(view)

    assert identifiers(ask(repository, f"{LIST}&set=library")) == ["b1", "b2"]
    assert identifiers(ask(repository, f"{LIST}&set=library:HUST")) == ["b2"]


@pytest.mark.parametrize(
    "limits",
    ["set=nosuch", "until=2001-01-01", "from=2023-11-15", "from=2023-11-14T22:13:21Z"],
)
def test_an_empty_list_is_no_records_match(limits: str) -> None:
    assert code(ask(make_repository(make_view(3)), f"{LIST}&{limits}")) == "noRecordsMatch"


def test_what_lies_beyond_the_horizon_is_not_shown() -> None:
    view = make_view(1)
    view.put(make_item(2, stamp=NOW + 1))

    assert identifiers(ask(make_repository(view), LIST)) == ["b1"]


def test_a_change_during_a_list_is_in_the_next_list_by_any_of_its_response_dates() -> None:
    view = make_view(15)
    repository = make_repository(view)
    walk = pages(repository, LIST)
    first = next(walk)
    view.change(3)
    view.change(12)
    second = next(walk)
    since = {text(page, "o:responseDate") for page in (first, second)}

    assert identifiers(second) == ["b11", "b13", "b14", "b15"]
    assert len(since) == 1
    assert identifiers(ask(repository, f"{LIST}&from={since.pop()}")) == ["b3", "b12"]


def test_a_page_whose_items_have_all_changed_gives_the_last_item_again(
    schema: etree.XMLSchema,
) -> None:
    view = make_view(11)
    walk = pages(make_repository(view), LIST)
    next(walk)
    view.change(11)
    last = next(walk)

    schema.assertValid(last)
    assert identifiers(last) == ["b10"]
    assert text(last, "//o:resumptionToken") == ""


def test_a_list_of_which_nothing_is_left_ends_with_no_records_match() -> None:
    view = make_view(11)
    walk = pages(make_repository(view), LIST)
    next(walk)
    for key in range(1, 12):
        view.change(key)

    assert code(next(walk)) == "noRecordsMatch"


def test_a_token_can_be_asked_again() -> None:
    repository = make_repository(make_view(25))
    token = text(ask(repository, LIST), "//o:resumptionToken")
    query = f"verb=ListRecords&resumptionToken={token}"

    assert identifiers(ask(repository, query)) == identifiers(ask(repository, query))


@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListSets"])
def test_a_token_of_another_verb_is_bad(verb: str) -> None:
    repository = make_repository(make_view(25))
    token = text(ask(repository, LIST), "//o:resumptionToken")

    answer = ask(repository, f"verb={verb}&resumptionToken={token}")

    assert code(answer) == "badResumptionToken"
    assert text(answer, "o:request/@resumptionToken") == token
