"""The editions of a work, as lines that lead to the page of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from catalogue.search import FacetName
from catalogue.search.editions import Edition
from crosswalks.model import Record
from web.public import display
from web.public.facets import Naming


class Line(NamedTuple):
    """A publication beside others of its work."""

    public_id: str
    title: str
    material: str
    language: str
    described: str
    """Edition and publication, as the record has them."""
    libraries: int
    """How many hold it."""


def lines(found: Iterable[Edition], naming: Naming) -> list[Line]:
    """Return editions in the reader's words."""
    return [
        Line(
            each.public_id,
            display.title(each.record) or each.title,
            naming.material(each.material),
            naming.value(FacetName.LANGUAGE, each.language) if each.language else "",
            _described(each.record),
            each.libraries,
        )
        for each in found
    ]


def _described(record: Record) -> str:
    wanted = ("Edition", "Publication")
    found = {line.label: line.values[0] for line in display.lines(record)}
    return ". ".join(found[label].rstrip(".") for label in wanted if label in found)
