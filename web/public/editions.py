"""The other editions of a work, as a list of links on the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.manifestation import Manifestation
from catalogue.search.document import year_of
from catalogue.search.material import material
from crosswalks.model import Record
from web.public import display


class Edition(NamedTuple):
    """A publication beside others of its work."""

    public_id: str
    title: str
    material: str
    described: str
    """Edition and publication, as the record has them."""


def editions(work: Sequence[Manifestation]) -> list[Edition]:
    """Return the editions that others are, the newest first, those without a year last."""
    return [
        Edition(
            each.public_id,
            display.title(each.record),
            material(each.record),
            _described(each.record),
        )
        for each in sorted(work, key=lambda each: year_of(each.record), reverse=True)
    ]


def _described(record: Record) -> str:
    wanted = ("Edition", "Publication")
    found = {line.label: line.values[0] for line in display.lines(record)}
    return ". ".join(found[label].rstrip(".") for label in wanted if label in found)
