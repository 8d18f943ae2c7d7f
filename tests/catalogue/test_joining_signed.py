"""Who joins is shown once both sides have agreed to the newest check, and not a moment before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import libraries, sources
from catalogue.joining import checks, inviting, signing, store
from catalogue.joining.errors import NothingToSign, OtherCheck
from catalogue.joining.model import Application, By, Side, State
from catalogue.membership.model import Membership
from catalogue.model import Source
from catalogue.observed import Stage
from support.pages import Book, books, deliver, place_all
from support.searching import search

BY = By("an", "thử")
SOURCE = Source(name="moi", library="MOI", protocol="oai-pmh", url="http://127.0.0.1/oai")


def checked(database, verdict: str = "pass") -> int:
    number = checks.begin(database, "MOI", BY)
    checks.finish(database, number, verdict, {"findings": [], "facts": {}})
    return number


@pytest.fixture
def joining(database):
    store.add(database, Application(code="MOI", name="Mới"), "an")
    inviting.invite(database, "MOI", "an")
    checks.stream(database, "MOI", SOURCE, BY)
    deliver(database, "moi", *books([("a", Book()), ("b", Book(title="Vỡ đê"))]))
    place_all(database)
    return database


def test_both_sides_connect_a_library_and_all_it_has_is_shown(joining):
    number = checked(joining)
    assert search(joining, "so do").total == 0

    seen = By("an", seen=store.get(joining, "MOI").rev)
    assert not signing.sign(joining, "MOI", Side.MEMBER, number, seen)
    assert not signing.sign(joining, "MOI", Side.MEMBER, number, seen)
    place_all(joining)
    assert store.get(joining, "MOI").state is State.AGREED
    assert search(joining, "so do").total == 0
    assert libraries.get(joining, "MOI").standing is Membership.JOINING

    assert signing.sign(joining, "MOI", Side.HUB, number, BY)
    assert not signing.sign(joining, "MOI", Side.HUB, number, BY)
    place_all(joining)
    found = store.get(joining, "MOI")
    assert (found.state, found.invited) == (State.CONNECTED, 0)
    assert libraries.get(joining, "MOI").standing is Membership.MEMBER
    assert sources.get(joining, "moi").stage is Stage.LIVE
    assert search(joining, "so do").total == 1


def test_only_the_newest_check_that_passed_can_be_agreed_to(joining):
    with pytest.raises(NothingToSign):
        signing.sign(joining, "MOI", Side.HUB, 1, BY)
    first = checked(joining)
    second = checked(joining)
    with pytest.raises(OtherCheck):
        signing.sign(joining, "MOI", Side.HUB, first, BY)
    signing.sign(joining, "MOI", Side.HUB, second, BY)
    third = checked(joining, "mend")
    assert signing.signs(joining, "MOI") == []
    assert store.get(joining, "MOI").state is State.FIX
    with pytest.raises(NothingToSign):
        signing.sign(joining, "MOI", Side.MEMBER, third, BY)


def test_another_mapping_asks_for_new_agreement(joining):
    number = checked(joining)
    signing.sign(joining, "MOI", Side.MEMBER, number, BY)
    sources.change(joining, replace(sources.get(joining, "moi"), crosswalk="marc21-marc21"))

    assert signing.signs(joining, "MOI") == []
    assert not signing.sign(joining, "MOI", Side.HUB, number, BY)
    assert [each.side for each in signing.signs(joining, "MOI")] == [Side.HUB]
    assert signing.sign(joining, "MOI", Side.MEMBER, number, BY)


def test_who_names_something_to_mend_takes_all_agreement_back(joining):
    number = checked(joining)
    signing.sign(joining, "MOI", Side.HUB, number, BY)
    signing.objecting(joining, "MOI", By("Lê An", "sai nhan đề"))

    assert signing.signs(joining, "MOI") == []
    assert store.get(joining, "MOI").state is State.FIX
    assert store.events(joining, "MOI")[0].note == "sai nhan đề"
    with pytest.raises(NothingToSign):
        signing.sign(joining, "MOI", Side.MEMBER, number, BY)
