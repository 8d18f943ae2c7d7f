"""A hub backed up while it harvests and serves, destroyed, and put back as it was then."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from threading import Event
from urllib.parse import urlencode
from urllib.request import urlopen

from lxml import etree
from sqlalchemy.engine import make_url

from protocols.oai import OAI
from support.loopback import replying
from support.oai_source import Repository, items
from support.processes import Process, lienthong, run, running

RECORDS = 300
_NAMES = {"o": OAI}
SERVE = lienthong("serve", "--port", "0")


class Hub:
    """A hub in a folder and a database, spoken to by its commands and at its door."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.env = {
            "LIENTHONG_INSTANCE": str(folder),
            "LIENTHONG_DATABASE_URL": url,
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
            "LIENTHONG_Z3950__PORT": "0",
        }

    def say(self, *arguments: str) -> str:
        (outcome,) = run(lienthong(*arguments), env=self.env)
        assert outcome.code == 0, outcome.err
        return outcome.out.strip()


def given_out(server: Process) -> dict[str, tuple[str, str]]:
    """Return what the hub gives out over OAI-PMH: datestamp and record by identifier."""
    base = server.await_text("ready http=").partition("http=")[2].split()[0]
    asked = {"verb": "ListRecords", "metadataPrefix": "marc21"}
    found: dict[str, tuple[str, str]] = {}
    while asked:
        with urlopen(f"{base}/oai?{urlencode(asked)}", timeout=60) as answer:
            root = etree.fromstring(answer.read())
        for record in root.iterfind(".//o:record", _NAMES):
            name, stamp = (
                str(record.findtext(f"o:header/o:{each}", namespaces=_NAMES))
                for each in ("identifier", "datestamp")
            )
            found[name] = stamp, etree.tostring(record).decode()
        token = root.findtext(".//o:resumptionToken", namespaces=_NAMES)
        asked = {"verb": "ListRecords", "resumptionToken": token} if token else {}
    return found


def until_some(server: Process, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(given_out(server)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_is_put_back_gives_out_what_was_given_out_when_it_was_put_aside(engine, tmp_path):
    put_aside = Event()

    def slowly(arguments: dict[str, str]) -> None:
        time.sleep(0.1)
        if arguments.get("resumptionToken", "").endswith(f"/{RECORDS - 20}"):
            put_aside.wait(60)

    repository = Repository(items=items(RECORDS), page_size=10, refusing=slowly)
    with replying(repository) as address, engine.fresh() as url:
        hub = Hub(tmp_path / "hub", url)
        hub.say(
            *("sources", "add", "s1", "--protocol", "oai-pmh", "--url", address),
            *("--library", "TV1", "--prefix", "oai_dc"),
        )
        with running(SERVE, lienthong("harvest", "s1"), env=hub.env) as (server, harvest):
            until_some(server, 40)
            made = json.loads(hub.say("backup", "create", str(tmp_path / "backups"), "--json"))
            assert harvest.running, "the backup was to be made meanwhile"
            put_aside.set()
            assert harvest.finish().code == 0
            until_some(server, RECORDS)
            whole, digest = given_out(server), hub.say("db", "digest")
        shutil.rmtree(hub.folder)

        with engine.fresh(migrated=False) as empty:
            if engine.name == "sqlite":
                Path(str(make_url(empty).database)).unlink(missing_ok=True)
            back = Hub(tmp_path / "back", empty)
            back.say("backup", "restore", made["folder"])
            with running(SERVE, env=back.env) as (server,):
                until_some(server, 40)
                restored = given_out(server)
            last = max(stamp for stamp, _ in restored.values())

            assert len(restored) < RECORDS
            # In the last second of the backup others were stamped after it was made.
            assert {name: told for name, told in restored.items() if told[0] < last} == {
                name: told for name, told in whole.items() if told[0] < last
            }
            assert restored.items() <= whole.items()
            back.say("harvest", "s1")
            assert back.say("db", "digest") == digest
            assert json.loads(back.say("runs", "prune", "--dry-run", "--json"))["pages"] == 0
