"""Drafts of crosswalks: what was kept stays, and two people overwrite nothing of each other."""

from __future__ import annotations

import pytest

from catalogue import crosswalk_drafts, crosswalks
from catalogue.crosswalk_drafts import Header, Kept
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.errors import DraftChanged, NoSuchCrosswalkDraft
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.shelf import Written

NAME = "kho-so"


def draft(term: str = "a", author: str = "Lan") -> Version:
    text = f'crosswalk {NAME} version 1\nfrom oai_dc to marc21\n655 _4 $a <- "{term}"\n'
    return Version(name=NAME, version=None, author=author, written=Written(text=text))


def seen(database: Database) -> str:
    return crosswalk_drafts.standing(database, NAME)


def test_every_draft_that_was_kept_can_be_read_again(database: Database):
    for term in "ab":
        crosswalk_drafts.keep(database, draft(term), seen(database))

    found = crosswalk_drafts.headers(database, NAME, 10)
    assert [(each.number, each.author) for each in found] == [(2, "Lan"), (1, "Lan")]
    assert crosswalk_drafts.get(database, NAME, 1).written == draft("a").written
    assert crosswalks.draft(database, NAME) == crosswalk_drafts.get(database, NAME, 2)
    with pytest.raises(NoSuchCrosswalkDraft):
        crosswalk_drafts.get(database, NAME, 3)


def test_who_has_not_seen_the_draft_there_is_has_theirs_kept_beside_it(database: Database):
    before = seen(database)
    crosswalk_drafts.keep(database, draft("a"), before)
    twice = [crosswalk_drafts.keep(database, draft("b", "Mai"), before) for _ in range(2)]

    assert twice == [Kept(2, is_draft=False)] * 2
    kept = crosswalks.draft(database, NAME)
    assert kept is not None
    assert kept.written == draft("a").written
    assert crosswalk_drafts.keep(database, draft("b", "Mai"), seen(database)).is_draft


def test_the_same_text_once_more_changes_nothing(database: Database):
    first = crosswalk_drafts.keep(database, draft(), seen(database))
    again = crosswalk_drafts.keep(database, draft(), "0.0")

    assert first == again == Kept(1, is_draft=True)
    assert len(crosswalk_drafts.headers(database, NAME, 10)) == 1


def test_what_was_published_meanwhile_counts_as_another_text(database: Database):
    crosswalk_drafts.keep(database, draft("a"), seen(database))
    before = seen(database)
    crosswalks.publish(database, NAME, "Lan")

    assert not crosswalk_drafts.keep(database, draft("b", "Mai"), before).is_draft
    assert crosswalks.draft(database, NAME) is None


def test_a_text_that_cannot_run_is_not_kept(database: Database):
    wrong = Version(name=NAME, version=None, written=Written(text="nothing"))
    with pytest.raises(CrosswalkSyntax):
        crosswalk_drafts.keep(database, wrong, seen(database))

    assert crosswalk_drafts.headers(database, NAME, 10) == []


def test_only_the_draft_that_was_seen_is_thrown_away(database: Database):
    crosswalk_drafts.keep(database, draft("a"), seen(database))
    before = seen(database)
    crosswalk_drafts.keep(database, draft("b"), before)
    with pytest.raises(DraftChanged):
        crosswalk_drafts.discard(database, NAME, before)
    crosswalk_drafts.discard(database, NAME, seen(database))
    crosswalk_drafts.discard(database, NAME, "long ago")

    assert crosswalks.draft(database, NAME) is None
    assert [each.number for each in crosswalk_drafts.headers(database, NAME, 10)] == [2, 1]


def test_a_draft_by_command_is_counted_too(database: Database):
    crosswalks.put_draft(database, draft("a"))

    [only] = crosswalk_drafts.headers(database, NAME, 10)
    assert only == Header(1, "Lan", only.made, "")
    assert seen(database) == "0.1"
