"""The real corpora as a library's server would give them out: one XML record per identifier.

A record of ISO 2709 is wrapped as MARCXML here, on the test's side; where that cannot be done, the
reason is kept, so that nothing goes missing before the hub has seen it. Identifiers are made of
file name and position, since some corpora have no 001; only GPO's own numbers are kept, because
its files are two states of one catalogue.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Record
from protocols.oai import MARC21, OAI_DC


class Given(NamedTuple):
    """One record of a corpus; without a body it could not be wrapped, for this reason."""

    identifier: str
    body: bytes
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A corpus, and the same some months later where there is such a version."""

    name: str
    prefix: str
    given: tuple[Given, ...]
    later: tuple[Given, ...] = ()


Chosen = Callable[[str], bool]


def corpora(folder: Path, *, whole: bool) -> Iterator[Corpus]:
    """Yield the corpora one after the other, or samples spread over the large ones."""
    for name, every in (("loc-books", 200), ("vn-hcmut", 100), ("vn-emiclib", 1)):
        files = sorted((folder / name).glob(_FILES[name]))
        chosen = _one_in(1 if whole else every)
        given = [each for file in files for each in _iso(file.stem, _open(file), chosen)]
        yield Corpus(name=name, prefix="marc21", given=tuple(given))
    for state, names in _STATES.items():
        files = [folder / "gpo-states" / name for name in names]
        yield _gpo(f"gpo-{state}", files, _one_in(1 if whole else 50))
    yield Corpus(name="koha", prefix="marc21", given=tuple(_koha(folder)))
    yield Corpus(name="share", prefix="oai_dc", given=tuple(_share(folder)))


_FILES = {"loc-books": "*.mrc.gz", "vn-hcmut": "*.mrc", "vn-emiclib": "[FL][PA]*.ISO"}
"""True ISO 2709 only: eMicLib's other two files are of kinds that no server gives out."""
_STATES = {
    "ohio": (
        "Ohio_match_records__f434dc9b.zip",
        "Ohio_match_records__c5f140a8.zip",
    ),
    "pennsylvania": (
        "Pennsylvania_match_records__ac0a36f6.zip",
        "Pennsylvania_match_records__b5306b82.zip",
    ),
}


def _one_in(every: int) -> Chosen:
    return lambda identifier: crc32(identifier.encode()) % every == 0


def _open(file: Path) -> bytes:
    if file.suffix == ".gz":
        return gzip.decompress(file.read_bytes())
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            return archive.read(archive.namelist()[0])
    return file.read_bytes()


def _iso(stem: str, data: bytes, chosen: Chosen) -> Iterator[Given]:
    for position, (_, record) in enumerate(iso2709.split(io.BytesIO(data))):
        identifier = f"oai:corpus:{stem}:{position}"
        if chosen(identifier):
            yield _wrapped(identifier, record)


def _wrapped(identifier: str, data: bytes) -> Given:
    try:
        body = marcxml.write(_read(data))
        etree.fromstring(body)
    except (FormatError, etree.XMLSyntaxError) as error:
        return Given(identifier, b"", f"{type(error).__name__}: {error}")
    return Given(identifier, body)


def _read(data: bytes) -> Record:
    with suppress(FormatError):
        return iso2709.read(data)
    return iso2709.read_leniently(data)[0]


def _gpo(name: str, files: list[Path], chosen: Chosen) -> Corpus:
    """Return two states of one catalogue; of a sample all that was withdrawn in between is part."""
    before, after = (_numbered(_open(file)) for file in files)
    wanted = {name for name in before | after if chosen(name) or name not in after}
    given, later = (
        tuple(_wrapped(name, data) for name, data in version.items() if name in wanted)
        for version in (before, after)
    )
    return Corpus(name=name, prefix="marc21", given=given, later=later)


def _numbered(data: bytes) -> dict[str, bytes]:
    """Return the records under their 001, which is their first field; one that is twice, once."""
    found: dict[str, bytes] = {}
    for _, record in iso2709.split(io.BytesIO(data)):
        number = record.split(b"\x1e", 2)[1].decode().strip()
        found.setdefault(f"oai:gpo:{number}", record)
    return found


def _koha(folder: Path) -> Iterator[Given]:
    root = etree.parse(folder / "koha-misc4dev" / "koha-demo.marcxml").getroot()
    for position, record in enumerate(root.iter(f"{{{MARC21}}}record")):
        yield Given(f"oai:corpus:koha:{position}", etree.tostring(record, with_tail=False))


def _share(folder: Path) -> Iterator[Given]:
    file = folder / "share-oai-dc-examples" / "files" / "share_examples.xml"
    root = etree.parse(file).getroot()
    for position, record in enumerate(root.iter("record")):
        payload = record.find(f"{{{OAI_DC}}}dc")
        body = b"" if payload is None else etree.tostring(payload, with_tail=False)
        reason = "" if body else "no oai_dc:dc in it"
        yield Given(f"oai:corpus:share:{position}", body, reason)
