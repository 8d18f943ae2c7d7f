from __future__ import annotations

from catalogue.consumers import store, usage
from catalogue.consumers.model import Consumer, Served, Taken

PAGE = Taken("ListRecords", "oai_dc", "", 0, 1000, 0, 300)


def served(consumer, at, reached):
    return Served(consumer, at, "oai", 100, 5000, PAGE._replace(reached=reached))


def test_a_page_asked_for_again_does_not_set_back_how_far_a_list_was_taken(database):
    store.add(database, Consumer(name="m"))
    consumer = store.get(database, "m").id

    usage.keep(database, [served(consumer, 2000, 100), served(consumer, 2001, 200)])
    usage.keep(database, [served(consumer, 2009, 100)])

    [harvest] = usage.harvests(database, "m")
    assert (harvest.page.reached, harvest.latest, harvest.is_complete) == (200, 2009, False)
    [day] = usage.days(database)
    assert day == ("m", "1970-01-01", "oai", 3, 300, 15000)


def test_of_those_without_a_key_only_sums_are_kept(database):
    usage.keep(database, [served(0, 90_000, 100)])

    assert usage.harvests(database) == []
    assert [day[:3] for day in usage.days(database)] == [("", "1970-01-02", "oai")]
