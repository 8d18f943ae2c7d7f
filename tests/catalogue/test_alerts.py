"""What is kept of alerts: how sources stood, the list, who is told, and the outbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import queue, sources, users
from catalogue.alerts import channels, outbox, standing, store
from catalogue.alerts.errors import (
    BadChannelName,
    BadMailAddress,
    BadWebhook,
    ChannelTaken,
    NoSuchChannel,
    NothingToTell,
    TwoScopes,
)
from catalogue.alerts.model import (
    MESSAGE,
    Change,
    Channel,
    ChannelKind,
    Draft,
    Kind,
    MessageKind,
    Rhythm,
    Stand,
)
from catalogue.alerts.standing import Judged
from catalogue.database import Database
from catalogue.errors import LeaseLost, NoSuchLibrary, NoSuchSource
from catalogue.model import Lease, RunStatus, Source
from catalogue.store import close_run, open_run
from catalogue.users import Role
from crosswalks.model import Severity
from harvester.errors import MailUnreachable, RecipientRefused
from support.passwords import hashed_at_once

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)

DOWN = MailUnreachable(host="m.vn", port=25, reason="refused")


def mail(name: str = "lan", **settings: object) -> Channel:
    return Channel(name=name, kind=ChannelKind.MAIL, target=f"{name}@example.vn", **settings)


def add_sources(database: Database, *names: str) -> None:
    for name in names:
        source = Source(name=name, library=name.upper(), protocol="oai-pmh", url="http://x.vn/oai")
        sources.add(database, source)


def tell(database: Database, *changes: tuple[str, Change], now: int = 100) -> int:
    """Keep changes of sources by name, as a look does."""
    lease = queue.claim(database, "alerts", "alerts")
    assert lease is not None
    judged = [
        Judged(
            each,
            replace(each.before or Stand(since=now), failing=True),
            tuple(change for name, change in changes if name == each.watched.source.name),
        )
        for each in standing.observe(database)
    ]
    count = standing.record(database, lease, judged, now)
    database.writing(lambda connection: queue.finish(connection, lease))
    return count


def change(severity: Severity = Severity.ERROR, **details: object) -> Change:
    return Change(kind=Kind.FAILED, severity=severity, details=details)


def waiting(database: Database) -> list[tuple[str, list[int]]]:
    """Return who is to be told of which alerts."""
    messages = [outbox.of_job(database, key) for key in queue.due(database, MESSAGE)]
    return [(each.channel.name, each.payload["alerts"]) for each in messages if each]


def test_a_change_its_standing_and_its_messages_are_kept_together(database: Database):
    add_sources(database, "s1", "s2")
    channels.add(database, mail())
    count = tell(database, ("s1", change(why="vì thế")), ("s2", change(Severity.WARNING)))
    stands = {each.watched.source.name: each.before for each in standing.observe(database)}

    assert count == 2
    assert all(each is not None and each.failing for each in stands.values())
    assert [(each.source, each.library) for each in store.listing(database)] == [
        ("s2", "S2"),
        ("s1", "S1"),
    ]
    assert store.listing(database)[1].details == {"why": "vì thế"}
    assert waiting(database) == [("lan", [1, 2])]


def test_who_lost_the_lease_keeps_nothing(database: Database):
    add_sources(database, "s1")
    judged = [Judged(each, Stand(since=1), (change(),)) for each in standing.observe(database)]
    with pytest.raises(LeaseLost):
        standing.record(database, Lease(job_id=99, token=1), judged, 1)

    assert store.listing(database) == []


def test_each_is_told_by_severity_source_and_library(database: Database):
    add_sources(database, "s1", "s2")
    channels.add(database, mail("all", severity=Severity.INFO))
    channels.add(database, mail("grave", severity=Severity.ERROR))
    channels.add(database, mail("one", severity=Severity.INFO, sources=("s1",)))
    channels.add(database, mail("member", severity=Severity.INFO, library="S2"))
    channels.add(database, mail("digest", severity=None, digest=Rhythm.WEEKLY))
    tell(database, ("s1", change(Severity.INFO)), ("s2", change()))

    assert sorted(waiting(database)) == [
        ("all", [1, 2]),
        ("grave", [2]),
        ("member", [2]),
        ("one", [1]),
    ]


def test_the_list_is_cut_down_and_paged(database: Database):
    add_sources(database, "s1", "s2")
    levels = (Severity.INFO, Severity.WARNING, Severity.ERROR)
    tell(database, *(("s1", change(level)) for level in levels), ("s2", change()))

    assert [each.id for each in store.listing(database, source="s1")] == [3, 2, 1]
    assert [each.id for each in store.listing(database, least=Severity.WARNING)] == [4, 3, 2]
    assert [each.id for each in store.listing(database, limit=1, before=4)] == [3]
    with pytest.raises(NoSuchSource):
        store.listing(database, source="none")


def test_what_somebody_has_read_is_not_counted_any_more(database: Database):
    add_sources(database, "s1")
    user = users.add(database, "lan", "một mật khẩu thật dài", Role.VIEWER).id
    tell(database, ("s1", change()), ("s1", change()))
    counts = [store.unread(database, user)]
    for up_to in (1, 99, 1):
        store.mark_read(database, user, up_to)
        counts.append(store.unread(database, user))
    tell(database, ("s1", change()))

    assert counts == [2, 1, 0, 0]
    assert (store.seen(database, user), store.unread(database, user)) == (2, 1)


def test_who_is_told_is_kept_and_removed(database: Database):
    add_sources(database, "s1", "s2")
    kept = channels.add(database, mail(sources=("s2", "s1"), language="en", digest=Rhythm.DAILY))
    tell(database, ("s1", change()))
    renewed = channels.renew_key(database, "lan")
    gone = channels.remove(database, "lan")

    assert (kept.sources, kept.language, kept.digest.value) == (("s1", "s2"), "en", "daily")
    assert renewed.salt != kept.salt
    assert gone == renewed
    assert channels.all(database) == []
    assert outbox.of_job(database, queue.due(database, MESSAGE)[0]) is None


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (mail("Lan Anh"), BadChannelName),
        (replace(mail(), target="Lan <lan@example.vn>"), BadMailAddress),
        (replace(mail(), target="lan@example.vn\nBcc: all@example.vn"), BadMailAddress),
        (replace(mail(), target="làn@example.vn"), BadMailAddress),
        (Channel(name="a", kind=ChannelKind.WEBHOOK, target="ftp://x.vn/"), BadWebhook),
        (Channel(name="a", kind=ChannelKind.WEBHOOK, target="https://u:p@x.vn/"), BadWebhook),
        (Channel(name="a", kind=ChannelKind.WEBHOOK, target="https://x.vn:99999/"), BadWebhook),
        (mail(sources=("s1",), library="S1"), TwoScopes),
        (mail(severity=None), NothingToTell),
        (mail(sources=("none",)), NoSuchSource),
        (mail(library="NONE"), NoSuchLibrary),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_cannot_be_told_is_refused(database: Database, wanted: Channel, error: type):
    with pytest.raises(error):
        channels.add(database, wanted)

    assert channels.all(database) == []


def test_a_name_is_given_once(database: Database):
    channels.add(database, mail())

    with pytest.raises(ChannelTaken):
        channels.add(database, mail())
    for refused in (channels.get, channels.remove, channels.renew_key):
        with pytest.raises(NoSuchChannel):
            refused(database, "none")


def test_the_number_of_a_message_that_was_dropped_is_not_given_again(database: Database):
    add_sources(database, "s1")
    channels.add(database, mail())
    tell(database, ("s1", change()))
    channels.remove(database, "lan")
    channels.add(database, mail("minh"))
    tell(database, ("s1", change()))

    assert queue.due(database, MESSAGE) == ["message:1", "message:2"]
    assert waiting(database) == [("minh", [2])]


def test_a_message_is_tried_again_sent_or_given_up_and_all_of_it_told(database: Database):
    add_sources(database, "s1")
    channel = channels.add(database, mail())
    for _ in range(3):
        tell(database, ("s1", change()))
    first, second, third = queue.due(database, MESSAGE)
    for key, settle in (
        (first, lambda lease, one: outbox.sent(database, lease, one)),
        (second, lambda lease, one: outbox.put_off(database, lease, one, DOWN, 2**40)),
        (third, lambda lease, one: outbox.give_up(database, lease, one, REFUSED)),
    ):
        lease = queue.claim(database, MESSAGE, key, anew=False)
        message = outbox.of_job(database, key)
        assert lease is not None
        assert message is not None
        settle(lease, message)
    post = outbox.posts(database)[channel.id]
    told = store.listing(database, limit=1)[0]

    assert queue.due(database, MESSAGE) == []
    assert (post.queued, post.failed, post.last_sent > 0) == (1, 1, True)
    assert post.code == "recipient-refused"
    assert (told.kind, told.source, told.details["channel"]) == (Kind.UNDELIVERED, "", "lan")
    assert outbox.of_job(database, first) is None
    assert outbox.of_job(database, second).attempts == 1


REFUSED = RecipientRefused(host="m.vn", port=25, address="lan@example.vn", reason="550")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_staff_are_told_once_that_somebody_cannot_be_reached(database: Database):
    add_sources(database, "s1")
    channels.add(database, mail())
    counts = []
    for is_sent in (False, False, True, False):
        tell(database, ("s1", change()))
        [key] = queue.due(database, MESSAGE)
        lease = queue.claim(database, MESSAGE, key, anew=False)
        message = outbox.of_job(database, key)
        assert lease is not None
        assert message is not None
        if is_sent:
            outbox.sent(database, lease, message)
        else:
            outbox.give_up(database, lease, message, REFUSED)
        told = [each.kind for each in store.listing(database)]
        counts.append(told.count(Kind.UNDELIVERED))

    assert counts == [1, 1, 1, 2]


def test_a_digest_is_written_once_for_its_period(database: Database):
    channel = channels.add(database, mail(digest=Rhythm.DAILY))

    def put(period: str | None) -> bool:
        draft = Draft(MessageKind.DIGEST, {}, period)
        return database.writing(lambda connection: outbox.put(connection, channel, draft, 5))

    assert [put("2026-05-06"), put("2026-05-06"), put("2026-05-07")] == [True, False, True]
    assert [put(None), put(None)] == [True, True]
    with database.reading() as connection:
        assert outbox.last_period_end(connection, channel) == 5


def test_a_source_is_observed_with_what_its_new_runs_showed(database: Database):
    add_sources(database, "s1")
    tell(database)
    run = open_run(database, "s1")
    assert run is not None
    close_run(database, run, RunStatus.FAILED)
    [found] = standing.observe(database)

    assert found.watched.last is not None
    assert (found.watched.last.id, found.listed, found.problems) == (run.run_id, None, ())


def test_what_is_old_is_forgotten(database: Database):
    add_sources(database, "s1")
    channels.add(database, mail())
    tell(database, ("s1", change()))
    outbox.forget(database)

    assert store.listing(database) == []
    # What waits is never forgotten.
    assert waiting(database) == [("lan", [1])]
