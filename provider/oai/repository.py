"""What a repository is made of: its name, what it reads from, the key that signs its tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from catalogue.model import HubIdentity, Item, ItemQuery, SetInfo
from provider.oai.envelope import rights_of_records
from provider.oai.errors import BadArgument
from provider.oai.formats import FORMATS, Format
from provider.oai.kept import Mark, Pages

_PUBLIC_ID = re.compile(r"[A-Za-z0-9\-._~]{1,64}")


class Snapshot(Protocol):
    """One unchanging sight of a view; catalogue.published gives the real one."""

    @property
    def horizon(self) -> int:
        """Epoch seconds: everything up to here is known, everything later is hidden."""

    @property
    def mark(self) -> Mark | None:
        """What is another after each change; None while more may change unnoticed."""

    def earliest(self) -> int:
        """Return the stamp of the oldest item, in epoch seconds."""

    def page(self, query: ItemQuery) -> Sequence[Item]:
        """Return at most ``query.limit`` items in the order (stamp, key)."""

    def count(self, query: ItemQuery) -> int:
        """Return how many items the whole list has."""

    def item(self, public_id: str, prefix: str) -> Item | None:
        """Return one item, deleted ones included, or None if it never was."""

    def sets(self) -> Sequence[SetInfo]:
        """Return all sets, parents before their children."""

    def friends(self) -> Sequence[str]:
        """Return the base URLs of the repositories its items were harvested from, as it may."""

    def has_set(self, spec: str) -> bool:
        """Tell whether there is such a set, even an empty one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """One base URL with what is behind it."""

    identity: HubIdentity
    snapshot: Callable[[], AbstractContextManager[Snapshot]]
    token_key: bytes
    """The secret that signs resumption tokens; another key makes all of them void."""
    view: str = "public"
    path: str = "/oai"
    page_size: int = 100
    formats: tuple[Format, ...] = FORMATS
    has_sets: bool = True
    has_all_formats: bool = True
    """Whether each item has each format, but for those of one set alone."""
    pages: Pages = field(default_factory=Pages)
    names_items: bool = True
    """Whether its items have identifiers of the hub's, and not those they came with."""
    named: str = ""
    """What stands before the public id in these: for items that are not the union's."""
    keeps_deleted: bool = True
    """Whether what is gone stays, as deleted (OAI-PMH 2.0 s2.5.1)."""
    is_dated: bool = True
    """Whether an item's bytes change with its stamp alone."""
    record_pages: str = ""
    """The address of its items' pages, but for their ids; empty: they have none."""
    sets: tuple[str, ...] = ()
    """The sets that may be harvested, with all below them; none: everything."""

    def gives(self, set_spec: str) -> bool:
        """Tell whether a set, or those above it, may be harvested."""
        return not self.sets or any(
            set_spec == each or set_spec.startswith(f"{each}:") for each in self.sets
        )

    def check_set(self, set_spec: str) -> None:
        """Raise BadArgument where a set, or everything, may not be harvested."""
        if not self.gives(set_spec):
            reason = f"this key may harvest these sets only: {', '.join(self.sets)}"
            raise BadArgument(name="set", reason=reason)

    @property
    def base_url(self) -> str:
        """Return the configured base URL; never taken from the request's Host header."""
        return self.identity.base_url.rstrip("/") + self.path

    @property
    def beside(self) -> bytes:
        """Return the <about> containers that all its records have."""
        return rights_of_records(self.identity.rights)

    @property
    def identifier_prefix(self) -> str:
        """Return what stands before the public id in an OAI identifier, the colon included."""
        return f"oai:{self.identity.domain}:{self.named}" if self.names_items else ""

    def public_id(self, identifier: str) -> str:
        """Return what an item of this identifier is called in a snapshot; empty if none can be."""
        if not self.names_items:
            return identifier
        ours, _, name = identifier.partition(self.identifier_prefix)
        return name if not ours and _PUBLIC_ID.fullmatch(name) else ""
