from __future__ import annotations

from provider.oai.kept import Page, Pages
from support.memory_items import make_item, make_view
from support.oai_answers import ask, identifiers, make_repository, text

LIST = "verb=ListRecords&metadataPrefix=oai_dc"


def page(size: int) -> Page:
    return Page(0, b"x" * size, "")


def test_a_page_is_kept_until_something_changes() -> None:
    pages = Pages()
    pages.put("a", (1, 1), page(1))

    assert pages.get("a", (1, 1)) == page(1)
    assert pages.get("a", (1, 2)) is None
    assert pages.get("b", (1, 1)) is None


def test_nothing_is_kept_while_more_may_change_unnoticed() -> None:
    pages = Pages()
    pages.put("a", None, page(1))

    assert pages.get("a", None) is None


def test_pages_that_nobody_asked_for_lately_make_room() -> None:
    pages = Pages(10)
    for name in "ab":
        pages.put(name, (1, 1), page(4))
    pages.get("a", (1, 1))
    pages.put("a", (1, 1), page(4))
    pages.put("c", (1, 1), page(4))
    pages.put("d", (1, 1), page(11))

    held = [name for name in "abcd" if pages.get(name, (1, 1))]
    assert held == ["a", "c"]


def test_a_kept_page_says_the_same_as_one_made_anew_and_knows_of_changes() -> None:
    view = make_view(25)
    repository = make_repository(view)
    token = text(ask(repository, LIST), "//o:resumptionToken")
    query = f"verb=ListRecords&resumptionToken={token}"
    first, again = ask(repository, query), ask(repository, query)
    view.change(12, deleted=True)
    changed = ask(repository, query)

    assert identifiers(first) == identifiers(again) == [f"b{number}" for number in range(11, 21)]
    assert "b12" not in identifiers(changed)


def test_a_list_without_a_token_is_made_each_time() -> None:
    view = make_view(2)
    repository = make_repository(view)
    ask(repository, LIST)
    view.put(make_item(1, public_id="b9"))

    assert identifiers(ask(repository, LIST)) == ["b9", "b2"]
