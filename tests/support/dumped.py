"""A service that takes dumps and nothing else: what a full one and the deltas after it come to."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

from lxml import etree

from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.walks import Stretch, walk
from crosswalks.formats import iso2709, marcxml
from provider.dumps.making import UNHURRIED, Pace, Wanted, make
from provider.dumps.model import Dump, Dumps, Form, Kind, Series
from provider.dumps.rules import Rules

MARC = {"m": marcxml.NAMESPACE}


class Taker:
    """Makes dumps of one series and applies them."""

    def __init__(self, database: Database, folder: Path, series: Series | None = None) -> None:
        self.series = series or Series()
        self.dumps = Dumps(
            database=database,
            identity=HubIdentity(),
            folder=folder,
            rules=Rules(part_records=3, keep=2, full_days=7),
        )
        self.has: dict[str, bytes] = {}
        """Id to the record, in MARCXML."""
        self._until = ""

    @property
    def place(self) -> Path:
        return self.dumps.folder / self.series.path

    def make(
        self, kind: Kind | None = None, pace: Pace = UNHURRIED, *, resume: bool = False
    ) -> list[Dump]:
        return make(self.dumps, Wanted(series=self.series, kind=kind, resume=resume), pace)

    def follow(self) -> dict[str, bytes]:
        """Load the newest full dump and the deltas after it, by the pointer; return what it has."""
        chain = json.loads((self.place / "latest.json").read_text())
        self.has = {}
        self.apply(chain["full"]["name"])
        self._until = chain["full"]["until"]
        return self.go_on()

    def go_on(self) -> dict[str, bytes]:
        """Apply the deltas that go beyond what it has; return what it has then."""
        chain = json.loads((self.place / "latest.json").read_text())
        for delta in chain["deltas"]:
            if delta["until"] > self._until:
                assert delta["from"] <= self._until
                self.apply(delta["name"])
                self._until = delta["until"]
        return self.has

    def apply(self, name: str) -> None:
        """Check a dump against its manifest and sums, then apply it."""
        folder = self.place / name
        manifest = json.loads((folder / "manifest.json").read_text())
        lines = (folder / "SHA256SUMS").read_text().splitlines()
        sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
        assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
        for path, digest in sums.items():
            assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
        records = deletions = 0
        for part in (*manifest["parts"], *manifest["too_long"]):
            found = self._read(folder / part["name"])
            gone = [key for key, body in found if body is None]
            assert (part["records"], part["deletions"]) == (len(found) - len(gone), len(gone))
            records, deletions = records + len(found) - len(gone), deletions + len(gone)
            for key, body in found:
                if body is None:
                    self.has.pop(key, None)
                else:
                    self.has[key] = body
        assert (manifest["records"], manifest["deletions"]) == (records, deletions)
        if manifest["kind"] == "delta":
            assert len((folder / "deleted.txt").read_text().splitlines()) == deletions

    def _read(self, path: Path) -> list[tuple[str, bytes | None]]:
        data = gzip.decompress(path.read_bytes())
        assert path.stat().st_size < len(data) or len(data) < 1000
        if path.name.endswith("xml.gz"):
            return [_of_xml(each) for each in etree.fromstring(data)]
        if self.series.form is Form.ISO2709:
            pieces = [each + b"\x1d" for each in data.split(b"\x1d") if each]
            return [_of_marc(piece) for piece in pieces]
        return [_of_line(line) for line in data.splitlines()]


def shown(database: Database, view: str = "public", set_spec: str = "") -> dict[str, bytes]:
    """Return what a view shows: id to the record, in MARCXML."""
    with walk(database, view) as now:
        stretch = Stretch(set_spec=set_spec, prefix="marc21", limit=10_000)
        return {each.public_id: each.body for each in now.live(stretch)}


def _of_xml(element: etree._Element) -> tuple[str, bytes | None]:
    key = str(element.findtext('m:controlfield[@tag="001"]', namespaces=MARC))
    is_gone = str(element.findtext("m:leader", namespaces=MARC))[5] == "d"
    return key, None if is_gone else marcxml.write(marcxml.read_element(element))


def _of_marc(data: bytes) -> tuple[str, bytes | None]:
    record = iso2709.read(data)
    key = record.control("001")
    if record.leader[5] == "d":
        return key, None
    leader = f"00000{record.leader[5:12]}00000{record.leader[17:]}"
    return key, marcxml.write(replace(record, leader=leader))


def _of_line(line: bytes) -> tuple[str, bytes | None]:
    said = json.loads(line)
    if said["deleted"]:
        assert "record" not in said
        return said["id"], None
    from crosswalks.formats import marcjson

    record = marcjson.read(json.dumps(said["record"]).encode())
    return said["id"], marcxml.write(record)
