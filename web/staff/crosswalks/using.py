"""Who uses a crosswalk: sources, and the formats in which records are given out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue import forms
from catalogue.model import Source
from crosswalks.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """Who uses a crosswalk, by itself or as part of another."""

    sources: tuple[str, ...] = ()
    """Those that name it, or one that includes it."""
    by_schema: tuple[str, ...] = ()
    """The schemas whose records it maps where their source names no crosswalk."""
    unnamed: int = 0
    """How many sources name none."""
    formats: tuple[str, ...] = ()
    """What it makes of the records that are given out, by metadataPrefix."""
    files: tuple[str, ...] = ()
    """Schemas into which it maps when a file is converted."""
    others: tuple[str, ...] = ()
    """Crosswalks that include it."""

    @property
    def is_used(self) -> bool:
        """Tell whether publishing it would change anything that is stored or given out."""
        return bool(self.sources or (self.by_schema and self.unnamed) or self.formats)


def uses(shelf: Shelf, name: str, sources: Iterable[Source]) -> Uses:
    """Return who uses a crosswalk, or rules."""
    users, all_sources = set(shelf.users(name)), tuple(sources)
    out = shelf.out_of_pivot(name)
    return Uses(
        sources=tuple(sorted(each.name for each in all_sources if each.crosswalk in users)),
        by_schema=tuple(shelf.ends(each)[0] for each in shelf.up() if each in users),
        unnamed=sum(not each.crosswalk for each in all_sources),
        formats=tuple(kind.prefix for kind in forms.KINDS if kind.crosswalk in users),
        files=tuple(shelf.ends(each)[1] for each in out if not forms.kind_of(each)),
        others=tuple(sorted(users - {name})),
    )
