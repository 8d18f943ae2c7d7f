"""A source that is tried out: what the union would make of it, and its library's word on it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from threading import Event

import pytest

from catalogue import queue, sources
from catalogue.joining import checks, signing
from catalogue.joining import store as applications
from catalogue.joining.model import Application, State
from catalogue.joining.model import By as Joining
from catalogue.membership.standing import By
from catalogue.model import Source
from catalogue.observed import Stage
from catalogue.previews import counting, store
from catalogue.previews.errors import (
    BelongsToJoining,
    NeedsReason,
    NothingNamed,
    NotTriedOut,
    PreviewMissing,
    PreviewOutdated,
    SourceHasRecords,
    StageChanged,
)
from catalogue.previews.model import Preview, Verdict, Word
from scheduler import previewing
from support.deliveries import Counter, book, books
from support.engines import SQLITE_USUALLY

pytestmark = SQLITE_USUALLY
STOPPED = Event()
STOPPED.set()
LAN = By(person="lan")


@pytest.fixture
def counter(database, tmp_path):
    """Give a hub that has three books, and a source of another library that is tried out."""
    with ExitStack() as ending:
        made = Counter(database, tmp_path, ending)
        made.add("old", library="L1")
        made.deliver(books(range(3)), source="old")
        made.add("new", library="L2")
        staged(database, Stage.TEST)
        # Two that the union has, two that it lacks, and one that cannot be read.
        made.deliver(books(range(1, 5)) + book("x")[:60] + b"\x1d", source="new")
        yield made


def staged(database, after: Stage, reason: str = "", name: str = "new") -> bool:
    known = store.standing(database, name).sign
    seen = store.stage_token(sources.get(database, name).stage, known)
    return store.set_stage(database, name, after, By(person="lan", reason=reason), seen)


def seen_of(counter) -> Preview | None:
    return store.standing(counter.database, "new").preview


def made(counter) -> str:
    """Make the preview of the new source; return what tells that it was seen."""
    store.ask(counter.database, "new")
    assert previewing.work_out_next(counter.line, Event())
    found = seen_of(counter)
    assert found is not None
    return found.token


def say(counter, seen: str, verdict: Verdict = Verdict.AGREED, note: str = "") -> bool:
    return store.sign(counter.database, "new", Word(verdict, "thu-vien", note, seen))


def test_a_preview_is_made_once_and_gone_on_with_where_it_was_left_off(counter, monkeypatch):
    monkeypatch.setattr(counting, "STEP", 2)
    assert store.ask(counter.database, "new")
    assert not store.ask(counter.database, "new")
    queue.ask(counter.database, store.KIND, f"{store.KIND}:gone")
    assert previewing.work_out_next(counter.line, STOPPED)
    so_far = store.standing(counter.database, "new").so_far
    assert seen_of(counter) is None
    while previewing.work_out_next(counter.line, Event()):
        pass
    found = seen_of(counter)

    assert so_far == 2
    assert found is not None
    assert found.holds
    told = found.figures
    assert (told.mapped, told.joins, told.new, told.quarantined) == (4, 2, 2, 1)
    assert sum(count for _, count, _ in told.kinds.values()) > 0
    assert not store.standing(counter.database, "new").is_asked


def test_a_library_agrees_once_to_what_it_saw_and_to_nothing_newer(counter):
    seen = made(counter)
    assert say(counter, seen)
    assert not say(counter, seen)
    sign = store.standing(counter.database, "new").sign
    assert sign is not None
    assert (sign.verdict, sign.author) == (Verdict.AGREED, "thu-vien")
    assert store.standing(counter.database, "new").is_agreed

    counter.deliver(books([9]), source="new")
    with pytest.raises(PreviewOutdated, match="harvest 3 has changed some"):
        say(counter, seen, Verdict.MEND, "sai")
    assert not store.standing(counter.database, "new").is_agreed
    with pytest.raises(NeedsReason):
        staged(counter.database, Stage.LIVE)
    with pytest.raises(StageChanged):
        store.set_stage(counter.database, "new", Stage.LIVE, LAN, "live.0")
    assert staged(counter.database, Stage.LIVE, "thư viện đồng ý qua thư")
    with pytest.raises(SourceHasRecords, match="has brought 6 records"):
        staged(counter.database, Stage.TEST, "thử")


def test_what_was_not_seen_or_is_not_said_is_refused(counter):
    with pytest.raises(PreviewMissing):
        say(counter, "")
    seen = made(counter)
    with pytest.raises(PreviewOutdated, match="not the newest"):
        say(counter, "other")
    with pytest.raises(NothingNamed):
        say(counter, seen, Verdict.MEND, "  ")
    assert say(counter, seen, Verdict.MEND, "Nhan đề bị lỗi chữ")
    assert not store.standing(counter.database, "new").is_agreed
    source = sources.get(counter.database, "new")
    sources.change(counter.database, replace(source, suppress=("true",)))

    with pytest.raises(PreviewOutdated, match="mapped in another way"):
        say(counter, seen)


def test_a_source_is_published_by_staff_once_its_library_agrees(counter):
    say(counter, made(counter))

    assert staged(counter.database, Stage.LIVE)
    assert not staged(counter.database, Stage.LIVE)
    assert sources.get(counter.database, "new").stage is Stage.LIVE
    with pytest.raises(NotTriedOut):
        store.ask(counter.database, "new")
    with pytest.raises(NotTriedOut):
        say(counter, "")


def test_where_the_library_is_joining_its_application_is_signed_with_it(database, tmp_path):
    with ExitStack() as ending:
        counter = Counter(database, tmp_path, ending)
        applications.add(database, Application(code="L2", name="Mới"), "an")
        applications.move(database, "L2", State.SURVEY, Joining("an"))
        source = Source(name="new", library="L2", protocol="file", url="file:")
        checks.stream(database, "L2", source, Joining("an"))
        counter.deliver(books(range(2)), source="new")
        number = checks.begin(database, "L2", Joining("an"))
        checks.finish(database, number, "pass", {"findings": [], "facts": {}})
        with pytest.raises(BelongsToJoining):
            staged(database, Stage.LIVE, "thử")
        rev = applications.get(database, "L2").rev
        word = Word(Verdict.AGREED, "thu-vien", "", made(counter), (number, rev))

        assert store.sign(database, "new", word)
        assert applications.get(database, "L2").state is State.AGREED
        assert [each.side.value for each in signing.signs(database, "L2")] == ["member"]
        sent = word._replace(
            verdict=Verdict.MEND, note="sai", joining=(number, applications.get(database, "L2").rev)
        )
        assert store.sign(database, "new", sent)
        assert applications.get(database, "L2").state is State.FIX
