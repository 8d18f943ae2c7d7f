"""Sets that clusters are in by what they are and who holds them, and forms that only some have."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from catalogue import libraries
from catalogue.cluster.sets import Place, sets_of, slug
from catalogue.database import Database
from catalogue.model import Item, ItemQuery, Sharing
from catalogue.published import snapshot
from catalogue.tables import FormRow
from crosswalks.model import Field, Record
from support.filled import add_library, book, deliver
from support.pages import place_all
from support.shelf import thesis

_moments = itertools.count(2**34, 10)


def listed(database: Database, **wanted: object) -> list[Item]:
    """Return what a list shows once the last second is over."""
    with (
        patch("catalogue.clock.wall_clock", side_effect=lambda: next(_moments)),
        snapshot(database) as shown,
    ):
        query = ItemQuery(**{"prefix": "marc21", "end": 2**40, **wanted})
        found = shown.page(query)
        assert shown.count(query) == len(found)
        return found


def live(database: Database, **wanted: object) -> dict[str, bool]:
    return {title(each): not each.deleted for each in listed(database, **wanted)}


def title(item: Item) -> str:
    return item.public_id.lstrip("0")


def about(record: Record, *numbers: str) -> Record:
    fields = [Field("082", "04", (("a", number),)) for number in numbers]
    return replace(record, fields=(*record.fields, *fields))


@pytest.fixture
def hub(database: Database) -> Iterator[Database]:
    for code, name in (("NLV", "Thư viện Quốc gia"), ("HUST", "Tạ Quang Bửu")):
        add_library(database, code, name)
    libraries.change(database, "NLV", kind="Thư viện quốc gia", region="Hà Nội")
    return database


def test_a_record_is_in_the_sets_of_what_it_is_and_of_who_holds_it(hub):
    deliver(hub, "NLV", {"a": about(thesis(book("Lúa nước")), "633.18/09597", "[Fic]")})
    place_all(hub)

    [item] = listed(hub)

    assert item.sets == (
        *("ddc", "ddc:600", "ddc:600:630", "library", "library:NLV", "material"),
        *("material:thesis", "policy", "policy:public", "region", "region:ha-noi"),
        *("type", "type:national"),
    )


def test_sets_are_called_by_words_that_people_know(hub):
    deliver(hub, "NLV", {"a": about(book("Lúa nước"), "633")})
    place_all(hub)

    with snapshot(hub) as shown:
        names = {each.spec: each.name for each in shown.sets()}

    assert names["region:ha-noi"] == "Hà Nội"
    assert names["library:NLV"] == "Thư viện Quốc gia"
    assert names["material:book"] == "Sách (books)"
    assert names["ddc:600:630"] == "DDC 630-639"


def test_a_library_of_another_type_takes_its_records_with_it(hub):
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)

    libraries.change(hub, "NLV", kind="public")
    place_all(hub)

    assert live(hub, set_spec="type:public") == {"1": True}
    assert live(hub, set_spec="type:national") == {"1": False}


def test_a_record_is_in_the_set_of_each_policy_that_a_view_sees(hub):
    one = book("Lúa nước", author="Bùi Huy Đáp", isbn="9786049763342")
    deliver(hub, "NLV", {"a": one})
    deliver(hub, "HUST", {"b": one})
    libraries.change(hub, "HUST", sharing=Sharing.INTERNATIONAL)
    place_all(hub)
    both = (live(hub, set_spec="policy:international"), live(hub, set_spec="policy:public"))

    libraries.change(hub, "HUST", sharing=Sharing.HUB)
    place_all(hub)

    assert both == ({"1": True}, {"1": True})
    assert live(hub, set_spec="policy:international") == {"1": False}
    assert live(hub, set_spec="policy:public") == {"1": True}
    with snapshot(hub) as shown:
        assert not shown.has_set("policy:hub")


def test_a_set_has_the_name_its_staff_write_now(hub):
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)
    libraries.change(hub, "NLV", region="HÀ NỘI")
    place_all(hub)

    with snapshot(hub) as shown:
        assert {each.name for each in shown.sets() if each.spec == "region:ha-noi"} == {"HÀ NỘI"}


def test_a_thesis_alone_has_the_form_of_theses_and_loses_it_as_a_deletion(hub):
    deliver(hub, "NLV", {"a": thesis(book("Lúa nước")), "b": book("Giông tố")})
    place_all(hub)
    before = live(hub, prefix="etdms", only="material:thesis")
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)
    after = live(hub, prefix="etdms", only="material:thesis")

    assert (before, after) == ({"1": True}, {"1": False})


def test_the_form_of_theses_within_a_set_is_of_those_that_are_in_both(hub):
    deliver(hub, "NLV", {"a": thesis(book("Lúa nước")), "b": book("Giông tố")})
    deliver(hub, "HUST", {"c": thesis(book("Vật liệu"))})
    place_all(hub)
    asked = {"prefix": "etdms", "only": "material:thesis", "set_spec": "library:NLV"}
    before = live(hub, **asked)
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)

    assert before == {"1": True}
    assert live(hub, **asked) == {"1": False}


def kept(database: Database, prefix: str) -> int:
    with database.reading() as connection:
        query = select(func.count()).select_from(FormRow).where(FormRow.prefix == prefix)
        return connection.execute(query).scalar_one()


@pytest.mark.parametrize("prefix", ["mods", "qdc", "edm", "etdms"])
def test_a_form_is_made_for_the_first_who_asks_and_kept_for_the_next(hub, prefix):
    deliver(hub, "NLV", {"a": thesis(book("Lúa nước"))})
    place_all(hub)
    before = kept(hub, prefix)
    first = listed(hub, prefix=prefix)
    with patch("catalogue.asked.make_stored", side_effect=AssertionError):
        second = listed(hub, prefix=prefix)

    assert (before, kept(hub, prefix)) == (0, 1)
    assert "Lúa nước".encode() in first[0].body
    assert first == second


def test_headers_alone_make_no_form(hub):
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)

    listed(hub, prefix="mods", bodies=False)

    assert kept(hub, "mods") == 0


def test_a_kept_form_goes_with_what_it_was_made_of(hub):
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)
    listed(hub, prefix="mods")

    deliver(hub, "NLV", {"a": book("Lúa nương")})
    place_all(hub)

    assert kept(hub, "mods") == 0
    assert "Lúa nương".encode() in listed(hub, prefix="mods")[0].body


def test_what_was_replaced_while_it_was_made_is_not_kept(hub):
    deliver(hub, "NLV", {"a": book("Lúa nước")})
    place_all(hub)
    with (
        patch("catalogue.clock.wall_clock", side_effect=lambda: next(_moments)),
        snapshot(hub) as shown,
    ):
        shown.page(ItemQuery(prefix="mods", end=2**40))
        deliver(hub, "NLV", {"a": book("Lúa nương")})
        place_all(hub)

    assert kept(hub, "mods") == 0


@given(st.text(max_size=80))
def test_any_name_makes_a_legal_part_of_a_set(name):
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(slug(name)) == slug(name)


@given(st.text(alphabet="0123456789./ [Fic]", max_size=12))
def test_any_number_gives_sets_with_their_ancestors(number):
    found = sets_of(about(book("A"), number), ["L"], {"L": Place("public", "")})

    assert all(spec.rpartition(":")[0] in {"", *found} for spec in found)
    assert all(found.values())
