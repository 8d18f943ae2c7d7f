"""kill -9 of who looks and sends: nothing is lost, and what comes twice is known by its number."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from catalogue import sources
from catalogue.alerts import channels
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.database import Database
from catalogue.model import RunStatus, Source
from catalogue.store import close_run, open_run
from harvester.mailing import MailSettings
from scheduler.alerts.looking import look_now
from scheduler.alerts.model import Teller
from scheduler.alerts.telling import tell_now
from support.engines import Engine
from support.processes import function, running
from support.receivers import mail_server
from support.staff import line
from web.alerts.letters import Letters


def teller(database: Database, port: int) -> Teller:
    made = line(database)
    where = MailSettings(host="127.0.0.1", port=port, tls="none")
    return Teller(line=made, wording=Letters(identity=made.identity), mail=where)


def look(url: str) -> None:
    """Look, say so, and go on for ever."""
    database = Database.open(url)
    look_now(teller(database, 1))
    print("looked")
    Event().wait()


def send(url: str, port: int) -> None:
    """Look and send."""
    tell_now(teller(Database.open(url), port))


def failed(database: Database, name: str) -> None:
    run = open_run(database, name)
    assert run is not None
    close_run(database, run, RunStatus.FAILED)


def test_what_one_that_is_killed_had_in_hand_another_sends(sqlite_engine: Engine, tmp_path: Path):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        sources.add(
            database, Source(name="s1", library="L", protocol="oai-pmh", url="http://x.vn/oai")
        )
        channels.add(database, Channel(name="lan", kind=ChannelKind.MAIL, target="lan@example.vn"))
        failed(database, "s1")
        with running(function(look, url)) as [process]:
            process.await_text("looked")
            process.kill()
        taken, over = Event(), Event()

        def hold() -> None:
            """Have taken a message, and say nothing of it while its sender lives."""
            taken.set()
            over.wait(60)

        with mail_server(taking=hold) as box:
            with running(function(send, url, box.port)) as [process]:
                assert taken.wait(60)
                process.kill()
            over.set()
            tell_now(teller(database, box.port))
            told = tell_now(teller(database, box.port))
        database.close()

    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
    assert told == (0, 0)
