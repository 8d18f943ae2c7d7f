"""What hits can be narrowed to, in the reader's words, each with the address that does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from babel import Locale

from catalogue.search import FacetCount, FacetName
from crosswalks import tables
from web.language import Translate, mark
from web.public.asking import SHOWN, Asked, Narrowing

LABELS: Mapping[FacetName, str] = MappingProxyType(
    {
        FacetName.MATERIAL: mark("Document type"),
        FacetName.YEAR: mark("Year of publication"),
        FacetName.LANGUAGE: mark("Language"),
        FacetName.LIBRARY: mark("Library"),
        FacetName.SUBJECT: mark("Subject"),
        FacetName.AUTHOR: mark("Author"),
    }
)
MATERIALS: Mapping[str, str] = MappingProxyType(
    {name: label for name, label in tables.parse(files("web.public"), "materials.tsv")}  # noqa: C416 - as below
)
_TAGS: Mapping[str, str] = MappingProxyType(
    {code: tag for code, tag in tables.rows("language-tags.tsv")}  # noqa: C416 - rows are no pairs
)
"""Language tags of the web by the codes of MARC, where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How values are named for a reader."""

    translate: Translate
    language: str
    libraries: Mapping[str, str]
    """Their names by their codes."""

    def value(self, facet: FacetName, value: str) -> str:
        """Return a value of a facet in words; one without a name as it stands."""
        if facet is FacetName.MATERIAL:
            return self.material(value)
        if facet is FacetName.LANGUAGE:
            tag = _TAGS.get(value, value)
            return str(Locale.parse(self.language).languages.get(tag, value))
        return self.library(value) if facet is FacetName.LIBRARY else value

    def material(self, name: str) -> str:
        """Return what a kind of publication is called."""
        return self.translate(MATERIALS[name]) if name in MATERIALS else name

    def library(self, code: str) -> str:
        """Return the name of a library."""
        return self.libraries.get(code, code)


class Choice(NamedTuple):
    """A value that hits can be narrowed to."""

    name: str
    hits: int
    address: str


class Chosen(NamedTuple):
    """A value that hits are narrowed to, and the address without it."""

    label: str
    name: str
    address: str


class Facet(NamedTuple):
    """A facet with its values; ``more`` shows all of them, ``fewer`` the first ones."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    more: str = ""
    fewer: str = ""


def offered(
    asked: Asked,
    counted: Sequence[tuple[FacetName, Sequence[FacetCount]]],
    naming: Naming,
) -> list[Facet]:
    """Return the facets that hits can be narrowed by, in their order."""
    found = (_facet(asked, facet, values, naming) for facet, values in counted)
    return [facet for facet in found if facet.choices]


def chosen(asked: Asked, naming: Naming) -> Iterator[Chosen]:
    """Yield what hits are narrowed to."""
    for each in asked.narrowed:
        rest = asked.narrowed_to(*(other for other in asked.narrowed if other != each))
        label = naming.translate(LABELS[each.facet])
        yield Chosen(label, naming.value(*each), rest.address())


def _facet(asked: Asked, facet: FacetName, values: Sequence[FacetCount], naming: Naming) -> Facet:
    left = [each for each in values if Narrowing(facet, each.value) not in asked.narrowed]
    if facet is FacetName.YEAR:
        left.sort(key=lambda each: int(each.value), reverse=True)
    is_whole = facet in {asked.more, FacetName.MATERIAL}
    shown = left if is_whole else left[:SHOWN]
    return Facet(
        name=facet.value,
        label=naming.translate(LABELS[facet]),
        choices=tuple(
            Choice(
                naming.value(facet, value),
                hits,
                asked.narrowed_to(*asked.narrowed, Narrowing(facet, value)).address(),
            )
            for value, hits in shown
        ),
        more=asked.opened(facet).address() if len(left) > len(shown) else "",
        fewer=asked.opened(None).address() if facet is asked.more else "",
    )
