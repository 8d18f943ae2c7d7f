"""What a dump is, as its manifest tells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Self

from catalogue.clock import told
from catalogue.database import Database
from catalogue.model import HubIdentity
from provider.dumps.errors import BadSeries
from provider.dumps.rules import Rules

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
DELETED = "deleted.txt"
LATEST = "latest.json"
WHOLE = "union"
"""Stands for the whole view where otherwise a set stands."""
_VIEW = re.compile(r"[a-z]{1,32}")
_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
_LONGEST_SPEC = 200


class Form(StrEnum):
    """How the records are written."""

    MARCXML = "marcxml"
    ISO2709 = "iso2709"
    JSONL = "jsonl"


class Kind(StrEnum):
    """How much of the view a dump has."""

    FULL = "full"
    DELTA = "delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Dumps that follow each other: of one view, whole or one set, in one form."""

    view: str = "public"
    form: Form = Form.MARCXML
    set_spec: str = ""
    """Empty: the whole view."""

    @property
    def name(self) -> str:
        """Return how settings and commands call it."""
        return " ".join(filter(None, (self.view, self.form, self.set_spec)))

    @property
    def within(self) -> str:
        """Return what stands for the whole or the set in addresses and folders.

        A colon would be a drive to some programs; an equals sign is in no set's name.
        """
        return self.set_spec.replace(":", "=") or WHOLE

    @property
    def path(self) -> PurePosixPath:
        """Return where its dumps are, below the folder of all."""
        return PurePosixPath(self.view, self.within, self.form)

    @classmethod
    def of(cls, view: str, form: str, set_spec: str = "") -> Self:
        """Return the series of these words. Raises BadSeries."""
        is_spec = not set_spec or (_SPEC.fullmatch(set_spec) and len(set_spec) <= _LONGEST_SPEC)
        if form not in {each.value for each in Form} or not _VIEW.fullmatch(view) or not is_spec:
            raise BadSeries(name=" ".join(filter(None, (view, form, set_spec))))
        return cls(view=view, form=Form(form), set_spec=set_spec)

    @classmethod
    def parse(cls, name: str) -> Self:
        """Return the series of a name. Raises BadSeries."""
        view, form, set_spec = [*name.split(), "", "", ""][:3]
        if len(name.split()) not in (2, 3):
            raise BadSeries(name=name)
        return cls.of(view, form, set_spec)

    @classmethod
    def at(cls, view: str, within: str, form: str) -> Self:
        """Return the series of a place. Raises BadSeries."""
        return cls.of(view, form, "" if within == WHOLE else within.replace("=", ":"))


class File(NamedTuple):
    """A file of a dump."""

    name: str
    bytes: int
    sha256: str
    records: int = 0
    deletions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A complete dump. Moments are epoch seconds."""

    series: Series
    kind: Kind
    start: int | None = None
    """A delta has what changed after this moment; None for a full one."""
    until: int
    """Whatever changed up to here is in it, or in those before."""
    parts: tuple[File, ...] = ()
    too_long: tuple[File, ...] = ()
    """In MARCXML: what does not fit into ISO 2709."""
    deleted: File | None = None
    """The ids of what was deleted, a line each; only with a delta."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """What else the manifest tells: who gives it out, by which identifiers, under which rights."""

    @property
    def name(self) -> str:
        """Return what its folder is called."""
        return f"{self.kind}-{compact(self.until)}"

    @property
    def files(self) -> tuple[File, ...]:
        """Return all its files but the manifest and the sums."""
        last = () if self.deleted is None else (self.deleted,)
        return (*self.parts, *self.too_long, *last)

    @property
    def records(self) -> int:
        """Return how many live records it has."""
        return sum(each.records for each in (*self.parts, *self.too_long))

    @property
    def deletions(self) -> int:
        """Return how many it says are deleted."""
        return sum(each.deletions for each in self.parts)

    @property
    def bytes(self) -> int:
        """Return how large its files are together."""
        return sum(each.bytes for each in self.files)

    def manifest(self) -> dict[str, Any]:
        """Return what the manifest tells."""
        return {
            **self.beside,
            "name": self.name,
            "kind": self.kind.value,
            "view": self.series.view,
            "set": self.series.set_spec,
            "format": self.series.form.value,
            "from": None if self.start is None else told(self.start),
            "until": told(self.until),
            "records": self.records,
            "deletions": self.deletions,
            "bytes": self.bytes,
            "parts": [each._asdict() for each in self.parts],
            "too_long": [each._asdict() for each in self.too_long],
            "deleted": None if self.deleted is None else self.deleted._asdict(),
        }

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the dump of a manifest; raises ValueError, TypeError or KeyError for any other."""
        found = json.loads(text)
        deleted, start = found["deleted"], found["from"]
        return cls(
            series=Series.of(found["view"], found["format"], found["set"]),
            kind=Kind(found["kind"]),
            start=None if start is None else seconds(start),
            until=seconds(found["until"]),
            parts=tuple(File(**each) for each in found["parts"]),
            too_long=tuple(File(**each) for each in found["too_long"]),
            deleted=None if deleted is None else File(**deleted),
            beside={name: found[name] for name in BESIDE if name in found},
        )


BESIDE = ("hub", "base_url", "identifiers", "rights")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumps:
    """Where dumps are made from, and where to."""

    database: Database
    identity: HubIdentity
    folder: Path
    rules: Rules = field(default_factory=Rules)


def compact(moment: int) -> str:
    """Return a moment as in the name of a dump: 20261128T110000Z."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%SZ")


def seconds(written: str) -> int:
    """Return the epoch seconds of a moment in ISO 8601."""
    return int(datetime.fromisoformat(written).timestamp())
