"""What stands in the ``manifest.json`` of a folder: what it is, what it was made of, its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from catalogue.cluster.apart.errors import NotExported, NotWorkedOut, PartDamaged
from catalogue.folders import sha256_of
from catalogue.match import Policy, kept_policy

MANIFEST = "manifest.json"
FORM = 1


class Kind(StrEnum):
    """What a folder is."""

    RECORDS = "lienthong-records"
    CLUSTERS = "lienthong-clusters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which snapshot of which hub it is, and how that judges."""

    version: str
    """Of the program."""
    rules: str
    """Versions of features and of the rules of matching, as ``policies.RULES``."""
    policy: str
    """The policy's name."""
    text: str
    """The policy."""
    hub: int
    """When the hub began, in epoch seconds."""
    turn: int
    """The turn of the hub's clock: another one after each placement."""

    def read_policy(self) -> Policy:
        """Return the policy."""
        return kept_policy(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file."""

    name: str
    """Its path in the folder."""
    size: int
    """Bytes."""
    sha256: str

    @classmethod
    def of(cls, folder: Path, path: Path) -> Part:
        """Return what is to be said of a file as it lies there."""
        name = path.relative_to(folder).as_posix()
        return cls(name=name, size=path.stat().st_size, sha256=sha256_of(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a folder is."""

    kind: Kind
    form: int = FORM
    origin: Origin
    export: str = ""
    """Of clusters: the SHA-256 of the manifest of the records."""
    engine: str = ""
    """Of clusters: what worked them out."""
    counts: Mapping[str, int]
    """How many rows there are of each table."""
    digest: Mapping[str, str]
    """Of clusters and links, by order-free names; of records none."""
    parts: tuple[Part, ...]

    def write(self, folder: Path) -> None:
        """Write it into its folder, last of all."""
        text = msgspec.json.format(msgspec.json.encode(self), indent=1)
        (folder / MANIFEST).write_bytes(text + b"\n")

    def paths(self, folder: Path, table: str) -> Iterator[Path]:
        """Yield the files of a table, in the order of their rows."""
        for part in self.parts:
            if part.name.startswith(f"{table}/"):
                yield folder / part.name


def read_manifest(folder: Path, kind: Kind) -> Manifest:
    """Return what a folder says of itself. Raises NotExported or NotWorkedOut."""
    refusal = NotExported if kind is Kind.RECORDS else NotWorkedOut
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise refusal(path=folder) from error
    if found.kind is not kind or found.form != FORM:
        raise refusal(path=folder)
    return found


def mark_of(folder: Path) -> str:
    """Return by what a folder is known."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Read all files and see whether they are as they were written. Raises PartDamaged."""
    for part in manifest.parts:
        path = folder / part.name
        try:
            found = Part.of(folder, path)
        except OSError as error:
            raise PartDamaged(path=path) from error
        if found != part:
            raise PartDamaged(path=path)
