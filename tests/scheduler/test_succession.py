from __future__ import annotations

from threading import Event

import pytest
from sqlalchemy import insert, select

from catalogue import sources
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import WrongUse
from catalogue.model import RunStatus, Source
from catalogue.succession import report, steps
from catalogue.succession.errors import AlreadyApplied, NothingApplied, SourceSucceeded
from catalogue.tables import DirtyRow, RecordRow, SourceRow, VerdictRow
from catalogue.verdicts import Said, Verdict, decide, history, undo
from scheduler import succession
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.downstream import Downstream
from support.filled import settle
from support.pages import live_facts, place_all
from support.succession import (
    NEW,
    OLD,
    OTHER,
    add,
    book,
    bring,
    clusters,
    found,
    line,
    states,
    taken_over,
)

TITLES = ("Chí Phèo", "Lão Hạc", "Đời thừa", "Sống mòn", "Đôi mắt", "Một bữa no")


def old_records():
    return {
        f"oai:old:{number}": book(title, f"00{number}") for number, title in enumerate(TITLES, 101)
    }


def new_records():
    return {
        f"oai:new:{number}": book(title, f"{number}", f"035 __ $a(OLD){number - 400}")
        for number, title in enumerate(TITLES, 501)
    }


@pytest.fixture
def hub(database: Database, tmp_path):
    return line(database, tmp_path)


def moved(database):
    add(database)
    bring(database, OLD, old_records())
    bring(database, OTHER, {"x": book("Chí Phèo")})
    before = clusters(database)
    bring(database, NEW, new_records())
    return before


def test_what_a_successor_delivers_waits_and_changes_nothing(hub):
    before = moved(hub.db)
    with hub.db.reading() as connection:
        dirty = connection.execute(select(DirtyRow)).all()

    assert clusters(hub.db) == before
    assert dirty == []
    assert {states(hub.db)[f"new/{name}"] for name in new_records()} == {"waiting"}


def test_old_numbers_in_035_pair_the_records_of_both_systems(hub):
    moved(hub.db)

    told = found(hub)

    assert [(each.rule.rule, each.rule.paired) for each in told.rules] == [("035", 6)]
    assert told.rules[0].samples[0].old == "oai:old:101"
    assert told.rules[0].samples[0].new_title == "Chí Phèo"
    assert (told.paired, told.unpaired_old, told.unpaired_new, told.waiting) == (6, 0, 0, 6)


def test_records_go_on_as_the_new_ones_in_their_clusters(hub):
    before = moved(hub.db)

    told = taken_over(hub)

    numbers = range(101, 107)
    renamed = {f"new/oai:new:{each + 400}": before[f"old/oai:old:{each}"] for each in numbers}
    assert clusters(hub.db) == renamed | {"other/x": before["other/x"]}
    assert {states(hub.db)[f"old/oai:old:{each}"] for each in numbers} == {"deleted"}
    assert (told.state, told.applied, told.paired, told.waiting) == ("applied", 6, 0, 0)


def test_a_downstream_service_sees_changes_and_no_deletion(hub):
    moved(hub.db)
    service = Downstream(hub.db, prefix="marc21")
    service.harvest()
    names = set(service.has)

    taken_over(hub)
    service.harvest()
    anew = Downstream(hub.db, prefix="marc21")
    anew.harvest()

    assert set(service.has) == names
    assert all(service.has.values())
    assert service.has == anew.has


def test_it_comes_to_the_same_as_if_the_old_ones_had_gone_and_the_new_ones_come(hub, engine):
    moved(hub.db)
    taken_over(hub)
    with engine.fresh() as url:
        other = Database.open(url)
        add(other, waits=False)
        bring(other, OLD, old_records())
        bring(other, OTHER, {"x": book("Chí Phèo")})
        bring(other, NEW, new_records())
        bring(other, OLD, dict.fromkeys(old_records()))
        wanted = live_facts(other)
        other.close()

    assert live_facts(hub.db) == wanted


def keys(database: Database) -> dict[str, int]:
    query = select(SourceRow.code, RecordRow.identifier, RecordRow.id).join(
        RecordRow, RecordRow.source_id == SourceRow.id
    )
    with database.reading() as connection:
        return {f"{row.code}/{row.identifier}": row.id for row in connection.execute(query)}


def judge(database: Database, names: tuple[str, str], decision: str, made: int = 1) -> None:
    low, high = sorted(keys(database)[name] for name in names)
    row = {"a": low, "b": high, "decision": decision, "author": "Lan", "made": made, "reason": ""}
    database.writing(lambda connection: connection.execute(insert(VerdictRow), [row]))


def test_verdicts_stay_with_the_records_they_were_made_of(hub):
    moved(hub.db)
    judge(hub.db, ("old/oai:old:101", "other/x"), "different")
    key = keys(hub.db)["old/oai:old:101"]

    taken_over(hub)
    now = clusters(hub.db)

    assert keys(hub.db)["new/oai:new:501"] == key
    assert now["new/oai:new:501"] != now["other/x"]


def test_of_two_verdicts_on_one_pair_the_later_one_holds(hub):
    add(hub.db, waits=False)
    bring(hub.db, OTHER, {"x": book("Chí Phèo")})
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "7")})
    bring(hub.db, NEW, {"b1": book("Chí Phèo", "9", "035 __ $a(OLD)7")})
    judge(hub.db, ("old/a1", "other/x"), "same", made=1)
    judge(hub.db, ("new/b1", "other/x"), "different", made=2)
    judge(hub.db, ("new/b1", "old/a1"), "same", made=3)

    taken_over(hub)
    now = clusters(hub.db)
    with hub.db.reading() as connection:
        left = connection.execute(select(VerdictRow.decision)).scalars().all()

    assert left == ["different"]
    assert now["new/b1"] != now["other/x"]


def test_what_a_person_said_is_not_the_old_record_is_never_paired_with_it(hub):
    add(hub.db, waits=False)
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "7")})
    bring(hub.db, NEW, {"b1": book("Chí Phèo", "9", "035 __ $a(OLD)7")})
    decide(hub.db, ("old", "a1"), ("new", "b1"), Verdict.DIFFERENT, Said(author="Lan"))

    told = taken_over(hub)

    assert told.applied == 0
    assert told.rules[0].rule.contradicts == 1
    assert states(hub.db) == {"old/a1": "active", "new/b1": "active"}
    assert [(each.a, each.b) for each in history(hub.db)] == [("old/a1", "new/b1")]


def test_what_a_person_says_after_the_pairs_were_found_counts_too(hub):
    add(hub.db, waits=False)
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "7")})
    bring(hub.db, NEW, {"b1": book("Chí Phèo", "9", "035 __ $a(OLD)7")})
    named = steps.named(hub.db, OLD, NEW)
    with succession.taken(hub, named) as work:
        succession.find(hub, work)
        decide(hub.db, ("old", "a1"), ("new", "b1"), Verdict.DIFFERENT, Said(author="Lan"))
        succession.apply(hub, work, named, Event())
    told = report.report(hub.db, named)

    assert (told.applied, told.outdated) == (0, 1)
    assert states(hub.db) == {"old/a1": "active", "new/b1": "active"}


def test_the_history_of_verdicts_goes_with_them_and_is_undone_as_before(hub):
    add(hub.db, waits=False)
    bring(hub.db, OTHER, {"x": book("Chí Phèo")})
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "7")})
    bring(hub.db, NEW, {"b1": book("Chí Phèo", "9", "035 __ $a(OLD)7")})
    said = Said(author="Lan")
    decide(hub.db, ("old", "a1"), ("other", "x"), Verdict.DIFFERENT, said)
    decide(hub.db, ("new", "b1"), ("other", "x"), Verdict.SAME, said)

    taken_over(hub)
    [last, first] = history(hub.db, ("new", "b1"))
    undo(hub.db, last.id, said)
    place_all(hub.db)
    now = clusters(hub.db)

    assert {last.a, last.b} == {first.a, first.b} == {"new/b1", "other/x"}
    assert (last.stands, first.stands) == (True, False)
    assert history(hub.db)[0].after == "different"
    assert now["new/b1"] != now["other/x"]


def test_an_old_source_is_harvested_no_more_and_says_why(hub):
    moved(hub.db)
    taken_over(hub)

    outcome = harvest(hub, OLD, HarvestOptions())

    assert isinstance(outcome.error, SourceSucceeded)
    assert NEW in outcome.message
    assert sources.get(hub.db, OLD).paused
    assert sources.get(hub.db, OLD).successor == NEW


def test_a_source_that_was_harvested_already_takes_over_too_and_its_clusters_lead_on(hub):
    add(hub.db, waits=False)
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "7")})
    bring(hub.db, NEW, {"b1": book("Chí Phèo", "9", "035 __ $a(OLD)7", author="Khuyết danh")})
    service = Downstream(hub.db, prefix="marc21")
    service.harvest()
    before = clusters(hub.db)
    told = found(hub)

    taken_over(hub)
    service.harvest()

    assert len(set(before.values())) == 2
    assert told.redirected == 1
    assert clusters(hub.db) == {"new/b1": before["old/a1"]}
    gone = [name for name, body in service.has.items() if not body]
    [body] = [body for body in service.has.values() if body]
    assert [f"{before['new/b1']:09d}"] == [name.rpartition(":")[2] for name in gone]
    assert f"(LIENTHONG){before['new/b1']:09d}" in body


def test_a_new_numbering_is_found_out_by_its_titles_and_said(hub):
    add(hub.db)
    turned = (*TITLES[1:], TITLES[0])
    bring(hub.db, OLD, {f"a{n}": book(title, str(n)) for n, title in enumerate(TITLES, 1)})
    bring(hub.db, NEW, {f"b{n}": book(title, str(n)) for n, title in enumerate(turned, 1)})

    told = found(hub)

    by = {each.rule.rule: each.rule for each in told.rules}
    assert not by["001"].trusted
    assert (by["001"].paired, by["001"].contradicts) == (0, 6)
    assert told.paired == 6
    assert by["content"].paired == 6


def test_records_of_one_number_are_left_out_and_listed_with_the_reason(hub):
    add(hub.db)
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "7"), "a2": book("Tắt đèn", "8")})
    same = {f"b{n}": book("Chí Phèo", f"9{n}", "035 __ $a(OLD)7") for n in range(2)}
    bring(hub.db, NEW, same)

    told = found(hub)
    left = list(report.unpaired(hub.db, steps.named(hub.db, OLD, NEW)))

    assert told.paired == 0
    assert [(each.identifier, each.reason) for each in left] == [
        ("a1", "ambiguous"),
        ("a2", "none"),
        ("b0", "ambiguous"),
        ("b1", "ambiguous"),
    ]


def test_what_is_left_of_the_old_source_goes_only_after_a_person_agreed(hub):
    moved(hub.db)
    rest = {f"r{n}": book(f"Truyện ngắn {n} {title}") for n, title in enumerate(TITLES)}
    bring(hub.db, OLD, rest)
    named = steps.named(hub.db, OLD, NEW)
    with pytest.raises(NothingApplied):
        succession.delete_unpaired(hub, named, Event())

    taken_over(hub)
    run = succession.delete_unpaired(hub, steps.named(hub.db, OLD, NEW), Event())

    assert (run.status, run.counts.held) == (RunStatus.WAITING, 6)
    assert {states(hub.db)[f"old/{name}"] for name in rest} == {"active"}


def test_what_is_called_off_becomes_records_like_any_others(hub):
    moved(hub.db)
    named = steps.named(hub.db, OLD, NEW)

    with succession.taken(hub, named) as work:
        succession.cancel(hub, work, named, Event())
    settle(hub.db)

    assert {states(hub.db)[f"new/{name}"] for name in new_records()} == {"active"}
    assert sources.get(hub.db, NEW).succeeds == ""
    assert set(clusters(hub.db)) >= {f"new/{name}" for name in new_records()}


def test_what_was_applied_cannot_be_called_off(hub):
    moved(hub.db)
    taken_over(hub)
    named = steps.named(hub.db, OLD, NEW)

    with pytest.raises(AlreadyApplied), succession.taken(hub, named) as work:
        succession.cancel(hub, work, named, Event())


def test_taking_over_twice_changes_nothing(hub):
    moved(hub.db)
    taken_over(hub)
    before = digest(hub.db), clusters(hub.db)

    again = taken_over(hub)

    assert (digest(hub.db), clusters(hub.db)) == before
    assert again.applied == 6


def test_a_later_harvest_of_the_new_source_goes_on_with_the_records(hub):
    moved(hub.db)
    taken_over(hub)
    before = clusters(hub.db)

    bring(hub.db, NEW, {"oai:new:501": book("Chí Phèo", "501", "650 _4 $aTruyện")})
    bring(hub.db, NEW, {"oai:new:502": None, "oai:new:999": book("Truyện người hàng xóm", "999")})

    now = clusters(hub.db)
    assert now["new/oai:new:501"] == before["new/oai:new:501"]
    assert "new/oai:new:502" not in now
    assert "new/oai:new:999" in now


def test_only_another_source_of_the_same_library_can_be_succeeded(database):
    add(database)

    with pytest.raises(WrongUse, match="same library"):
        steps.named(database, OTHER, OLD)


def begin(hub, step: int) -> None:
    """Carry over a step of pairs, and stop."""
    named = steps.named(hub.db, OLD, NEW)
    stopping = Event()
    stopping.set()
    with succession.taken(hub, named) as work:
        succession.find(hub, work)
        assert not succession.apply(hub, work._replace(step=step), named, stopping)


@pytest.mark.parametrize(("old", "new"), [(NEW, "newest"), ("older", OLD)])
def test_a_chain_waits_until_the_succession_under_way_in_it_is_done(hub, old, new):
    add(hub.db, waits=False)
    bring(hub.db, OLD, {"a1": book("Chí Phèo", "1"), "a2": book("Lão Hạc", "2")})
    kept = "035 __ $a(OLD)"
    bring(
        hub.db,
        NEW,
        {
            "b1": book("Chí Phèo", "51", f"{kept}1"),
            "b2": book("Lão Hạc", "52", f"{kept}2"),
        },
    )
    third = new if old == NEW else old
    url = f"http://127.0.0.1/{third}"
    sources.add(hub.db, Source(name=third, library="A", protocol="oai-pmh", url=url))
    named = steps.named(hub.db, OLD, NEW)
    stopping = Event()
    stopping.set()
    with succession.taken(hub, named) as work:
        succession.find(hub, work)
        assert not succession.apply(hub, work._replace(step=1), named, stopping)

    with pytest.raises(WrongUse) as caught:
        steps.named(hub.db, old, new)
    assert f"lienthong sources succeed {OLD} {NEW} --apply" in str(caught.value)

    taken_over(hub)
    assert steps.named(hub.db, old, new).paired == 0


def test_a_harvest_between_a_stop_and_its_end_loses_nothing(hub):
    before = moved(hub.db)
    later = {
        "oai:new:501": book("Chí Phèo", "501", "035 __ $a(OLD)101", "650 _4 $aTruyện"),
        "oai:new:506": book("Một bữa no", "506", "035 __ $a(OLD)106", "650 _4 $aTruyện"),
        "oai:new:505": None,
        "oai:new:777": book("Truyện người hàng xóm", "777"),
    }

    begin(hub, step=2)
    bring(hub.db, NEW, later)
    half = states(hub.db)
    assert succession.go_on_next(hub, Event())
    settle(hub.db)

    assert (half["new/oai:new:501"], half["new/oai:new:506"]) == ("active", "waiting")
    now, stand = clusters(hub.db), states(hub.db)
    assert now["new/oai:new:501"] == before["old/oai:old:101"]
    assert now["new/oai:new:506"] == before["old/oai:old:106"]
    assert now["old/oai:old:105"] == before["old/oai:old:105"]
    assert stand["new/oai:new:505"] == "deleted"
    assert "new/oai:new:777" in now
    assert "waiting" not in stand.values()


def test_what_was_begun_is_gone_on_with_once(hub):
    moved(hub.db)
    begin(hub, step=2)

    assert succession.go_on_next(hub, Event())
    assert not succession.go_on_next(hub, Event())
    assert [each.state for each in steps.of_source(hub.db, NEW)] == ["applied"]
