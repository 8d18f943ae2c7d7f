"""What is asked of a repository, what it answers, and what is found wrong with that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from lxml.etree import _Element

from crosswalks.model import Severity
from harvester.model import Answer
from protocols.oai import OAI, Granularity, Verb

Pairs = tuple[tuple[str, str], ...]
"""Arguments as they are sent: in order, and perhaps one of them twice."""
LISTS = (Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS, Verb.LIST_SETS)
NOTHING: Mapping[str, object] = MappingProxyType({})


class Found(NamedTuple):
    """Something wrong, or worth knowing."""

    code: str
    details: Mapping[str, object] = NOTHING
    """What the words of the code name: data, never sentences."""
    key: str = ""
    """What tells it from others of the code that deserve a line of their own."""


class Stage(NamedTuple):
    """How far it got."""

    name: str
    requests: int


def _nobody(_stage: Stage) -> None:
    """Hear of a stage, and do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How much is asked for."""

    pages: int = 0
    """Pages of each list at most; 0 = all of them."""
    samples: int = 300
    """Records that are asked for one by one."""
    sets: int = 60
    """Sets that are walked through."""
    windows: int = 60
    """Parts that the time of all records is cut into, each asked for."""
    retries: int = 4
    """How often a busy server is asked again."""
    pause: float = 3
    """Seconds that a token has to wait for its turn."""
    hear: Callable[[Stage], None] = field(default=_nobody, repr=False)
    """Told of each stage as it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came of it; ``answer`` is None where nothing did."""

    url: str
    """The query URL, by which the request can be repeated; of a POST what it would be as a GET."""
    pairs: Pairs
    answer: Answer | None = None
    root: _Element | None = None
    """The OAI-PMH element, where the answer is a well-formed one."""
    seconds: float = 0

    @property
    def verb(self) -> str:
        """Return the verb asked for, empty where there was none."""
        return next((value for name, value in self.pairs if name == "verb"), "")

    @property
    def errors(self) -> tuple[str, ...]:
        """Return the codes of the OAI-PMH errors it holds."""
        if self.root is None:
            return ()
        return tuple(one.get("code", "") for one in self.root.findall(f"{{{OAI}}}error"))

    @property
    def content(self) -> _Element | None:
        """Return the element of the verb asked for."""
        if self.root is None or self.verb not in set(Verb):
            return None
        return self.root.find(f"{{{OAI}}}{self.verb}")

    @property
    def moment(self) -> str:
        """Return its responseDate as written."""
        return "" if self.root is None else text_of(self.root, "responseDate")

    @property
    def status(self) -> int:
        """Return the HTTP status, 0 where nothing came."""
        return 0 if self.answer is None else self.answer.status


class Entry(NamedTuple):
    """A header as a list gave it, and what the record was like."""

    stamp: str
    deleted: bool
    sets: tuple[str, ...]
    """Sorted."""
    digest: bytes = b""
    """Of the metadata; empty where there is none."""

    @property
    def header(self) -> tuple[str, bool, tuple[str, ...]]:
        """Return it without the metadata."""
        return self[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something found, as the report tells it."""

    code: str
    severity: Severity
    verb: str
    request: str
    details: Mapping[str, object]
    count: int = 1
    """How often."""


@dataclass(slots=True, kw_only=True)
class Repository:
    """What the repository says of itself, as far as it can be read."""

    base_url: str = ""
    granularity: Granularity = Granularity.SECOND
    earliest: str = ""
    deleted: str = ""
    clock: str = ""
    """Its clock when we began."""
    began: str = ""
    """When we began, by its clock where that can be believed, in the form of its datestamps."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """The formats it offers, with their namespaces."""
    sets: tuple[str, ...] = ()
    has_sets: bool = True
    sets_are_known: bool = False
    """Whether the list of sets came to its end."""
    scheme: str = ""
    """What its identifiers begin with, where it says so."""


def text_of(element: _Element, name: str) -> str:
    """Return the text of a child of the envelope, without white space around it."""
    return (element.findtext(f"{{{OAI}}}{name}") or "").strip()
