"""What the catalogue keeps of crosswalks: drafts, versions, saved tests, and what is in use."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import select

from catalogue import crosswalks
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.errors import (
    LeadsElsewhere,
    NoSuchCrosswalkVersion,
    NothingDrafted,
    WrongUse,
)
from catalogue.tables import JobRow
from crosswalks import shipped
from crosswalks.errors import UnknownCrosswalk
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.shelf import Written
from crosswalks.trials import Trial

NAME = "oai_dc-marc21"
HEADING = f"crosswalk {NAME} version 2\nfrom oai_dc to marc21\n"
OUT = "crosswalk marc21-oai_dc version 9\nfrom marc21 to oai_dc\ndc:title <- 245 $a\n"
RULES = "rules dublin-core version 9\n245 10 $a <- dc:title\n"


def text(note: str = "a", name: str = NAME) -> str:
    heading = HEADING.replace(NAME, name)
    return f'{heading}500 __ $a <- "{note}"\ninclude shipped/{NAME}\n'


def draft(database: Database, written: str, name: str = NAME, tables=()) -> None:
    made = Written(text=written, tables=tables)
    wanted = Version(name=name, version=None, author="Lan", note="thử", written=made)
    crosswalks.put_draft(database, wanted)


def publish(database: Database, written: str, name: str = NAME) -> Version:
    draft(database, written, name)
    return crosswalks.publish(database, name, "Lan")


def jobs(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(JobRow.kind, JobRow.state))
        return [(row.kind, row.state) for row in rows]


def test_a_version_is_kept_with_its_author_note_text_and_tables(database):
    draft(database, text(), tables=(("t", "a\tb\n1\t2\n"),))
    made = crosswalks.publish(database, NAME, "Minh", "vì sao")
    kept = crosswalks.version(database, NAME)

    assert kept == made
    assert (kept.version, kept.author, kept.note) == (1, "Minh", "vì sao")
    assert kept.written == Written(text=text(), tables=(("t", "a\tb\n1\t2\n"),))
    assert crosswalks.draft(database, NAME) is None


def test_what_is_shipped_is_version_0_and_stays_in_the_history(database):
    publish(database, text("a"))
    publish(database, text("b"))

    assert [each.version for each in crosswalks.versions(database, NAME)] == [2, 1, 0]
    assert crosswalks.version(database, NAME, 0).written.stored is False


def test_only_the_latest_version_is_in_use(database):
    publish(database, text("a"))
    publish(database, text("b"))

    assert '"b"' in crosswalks.shelf(database).written(NAME).text


def test_publishing_queues_one_job_however_often(database):
    publish(database, text("a"))
    publish(database, text("b"))

    assert jobs(database) == [("remap", "queued")]
    assert crosswalks.shelf(database).edition == 2


def test_the_shipped_text_holds_again_after_a_roll_back_to_0(database):
    publish(database, text("a"))
    made = crosswalks.roll_back(database, NAME, 0, "Lan")

    assert made.version == 2
    assert crosswalks.shelf(database).written(NAME).stored is False
    assert crosswalks.version(database, NAME, 2).written.stored is False


def test_an_old_text_is_published_anew(database):
    publish(database, text("a"))
    publish(database, text("b"))
    crosswalks.roll_back(database, NAME, 1, "Lan", "b sai")

    assert crosswalks.version(database, NAME).written.text == text("a")
    assert crosswalks.version(database, NAME).note == "b sai"


def test_what_is_not_there_is_told(database):
    with pytest.raises(NothingDrafted):
        crosswalks.publish(database, NAME, "Lan")
    with pytest.raises(NoSuchCrosswalkVersion):
        crosswalks.roll_back(database, NAME, 4, "Lan")
    with pytest.raises(UnknownCrosswalk):
        crosswalks.version(database, "nosuch")


@pytest.mark.parametrize("name", ["", "a b", "á", "shipped/x", "x" * 65])
def test_a_name_that_cannot_be_one_is_refused(database, name):
    with pytest.raises(WrongUse):
        draft(database, text(name=name), name)


def test_what_cannot_run_is_never_a_draft(database):
    with pytest.raises(CrosswalkSyntax):
        draft(database, HEADING + "245 $a")
    assert crosswalks.draft(database, NAME) is None


def test_what_maps_out_of_marc_21_can_be_changed_too(database):
    made = publish(database, OUT, "marc21-oai_dc")

    assert made.version == 1
    assert crosswalks.shelf(database).written("marc21-oai_dc").text == OUT


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("marc21-oai_dc", ["rewrite"]),
        ("marc21-mods", ["rewrite"]),
        ("marc21-unimarc", []),
        (NAME, ["remap"]),
    ],
)
def test_only_the_work_that_is_necessary_is_queued(database, name, wanted):
    source, target = name.split("-")
    heading = f"crosswalk {name} version 9\nfrom {source} to {target}\n"
    publish(database, f"{heading}include shipped/{name}\n", name)

    assert [kind for kind, _ in jobs(database)] == wanted


def test_what_is_included_by_a_form_that_is_stored_makes_it_anew(database):
    rules = shipped.rules("marc21-headings")
    publish(database, f"{rules}# x\n", "marc21-headings")

    assert jobs(database) == [("rewrite", "queued")]


@pytest.mark.parametrize("name", ["marc21-oai_dc", "marc21-marc21", NAME])
def test_one_that_is_used_by_its_name_has_to_lead_where_its_name_says(database, name):
    elsewhere = f"crosswalk {name} version 9\nfrom marc21 to qdc\ndc:title <- 245 $a\n"

    with pytest.raises(LeadsElsewhere, match=name):
        draft(database, elsewhere, name)


def test_rules_that_are_shared_can_be_changed_too(database):
    publish(database, RULES, "unimarc-names")

    assert crosswalks.shelf(database).written("unimarc-names").text == RULES
    assert "unimarc-names" not in crosswalks.shelf(database).names()
    assert "unimarc-names" in crosswalks.names(database)


def test_shared_rules_are_refused_where_a_profile_leaves_out_one_they_no_longer_have(database):
    with pytest.raises(CrosswalkSyntax, match="no included rule makes this"):
        publish(database, RULES, "dublin-core")

    assert "dublin-core" not in crosswalks.names(database)


def test_a_saved_test_is_kept_as_given_and_replaced_by_its_title(database):
    given = b"<a>\xff\x00</a>"
    crosswalks.save_test(database, NAME, Trial(title="t", given=b"1", expected="1"), "Lan")
    crosswalks.save_test(database, NAME, Trial(title="t", given=given, expected="2"), "Lan")

    assert crosswalks.saved_tests(database, NAME) == (Trial(title="t", given=given, expected="2"),)
    assert crosswalks.remove_test(database, NAME, "t")
    assert not crosswalks.remove_test(database, NAME, "t")


def test_two_who_publish_at_a_time_make_two_versions(database):
    for name in ("one", "two"):
        draft(database, text(name=name), name)
    threads = [
        Thread(target=crosswalks.publish, args=(database, name, "Lan")) for name in ("one", "two")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert crosswalks.shelf(database).edition == 2
    assert {"one", "two"} <= set(crosswalks.shelf(database).names())
